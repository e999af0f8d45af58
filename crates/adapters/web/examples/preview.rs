//! Serves the pages with made-up data, for whoever works on their look:
//! `cargo run -p lodge-web --example preview`. Nothing is kept.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::indexing_slicing,
    clippy::as_conversions,
    reason = "a designer's door: it speaks to a terminal and may stop at once"
)]

#[path = "../tests/pages/gateway.rs"]
mod gateway;

use std::{sync::Arc, time::Duration};

use actix_web::{
    App, HttpResponse, HttpServer,
    http::header,
    web::{self, Query},
};
use lodge_access::{
    Authorization, Connection, ConnectionKind, Receipt, RedirectUri, RepositoryConsent, SecretKind,
    UsageRow,
};
use lodge_forge::{Repository, Visibility};
use lodge_kernel::{Clock as _, RequestId};
use lodge_testkit::builders::{
    a_connection, a_consent, a_customer, a_receipt, a_repository_id, a_secret, a_session,
    a_usage_row, an_authorization,
};

use gateway::{House, Plan, a_repository};

/// The first of the ports; each scene has the next one.
const FIRST_PORT: u16 = 8790;

#[actix_web::main]
async fn main() -> std::io::Result<()> {
    let long = "a-name-that-nobody-would-choose-but-somebody-has-".repeat(5);
    let scenes: [(&str, Vec<_>); 5] = [
        ("a few", vec![("local", Some(few()))]),
        ("very many", vec![("local", Some(many(1_200)))]),
        ("one host down", vec![("gitea", None), ("local", Some(few()))]),
        ("no repositories", vec![("local", Some(vec![]))]),
        ("long names", vec![("local", Some(vec![a_repository(&format!("acme/{long}"))]))]),
    ];
    let mut servers = Vec::new();
    for ((scene, hosts), port) in scenes.into_iter().zip(FIRST_PORT..) {
        let origin = format!("http://127.0.0.1:{port}");
        let mut plan = Plan { hosts, public_url: origin.clone(), ..Plan::ordinary() };
        "Acme Insights".clone_into(&mut plan.app.name);
        plan.app.description = Some("Weekly figures of how a team works together.".to_owned());
        plan.app.redirect_uris = vec![RedirectUri::parse(&format!("{origin}/callback")).unwrap()];
        plan.app.embed_origins = vec![origin.clone(), "https://acme.example".to_owned()];
        plan.openapi = serde_json::from_str(include_str!("openapi.json")).unwrap();
        let house = Arc::new(House::built(plan).await);
        live_in(&house).await;
        println!("{scene:<16} {origin}/preview");
        servers.push(serve(house, port)?);
    }
    println!("{:<16} http://127.0.0.1:{FIRST_PORT}/preview?bare=true", "no account");
    println!("{:<16} http://127.0.0.1:{FIRST_PORT}/framed", "in a frame");
    println!("{:<16} http://127.0.0.1:{FIRST_PORT}/preview?access=true", "access page");
    println!("{:<16} http://127.0.0.1:{FIRST_PORT}/signed-in", "a developer");
    futures_util::future::try_join_all(servers).await?;
    Ok(())
}

#[derive(serde::Deserialize)]
struct Visit {
    #[serde(default)]
    bare: bool,
    /// The access page, rather than the consent page.
    #[serde(default)]
    access: bool,
}

fn serve(house: Arc<House>, port: u16) -> std::io::Result<actix_web::dev::Server> {
    let server = HttpServer::new(move || {
        let visited = Arc::clone(&house);
        let preview = move |visit: Query<Visit>| {
            let house = Arc::clone(&visited);
            async move {
                let token = house.invitation("Example School", "To show weekly figures.").await;
                let more = [("connect_token", token.as_str())];
                let proof = if visit.bare { &[][..] } else { &more };
                let location =
                    if visit.access { house.access(&more) } else { house.authorize(proof) };
                if visit.access {
                    share(&house).await;
                }
                HttpResponse::SeeOther().insert_header((header::LOCATION, location)).finish()
            }
        };
        let pages = App::new().configure(house.pages()).route("/preview", web::get().to(preview));
        let pages = pages.route("/signed-in", web::get().to(signed_in));
        pages.route("/framed", web::get().to(framed)).route(
            "/callback",
            web::get().to(|request: actix_web::HttpRequest| async move {
                request.query_string().to_owned()
            }),
        )
    });
    Ok(server.workers(1).bind(("127.0.0.1", port))?.run())
}

