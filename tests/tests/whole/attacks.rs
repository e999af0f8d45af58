//! Attacks, each as somebody would try it by hand. What happened stands in
//! `docs/attacks.md`.

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::Duration,
};

use anyhow::{Context as _, ensure};
use end_to_end::{
    Access, App, Client, Server, Setup,
    client::{Answer, text},
    form::Form,
};
use serde_json::json;
use tempfile::TempDir;
use url::{Url, form_urlencoded};

use crate::reading::{Shelf, repositories};

/// Where an app of another origin takes its customers back.
const ELSEWHERE: &str = "http://localhost:10/callback";

/// A gateway where the customer `customer-7` let Ada's app read
/// `college/library`.
struct House {
    server: Server,
    data: TempDir,
    ada: App,
    access: Access,
    _shelf: Shelf,
}

impl House {
    fn open() -> anyhow::Result<Self> {
        let (shelf, data) = (Shelf::with_commits(4)?, tempfile::tempdir()?);
        let server = Setup::new(data.path())?
            .repositories(shelf.path())
            .with("--trusted-proxies=127.0.0.1")
            .with("--oauth-rate-limit=1000")
            .start()?;
        let ada = App::register_in(&server, data.path())?;
        let access = ada.obtain_access(&server, &["college/library"])?;
        Ok(Self { server, data, ada, access, _shelf: shelf })
    }

    /// Another organisation's app.
    fn mallory(&self) -> anyhow::Result<App> {
        let folder = self.data.path().to_str().context("the folder is not text")?;
        App::register_for(&self.server, &["--data", folder], "mallory@example.com", "Elsewhere")
    }

    /// An app of another organisation that lives at another origin: its id.
    fn app_elsewhere(&self) -> anyhow::Result<String> {
        let app = json!({ "name": "Tea Elsewhere", "allowedRedirectUris": [ELSEWHERE] });
        let mut developer = self.server.client().bearing(&self.mallory()?.session);
        let made = developer.post("/v1/developer/apps", &app)?.json()?;
        Ok(text(made.get("client").context("there is no client")?, "id")?.to_owned())
    }

    /// The address of the consent page with a reference and nothing that proves it.
    fn bare_link(&self) -> anyhow::Result<String> {
        let mut link = Url::parse(&self.ada.sign_link(&self.server, 60)?)?;
        let pairs: Vec<_> = link.query_pairs().into_owned().collect();
        link.query_pairs_mut()
            .clear()
            .extend_pairs(pairs.iter().filter(|(name, _)| name != "customer_sig"));
        Ok(link.into())
    }

    /// Ada has what she had.
    fn is_untouched(&self) -> anyhow::Result<()> {
        let mut reader = self.server.client().bearing(&self.access.token);
        let names: Vec<_> = repositories(&mut reader)?.into_iter().map(|it| it.0).collect();
        ensure!(names == ["college/library"], "Ada's app reads {names:?}");
        Ok(())
    }
}

/// Follows redirections of our own, as a browser does.
fn follow(browser: &mut Client, path: &str) -> anyhow::Result<Answer> {
    let mut answer = browser.get(path)?;
    for _ in 0..3 {
        if answer.status != 303 {
            break;
        }
        answer = browser.get(answer.location()?)?;
    }
    Ok(answer)
}

#[test]
fn the_reference_of_another_customer_opens_an_empty_workspace() -> anyhow::Result<()> {
    let house = House::open()?;
    let mut thief = house.server.client().wanting_pages();
    let page = follow(&mut thief, &house.bare_link()?)?;
    assert_eq!(page.status, 200, "{}", page.body);
    assert!(page.body.contains("carries no proof of who you are"), "{}", page.body);
    assert!(!page.body.contains("college/library"), "{}", page.body);

    let access = format!("/app/company/apps/{}?customer_ref=customer-7", house.ada.id);
    let page = follow(&mut house.server.client().wanting_pages(), &access)?;
    assert!(page.body.contains("Nothing is shared."), "{}", page.body);
    assert!(!page.body.contains("college/library"), "{}", page.body);

    // What the app signed is good for the customer that it signed for.
    for (from, to) in [
        ("customer_ref=customer-7", "customer_ref=customer-8"),
        ("customer_name=The+library", "customer_name=Somebody"),
    ] {
        let forged = house.ada.sign_link(&house.server, 60)?.replace(from, to);
        ensure!(forged.contains(to), "{forged} has no `{from}`");
        let refused = house.server.client().wanting_pages().get(&forged)?;
        let place = refused.location()?;
        assert!(place.starts_with(end_to_end::walk::REDIRECT_URI), "{place}");
        assert!(place.contains("error=invalid_request") && !place.contains("code="), "{place}");
    }
    house.is_untouched()
}

