//! Logging in through Entra, from the login page to the account.

use std::{collections::HashMap, sync::Arc};

use crate::scene::Scene;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use lodge_access::PermissionSet;
use lodge_kernel::{ExposeSecret as _, SecretString};
use lodge_provider::{
    CodeExchange, HostLogin, HostToken, HostTokenKind, LoginError, LoginRequest, ProviderError,
};
use sha2::{Digest as _, Sha256};
use url::Url;

const REDIRECT: &str = "https://lodge.example/connections/callback";
const VERIFIER: &str = "a-verifier-that-is-long-enough-to-be-one-of-rfc-7636";

fn login(scene: &Scene) -> Arc<dyn HostLogin> {
    Arc::clone(scene.host.login.as_ref().unwrap())
}

fn request(scopes: &str) -> LoginRequest {
    LoginRequest {
        redirect_uri: REDIRECT.to_owned(),
        state: "the state".to_owned(),
        challenge: Some(URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER))),
        permissions: PermissionSet::parse(scopes).unwrap(),
    }
}

/// What the browser brings back from the login page.
async fn visit(url: &str) -> HashMap<String, String> {
    let url = url.to_owned();
    let visited = tokio::task::spawn_blocking(move || {
        let browser = ureq::Agent::config_builder()
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .build();
        let answer = ureq::Agent::from(browser).get(&url).call().unwrap();
        assert_eq!(answer.status(), 302);
        answer.headers()["location"].to_str().unwrap().to_owned()
    });
    let back = visited.await.unwrap();
    assert!(back.starts_with(REDIRECT), "{back}");
    Url::parse(&back).unwrap().query_pairs().into_owned().collect()
}

fn exchange(code: &str, verifier: &str) -> CodeExchange {
    CodeExchange {
        code: SecretString::from(code),
        redirect_uri: REDIRECT.to_owned(),
        verifier: Some(SecretString::from(verifier)),
    }
}

#[tokio::test]
async fn a_login_leads_to_the_account() {
    let scene = Scene::new().await;
    let login = login(&scene);
    assert!(login.pkce());
    let brought = visit(&login.authorize_url(&request("read:commits"))).await;
    assert_eq!(brought["state"], "the state");
    let code = exchange(&brought["code"], VERIFIER);
    let credentials = login.exchange(code.clone()).await.unwrap();
    assert!(credentials.expires_at.is_some() && credentials.refresh.is_some());
    let token = HostToken { text: credentials.access, kind: HostTokenKind::OAuth, generation: 1 };
    let account = login.identify(&token).await.unwrap();
    assert_eq!(account.login, "ada@example.org");

    let replayed = login.exchange(code).await;
    assert!(matches!(replayed, Err(LoginError::Ended)), "{replayed:?}");
    let refresh = credentials.refresh.unwrap();
    let next = login.refresh(&refresh, REDIRECT).await.unwrap();
    assert_ne!(next.access.expose_secret(), token.text.expose_secret());
    let spent = login.refresh(&refresh, REDIRECT).await;
    assert!(matches!(spent, Err(LoginError::Ended)), "{spent:?}");
    let old = login.identify(&token).await;
    let refused = |it: &ProviderError| matches!(it.cause(), ProviderError::CredentialsRefused);
    assert!(old.as_ref().is_err_and(refused), "{old:?}");
    assert!(login.revoke(&token).await.is_ok());
}

#[tokio::test]
async fn a_verifier_that_does_not_fit_ends_the_login() {
    let scene = Scene::new().await;
    let login = login(&scene);
    let brought = visit(&login.authorize_url(&request("read:profile"))).await;
    let outcome = login.exchange(exchange(&brought["code"], "another")).await;
    assert!(matches!(outcome, Err(LoginError::Ended)), "{outcome:?}");
}

#[tokio::test]
async fn the_scopes_are_the_smallest_that_do_and_none_of_them_writes() {
    let scene = Scene::new().await;
    let login = login(&scene);
    for (permissions, scopes) in [
        ("", "vso.profile"),
        ("read:profile", "vso.profile"),
        ("read:repositories read:branches read:commits read:diffs", "vso.profile vso.code"),
        ("read:pull-requests read:tags read:authors read:file-tree", "vso.profile vso.code"),
        ("read:checks", "vso.profile vso.code vso.build"),
        ("read:deployments", "vso.profile vso.code vso.build vso.release"),
        ("events:subscribe", "vso.profile vso.code vso.build"),
    ] {
        let url = Url::parse(&login.authorize_url(&request(permissions))).unwrap();
        let pairs = url.query_pairs().into_owned().collect::<HashMap<_, _>>();
        let told = pairs["scope"].replace("499b84ac-1321-427f-aa17-267ca6975798/", "");
        assert_eq!(told, format!("{scopes} offline_access"), "{permissions}");
        assert_eq!(pairs["code_challenge_method"], "S256");
    }
}

#[tokio::test]
async fn without_a_registration_there_is_no_login() {
    use lodge_forge::ProviderName;
    use lodge_provider_kit::{HostConfig, KitConfig};
    let scene = Scene::new().await;
    let kit = scene.sandbox.kit(HostTokenKind::Personal, KitConfig::default()).unwrap();
    let config = HostConfig::new(ProviderName::parse("azure").unwrap(), "Azure DevOps");
    assert!(lodge_provider_azure::open(config, &kit).unwrap().login.is_none());
}
