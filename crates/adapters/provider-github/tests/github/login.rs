//! Logging in at GitHub, as an OAuth app and as a GitHub App.

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
    sync::Arc,
    time::Duration,
};

use lodge_access::Permission;
use lodge_kernel::{ExposeSecret as _, SecretString};
use lodge_provider::{
    CodeExchange, HostLogin, HostToken, HostTokenKind, LoginError, LoginRequest, ProviderError,
};
use lodge_provider_kit::KitConfig;
use lodge_simulators::{GithubSimulator, Sandbox};
use lodge_testkit::builders::NOW;

use crate::common::{self, BACK};

/// A verifier and its challenge: RFC 7636, appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

async fn login(client_id: &str) -> (Arc<dyn HostLogin>, Sandbox) {
    let sandbox = Sandbox::start(GithubSimulator::default()).await.unwrap();
    let host = common::open(&sandbox, client_id, KitConfig::default());
    (host.login.unwrap(), sandbox)
}

fn request(permissions: &[Permission]) -> LoginRequest {
    LoginRequest {
        redirect_uri: BACK.to_owned(),
        state: "a state".to_owned(),
        challenge: Some(CHALLENGE.to_owned()),
        permissions: permissions.iter().copied().collect(),
    }
}

fn exchange(code: &str) -> CodeExchange {
    CodeExchange {
        code: SecretString::from(code),
        redirect_uri: BACK.to_owned(),
        verifier: Some(SecretString::from(VERIFIER)),
    }
}

/// Opens a page as a browser does. Gives where it sends the browser to.
async fn location(url: String) -> String {
    let visit = move || {
        let (host, path) = url.strip_prefix("http://").unwrap().split_once('/').unwrap();
        let mut stream = TcpStream::connect(host).unwrap();
        write!(stream, "GET /{path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n")
            .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let lines = answer.lines().filter_map(|it| it.split_once(": "));
        let mut found = lines.filter(|(name, _)| name.eq_ignore_ascii_case("location"));
        found.next().unwrap().1.to_owned()
    };
    tokio::task::spawn_blocking(visit).await.unwrap()
}

#[tokio::test]
async fn a_login_asks_for_the_smallest_scopes_that_do() {
    let (login, sandbox) = login("Ov23li.lodge").await;
    let base = sandbox.base().unwrap().url().to_string();
    assert!(login.pkce());
    for (permissions, scope) in [
        (vec![Permission::ReadProfile], "read%3Auser"),
        (vec![Permission::ReadCommits], "repo"),
        (vec![Permission::ReadProfile, Permission::ReadDiffs], "read%3Auser+repo"),
        (vec![Permission::SubscribeEvents], "admin%3Arepo_hook"),
    ] {
        let url = login.authorize_url(&request(&permissions));
        assert!(url.starts_with(&format!("{base}/login/oauth/authorize?")), "{url}");
        assert!(url.ends_with(&format!("&scope={scope}")), "{url}");
        assert!(url.contains("code_challenge_method=S256"), "{url}");
    }
}

#[tokio::test]
async fn the_scopes_of_a_github_app_are_set_where_it_is_registered() {
    let (login, _sandbox) = login("Iv1.lodge").await;
    let url = login.authorize_url(&request(Permission::ALL));
    assert!(!url.contains("scope"), "{url}");
}

#[tokio::test]
async fn a_code_from_the_login_page_becomes_a_token_that_says_whose_it_is() {
    let (login, _sandbox) = login("Ov23li.lodge").await;
    let back = location(login.authorize_url(&request(&[Permission::ReadCommits]))).await;
    let (before, rest) = back.split_once("?code=").unwrap();
    let (code, state) = rest.split_once("&state=").unwrap();
    assert_eq!((before, state), (BACK, "a+state"));

    let given = login.exchange(exchange(code)).await.unwrap();
    assert_eq!(given.scopes, ["read:user", "repo"]);
    assert!(given.expires_at.is_none() && given.refresh.is_none(), "it never ends");
    let token = HostToken { text: given.access, kind: HostTokenKind::OAuth, generation: 1 };
    let account = login.identify(&token).await.unwrap();
    assert_eq!((account.id.as_str(), account.login.as_str()), ("4242", "ada"));

    // Errors of this endpoint come with status 200.
    assert!(matches!(login.exchange(exchange(code)).await, Err(LoginError::Ended)));
}