/// The directive of the page's policy that says who may frame it.
fn framing(answer: &Answer) -> Option<&str> {
    let policy = answer.header("content-security-policy")?;
    policy.split(';').map(str::trim).find(|it| it.starts_with("frame-ancestors"))
}

#[test]
fn a_page_of_another_origin_cannot_frame_the_consent_page_nor_any_other() -> anyhow::Result<()> {
    let house = House::open()?;
    let of_the_app = "frame-ancestors http://localhost:9";
    let mut browser = house.server.client().wanting_pages();
    let consent = follow(&mut browser, &house.ada.invite(&house.server)?.url)?;
    let access = format!("/app/company/apps/{}", house.ada.id);
    let broken = format!(
        "/oauth/authorize?client_id={}&redirect_uri=http://localhost:9/other",
        house.ada.id
    );
    let (entered, refused) = (browser.get(&access)?, browser.get(&broken)?);
    assert_eq!(refused.status, 400, "{}", refused.body);
    for page in [&consent, &entered] {
        assert_eq!(framing(page), Some(of_the_app), "{}", page.body);
    }
    let mut elsewhere = Url::parse(&house.bare_link()?)?;
    let app = house.app_elsewhere()?;
    let pairs: Vec<_> = elsewhere.query_pairs().into_owned().collect();
    let pairs = pairs.into_iter().map(|(name, value)| match name.as_str() {
        "client_id" => (name, app.clone()),
        "redirect_uri" => (name, ELSEWHERE.to_owned()),
        _ => (name, value),
    });
    elsewhere.query_pairs_mut().clear().extend_pairs(pairs);
    let of_mallory = follow(&mut house.server.client().wanting_pages(), elsewhere.as_str())?;
    assert_eq!(of_mallory.status, 200, "{}", of_mallory.body);
    assert_eq!(framing(&of_mallory), Some("frame-ancestors http://localhost:10"));
    for path in [
        "/",
        "/docs",
        "/app/login",
        "/app/signup",
        "/app/dashboard",
        "/app/account",
        "/oauth/authorize",
        "/app/company/apps/client_00000000000000000000000000000001",
    ] {
        let page = house.server.client().wanting_pages().get(path)?;
        if page.status != 303 {
            assert_eq!(framing(&page), Some("frame-ancestors 'none'"), "{path}: {}", page.body);
            assert_eq!(page.header("x-frame-options"), Some("DENY"), "{path}");
        }
    }
    Ok(())
}

/// Opens an account; the network may be said by the proxy in front.
fn sign_up(house: &House, email: &str) -> anyhow::Result<()> {
    let person = json!({ "email": email, "password": PASSWORD, "organisation": email });
    house.server.client().post("/v1/account/signup", &person)?.json().map(drop)
}

const PASSWORD: &str = "a password that nobody guesses";

