//! Connecting an account.

use std::{sync::Arc, time::Duration};

use lodge_access::{Permission, PermissionSet};
use lodge_kernel::{ExposeSecret as _, SecretString};
use lodge_provider::{
    CodeExchange, HostLogin, HostToken, HostTokenKind, LoginError, LoginRequest, ProviderError,
};
use lodge_simulators::Fault;
use lodge_testkit::builders::NOW;

use crate::bench::Bench;

const BACK: &str = "https://lodge.example.org/connect/callback";

fn login(bench: &Bench) -> Arc<dyn HostLogin> {
    bench.host.login.clone().unwrap()
}

fn request() -> LoginRequest {
    LoginRequest {
        redirect_uri: BACK.to_owned(),
        state: "st&ate".to_owned(),
        challenge: None,
        permissions: PermissionSet::from_iter([Permission::ReadCommits]),
    }
}

/// The code that the browser would bring back.
fn code(bench: &Bench) -> CodeExchange {
    let code = bench.sandbox.accounts().unwrap().code(BACK, None);
    CodeExchange { code: SecretString::from(code), redirect_uri: BACK.to_owned(), verifier: None }
}

fn token(text: &SecretString) -> HostToken {
    HostToken { text: text.clone(), kind: HostTokenKind::OAuth, generation: 1 }
}

#[tokio::test]
async fn the_login_page_is_told_who_asks_and_no_more() {
    let bench = Bench::new().await;
    let login = login(&bench);
    assert!(!login.pkce());
    let url = login.authorize_url(&request());
    let base = bench.sandbox.base().unwrap();
    let expected = format!(
        "{}/site/oauth2/authorize?response_type=code&client_id=key\
         &redirect_uri=https%3A%2F%2Flodge.example.org%2Fconnect%2Fcallback&state=st%26ate",
        base.url()
    );
    assert_eq!(url, expected);
}

#[tokio::test]
async fn a_code_becomes_an_account_that_is_known() {
    let bench = Bench::new().await;
    let login = login(&bench);
    let given = login.exchange(code(&bench)).await.unwrap();
    assert_eq!(given.expires_at, Some(NOW.plus(Duration::from_hours(2))));
    assert!(given.scopes.contains(&"pullrequest".to_owned()), "{:?}", given.scopes);
    let account = login.identify(&token(&given.access)).await.unwrap();
    assert_eq!(account.login, "ada");
    assert!(account.id.starts_with('{'), "{}", account.id);
    login.revoke(&token(&given.access)).await.unwrap();
}

#[tokio::test]
async fn a_refresh_token_stays_the_same() {
    let bench = Bench::new().await;
    let login = login(&bench);
    let given = login.exchange(code(&bench)).await.unwrap();
    let refresh = given.refresh.unwrap();
    for _ in 0..2 {
        let next = login.refresh(&refresh, BACK).await.unwrap();
        assert_ne!(next.access.expose_secret(), given.access.expose_secret());
        assert_eq!(next.refresh.unwrap().expose_secret(), refresh.expose_secret());
        login.identify(&token(&next.access)).await.unwrap();
    }
}

#[tokio::test]
async fn a_spent_code_and_a_dead_refresh_token_end_the_connection() {
    let bench = Bench::new().await;
    let login = login(&bench);
    let once = code(&bench);
    login.exchange(once.clone()).await.unwrap();
    let spent = login.exchange(once).await;
    assert!(matches!(spent, Err(LoginError::Ended)), "{spent:?}");
    let dead = login.refresh(&SecretString::from("dead"), BACK).await;
    assert!(matches!(dead, Err(LoginError::Ended)), "{dead:?}");
    let stranger = login.identify(&token(&SecretString::from("none"))).await.unwrap_err();
    assert!(matches!(stranger.cause(), ProviderError::CredentialsRefused), "{stranger:?}");
}

#[tokio::test]
async fn an_unknown_consumer_is_the_operators_matter_and_a_broken_host_nobodys() {
    let bench = Bench::new().await;
    let login = login(&bench);
    let json = vec![("content-type".to_owned(), "application/json".to_owned())];
    let refuse = |status, body: &str| Fault::Answer {
        status,
        headers: json.clone(),
        body: body.as_bytes().to_vec(),
    };
    bench.sandbox.faults().order("bitbucket", refuse(400, r#"{"error":"unauthorized_client"}"#));
    let wrong = login.exchange(code(&bench)).await;
    assert!(
        matches!(&wrong, Err(LoginError::Misconfigured { problem }) if problem == "unauthorized_client"),
        "{wrong:?}"
    );
    bench.sandbox.faults().order("bitbucket", refuse(503, "<html>"));
    let down = login.exchange(code(&bench)).await;
    assert!(matches!(&down, Err(LoginError::Host(_))), "{down:?}");
}
