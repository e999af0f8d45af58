//! Every route of the running gateway, asked by everybody who has no business
//! there. The table is the gateway's own, so a new route is walked by itself.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, ensure};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use end_to_end::{
    Access, App, Server, Setup,
    client::{Answer, Client, text},
};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    postgres::Schema,
    reading::{Shelf, repositories},
    teaching_import::result,
};

/// What may answer a stranger well. Whatever else does is a finding.
const OPEN: &[&str] = &[
    "GET /",
    "GET /.well-known/gitlodge-receipts",
    "GET /.well-known/oauth-authorization-server",
    "GET /app/developer/login",
    "GET /app/developer/signup",
    "GET /app/login",
    "GET /app/signup",
    "GET /assets/app.css",
    "GET /assets/gitflare-logo.svg",
    "GET /assets/gitlodge-logo.svg",
    "GET /assets/landing-page.js",
    "GET /assets/passkeys.js",
    "GET /assets/secure-git-connect-page.js",
    "GET /assets/theme.js",
    "GET /docs",
    "GET /docs/api",
    "GET /docs/consent",
    "GET /docs/errors",
    "GET /docs/events",
    "GET /docs/firewall",
    "GET /docs/hosts",
    "GET /docs/reading",
    "GET /docs/signed-customers",
    "GET /favicon.ico",
    "GET /health",
    "GET /health/live",
    "GET /health/ready",
    "GET /oauth/login",
    "GET /openapi.json",
    "GET /v1/auth/callback-urls",
    "GET /v1/platform/capabilities",
    "GET /v1/providers",
    "GET /zero-trust",
    // A question that nobody keeps; under an address of numbers, a 400.
    "POST /v1/account/login/passkey/options",
    // On the admin listener.
    "GET /metrics",
    "POST /v1/security/firewall/test",
];

/// One row of the gateway's table.
struct Operation {
    method: String,
    path: String,
    /// The names of the credentials that it takes.
    schemes: BTreeSet<String>,
    is_page: bool,
}

impl Operation {
    fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }
}

/// Somebody who asks.
struct Visitor {
    name: &'static str,
    client: Client,
    headers: Vec<(&'static str, String)>,
    /// The one scheme that this credential is good for, below its owner's own
    /// things.
    scheme: Option<&'static str>,
}

/// A gateway on which Ada's app reads Ada's customer's repositories, and where
/// Mallory has an organisation, an app and a customer, too.
struct World {
    server: Server,
    ada: App,
    /// Reads everything that Ada's customer approved.
    access: Access,
    visitors: Vec<Visitor>,
    /// What stands in the places of the parameters: all of it is Ada's.
    ids: BTreeMap<&'static str, String>,
    schema: Schema,
    _places: (Shelf, TempDir),
}

impl World {
    fn start() -> anyhow::Result<Self> {
        let (shelf, data, schema) = (Shelf::with_commits(4)?, tempfile::tempdir()?, Schema::new()?);
        let server = Setup::new(data.path())?
            .repositories(shelf.path())
            .with("--rate-limit=0")
            .with("--oauth-rate-limit=0")
            .with("--metrics-token=the-scrape-token-of-the-end-to-end-tests")
            .variable("GITLODGE_DATABASE_URL", &schema.url)
            .start()?;
        let folder = data.path().to_str().context("the folder is not text")?;
        let store = ["--data", folder, "--database-url", &schema.url];
        let register = |email, tenant| App::register_for(&server, &store, email, tenant);

        // What these two were given is made old; what comes after is not.
        let old_app = register("old@example.com", "Long ago")?;
        let old = old_app.obtain_access(&server, &["college/library"])?;
        schema.execute("UPDATE tokens SET expires_at = 1; UPDATE sessions SET expires_at = 1")?;

        let ada = register("ada-of-college@example.com", "College")?;
        let access = ada.obtain_access(&server, &["college/library"])?;
        let revoked = ada.obtain_access(&server, &["college/library"])?;
        ada.revoke(&server, &revoked.token)?;
        let mallory = register("mallory@example.com", "Elsewhere")?;
        let theirs = mallory.obtain_access(&server, &["college/payroll"])?;

        let mut ids = ids(&server, &ada, &access, &shelf)?;
        ids.extend(people(&server, &ada)?);
        ids.extend(course(&server, &ada)?);
        ids.extend(events(&schema, &ids)?);
        let visitors = strangers(&server, &ada)
            .into_iter()
            .chain(ended(&server, &old_app, &old, &revoked))
            .chain(misplaced(&server, &ada, &access))
            .chain(mallorys(&server, &mallory, &theirs))
            .chain([customer_of(&server, &mallory)?])
            .collect();
        Ok(Self { server, ada, access, visitors, ids, schema, _places: (shelf, data) })
    }