/// What somebody has shared, and what was read of it.
async fn share(house: &House) {
    let mut work = house.gateway.storage.begin().await.unwrap();
    let customer = work.customers().find_vouched(house.app.id, "customer-1").await.unwrap();
    let customer = customer.unwrap().id;
    if !work.authorizations().active_of_customer(customer, 1).await.unwrap().is_empty() {
        return;
    }
    let accounts = work.connections().of_customer(customer).await.unwrap();
    let first = accounts.first().unwrap();
    let consent = |name: &str| RepositoryConsent {
        connection: first.id,
        provider: first.provider.clone(),
        full_name: format!("acme/{name}"),
        ..a_consent(name)
    };
    let approval = Authorization {
        customer,
        connections: vec![(first.id, first.provider.clone())],
        repositories: ["api", "handbook", "web"].map(consent).to_vec(),
        ..an_authorization(1)
    };
    work.authorizations().add(&approval).await.unwrap();
    let own = Connection {
        customer,
        kind: ConnectionKind::OAuth,
        account: "octo-school".to_owned(),
        host_account: "7".to_owned(),
        ..a_connection(7)
    };
    work.connections().add(&own).await.unwrap();
    let rows: Vec<_> = (0..250)
        .map(|n| UsageRow {
            customer: Some(customer),
            withheld: n % 3,
            status: if n % 20 == 0 { 403 } else { 200 },
            error_code: (n % 20 == 0).then_some("REPOSITORY_NOT_APPROVED".into()),
            ..a_usage_row(n)
        })
        .collect();
    work.usage().append(&rows).await.unwrap();
    for n in 1..=2 {
        work.receipts().add(&Receipt { customer, ..a_receipt(n) }).await.unwrap();
    }
    work.commit().await.unwrap();
}

/// The first developer's session, in the browser.
async fn signed_in() -> HttpResponse {
    let cookie = format!("sid={}; Path=/", a_secret(SecretKind::UserSession, 1).expose());
    let mut response = HttpResponse::SeeOther();
    response.insert_header((header::SET_COOKIE, cookie));
    response.insert_header((header::LOCATION, "/app/dashboard")).finish()
}

/// A developer who is signed in, and a week in which much was read.
async fn live_in(house: &House) {
    let endpoints = ["commits.list", "commits.diff", "branches.list", "file-tree.list"];
    let rows: Vec<_> = (0..3_000_u32)
        .map(|n| {
            // Working hours are busy, and one day went wrong.
            let hour = u64::from(n * 7 % 24).midpoint(u64::from(8 + n % 9));
            let day = u64::from(n % 7);
            let at = house.clock.now().minus(Duration::from_hours(day * 24 + hour));
            let bits = RequestId::earliest(at).as_uuid().as_u128() | u128::from(n);
            let failed = n % 41 == 0 || (day == 2 && n % 3 == 0);
            UsageRow {
                request: RequestId::from_uuid(uuid::Uuid::from_u128(bits)),
                at,
                endpoint: endpoints[n as usize % 4].into(),
                repository: Some(a_repository_id(["web", "api", "handbook"][n as usize % 3])),
                status: if failed { 429 } else { 200 },
                error_code: failed.then(|| "RATE_LIMITED".into()),
                duration: Duration::from_micros(u64::from(900 + n * 37 % 60_000)),
                withheld: u32::from(n % 50 == 0) * 3,
                rules: if n % 50 == 0 { vec!["F1".to_owned()] } else { Vec::new() },
                ..a_usage_row(n)
            }
        })
        .collect();
    let mut work = house.gateway.storage.begin().await.unwrap();
    work.sessions().add(&a_session(1)).await.unwrap();
    work.usage().append(&rows).await.unwrap();
    work.customers().add(&a_customer(1)).await.unwrap();
    work.connections().add(&a_connection(1)).await.unwrap();
    work.authorizations().add(&an_authorization(1)).await.unwrap();
    work.commit().await.unwrap();
}

/// A page of an app that shows the consent page inside itself.
async fn framed() -> HttpResponse {
    let page = "<!doctype html><title>Acme</title><h1>Acme</h1>\
                <iframe src=\"/preview\" width=\"800\" height=\"1400\" title=\"Consent\"></iframe>";
    HttpResponse::Ok().content_type("text/html; charset=utf-8").body(page)
}

fn few() -> Vec<Repository> {
    let described = |name, description: &str, visibility| Repository {
        description: Some(description.to_owned()),
        web_url: Some(format!("https://git.example/{name}")),
        visibility,
        ..a_repository(name)
    };
    vec![
        described("acme/api", "The service behind everything.", Visibility::Private),
        described("acme/handbook", "How we work.", Visibility::Public),
        Repository {
            archived: Some(true),
            ..described("acme/legacy-shop", "The old shop.", Visibility::Internal)
        },
        described("acme/web", "The site that customers see.", Visibility::Private),
    ]
}

fn many(count: usize) -> Vec<Repository> {
    (0..count).map(|n| a_repository(&format!("team-{:02}/service-{n:04}", n % 37))).collect()
}
