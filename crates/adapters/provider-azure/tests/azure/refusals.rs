//! What the host refuses, and how much it lets us ask.

use std::time::Duration;

use lodge_kernel::{Clock as _, Timestamp};
use lodge_provider::{HostTokenKind, ProviderError, RepositoryRef};
use lodge_provider_kit::KitConfig;
use lodge_simulators::{AzureSimulator, sandbox::account};

use crate::scene::{MISSING, Scene, page};

impl Scene {
    fn now(&self) -> Timestamp {
        self.sandbox.clock.now()
    }

    /// Until when the account must wait, and that no other one must.
    async fn limited(&self) -> Timestamp {
        let refused = self.asked().await.unwrap_err();
        let ProviderError::RateLimited { retry_at } = *refused.cause() else {
            panic!("{refused:?}");
        };
        // The host is not asked again before that instant.
        let before = self.sandbox.faults().counted("azure");
        let again = self.asked().await.unwrap_err();
        assert!(matches!(again.cause(), ProviderError::RateLimited { .. }), "{again:?}");
        assert_eq!(self.sandbox.faults().counted("azure"), before);
        let other = RepositoryRef { account: account(2), ..self.full() };
        self.provider().find_repository(other).await.unwrap();
        retry_at
    }
}

#[tokio::test]
async fn too_often_is_said_in_three_ways() {
    const BLOCKED: &[u8] =
        br#"{"$id":"1","message":"TF400733: The request has been canceled: Request was blocked."}"#;
    for (status, header, body) in [
        (429, Some(("retry-after", 33)), &b""[..]),
        (429, Some(("x-ratelimit-reset", 33)), b""),
        (429, None, b""),
        (503, Some(("retry-after", 33)), BLOCKED),
        (400, None, BLOCKED),
    ] {
        let scene = Scene::new().await;
        let mut headers = Vec::new();
        let text;
        if let Some((name, seconds)) = header {
            let is_instant = name == "x-ratelimit-reset";
            text = (if is_instant { scene.now().as_seconds() } else { 0 } + seconds).to_string();
            headers.push((name, text.as_str()));
        }
        scene.reply(status, &headers, body);
        let wait = if header.is_some() { 33 } else { 60 };
        let until = scene.now().plus(Duration::from_secs(wait));
        assert_eq!(scene.limited().await.as_seconds(), until.as_seconds(), "{status} {header:?}");
        scene.sandbox.clock.advance(Duration::from_secs(wait + 1));
        scene.asked().await.unwrap();
    }
}

/// Answers are delayed before they are refused: that is the time to be quiet.
#[tokio::test]
async fn a_delayed_answer_is_taken_and_then_there_is_a_pause() {
    let scene = Scene::new().await;
    let repository = br#"{"id":"5febef5a-833d-4e14-b9c0-14cb638f91e6","name":"full"}"#;
    let json = ("content-type", "application/json");
    for (headers, wait) in [
        (vec![("x-ratelimit-delay", "4.215")], 5),
        (vec![("x-ratelimit-delay", "0.5"), ("retry-after", "17")], 17),
    ] {
        let until = scene.now().plus(Duration::from_secs(wait));
        scene.reply(200, &[headers, vec![json]].concat(), repository);
        scene.asked().await.unwrap();
        assert_eq!(scene.limited().await, until);
        let budget = scene.provider().budget(account(1)).unwrap();
        assert_eq!(budget.paused_until, Some(until));
        scene.sandbox.clock.advance(Duration::from_secs(wait + 1));
        scene.asked().await.unwrap();
    }
}