    /// The path of a row, below Ada's things.
    fn path(&self, operation: &Operation) -> anyhow::Result<String> {
        let mut path = String::new();
        for piece in operation.path.split_inclusive('}') {
            let (fixed, parameter) = piece.split_once('{').unwrap_or((piece, ""));
            path.push_str(fixed);
            if let Some(name) = parameter.strip_suffix('}') {
                let id = self.ids.get(name).with_context(|| {
                    format!("{}: say here what `{name}` of Ada's is", operation.name())
                })?;
                path.push_str(id);
            }
        }
        Ok(path)
    }

    /// What no answer to a visitor may hold.
    fn tells(&self, body: &str) -> Option<&str> {
        let ours = ["clientId", "connectionId", "repoId", "tenantId", "customerId", "grantId"];
        let ours = ours.iter().filter_map(|it| self.ids.get(it)).map(String::as_str);
        ours.chain(["ada-of-college@example.com", "college/library"]).find(|it| body.contains(it))
    }
}

/// Ada's ids, by the names of the parameters that take them.
fn ids(
    server: &Server,
    ada: &App,
    access: &Access,
    shelf: &Shelf,
) -> anyhow::Result<BTreeMap<&'static str, String>> {
    let mut reader = server.client().bearing(&access.token);
    let told = reader.get("/v1/platform/client/me")?;
    let me = told.json()?;
    let list = repositories(&mut reader)?;
    let (_, path) = list.first().context("Ada's app reads nothing")?;
    let repository = path.rsplit('/').next().unwrap_or_default();
    let one = |it: &Value| it.as_str().map(str::to_owned).with_context(|| format!("no id in {me}"));
    Ok(BTreeMap::from([
        ("provider", "local".to_owned()),
        ("repoId", repository.to_owned()),
        ("commitId", shelf.library.git(&["rev-parse", "HEAD"])?.trim().to_owned()),
        ("pullRequestId", "1".to_owned()),
        ("clientId", ada.id.clone()),
        ("connectionId", one(&me["authorization"]["connectionIds"][0])?),
        ("tenantId", one(&me["tenant"]["id"])?),
        ("grantId", one(&me["authorization"]["id"])?),
        ("tokenId", one(&me["token"]["id"])?),
        ("host", "gitlab".to_owned()),
        ("requestId", told.header("x-request-id").unwrap_or_default().to_owned()),
        ("receiptId", receipt(server, ada)?),
        ("token", "sggwh_nobody-was-given-this-one".to_owned()),
    ]))
}

/// The receipt of what Ada's customer approved.
fn receipt(server: &Server, ada: &App) -> anyhow::Result<String> {
    let home = format!("/app/company/apps/{}", ada.id);
    let mut customer = server.client().wanting_pages();
    customer.get(&format!("{home}?connect_token={}", ada.invite(server)?.token))?;
    let page = customer.get(&home)?;
    let link = format!("{home}/receipts/");
    let mut links = page.body.split(&link).skip(1);
    let id = links.next().and_then(|it| it.split('"').next());
    id.map(str::to_owned).with_context(|| format!("no receipt: {}", page.body))
}

