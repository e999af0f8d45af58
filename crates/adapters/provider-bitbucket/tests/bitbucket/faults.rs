//! A host that answers badly.

use std::time::Duration;

use lodge_kernel::Timestamp;
use lodge_provider::{HostTokenKind, ProviderError};
use lodge_provider_kit::{KitConfig, Limits};
use lodge_simulators::{Fault, sandbox::account};
use lodge_testkit::{builders::NOW, provider_contract::first_page};

use crate::bench::Bench;

const HOST: &str = "bitbucket";

async fn bounded(limits: Limits) -> Bench {
    Bench::with(HostTokenKind::OAuth, KitConfig { limits, ..KitConfig::default() }).await
}

fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> Fault {
    let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Fault::Answer { status, headers: headers.collect(), body: body.as_bytes().to_vec() }
}

async fn told(bench: &Bench, fault: Fault) -> Result<(), ProviderError> {
    bench.sandbox.faults().order(HOST, fault);
    bench.provider().find_repository(bench.full(1)).await.map(drop)
}

/// What comes of a fault that is still there when the host is asked again.
async fn told_always(bench: &Bench, fault: &Fault) -> ProviderError {
    for _ in 0..2 {
        bench.sandbox.faults().order(HOST, fault.clone());
    }
    told(bench, fault.clone()).await.unwrap_err()
}

#[tokio::test]
async fn a_byte_order_mark_is_skipped() {
    let bench = Bench::new().await;
    told(&bench, Fault::Marked).await.unwrap();
}

#[tokio::test]
async fn what_is_no_json_is_never_taken_for_an_answer() {
    let bench = Bench::new().await;
    let html = [("content-type", "text/html; charset=utf-8")];
    let page = told_always(&bench, &answer(200, &html, "<html>Sign in</html>")).await;
    assert!(matches!(page.cause(), ProviderError::Unreachable { .. }), "{page:?}");
    let json = [("content-type", "application/json")];
    for body in ["", "{", "[]", "null", r#"{"values":[]}"#] {
        let error = told(&bench, answer(200, &json, body)).await.unwrap_err();
        assert!(matches!(error.cause(), ProviderError::Malformed { .. }), "{body}: {error:?}");
    }
}

#[tokio::test]
async fn a_list_without_values_is_not_an_empty_list() {
    let bench = Bench::new().await;
    bench.sandbox.faults().order(HOST, answer(200, &[("content-type", "application/json")], "{}"));
    let tags = bench.provider().list_tags(bench.full(1), first_page()).await;
    assert!(matches!(tags, Err(ProviderError::Malformed { .. })), "{tags:?}");
}

#[tokio::test]
async fn an_answer_that_is_cut_off_is_asked_for_again() {
    let bench = Bench::new().await;
    told(&bench, Fault::CutOff).await.unwrap();
    assert_eq!(bench.sandbox.faults().counted(HOST), 2);
}

#[tokio::test]
async fn a_bomb_is_refused_before_it_is_unpacked() {
    let bench = bounded(Limits { body: 1 << 20, ..Limits::default() }).await;
    let bomb = told_always(&bench, &Fault::Bomb).await;
    assert!(matches!(bomb.cause(), ProviderError::Unreachable { .. }), "{bomb:?}");
}

#[tokio::test]
async fn a_host_that_drips_is_given_up() {
    let bench = bounded(Limits { total: Duration::from_secs(1), ..Limits::default() }).await;
    let drip = told(&bench, Fault::Dripping).await.unwrap_err();
    assert!(matches!(drip.cause(), ProviderError::TimedOut), "{drip:?}");
}

#[tokio::test]
async fn a_refused_token_is_renewed_once() {
    let bench = Bench::new().await;
    told(&bench, Fault::TokenExpired).await.unwrap();
    assert_eq!(bench.sandbox.accounts().unwrap().refreshes(), 1);
    for _ in 0..2 {
        bench.sandbox.faults().order(HOST, answer(401, &[], "{}"));
    }
    let refused = bench.provider().find_repository(bench.full(1)).await.unwrap_err();
    assert!(matches!(refused.cause(), ProviderError::CredentialsRefused), "{refused:?}");
}

#[tokio::test]
async fn too_often_is_believed_for_a_minute_at_least_and_for_one_account_only() {
    let waits: [(&[(&str, &str)], u64); 3] =
        [(&[], 60), (&[("retry-after", "5")], 60), (&[("retry-after", "600")], 600)];
    for (headers, seconds) in waits {
        let bench = Bench::new().await;
        let error =
            told(&bench, answer(429, headers, "Rate limit for this resource has been exceeded"));
        let error = error.await.unwrap_err();
        let until = NOW.plus(Duration::from_secs(seconds));
        assert_eq!(retry_at(&error), Some(until), "{headers:?}: {error:?}");
        // The account is left alone until then, without the host being asked.
        let asked = bench.sandbox.faults().counted(HOST);
        let again = bench.provider().find_repository(bench.full(1)).await.unwrap_err();
        assert_eq!(retry_at(&again), Some(until));
        assert_eq!(bench.sandbox.faults().counted(HOST), asked);
        bench.provider().find_repository(bench.full(2)).await.unwrap();
        bench.sandbox.clock.advance(Duration::from_secs(seconds));
        bench.provider().find_repository(bench.full(1)).await.unwrap();
    }
}

fn retry_at(error: &ProviderError) -> Option<Timestamp> {
    match error.cause() {
        ProviderError::RateLimited { retry_at } => Some(*retry_at),
        _ => None,
    }
}

#[tokio::test]
async fn an_access_token_is_told_its_limit() {
    let bench = Bench::with(HostTokenKind::Personal, KitConfig::default()).await;
    bench.provider().find_repository(bench.full(1)).await.unwrap();
    let budget = bench.provider().budget(account(1)).unwrap();
    assert_eq!((budget.limit, budget.remaining), (Some(1000), None));
}

#[tokio::test]
async fn a_passing_fault_of_the_host_is_tried_again() {
    let bench = Bench::new().await;
    told(&bench, answer(502, &[], "")).await.unwrap();
    let json = [("content-type", "application/json")];
    for _ in 0..9 {
        bench.sandbox.faults().order(HOST, answer(555, &json, "{}"));
    }
    let slow = bench.provider().find_repository(bench.full(1)).await.unwrap_err();
    assert!(matches!(slow.cause(), ProviderError::TimedOut), "555 is a timeout: {slow:?}");
}

#[tokio::test]
async fn a_redirect_off_the_host_is_not_followed() {
    let bench = Bench::new().await;
    let away = [("location", "http://127.0.0.1:9/elsewhere")];
    for status in [302, 307] {
        let error = told_always(&bench, &answer(status, &away, "")).await;
        let ProviderError::Answered { status: told, cause, .. } = &error else {
            panic!("{error:?}")
        };
        assert_eq!(*told, status);
        assert!(matches!(**cause, ProviderError::Unreachable { .. }), "{error:?}");
    }
}