#[tokio::test]
async fn the_budget_is_what_the_host_told_last() {
    let scene = Scene::new().await;
    assert_eq!(scene.provider().budget(account(1)), None);
    let resets_at = Timestamp::from_seconds(scene.now().as_seconds() + 200);
    let reset = resets_at.as_seconds().to_string();
    let headers = [
        ("x-ratelimit-limit", "3000"),
        ("x-ratelimit-remaining", "1500"),
        ("x-ratelimit-reset", reset.as_str()),
        ("x-ratelimit-resource", "core"),
        ("content-type", "application/json"),
    ];
    scene.reply(200, &headers, br#"{"id":"5febef5a-833d-4e14-b9c0-14cb638f91e6"}"#);
    scene.asked().await.unwrap();
    let budget = scene.provider().budget(account(1)).unwrap();
    assert_eq!((budget.limit, budget.remaining), (Some(3000), Some(1500)));
    assert_eq!(budget.resets_at, Some(resets_at));
}

#[tokio::test]
async fn refusals_say_who_must_act() {
    let scene = Scene::new().await;
    let gone = r#"{"typeKey":"ProjectDoesNotExistWithNameException","message":"TF200016"}"#;
    let scope = ("www-authenticate", "Bearer error=\"insufficient_scope\"");
    let (html, plain) = (("content-type", "text/html"), ("content-type", "text/plain"));
    let json = ("content-type", "application/json");
    for (status, header, body, kind) in [
        (403, json, "{}", "Forbidden"),
        (403, scope, "{}", "InsufficientScope"),
        (404, json, gone, "InstallationNotFound"),
        (404, html, "<html></html>", "InstallationNotFound"),
        (404, plain, "not found", "RepositoryNotFound"),
        (400, json, "{}", "Invalid"),
    ] {
        scene.reply(status, &[header], body.as_bytes());
        let refused = scene.asked().await.unwrap_err();
        assert!(format!("{:?}", refused.cause()).starts_with(kind), "{kind}: {refused:?}");
    }
}

/// A 404 of plain text does not say whether the part or the repository is
/// missing.
#[tokio::test]
async fn what_is_missing_is_looked_for_when_the_host_does_not_say() {
    let scene = Scene::new().await;
    let part = async |it| scene.provider().pull_request_diff(it, 999).await.unwrap_err();
    let missing = part(scene.full()).await;
    assert!(matches!(missing.cause(), ProviderError::NotFound { what: "pull request" }));
    let nowhere =
        RepositoryRef { id: lodge_forge::RepositoryId::parse(MISSING).unwrap(), ..scene.full() };
    scene.reply(404, &[("content-type", "text/plain")], b"not found");
    let missing = part(nowhere).await;
    assert!(matches!(missing.cause(), ProviderError::RepositoryNotFound), "{missing:?}");
}

#[tokio::test]
async fn an_organization_that_is_shut_does_not_hide_the_others() {
    let scene = Scene::new().await;
    let list = async || scene.provider().list_repositories(account(1), page()).await;
    // Of the three questions of a first page, the last is to the organisation.
    let answers: [(&[u8], u16); 3] = [
        (br#"{"id":"0f0f","displayName":"Ada"}"#, 200),
        (br#"{"count":2,"value":[{"accountName":"a-shut-one"},{"accountName":"team"}]}"#, 200),
        (b"{}", 403),
    ];
    for (body, status) in answers {
        scene.reply(status, &[("content-type", "application/json")], body);
    }
    let first = list().await.unwrap();
    assert!(first.items.is_empty() && first.next.is_some());
}

#[tokio::test]
async fn an_organization_that_the_operator_named_is_missed() {
    let simulator = AzureSimulator::default();
    let kit = KitConfig::default();
    let scene = Scene::with(simulator, HostTokenKind::Personal, kit, &["gone", "team"]).await;
    let missed = scene.provider().list_repositories(account(1), page()).await.unwrap_err();
    assert!(matches!(missed.cause(), ProviderError::InstallationNotFound), "{missed:?}");
}

#[tokio::test]
async fn a_personal_token_that_is_not_good_is_refused() {
    let scene = Scene::new().await;
    let kit = scene.sandbox.kit(HostTokenKind::Personal, KitConfig::default()).unwrap();
    let config = lodge_provider_kit::HostConfig {
        address: Some(scene.sandbox.base().unwrap()),
        ..lodge_provider_kit::HostConfig::new(
            lodge_forge::ProviderName::parse("azure").unwrap(),
            "Azure DevOps",
        )
    };
    let host = lodge_provider_azure::open(config, &kit).unwrap();
    host.provider.find_repository(scene.full()).await.unwrap();
    // The vendor answers 401 with an empty list.
    for _ in 0..2 {
        scene.reply(401, &[], br#"{"count":0,"value":[]}"#);
    }
    let refused = host.provider.find_repository(scene.full()).await.unwrap_err();
    assert!(matches!(refused.cause(), ProviderError::CredentialsRefused), "{refused:?}");
}