/// Ada herself, another session of hers, and whom she invited.
fn people(server: &Server, ada: &App) -> anyhow::Result<BTreeMap<&'static str, String>> {
    let mut browser = server.client().bearing(&ada.session);
    let sessions = browser.get("/v1/account/sessions")?.json()?;
    let members = browser.get("/v1/members")?.json()?;
    let friend = json!({ "email": "friend@example.com", "role": "viewer" });
    let invited = browser.post("/v1/invitations", &friend)?.json()?;
    let id = |it: &Value, field: &str| {
        let found = it.get(field).and_then(Value::as_str).map(str::to_owned);
        found.with_context(|| format!("no `{field}` in {it}"))
    };
    Ok(BTreeMap::from([
        ("sessionId", id(&sessions["data"][0], "id")?),
        ("userId", id(&members["data"][0]["user"], "id")?),
        ("invitationId", id(&invited["invitation"], "id")?),
    ]))
}

/// A course of Ada's, with everything that belongs to one.
fn course(server: &Server, ada: &App) -> anyhow::Result<BTreeMap<&'static str, String>> {
    let mut teacher = server.client().bearing(&ada.session);
    let mut make = |path: &str, what: Value| {
        let made = teacher.post(&format!("/api/v1{path}"), &what)?.json()?;
        made.get("data").cloned().with_context(|| format!("no data in {made}"))
    };
    let id = |it: &Value| text(it, "id").map(str::to_owned);
    let course = json!({
        "code": "LIB-1", "name": "Libraries", "academic_year": "2026/2027", "semester": "winter",
    });
    let course = id(&make("/courses/", course)?)?;
    let team = id(&make(&format!("/courses/{course}/teams"), json!({ "name": "Tea" }))?)?;
    let origin = json!({ "host": "gitlab", "remote_id": "42" });
    let project = json!({ "name": "tea", "origin": origin });
    let project = id(&make(&format!("/teams/{team}/projects"), project)?)?;
    let hook = id(&make("/hooks/", json!({ "name": "Libraries", "host": "gitlab" }))?)?;
    let event = make("/webhooks/test", json!({ "hook_id": hook }))?;
    let job = id(&make("/jobs/rehearsal", json!({ "course_id": course }))?)?;
    let roster = "name,email\nBea of College,bea@college.example\n";
    let kind = [("Content-Type", "text/csv")];
    let of_course = format!("/api/v1/courses/{course}");
    let imported = teacher.send("POST", &format!("{of_course}/roster"), &kind, Some(roster))?;
    ensure!(imported.status == 200, "{}", imported.body);
    let students = teacher.get(&format!("{of_course}/students"))?.json()?;
    let asked = teacher.post(&format!("/api/v1/teams/{team}/report"), &json!({}))?;
    let report = result(&mut teacher, asked.location()?)?;
    // Nothing was done that could have a flag: whose it would be is asked first.
    let flag = format!("flag_{}_{}", team.trim_start_matches("team_"), "0".repeat(32));
    Ok(BTreeMap::from([
        ("courseId", course),
        ("teamId", team),
        ("projectId", project),
        ("courseHookId", hook),
        ("eventId", text(&event, "event_id")?.to_owned()),
        ("jobId", job),
        ("studentId", id(&students["data"][0])?),
        ("fileName", text(&report, "file_name")?.to_owned()),
        ("flagId", flag),
    ]))
}

