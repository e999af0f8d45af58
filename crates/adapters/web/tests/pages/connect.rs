//! Connecting accounts from the consent page, and the small window that comes
//! back from a host.

use actix_web::http::StatusCode;
use lodge_access::{Connection, ConnectionKind, ConnectionStatus};
use lodge_forge::ProviderName;
use lodge_testkit::builders::a_connection;

use crate::{
    browser::{Answer, Browser},
    gateway::{House, Plan, a_repository},
};

/// `local` for everybody, and `lab`, where customers log in.
async fn a_house() -> House {
    let hosts = vec![
        ("local", Some(vec![a_repository("acme/api")])),
        ("lab", Some(vec![a_repository("mine/web")])),
    ];
    House::built(Plan { hosts, logins: &["lab"], ..Plan::ordinary() }).await
}

/// Where the page leads to a login at `lab`.
fn start(page: &Answer) -> String {
    format!(
        "href=\"/v1/auth/lab/start?transaction={}&#38;redirect=1\" data-connect",
        page.field("transaction")
    )
}

#[actix_web::test]
async fn whoever_comes_can_connect_accounts_where_there_are_logins() {
    let house = a_house().await;
    let vouched = Browser::at(&house).invited().await;
    assert!(vouched.body.contains(&start(&vouched)), "{}", vouched.body);
    assert!(vouched.body.contains("Connect another account"));
    assert!(vouched.body.contains("Connect <bdi>lab repositories</bdi> account"));
    assert!(!vouched.body.contains("/v1/auth/local/"), "{}", vouched.body);

    // A browser that brings only a label has a workspace of its own.
    let browser = Browser::at(&house);
    let begun = browser.get(&house.authorize(&[("customer_ref", "somebody")])).await;
    let stranger = browser.get(begun.header("location")).await;
    assert!(stranger.body.contains(&start(&stranger)), "{}", stranger.body);
    assert!(stranger.body.contains("No account is connected."));
    assert!(!stranger.body.contains("acme/api"));
}

#[actix_web::test]
async fn a_page_without_logins_offers_none() {
    let house = House::built(Plan::ordinary()).await;
    let page = Browser::at(&house).invited().await;
    assert!(!page.body.contains("data-connect"), "{}", page.body);
}

#[actix_web::test]
async fn an_account_that_its_host_ended_is_connected_again_from_its_place() {
    let house = a_house().await;
    let browser = Browser::at(&house);
    let page = browser.invited().await;
    let transaction = page.field("transaction").parse().unwrap();
    let mut work = house.gateway.storage.begin().await.unwrap();
    let visit = work.transactions().find(transaction).await.unwrap().unwrap();
    let tired = Connection {
        customer: visit.customer,
        provider: ProviderName::parse("lab").unwrap(),
        kind: ConnectionKind::OAuth,
        account: "ada".to_owned(),
        status: ConnectionStatus::NeedsReconnect,
        ..a_connection(9)
    };
    let off = Connection {
        host_account: "another".to_owned(),
        account: "switched-off".to_owned(),
        status: ConnectionStatus::Disabled,
        ..Connection { id: a_connection(10).id, ..tired.clone() }
    };
    work.connections().add(&tired).await.unwrap();
    work.connections().add(&off).await.unwrap();
    work.commit().await.unwrap();

    let page = browser.get(&format!("/oauth/authorize?transaction={transaction}")).await;
    assert!(page.body.contains("Connect <bdi>ada</bdi> again"), "{}", page.body);
    assert_eq!(page.body.matches(&start(&page)).count(), 2);
    assert!(!page.body.contains("switched-off") && !page.body.contains("mine/web"));
}

/// The page that the access page leads to, with nothing shared.
async fn connecting(browser: &Browser<'_>) -> Answer {
    let home = browser.at_home().await;
    assert!(home.body.contains("Nothing is shared."));
    let begun = browser.press(&home, "change", &[]).await;
    let page = browser.get(begun.header("location")).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    page
}

