//! An account is connected at GitLab, kept, and given up.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so by panicking")]

mod common;

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
    sync::Arc,
};

use common::GitLab;
use lodge_access::{Permission, PermissionSet};
use lodge_kernel::{ExposeSecret as _, SecretString};
use lodge_provider::{CodeExchange, HostLogin, HostToken, HostTokenKind, LoginError, LoginRequest};
use lodge_testkit::builders::NOW;

const REDIRECT_URI: &str = "https://lodge.example.com/v1/connections/gitlab/callback";
/// The example of RFC 7636, appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

fn login(gitlab: &GitLab) -> Arc<dyn HostLogin> {
    gitlab.host.login.clone().unwrap()
}

fn request(permissions: &[Permission]) -> LoginRequest {
    LoginRequest {
        redirect_uri: REDIRECT_URI.to_owned(),
        state: "of this browser".to_owned(),
        challenge: Some(CHALLENGE.to_owned()),
        permissions: permissions.iter().copied().collect::<PermissionSet>(),
    }
}

/// Where the browser is sent by the page at `url`.
async fn visit(url: String) -> String {
    let visit = move || {
        let rest = url.strip_prefix("http://").unwrap();
        let (authority, path) = rest.split_once('/').unwrap();
        let mut stream = TcpStream::connect(authority).unwrap();
        write!(stream, "GET /{path} HTTP/1.1\r\nhost: {authority}\r\nconnection: close\r\n\r\n")
            .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let location = answer.lines().find_map(|it| it.strip_prefix("location: "));
        location.unwrap_or_else(|| panic!("{answer}")).to_owned()
    };
    tokio::task::spawn_blocking(visit).await.unwrap()
}

/// A code that the login page sent back.
async fn code(gitlab: &GitLab) -> SecretString {
    let url = login(gitlab).authorize_url(&request(&[Permission::ReadCommits]));
    let back = visit(url).await;
    let query = back.strip_prefix(&format!("{REDIRECT_URI}?")).unwrap();
    let code = query.split('&').find_map(|it| it.strip_prefix("code=")).unwrap();
    assert!(query.contains("state=of+this+browser"));
    code.to_owned().into()
}

fn exchange(code: SecretString, verifier: &str) -> CodeExchange {
    let verifier = Some(verifier.to_owned().into());
    CodeExchange { code, redirect_uri: REDIRECT_URI.to_owned(), verifier }
}

fn token(text: &SecretString) -> HostToken {
    HostToken { text: text.clone(), kind: HostTokenKind::OAuth, generation: 1 }
}

#[tokio::test]
async fn the_smallest_scope_is_asked_for() {
    let gitlab = GitLab::start().await;
    for (permissions, scope) in [
        (vec![Permission::ReadProfile], "read_user"),
        (vec![Permission::ReadProfile, Permission::ReadChecks], "read_api"),
        (vec![Permission::ReadCommits, Permission::SubscribeEvents], "api"),
    ] {
        let url = login(&gitlab).authorize_url(&request(&permissions));
        assert!(url.ends_with(&format!("&scope={scope}")), "{url}");
        assert!(!url.contains("hidden"));
    }
    let url = login(&gitlab).authorize_url(&request(&[]));
    let address = gitlab.sandbox.simulation.address("gitlab");
    insta::assert_snapshot!(url.replace(&address, "https://gitlab.example.com"));
}

#[tokio::test]
async fn an_account_is_connected_kept_and_given_up() {
    let gitlab = GitLab::start().await;
    let (login, accounts) = (login(&gitlab), gitlab.sandbox.accounts().unwrap());
    assert!(login.pkce());
    let first = login.exchange(exchange(code(&gitlab).await, VERIFIER)).await.unwrap();
    assert_eq!(first.expires_at, Some(NOW.plus(std::time::Duration::from_hours(2))));
    assert_eq!(first.scopes, ["read_api"]);
    let whose = login.identify(&token(&first.access)).await.unwrap();
    assert_eq!((whose.id.as_str(), whose.login.as_str()), ("4242", "ada"));

    let refresh = first.refresh.unwrap();
    let second = login.refresh(&refresh, REDIRECT_URI).await.unwrap();
    assert!(!accounts.knows(first.access.expose_secret()), "a refresh ends both tokens");
    let again = login.refresh(&refresh, REDIRECT_URI).await.unwrap_err();
    assert!(matches!(again, LoginError::Ended), "{again:?}");

    assert!(accounts.knows(second.access.expose_secret()));
    login.revoke(&token(&second.access)).await.unwrap();
    assert!(!accounts.knows(second.access.expose_secret()));
    let gone = login.identify(&token(&second.access)).await.unwrap_err();
    assert!(matches!(gone.cause(), lodge_provider::ProviderError::CredentialsRefused));
}

#[tokio::test]
async fn a_code_of_another_browser_is_not_taken() {
    let gitlab = GitLab::start().await;
    let wrong = login(&gitlab).exchange(exchange(code(&gitlab).await, "of another browser")).await;
    assert!(matches!(wrong, Err(LoginError::Ended)), "{wrong:?}");
    let spent = code(&gitlab).await;
    login(&gitlab).exchange(exchange(spent.clone(), VERIFIER)).await.unwrap();
    let twice = login(&gitlab).exchange(exchange(spent, VERIFIER)).await;
    assert!(matches!(twice, Err(LoginError::Ended)), "{twice:?}");
}

#[tokio::test]
async fn an_installation_that_the_host_does_not_know_is_told_to_the_operator() {
    use lodge_simulators::Fault;
    let gitlab = GitLab::start().await;
    let body = br#"{"error":"invalid_client","error_description":"unknown client"}"#.to_vec();
    let fault = Fault::Answer { status: 401, headers: Vec::new(), body };
    gitlab.sandbox.faults().order("gitlab", fault);
    let refresh = "any".to_owned().into();
    let error = login(&gitlab).refresh(&refresh, REDIRECT_URI).await.unwrap_err();
    assert!(
        matches!(error, LoginError::Misconfigured { ref problem } if problem == "invalid_client")
    );
}
