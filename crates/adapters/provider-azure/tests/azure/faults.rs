//! Broken answers: the adapter says what happened, and neither hangs nor
//! grows.

use std::{
    num::NonZeroUsize,
    time::{Duration, Instant},
};

use lodge_forge::Resource;
use lodge_provider::{HostTokenKind, ProviderError};
use lodge_provider_kit::{KitConfig, Limits};
use lodge_simulators::{AzureSimulator, Fault, sandbox::account};

use crate::scene::Scene;

impl Scene {
    pub(crate) fn order(&self, fault: Fault) {
        self.sandbox.faults().order("azure", fault);
    }

    pub(crate) fn reply(&self, status: u16, headers: &[(&str, &str)], body: &[u8]) {
        let headers =
            headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        self.order(Fault::Answer { status, headers, body: body.to_vec() });
    }

    /// What a question about the repository ends with.
    pub(crate) async fn asked(&self) -> Result<(), ProviderError> {
        self.provider().find_repository(self.full()).await.map(drop)
    }
}

async fn with_limits(limits: Limits) -> Scene {
    let kit = KitConfig { limits, at_once: NonZeroUsize::MIN, ..KitConfig::default() };
    Scene::with(AzureSimulator::default(), HostTokenKind::OAuth, kit, &[]).await
}

#[tokio::test]
async fn a_byte_order_mark_is_passed_over() {
    let scene = Scene::new().await;
    scene.order(Fault::Marked);
    scene.asked().await.unwrap();
}

#[tokio::test]
async fn a_login_page_in_the_place_of_an_answer_renews_the_token_once() {
    let scene = Scene::new().await;
    let html = [("content-type", "text/html; charset=utf-8")];
    for status in [200, 203] {
        scene.reply(status, &html, b"<html>Sign in</html>");
        scene.asked().await.unwrap();
    }
    let accounts = scene.sandbox.accounts().unwrap();
    assert_eq!(accounts.refreshes(), 2);
    scene.reply(203, &html, b"<html>Sign in</html>");
    scene.reply(203, &html, b"<html>Sign in</html>");
    let refused = scene.asked().await.unwrap_err();
    assert!(matches!(refused.cause(), ProviderError::CredentialsRefused), "{refused:?}");
    assert_eq!(accounts.refreshes(), 3);
}

#[tokio::test]
async fn an_expired_token_is_renewed_once() {
    let scene = Scene::new().await;
    scene.asked().await.unwrap();
    // The simulated host answers with 203 and a page, as the vendor does.
    scene.order(Fault::TokenExpired);
    scene.asked().await.unwrap();
    assert_eq!(scene.sandbox.accounts().unwrap().refreshes(), 1);
}

/// A redirect of this host is a login page, wherever it leads.
#[tokio::test]
async fn no_redirect_is_followed() {
    let scene = Scene::new().await;
    let elsewhere = Scene::new().await;
    let counted = || elsewhere.sandbox.faults().counted("azure");
    let (before, away) = (counted(), elsewhere.sandbox.base().unwrap());
    for location in [away.url().as_str(), "/azure/_signin"] {
        scene.reply(302, &[("location", location)], b"");
        scene.reply(302, &[("location", location)], b"");
        let refused = scene.asked().await.unwrap_err();
        assert!(matches!(refused.cause(), ProviderError::CredentialsRefused), "{refused:?}");
    }
    assert_eq!(counted(), before);
}

#[tokio::test]
async fn an_answer_that_is_cut_off_is_asked_for_again() {
    let scene = Scene::new().await;
    scene.order(Fault::CutOff);
    scene.asked().await.unwrap();
    for _ in 0..3 {
        scene.order(Fault::CutOff);
    }
    let broken = scene.asked().await.unwrap_err();
    assert!(matches!(broken.cause(), ProviderError::Unreachable { .. }), "{broken:?}");
}

#[tokio::test]
async fn half_a_body_is_malformed() {
    let scene = Scene::new().await;
    for body in [&br#"{"id":"5febef5a-"#[..], b"", b"[]", b"null", b"{\"count\":0,\"value\":[]}"] {
        scene.reply(200, &[("content-type", "application/json")], body);
        let broken = scene.asked().await.unwrap_err();
        let resource = Resource::Repositories;
        let malformed =
            matches!(broken, ProviderError::Malformed { resource: of, .. } if of == resource);
        assert!(malformed, "{broken:?}");
    }
}

#[tokio::test]
async fn a_bomb_is_not_unpacked() {
    let scene = with_limits(Limits { body: 1 << 20, ..Limits::default() }).await;
    for _ in 0..3 {
        scene.order(Fault::Bomb);
    }
    let broken = scene.asked().await.unwrap_err();
    assert!(matches!(broken.cause(), ProviderError::Unreachable { .. }), "{broken:?}");
}

#[tokio::test]
async fn a_host_that_drips_is_left_in_time() {
    let total = Duration::from_millis(600);
    let scene = with_limits(Limits { total, ..Limits::default() }).await;
    scene.order(Fault::Dripping);
    let began = Instant::now();
    let late = scene.asked().await.unwrap_err();
    assert!(matches!(late.cause(), ProviderError::TimedOut), "{late:?}");
    assert!(began.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn a_host_in_trouble_is_asked_again() {
    let scene = Scene::new().await;
    for status in [500, 502, 503] {
        // 503 comes with a byte order mark.
        scene.reply(status, &[], b"\xef\xbb\xbf{\"$id\":\"1\",\"message\":\"TF400898\"}");
        scene.asked().await.unwrap();
    }
    let now = scene.sandbox.clock.as_ref();
    let back = lodge_kernel::Clock::now(now).plus(Duration::from_secs(90));
    scene.reply(503, &[("retry-after", "90")], b"");
    match scene.asked().await.unwrap_err().cause() {
        ProviderError::Unreachable { retry_at, .. } => assert_eq!(*retry_at, Some(back)),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn what_the_host_says_of_its_answer_is_kept_and_its_words_are_not() {
    let scene = Scene::new().await;
    let headers = [("x-vss-e2eid", "0f0f-e2e")];
    scene.reply(403, &headers, br#"{"message":"TF401027: secret name of a person"}"#);
    let error = scene.asked().await.unwrap_err();
    match &error {
        ProviderError::Answered { status, request_id, .. } => {
            assert_eq!((*status, request_id.as_deref()), (403, Some("0f0f-e2e")));
        }
        other => panic!("{other:?}"),
    }
    assert!(!format!("{error} {error:?}").contains("secret"));
    // Another account is not concerned.
    scene.provider().profile(account(2)).await.unwrap();
}
