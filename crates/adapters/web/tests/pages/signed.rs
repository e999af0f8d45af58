//! Links that the app's server has signed.

use std::time::Duration;

use lodge_access::{App, ClientSecret, CustomerSig, SecretKind};
use lodge_kernel::{ClientId, Digest, hex};
use lodge_testkit::{
    PlainKeyring,
    builders::{NOW, a_secret, client_id, digest_of},
};

use crate::{
    browser::{Answer, Browser},
    gateway::{House, Plan},
};

const NONCE: &str = "bm9uY2Utbm9uY2Ut";

/// What an app signs.
#[derive(Clone)]
struct Link {
    client: ClientId,
    reference: &'static str,
    name: Option<&'static str>,
    key: Digest,
    /// Seconds from now.
    expires: i64,
    nonce: &'static str,
}

impl Link {
    /// A link of app 1 for customer 1, good for five minutes.
    fn right() -> Self {
        Self {
            client: client_id(1),
            reference: "customer-1",
            name: Some("Example School"),
            key: digest_of(&a_secret(SecretKind::ClientSecret, 1)),
            expires: 300,
            nonce: NONCE,
        }
    }

    fn sig(&self) -> String {
        let head = format!("v1.{}.{}", NOW.as_seconds() + self.expires, self.nonce);
        let unsigned = CustomerSig::parse(&format!("{head}.{}", "0".repeat(64))).unwrap();
        let message = unsigned.message(self.client, self.reference, self.name);
        format!("{head}.{}", hex::encode(&PlainKeyring.tag(&self.key, message.as_bytes())))
    }
}

/// Opens the link of app 1 for customer 1 with that signature.
async fn open(browser: &Browser<'_>, house: &House, sig: &str) -> Answer {
    let customer = [("customer_ref", "customer-1"), ("customer_name", "Example School")];
    let more = [customer[0], customer[1], ("customer_sig", sig)];
    browser.get(&house.authorize(&more)).await
}

/// The app is told what is wrong with it.
fn assert_refused(answer: &Answer, description: &str) {
    assert_eq!(answer.parameter("error").as_deref(), Some("invalid_request"));
    assert_eq!(answer.parameter("state").as_deref(), Some("xyz"));
    assert_eq!(answer.header("set-cookie"), "");
    let said = answer.parameter("error_description").unwrap();
    assert!(said.starts_with(description), "{said}");
}

#[actix_web::test]
async fn a_signed_link_opens_the_customer_s_own_page() {
    let house = House::built(Plan::ordinary()).await;
    let browser = Browser::at(&house);
    let begun = open(&browser, &house, &Link::right().sig()).await;
    let page = browser.get(begun.header("location")).await;
    assert_eq!(page.boxes("repository").len(), 3, "{}", page.body);
    assert!(page.body.contains("<bdi>Example School</bdi>"));

    // It is the customer whom a connect session finds, too.
    let mut work = house.gateway.storage.read().await.unwrap();
    let found = work.customers().find_vouched(house.app.id, "customer-1").await.unwrap();
    assert_eq!(found.unwrap().name.as_deref(), Some("Example School"));
}

#[actix_web::test]
async fn a_signature_opens_the_page_once() {
    let house = House::built(Plan::ordinary()).await;
    let sig = Link::right().sig();
    let browser = Browser::at(&house);
    assert_eq!(open(&browser, &house, &sig).await.location().path(), "/oauth/authorize");
    for browser in [&browser, &Browser::at(&house)] {
        assert_refused(&open(browser, &house, &sig).await, "customer_sig was used before");
    }
    let again = Link { nonce: "YW5vdGhlci1ub25jZS4", ..Link::right() };
    assert_eq!(CustomerSig::parse(&again.sig()).unwrap().nonce(), again.nonce);
    assert_eq!(open(&browser, &house, &again.sig()).await.location().path(), "/oauth/authorize");
}

#[actix_web::test]
async fn what_was_not_signed_so_is_refused() {
    let house = House::built(Plan::ordinary()).await;
    let right = Link::right();
    let other = digest_of(&a_secret(SecretKind::ClientSecret, 2));
    for wrong in [
        Link { client: client_id(2), ..right.clone() },
        Link { reference: "customer-2", ..right.clone() },
        Link { name: Some("Another School"), ..right.clone() },
        Link { name: None, ..right.clone() },
        Link { key: other, ..right.clone() },
    ] {
        let answer = open(&Browser::at(&house), &house, &wrong.sig()).await;
        assert_refused(&answer, "customer_sig does not fit");
    }
    // Refusals have used nothing up.
    let answer = open(&Browser::at(&house), &house, &right.sig()).await;
    assert_eq!(answer.location().path(), "/oauth/authorize");
}

#[actix_web::test]
async fn a_stale_or_malformed_signature_is_refused_and_never_passed_over() {
    let house = House::built(Plan::ordinary()).await;
    let right = Link::right();
    for (sig, said) in [
        (Link { expires: 0, ..right.clone() }.sig(), "customer_sig has expired"),
        (Link { expires: -1, ..right.clone() }.sig(), "customer_sig has expired"),
        (Link { expires: 601, ..right.clone() }.sig(), "customer_sig expires more than ten"),
        ("x".to_owned(), "customer_sig is not written as"),
        (right.sig().replace("v1.", "v2."), "customer_sig is not written as"),
        (right.sig().to_uppercase(), "customer_sig is not written as"),
    ] {
        assert_refused(&open(&Browser::at(&house), &house, &sig).await, said);
    }
    let late = Link { expires: 600, ..right.clone() };
    assert_eq!(
        open(&Browser::at(&house), &house, &late.sig()).await.location().path(),
        "/oauth/authorize"
    );
    let alone = house.authorize(&[("customer_sig", &right.sig())]);
    let alone = Browser::at(&house).get(&alone).await;
    assert_refused(&alone, "customer_sig came without a customer_ref");
    let token = house.invitation("Customer 1", "To show what changed.").await;
    let both = [("connect_token", token.as_str()), ("customer_sig", &right.sig())];
    let both = Browser::at(&house).get(&house.authorize(&both)).await;
    assert_refused(&both, "connect_token names the customer");
}

#[actix_web::test]
async fn an_empty_signature_is_as_good_as_none() {
    let house = House::built(Plan::ordinary()).await;
    let browser = Browser::at(&house);
    let begun = open(&browser, &house, "").await;
    let page = browser.get(begun.header("location")).await;
    assert!(page.body.contains("This link carries no proof of who you are"));
}

#[actix_web::test]
async fn while_a_secret_is_rotated_both_sign() {
    let mut plan = Plan::ordinary();
    let (old, new) = (digest_of(&a_secret(SecretKind::ClientSecret, 1)), Digest([7; 32]));
    let secret = |digest, expires_at| ClientSecret { digest, created_at: NOW, expires_at };
    plan.app = App {
        secrets: vec![
            secret(old, Some(NOW.plus(Duration::from_mins(1)))),
            secret(new, None),
            secret(Digest([8; 32]), Some(NOW)),
        ],
        ..plan.app
    };
    let house = House::built(plan).await;
    for (key, nonce, works) in [
        (old, "b25lLW9uZS1vbmUt", true),
        (new, "dHdvLXR3by10d28t", true),
        (Digest([8; 32]), "dGhyZWUtdGhyZWUt", false),
    ] {
        let sig = Link { key, nonce, ..Link::right() }.sig();
        let answer = open(&Browser::at(&house), &house, &sig).await;
        assert_eq!(answer.parameter("error").is_none(), works, "{nonce}");
    }
}