#[tokio::test]
async fn tokens_of_a_github_app_end_and_are_refreshed_once() {
    let (login, sandbox) = login("Iv1.lodge").await;
    let code = sandbox.accounts().unwrap().code(BACK, Some(CHALLENGE));
    let given = login.exchange(exchange(&code)).await.unwrap();
    assert_eq!(given.expires_at, Some(NOW.plus(Duration::from_hours(8))));
    assert_eq!(given.refresh_expires_at, Some(NOW.plus(Duration::from_hours(4416))));
    assert!(given.scopes.is_empty());

    let refresh = given.refresh.unwrap();
    let next = login.refresh(&refresh, BACK).await.unwrap();
    assert_ne!(next.access.expose_secret(), given.access.expose_secret());
    assert!(matches!(login.refresh(&refresh, BACK).await, Err(LoginError::Ended)));
}

#[tokio::test]
async fn a_wrong_verifier_ends_the_login() {
    let (login, sandbox) = login("Iv1.lodge").await;
    let code = sandbox.accounts().unwrap().code(BACK, Some(CHALLENGE));
    let wrong = CodeExchange { verifier: Some(SecretString::from("other")), ..exchange(&code) };
    assert!(matches!(login.exchange(wrong).await, Err(LoginError::Ended)));
}

#[tokio::test]
async fn a_token_that_is_given_up_is_good_no_more() {
    let (login, sandbox) = login("Ov23li.lodge").await;
    let text = SecretString::from(sandbox.accounts().unwrap().issue().access);
    let token = HostToken { text, kind: HostTokenKind::OAuth, generation: 1 };
    assert!(login.identify(&token).await.is_ok());
    login.revoke(&token).await.unwrap();
    let error = login.identify(&token).await.unwrap_err();
    assert!(matches!(error.cause(), ProviderError::CredentialsRefused), "{error:?}");
    login.revoke(&token).await.unwrap();
}

#[tokio::test]
async fn a_wrong_secret_is_for_the_operator_to_correct() {
    let sandbox = Sandbox::start(GithubSimulator::default()).await.unwrap();
    let kit = sandbox.kit(HostTokenKind::OAuth, KitConfig::default()).unwrap();
    let registration = lodge_provider_kit::Registration {
        client_id: "Ov23li.lodge".to_owned(),
        client_secret: SecretString::from("wrong"),
    };
    let name = lodge_forge::ProviderName::parse("github").unwrap();
    let config = lodge_provider_kit::HostConfig {
        address: Some(sandbox.base().unwrap()),
        registration: Some(registration),
        ..lodge_provider_kit::HostConfig::new(name, "GitHub")
    };
    let login = lodge_provider_github::open(config, &kit).unwrap().login.unwrap();
    match login.exchange(exchange("any")).await {
        Err(LoginError::Misconfigured { problem }) => {
            assert_eq!(problem, "incorrect_client_credentials");
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn without_a_registration_there_is_no_login() {
    let sandbox = Sandbox::start(GithubSimulator::default()).await.unwrap();
    let kit = sandbox.kit(HostTokenKind::Personal, KitConfig::default()).unwrap();
    let name = lodge_forge::ProviderName::parse("github").unwrap();
    let config = lodge_provider_kit::HostConfig {
        address: Some(sandbox.base().unwrap()),
        ..lodge_provider_kit::HostConfig::new(name, "GitHub")
    };
    let host = lodge_provider_github::open(config, &kit).unwrap();
    assert!(host.login.is_none() && host.webhooks.is_some());
    assert!(host.provider.profile(common::account()).await.is_ok(), "with a token given to us");
}