/// A subscription of Ada's app, a delivery of it that was given up, a webhook
/// that nobody understood, and a passkey of hers. A host that could be
/// subscribed to would have to be reached from outside, and a passkey belongs
/// to a name.
fn events(
    schema: &Schema,
    ids: &BTreeMap<&'static str, String>,
) -> anyhow::Result<BTreeMap<&'static str, String>> {
    let hex = |name| ids.get(name).and_then(|it| it.split('_').nth(1)).unwrap_or_default();
    let repository = ids.get("repoId").map(String::as_str).unwrap_or_default();
    let (authorization, connection) = (hex("grantId"), hex("connectionId"));
    schema.execute(&format!(
        "INSERT INTO subscriptions SELECT tenant_id, '{SUBSCRIPTION}', client_id, id, \
         '{connection}', 'local', '{repository}', 'https://acme.example/events', '[\"push\"]', \
         'active', '1.x', decode(repeat('00', 32), 'hex'), '1.x', '[]', 1, 1 \
         FROM authorizations WHERE id = '{authorization}'; \
         INSERT INTO outbox SELECT tenant_id, '{DELIVERY}', id, 'push', '{{}}', 'dead', 9, 1, \
         500, 'college/library is not told', 1, NULL FROM subscriptions; \
         INSERT INTO inbox SELECT tenant_id, '{HOOK}', id, decode(repeat('00', 32), 'hex'), '1.x', \
         'dead', 9, 1, 1 \
         FROM subscriptions; \
         INSERT INTO passkeys VALUES ('{}', '{PASSKEY}', '\\x01', '\\x02', 0, '[]', 'one_device', \
         'Laptop', 1, NULL)",
        hex("userId"),
    ))?;
    Ok(BTreeMap::from([
        ("subscriptionId", format!("sub_{SUBSCRIPTION}")),
        ("deliveryId", format!("evd_{DELIVERY}")),
        ("hookId", format!("hook_{HOOK}")),
        ("passkeyId", format!("passkey_{PASSKEY}")),
    ]))
}

const SUBSCRIPTION: &str = "01a202974dc07000800000000000a001";
const DELIVERY: &str = "01a202974dc07000800000000000a002";
const HOOK: &str = "01a202974dc07000800000000000a003";
const PASSKEY: &str = "01a202974dc07000800000000000a004";

fn visitor(name: &'static str, client: Client) -> Visitor {
    Visitor { name, client, headers: Vec::new(), scheme: None }
}

fn basic(id: &str, secret: &str) -> (&'static str, String) {
    ("Authorization", format!("Basic {}", STANDARD.encode(format!("{id}:{secret}"))))
}

/// Nobody, and those who guess.
fn strangers(server: &Server, ada: &App) -> Vec<Visitor> {
    let guess = "x9".repeat(20);
    let guessed_secret = visitor("who guesses the app's secret", server.client());
    vec![
        visitor("nobody", server.client()),
        visitor("a guessed token", server.client().bearing(&format!("sggat_{guess}"))),
        visitor("a guessed session", server.client().bearing(&format!("sggus_{guess}"))),
        visitor("a guessed cookie", server.client().keeping("sid", &format!("sggus_{guess}"))),
        visitor("garbage", server.client().bearing("\u{7e}~~ not a token ~~")),
        Visitor { headers: vec![basic(&ada.id, &format!("sggcs_{guess}"))], ..guessed_secret },
        Visitor {
            headers: vec![("x-admin-api-key", guess.clone()), ("x-connection-id", guess)],
            ..visitor("old keys", server.client())
        },
    ]
}

/// Credentials that were good once.
fn ended(server: &Server, old_app: &App, old: &Access, revoked: &Access) -> Vec<Visitor> {
    vec![
        visitor("an expired token", server.client().bearing(&old.token)),
        visitor("an expired session", server.client().bearing(&old_app.session)),
        visitor("an expired cookie", server.client().keeping("sid", &old_app.session)),
        visitor("a revoked token", server.client().bearing(&revoked.token)),
    ]
}

/// Good credentials of Ada's, in the place of others.
fn misplaced(server: &Server, ada: &App, access: &Access) -> Vec<Visitor> {
    vec![
        visitor("a refresh token", server.client().bearing(&access.refresh)),
        visitor("the app's secret as a token", server.client().bearing(&ada.secret)),
        visitor("an access token as a cookie", server.client().keeping("sid", &access.token)),
    ]
}