#[actix_web::test]
async fn a_page_that_only_connects_accounts_offers_nothing_to_approve() {
    let house = a_house().await;
    let browser = Browser::at(&house);
    let page = connecting(&browser).await;
    assert!(page.body.contains("Connecting alone shares nothing."));
    assert!(page.body.contains(&start(&page)), "{}", page.body);
    assert!(page.body.contains("<bdi>local repositories</bdi>"), "{}", page.body);
    for offered in ["type=\"checkbox\"", "type=\"radio\"", "data-approve", "acme/api"] {
        assert!(!page.body.contains(offered), "{offered}: {}", page.body);
    }
    let visit = page.field("transaction");
    let back = browser.post("/oauth/authorize/deny", &[("transaction", &visit)]).await;
    assert_eq!(back.location().path(), house.access_path());
}

#[actix_web::test]
async fn what_is_approved_on_a_page_that_only_connects_is_refused_in_plain_words() {
    let house = a_house().await;
    let browser = Browser::at(&house);
    let repository = browser.invited().await.boxes("repository")[0].clone();
    let page = connecting(&browser).await;
    let (visit, csrf) = (page.field("transaction"), page.field("csrf"));
    let fields = [
        ("transaction", visit.as_str()),
        ("csrf", csrf.as_str()),
        ("days", "30"),
        ("repository", repository.as_str()),
        ("permission", "read:commits"),
    ];
    let refused = browser.post(&format!("{}/update", house.access_path()), &fields).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("to share something, begin in the app"), "{}", refused.body);
    assert!(browser.at_home().await.body.contains("Nothing is shared."));
}

#[actix_web::test]
async fn the_page_says_how_a_login_went_and_nothing_that_the_address_made_up() {
    let house = a_house().await;
    let browser = Browser::at(&house);
    let page = browser.invited().await;
    let visit = page.field("transaction");
    for (login, text) in [
        ("connected", "Your account at lab repositories is connected."),
        ("access_denied", "You did not give access at lab repositories."),
        ("not_registered", "Please tell its operator."),
        ("invalid_scope", "lab repositories answered “invalid_scope”."),
        ("%3Cscript%3Ecall+555%3C/script%3E", "did not say what went wrong"),
    ] {
        let path = format!("/oauth/authorize?transaction={visit}&provider=lab&login={login}");
        let told = browser.get(&path).await;
        assert_eq!(told.status, StatusCode::OK);
        assert!(told.body.contains(text), "{login}: {}", told.body);
        assert!(!told.body.contains("555"), "{}", told.body);
    }
    let elsewhere =
        format!("/oauth/authorize?transaction={visit}&provider=%3Cb%3E&login=connected");
    let told = browser.get(&elsewhere).await;
    assert!(told.body.contains("Your account at the host is connected."), "{}", told.body);
}

#[actix_web::test]
async fn the_small_window_keeps_the_page_that_opened_it() {
    let house = a_house().await;
    let browser = Browser::at(&house);
    let done = browser.get("/oauth/login?transaction=txn_1&provider=lab&login=connected").await;
    assert_eq!(done.status, StatusCode::OK);
    assert_eq!(done.header("cross-origin-opener-policy"), "unsafe-none");
    assert_eq!(done.header("x-frame-options"), "DENY");
    assert!(
        done.body.contains("data-login=\"connected\" data-provider=\"lab\" data-hand-over=\"\"")
    );
    assert!(done.body.contains("/oauth/authorize?transaction=txn_1&amp;provider=lab"));

    let handing = browser.get("/oauth/login?provider=lab&state=sggls_x&code=a%26b").await;
    let expected = "data-hand-over=\"state=sggls_x&#38;code=a%26b\"";
    assert!(handing.body.contains(expected), "{}", handing.body);

    let odd = browser.get("/oauth/login?provider=%22%3E%3Cscript%3E&transaction=%22x").await;
    assert!(!odd.body.contains("\"><script>") && !odd.body.contains("\"x"), "{}", odd.body);
}
