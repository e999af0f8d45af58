//! A host that answers badly.

use std::time::Duration;

use lodge_kernel::Timestamp;
use lodge_provider::{HostTokenKind, ProviderError};
use lodge_provider_kit::{KitConfig, Limits};
use lodge_simulators::{Fault, sandbox::account};
use lodge_testkit::{builders::NOW, provider_contract::first_page};

use crate::bench::Bench;

const HOST: &str = "bitbucket";

/// A bench whose answers must come within `total`, unrevalidated.
async fn hasty(total: Duration) -> Bench {
    let limits = Limits { total, body: 1 << 20, ..Limits::default() };
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

#[tokio::test]
async fn a_byte_order_mark_is_skipped() {
    let bench = Bench::new().await;
    told(&bench, Fault::Marked).await.unwrap();
}

#[tokio::test]
async fn what_is_no_json_is_never_taken_for_an_answer() {
    let bench = Bench::new().await;
    let html = [("content-type", "text/html; charset=utf-8")];
    let page = told(&bench, answer(200, &html, "<html>Sign in</html>")).await.unwrap_err();
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
async fn a_bomb_is_refused_and_a_dripping_host_given_up() {
    let bench = hasty(Duration::from_secs(1)).await;
    let bomb = told(&bench, Fault::Bomb).await.unwrap_err();
    assert!(matches!(bomb.cause(), ProviderError::Unreachable { .. }), "{bomb:?}");
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
    for status in [301, 302, 307, 308] {
        let error = told(&bench, answer(status, &away, "")).await.unwrap_err();
        assert!(matches!(error.cause(), ProviderError::Unreachable { .. }), "{status}: {error:?}");
    }
}

#[tokio::test]
async fn a_raw_diff_may_be_bytes_of_any_kind() {
    let bench = Bench::new().await;
    let sha = bench.world().head().await.unwrap();
    let mut body = b"diff --git \"a/\\344.txt\" \"b/\\344.txt\"\nindex 1..2 100644\n--- \"a/\\344.txt\"\n+++ \"b/\\344.txt\"\n@@ -1 +1 @@\n-gr\xfc\xdf\n+gr\xfcn\n".to_vec();
    body.extend(b"garbage \xff\xfe");
    // The commit and its diff are asked for at once, in this order.
    bench.sandbox.faults().order(HOST, Fault::Late(0));
    bench.sandbox.faults().order(
        HOST,
        Fault::Answer {
            status: 200,
            headers: vec![("content-type".to_owned(), "text/plain".to_owned())],
            body,
        },
    );
    let diff = bench.provider().commit_diff(bench.full(1), sha).await;
    if let Ok(diff) = diff {
        assert_eq!(diff.files.len(), 1);
        assert!(diff.files[0].patch.as_ref().unwrap().contains('\u{fffd}'));
    }
}