/// Another organisation's, good there.
fn mallorys(server: &Server, mallory: &App, theirs: &Access) -> Vec<Visitor> {
    let token = visitor("Mallory's token", server.client().bearing(&theirs.token));
    let session = visitor("Mallory's session", server.client().bearing(&mallory.session));
    let cookie = visitor("Mallory's browser", server.client().keeping("sid", &mallory.session));
    let client = visitor("Mallory's app", server.client());
    vec![
        Visitor { scheme: Some("access_token"), ..token },
        Visitor { scheme: Some("user_session"), ..session },
        Visitor { scheme: Some("user_session"), ..cookie },
        Visitor {
            headers: vec![basic(&mallory.id, &mallory.secret)],
            scheme: Some("client_basic"),
            ..client
        },
    ]
}

/// A customer of another app, on the page that is its own.
fn customer_of(server: &Server, mallory: &App) -> anyhow::Result<Visitor> {
    let mut browser = server.client();
    let home = format!("/app/company/apps/{}", mallory.id);
    let token = mallory.invite(server)?.token;
    let entered = browser.get(&format!("{home}?connect_token={token}"))?;
    ensure!(browser.get(entered.location()?)?.status == 200, "the customer is not let in");
    Ok(visitor("Mallory's customer", browser))
}

/// The gateway's table.
fn table(server: &Server) -> anyhow::Result<Vec<Operation>> {
    let document = server.client().get("/openapi.json")?.json()?;
    let paths = document["paths"].as_object().context("no paths")?;
    let mut rows = Vec::new();
    for (path, item) in paths {
        for method in ["get", "post", "put", "patch", "delete"] {
            let Some(row) = item.get(method) else { continue };
            let tagged =
                |tag: &str| row["tags"].as_array().is_some_and(|it| it.contains(&tag.into()));
            let takes = row["security"].as_array().into_iter().flatten();
            let schemes = takes.filter_map(Value::as_object).flat_map(|it| it.keys().cloned());
            let mut schemes: BTreeSet<_> = schemes.collect();
            // The document says nothing of cookies; signed-in pages take them.
            if path.starts_with("/app/") {
                schemes.insert("user_session".to_owned());
            }
            rows.push(Operation {
                method: method.to_uppercase(),
                path: path.clone(),
                schemes,
                is_page: tagged("Pages"),
            });
        }
    }
    ensure!(rows.len() > 50, "only {} rows", rows.len());
    Ok(rows)
}

/// What a caller with every right would send.
fn body(operation: &Operation, world: &World) -> Option<(&'static str, String)> {
    if operation.method == "GET" || operation.method == "DELETE" {
        return None;
    }
    if operation.is_page {
        let form = "transaction=txn_00000000000000000000000000000001&csrf=guessed&returnTo=%2F%2Fevil.example";
        return Some(("application/x-www-form-urlencoded", form.to_owned()));
    }
    let path = operation.path.as_str();
    let json = match path {
        "/v1/developer/apps" => {
            json!({ "name": "App", "allowedRedirectUris": ["https://acme.example/callback"] })
        }
        "/oauth/revoke" | "/oauth/introspect" => json!({ "token": world.access.token }),
        _ if path.ends_with("/connect-sessions") => json!({ "customerRef": "customer-7" }),
        _ if path.ends_with("/events/subscribe") => {
            json!({ "callbackUrl": "https://acme.example/events", "events": ["push"] })
        }
        _ => json!({}),
    };
    Some(("application/json", json.to_string()))
}

/// What is wrong with this answer, if anything is.
fn fault(
    operation: &Operation,
    visitor: &Visitor,
    answer: &Answer,
    world: &World,
) -> Option<String> {
    let status = answer.status;
    if status >= 500 && status != 501 {
        return Some("failed".to_owned());
    }
    if let Some(told) = world.tells(&answer.body) {
        // A refusal may repeat what was asked for.
        if status < 400 && !operation.path.contains('{') {
            return Some(format!("told `{told}`"));
        }
    }
    if (200..300).contains(&status) {
        let open = OPEN.contains(&operation.name().as_str());
        let own = visitor.scheme.is_some_and(|it| operation.schemes.contains(it))
            && !operation.path.contains('{');
        return (!open && !own).then(|| "let in".to_owned());
    }
    if status >= 400 && !operation.is_page {
        // RFC 6749, 5.2, has a shape of its own.
        let oauth =
            serde_json::from_str(&answer.body).ok().filter(|it: &Value| it["error"].is_string());
        return match answer.refusal() {
            Err(error) if oauth.is_none() => Some(format!("{error:#}")),
            _ => None,
        };
    }
    None
}