#[test]
fn a_forged_return_to_leads_home_and_a_forged_redirect_uri_nowhere() -> anyhow::Result<()> {
    let house = House::open()?;
    sign_up(&house, "bea@example.com")?;
    for forged in [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "https:evil.example",
        "javascript:alert(1)",
        "/app/../../evil.example:80@x",
    ] {
        let query: String = form_urlencoded::byte_serialize(forged.as_bytes()).collect();
        let mut browser = house.server.client().wanting_pages();
        let page = browser.get(&format!("/app/login?returnTo={query}"))?;
        assert_eq!(Form::of(&page.body, "/app/login")?.hidden("returnTo"), Some(told(forged)));
        let form: String = form_urlencoded::Serializer::new(String::new())
            .extend_pairs([("email", "bea@example.com"), ("password", PASSWORD)])
            .append_pair("returnTo", forged)
            .finish();
        let headers = [
            ("Content-Type", "application/x-www-form-urlencoded"),
            ("Origin", house.server.url.as_str()),
            ("Sec-Fetch-Site", "same-origin"),
        ];
        let entered = browser.send("POST", "/app/login", &headers, Some(&form))?;
        assert_eq!((entered.status, entered.location()?), (303, told(forged)), "{forged}");
        // Who is in already is led on at once, and as far.
        let again = browser.get(&format!("/app/login?returnTo={query}"))?;
        assert_eq!((again.status, again.location()?), (303, told(forged)), "{forged}");
    }

    let redirect = form_urlencoded::byte_serialize(b"http://localhost:9/callback");
    let redirect = format!("redirect_uri={}", redirect.collect::<String>());
    let link = house.bare_link()?;
    ensure!(link.contains(&redirect), "{link} has no {redirect}");
    for forged in [
        "https://evil.example/callback",
        "http://localhost:9/callback/",
        "http://localhost:9/callback?x=1",
        "http://localhost:9@evil.example/callback",
        "http://localhost:90/callback",
        "javascript:alert(1)//callback",
    ] {
        let forged: String = form_urlencoded::byte_serialize(forged.as_bytes()).collect();
        let forged = link.replace(&redirect, &format!("redirect_uri={forged}"));
        let refused = house.server.client().wanting_pages().get(&forged)?;
        assert_eq!(refused.status, 400, "{forged}: {}", refused.body);
        assert_eq!(refused.header("location"), None, "{forged}");
    }
    house.is_untouched()
}

/// Where a forged `returnTo` leads.
fn told(forged: &str) -> &str {
    // A path of our own, however odd, stays one.
    if forged.starts_with("/app/") { forged } else { "/app/dashboard" }
}

#[test]
fn the_id_of_another_customers_account_opens_and_ends_nothing() -> anyhow::Result<()> {
    let house = House::open()?;
    let mallory = house.mallory()?;
    let mut ours = house.server.client().bearing(&house.access.token);
    let me = ours.get("/v1/platform/client/me")?.json()?;
    let connection = me["authorization"]["connectionIds"][0].as_str().context("no account")?;

    // Mallory's own customer, on the page that is its own.
    let home = format!("/app/company/apps/{}", mallory.id);
    let mut customer = house.server.client().wanting_pages();
    let token = mallory.invite(&house.server)?.token;
    let page = follow(&mut customer, &format!("{home}?connect_token={token}"))?;
    assert_eq!(page.status, 200, "{}", page.body);
    let mut form = Form::of(&page.body, "/leave")?;
    for path in [
        format!("{home}/connections/{connection}/disconnect"),
        format!("/app/company/apps/{}/connections/{connection}/disconnect", house.ada.id),
    ] {
        form.action = path;
        let refused = customer.submit(&form)?;
        assert!(matches!(refused.status, 401 | 404), "{}: {}", form.action, refused.body);
    }
    let own = mallory.obtain_access(&house.server, &["college/payroll"])?;
    let (library, header) = (repositories(&mut ours)?.remove(0).1, ("x-connection-id", connection));
    for (mut client, status) in
        [(house.server.client(), 401), (house.server.client().bearing(&own.token), 403)]
    {
        let answer = client.send("GET", &library, &[header], None)?;
        assert_eq!(answer.status, status, "{}", answer.body);
        let answer = client.get(&format!("{library}?connectionId={connection}"))?;
        assert!(matches!(answer.status, 400 | 401 | 403), "{}", answer.body);
        for base in [&house.server.url, &house.server.admin_url] {
            let url = format!("{base}/v1/connections/{connection}");
            assert_eq!(client.get(&url)?.refusal()?.0, 401);
            assert_eq!(client.send("DELETE", &url, &[], None)?.refusal()?.0, 401);
        }
    }
    house.is_untouched()
}

/// Somebody in the network of `address` tries to be `email`.
fn log_in(house: &House, address: &str, email: &str, password: &str) -> anyhow::Result<Answer> {
    let body = json!({ "email": email, "password": password }).to_string();
    let headers = [("Content-Type", "application/json"), ("X-Forwarded-For", address)];
    house.server.client().send("POST", "/v1/account/login", &headers, Some(&body))
}

