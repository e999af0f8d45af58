//! Connecting an account by a login.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so by panicking")]

mod common;

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
    sync::Arc,
};

use common::sandbox;
use lodge_access::{Permission, PermissionSet};
use lodge_kernel::{ExposeSecret as _, SecretString};
use lodge_provider::{
    CodeExchange, HostLogin, HostToken, HostTokenKind, LoginError, LoginRequest, ProviderError,
};
use lodge_simulators::{GiteaSimulator, Sandbox};

const BACK: &str = "https://lodge.example.org/connections/callback";
/// The example of RFC 7636, appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

async fn login() -> (Arc<dyn HostLogin>, Sandbox) {
    let (host, sandbox) = sandbox(GiteaSimulator::default()).await;
    (host.login.unwrap(), sandbox)
}

fn request(permissions: &[Permission]) -> LoginRequest {
    LoginRequest {
        redirect_uri: BACK.to_owned(),
        state: "a state".to_owned(),
        challenge: Some(CHALLENGE.to_owned()),
        permissions: permissions.iter().copied().collect::<PermissionSet>(),
    }
}

/// Where the host sends the browser that comes to `url`.
async fn visit(url: String) -> String {
    let ask = move || {
        let (host, path) = url.strip_prefix("http://").unwrap().split_once('/').unwrap();
        let mut stream = TcpStream::connect(host).unwrap();
        write!(stream, "GET /{path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n")
            .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let location = answer.lines().find_map(|line| line.strip_prefix("location: "));
        location.unwrap_or_else(|| panic!("no redirect: {answer}")).to_owned()
    };
    tokio::task::spawn_blocking(ask).await.unwrap()
}

async fn code(login: &dyn HostLogin) -> CodeExchange {
    let back = visit(login.authorize_url(&request(&[Permission::ReadCommits]))).await;
    let query = back.strip_prefix(BACK).unwrap().trim_start_matches('?');
    let code = query.split('&').find_map(|it| it.strip_prefix("code=")).unwrap();
    CodeExchange {
        code: SecretString::from(code.to_owned()),
        redirect_uri: BACK.to_owned(),
        verifier: Some(SecretString::from(VERIFIER.to_owned())),
    }
}

#[tokio::test]
async fn the_login_page_is_asked_for_the_smallest_scopes_that_do() {
    let (login, sandbox) = login().await;
    assert!(login.pkce());
    let address = sandbox.base().unwrap();
    for (permissions, scope) in [
        (vec![Permission::ReadProfile], "read%3Auser"),
        (vec![Permission::ReadCommits], "read%3Auser+read%3Arepository"),
        (
            vec![Permission::ReadCommits, Permission::SubscribeEvents],
            "read%3Auser+write%3Arepository",
        ),
    ] {
        let url = login.authorize_url(&request(&permissions));
        let expected = format!(
            "{}/login/oauth/authorize?response_type=code&client_id=gitlodge\
             &redirect_uri=https%3A%2F%2Flodge.example.org%2Fconnections%2Fcallback\
             &state=a+state&code_challenge={CHALLENGE}&code_challenge_method=S256&scope={scope}",
            address.url()
        );
        assert_eq!(url, expected);
    }
}

#[tokio::test]
async fn a_login_gives_a_token_that_says_whose_it_is() {
    let (login, sandbox) = login().await;
    let given = login.exchange(code(&*login).await).await.unwrap();
    assert!(given.expires_at.is_some() && given.refresh.is_some());
    assert!(sandbox.accounts().unwrap().knows(given.access.expose_secret()));
    let token = HostToken { text: given.access, kind: HostTokenKind::OAuth, generation: 1 };
    let account = login.identify(&token).await.unwrap();
    assert_eq!((account.id.as_str(), account.login.as_str()), ("4242", "ada"));
    login.revoke(&token).await.unwrap();

    let next = login.refresh(&given.refresh.unwrap(), BACK).await.unwrap();
    assert!(sandbox.accounts().unwrap().knows(next.access.expose_secret()));
    let error = login.identify(&token).await.unwrap_err();
    assert!(matches!(error.cause(), ProviderError::CredentialsRefused), "{error:?}");
}

#[tokio::test]
async fn a_spent_refresh_token_ends_the_connection() {
    let (login, sandbox) = login().await;
    let spent = SecretString::from(sandbox.accounts().unwrap().issue().refresh);
    login.refresh(&spent, BACK).await.unwrap();
    let error = login.refresh(&spent, BACK).await.unwrap_err();
    assert!(matches!(error, LoginError::Ended), "{error:?}");
}

#[tokio::test]
async fn a_code_without_its_verifier_gives_nothing() {
    let (login, _sandbox) = login().await;
    let wrong = SecretString::from("another verifier".to_owned());
    let exchange = CodeExchange { verifier: Some(wrong), ..code(&*login).await };
    assert!(login.exchange(exchange).await.is_err());
}

#[tokio::test]
async fn there_is_no_login_where_the_operator_registered_none() {
    let (_, sandbox) = sandbox(GiteaSimulator::default()).await;
    let kit =
        sandbox.kit(HostTokenKind::Personal, lodge_provider_kit::KitConfig::default()).unwrap();
    let name = lodge_forge::ProviderName::parse("gitea").unwrap();
    let mut config = lodge_provider_kit::HostConfig::new(name, "Gitea");
    config.address = Some(sandbox.base().unwrap());
    let host = lodge_provider_gitea::open(config, &kit).unwrap();
    assert!(host.login.is_none());
    let profile = host.provider.profile(lodge_simulators::sandbox::account(1)).await;
    assert_eq!(profile.unwrap().login, "ada", "a personal token is shown in its own way");
}