#[test]
fn no_route_gives_anything_to_who_has_no_right_to_it() -> anyhow::Result<()> {
    let world = World::start()?;
    let table = table(&world.server)?;
    let mut faults = Vec::new();
    let mut asked = 0_usize;
    for operation in &table {
        let path = world.path(operation)?;
        let sent = body(operation, &world);
        for visitor in &world.visitors {
            let mut headers: Vec<_> =
                visitor.headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
            if let Some((kind, _)) = &sent {
                headers.push(("Content-Type", kind));
            }
            // Every row is asked for on both listeners.
            for base in [&world.server.url, &world.server.admin_url] {
                let text = sent.as_ref().map(|(_, text)| text.as_str());
                let url = format!("{base}{path}");
                let answer =
                    visitor.client.clone().send(&operation.method, &url, &headers, text)?;
                asked += 1;
                if let Some(fault) = fault(operation, visitor, &answer, &world) {
                    let said: String = answer.body.chars().take(160).collect();
                    let name = operation.name();
                    faults.push(format!(
                        "{name}, {}: {fault} ({}): {said}",
                        visitor.name, answer.status
                    ));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{} of {asked}:\n{}", faults.len(), faults.join("\n"));
    println!("{asked} requests for {} routes", table.len());
    is_untouched(&world)
}

/// Whatever was tried, Ada has what she had.
fn is_untouched(world: &World) -> anyhow::Result<()> {
    let apps =
        world.server.client().bearing(&world.ada.session).get("/v1/developer/apps")?.json()?;
    let names: Vec<_> =
        apps["data"].as_array().into_iter().flatten().map(|it| &it["name"]).collect();
    assert_eq!(names, ["Tea Insights"], "{apps}");
    let mut reader = world.server.client().bearing(&world.access.token);
    assert_eq!(repositories(&mut reader)?.len(), 1);
    world.schema.execute(
        "DO $$ BEGIN IF (SELECT count(*) FROM subscriptions WHERE state = 'active') <> 1 \
         OR (SELECT count(*) FROM outbox WHERE state = 'dead') <> 1 \
         OR (SELECT count(*) FROM inbox WHERE state = 'dead') <> 1 \
         OR (SELECT count(*) FROM invitations) <> 1 \
         THEN RAISE EXCEPTION 'something of Ada''s was changed'; END IF; END $$",
    )?;
    let fresh = world.ada.refresh(&world.server, &world.access)?;
    assert_eq!(world.server.client().bearing(&fresh.token).get("/v1/me")?.status, 200);
    Ok(())
}

/// A page elsewhere makes Ada's own browser send a form.
#[test]
fn no_form_is_taken_from_a_page_of_another_site() -> anyhow::Result<()> {
    let world = World::start()?;
    let mut tried = 0;
    for operation in table(&world.server)?.iter().filter(|it| it.is_page && it.method == "POST") {
        let path = world.path(operation)?;
        let Some((kind, form)) = body(operation, &world) else { continue };
        for headers in [
            &[("Origin", "https://evil.example"), ("Sec-Fetch-Site", "cross-site")][..],
            &[("Origin", "null")],
            &[],
        ] {
            let headers = [headers, &[("Content-Type", kind)]].concat();
            let mut browser =
                world.server.client().keeping("sid", &world.ada.session).wanting_pages();
            let answer = browser.send("POST", &path, &headers, Some(&form))?;
            let name = operation.name();
            assert!(
                (400..500).contains(&answer.status),
                "{name}: {} {}",
                answer.status,
                answer.body
            );
            tried += 1;
        }
    }
    assert!(tried >= 6, "only {tried}");
    is_untouched(&world)
}