/// For how many seconds nobody of the network of `address` is let in as `email`:
/// none after a guess that was looked at.
fn held_up(house: &House, address: &str, email: &str) -> anyhow::Result<u64> {
    let answer = log_in(house, address, email, "a guess")?;
    answer.header("retry-after").map_or(Ok(0), |it| Ok(it.parse()?))
}

/// Tries `guesses` passwords at once, each for the account that `whose` says;
/// answers how many were looked at.
fn flood(
    house: &House,
    address: &str,
    guesses: usize,
    whose: impl Fn(usize) -> String + Sync,
) -> anyhow::Result<usize> {
    let (next, looked_at) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let attack = || -> anyhow::Result<()> {
        loop {
            let guess = next.fetch_add(1, Ordering::Relaxed);
            if guess >= guesses {
                return Ok(());
            }
            let answer = log_in(house, address, &whose(guess), &format!("guess number {guess}"))?;
            match answer.refusal()?.0 {
                401 => drop(looked_at.fetch_add(1, Ordering::Relaxed)),
                429 => {
                    let wait =
                        answer.header("retry-after").context("it does not say until when")?;
                    ensure!(wait.parse::<u64>()? <= 900, "it says {wait} seconds");
                }
                other => anyhow::bail!("answered {other}: {}", answer.body),
            }
        }
    };
    thread::scope(|scope| {
        let attackers: Vec<_> = (0..8).map(|_| scope.spawn(attack)).collect();
        attackers
            .into_iter()
            .try_for_each(|it| it.join().map_err(|_panic| anyhow::anyhow!("an attacker failed"))?)
    })?;
    Ok(looked_at.into_inner())
}

#[test]
fn a_flood_of_logins_is_held_up_and_others_come_in() -> anyhow::Result<()> {
    let house = House::open()?;
    for email in ["victim@example.com", "bea@example.com", "cem@example.com"] {
        sign_up(&house, email)?;
    }
    // One account: five guesses at once, then ever fewer.
    let one = flood(&house, "203.0.113.9", 200, |_| "victim@example.com".to_owned())?;
    assert!((1..=8).contains(&one), "{one} of 200 guesses were looked at");
    // Each further guess is answered twice as late as the one before: here until
    // that is longer than a busy machine takes for the next request.
    while let wait @ ..8 = held_up(&house, "203.0.113.9", "victim@example.com")? {
        thread::sleep(Duration::from_secs(wait));
    }
    let owner = log_in(&house, "198.51.100.7", "victim@example.com", PASSWORD)?;
    assert_eq!(owner.status, 429, "for at most five minutes the owner waits, too");
    let wait: u64 = owner.header("retry-after").unwrap_or_default().parse()?;
    assert!(wait <= 300, "{wait} s");
    for address in ["203.0.113.200", "198.51.100.7", "2001:db8::7"] {
        let entered = log_in(&house, address, "bea@example.com", PASSWORD)?;
        assert_eq!(entered.status, 200, "{address}: {}", entered.body);
    }

    // Every account a little: thirty guesses of one network.
    let many = flood(&house, "203.0.113.77", 200, |it| format!("person-{it}@example.com"))?;
    assert!(many <= 32, "{many} of 200 guesses were looked at");
    while let wait @ ..8 = held_up(&house, "203.0.113.77", "nobody@example.com")? {
        thread::sleep(Duration::from_secs(wait));
    }
    let same_network = log_in(&house, "203.0.113.78", "cem@example.com", PASSWORD)?;
    assert_eq!(same_network.status, 429, "{}", same_network.body);
    for email in ["bea@example.com", "cem@example.com"] {
        let entered = log_in(&house, "198.51.100.7", email, PASSWORD)?;
        assert_eq!(entered.status, 200, "{email}: {}", entered.body);
    }
    // An address that the attacker makes up counts for nothing: the proxy adds the real one.
    let body = json!({ "email": "cem@example.com", "password": PASSWORD }).to_string();
    let headers =
        [("Content-Type", "application/json"), ("X-Forwarded-For", "192.0.2.1, 203.0.113.79")];
    let lied = house.server.client().send("POST", "/v1/account/login", &headers, Some(&body))?;
    assert_eq!(lied.status, 429, "{}", lied.body);
    house.is_untouched()
}
