//! Whatever GitLab, or what stands before it, answers: it is understood, and
//! bounded in time and memory.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so by panicking")]

mod common;

use std::time::{Duration, Instant};

use common::{GitLab, open};
use lodge_forge::Branch;
use lodge_kernel::Timestamp;
use lodge_pagination::Page;
use lodge_provider::{HostTokenKind, NewHook, ProviderError, TreeFilter};
use lodge_provider_kit::{KitConfig, Limits};
use lodge_simulators::{Fault, sandbox::account, sandbox::repository_at};
use lodge_testkit::{builders::NOW, provider_contract::first_page};

impl GitLab {
    fn order(&self, fault: Fault) {
        self.sandbox.faults().order("gitlab", fault);
    }

    fn answer(&self, status: u16, headers: &[(&str, &str)], body: &str) {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let (headers, body) = (headers.collect(), body.as_bytes().to_vec());
        self.order(Fault::Answer { status, headers, body });
    }

    async fn branches(&self) -> Result<Page<Branch>, ProviderError> {
        self.host.provider.list_branches(self.repository("team/full"), first_page()).await
    }

    /// Branches of the same repository, through another account.
    async fn branches_of_another(&self) -> Result<Page<Branch>, ProviderError> {
        let id = self.repository("team/full").id.to_string();
        let at = repository_at(account(2), &id).unwrap();
        self.host.provider.list_branches(at, first_page()).await
    }

    fn counted(&self) -> u64 {
        self.sandbox.faults().counted("gitlab")
    }
}

fn after(seconds: u64) -> Timestamp {
    NOW.plus(Duration::from_secs(seconds))
}

#[tokio::test]
async fn a_byte_order_mark_is_skipped() {
    let gitlab = GitLab::start().await;
    gitlab.order(Fault::Marked);
    assert_eq!(gitlab.branches().await.unwrap().items.len(), 4);
}

#[tokio::test]
async fn a_page_for_people_is_not_an_answer() {
    let gitlab = GitLab::start().await;
    for _ in 0..3 {
        gitlab.answer(200, &[("content-type", "text/html")], "<html>Sign in</html>");
    }
    let error = gitlab.branches().await.unwrap_err();
    assert!(matches!(error.cause(), ProviderError::Unreachable { .. }), "{error:?}");
}

#[tokio::test]
async fn json_that_breaks_off_is_malformed() {
    let gitlab = GitLab::start().await;
    gitlab.answer(200, &[("content-type", "application/json")], r#"[{"name":"ma"#);
    let error = gitlab.branches().await.unwrap_err();
    assert!(matches!(error.cause(), ProviderError::Malformed { .. }), "{error:?}");
}

#[tokio::test]
async fn an_answer_that_is_cut_off_is_asked_for_again() {
    let gitlab = GitLab::start().await;
    gitlab.order(Fault::CutOff);
    assert_eq!(gitlab.branches().await.unwrap().items.len(), 4);
    for _ in 0..3 {
        gitlab.order(Fault::CutOff);
    }
    let tags = gitlab.host.provider.list_tags(gitlab.repository("team/full"), first_page()).await;
    let error = tags.unwrap_err();
    assert!(matches!(error.cause(), ProviderError::Unreachable { .. }), "{error:?}");
}

#[tokio::test]
async fn a_bomb_is_not_unpacked() {
    let gitlab = GitLab::start().await;
    for _ in 0..3 {
        gitlab.order(Fault::Bomb);
    }
    let error = gitlab.branches().await.unwrap_err();
    assert!(matches!(error.cause(), ProviderError::Unreachable { .. }), "{error:?}");
}

#[tokio::test]
async fn a_host_that_drips_is_not_waited_for() {
    let limits = Limits { total: Duration::from_millis(600), ..Limits::default() };
    let config = KitConfig { limits, ..KitConfig::default() };
    let gitlab = GitLab::start_with(HostTokenKind::OAuth, config).await;
    gitlab.order(Fault::Dripping);
    let began = Instant::now();
    let error = gitlab.branches().await.unwrap_err();
    assert!(matches!(error.cause(), ProviderError::TimedOut), "{error:?}");
    assert!(began.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn a_token_that_ended_is_renewed_once() {
    let gitlab = GitLab::start().await;
    gitlab.branches().await.unwrap();
    gitlab.order(Fault::TokenExpired);
    let tags = gitlab.host.provider.list_tags(gitlab.repository("team/full"), first_page()).await;
    assert_eq!(tags.unwrap().items.len(), 4);
    assert_eq!(gitlab.sandbox.accounts().unwrap().refreshes(), 1);

    for _ in 0..2 {
        gitlab.answer(401, &[], r#"{"message":"401 Unauthorized"}"#);
    }
    let error = gitlab.branches().await.unwrap_err();
    assert!(matches!(error.cause(), ProviderError::CredentialsRefused), "{error:?}");
    assert_eq!(gitlab.sandbox.accounts().unwrap().refreshes(), 2);
}

#[tokio::test]
async fn a_personal_token_is_read_with_too() {
    let gitlab = GitLab::start_with(HostTokenKind::Personal, KitConfig::default()).await;
    assert_eq!(gitlab.branches().await.unwrap().items.len(), 4);
}

/// Every way in which GitLab says "too often", and until when.
#[tokio::test]
async fn a_limit_holds_for_its_account_until_the_host_says() {
    let reset = after(90).as_seconds().to_string();
    let busy = r#"{"message":{"error":"This endpoint has been requested too many times."}}"#;
    for (headers, body, until) in [
        (vec![("retry-after", "37"), ("ratelimit-reset", &reset)], "Retry later\n", after(37)),
        (vec![("ratelimit-reset", reset.as_str())], "Retry later\n", after(90)),
        // Limits of single endpoints stand in no header.
        (vec![], busy, after(60)),
    ] {
        let gitlab = GitLab::start().await;
        let mut headers = headers;
        headers.push(("content-type", "text/plain"));
        gitlab.answer(429, &headers, body);
        for again in [false, true] {
            let error = gitlab.branches().await.unwrap_err();
            let ProviderError::RateLimited { retry_at } = error.cause() else {
                panic!("{error:?}")
            };
            assert_eq!(*retry_at, until, "{body}, again: {again}");
        }
        assert_eq!(gitlab.counted(), 1, "the host is not asked again");
        assert!(gitlab.branches_of_another().await.is_ok(), "another account has its own limit");
    }
}

#[tokio::test]
async fn a_budget_is_not_used_to_the_last() {
    let gitlab = GitLab::start().await;
    let reset = after(60).as_seconds().to_string();
    let left = [("ratelimit-limit", "2000"), ("ratelimit-remaining", "7")];
    let headers = [left[0], left[1], ("ratelimit-reset", &reset)];
    gitlab.answer(200, &headers, "[]");
    assert_eq!(gitlab.branches().await.unwrap().items, []);
    let budget = gitlab.host.provider.budget(account(1)).unwrap();
    assert_eq!((budget.limit, budget.remaining), (Some(2000), Some(7)));
    let error = gitlab.branches().await.unwrap_err();
    let ProviderError::RateLimited { retry_at } = error.cause() else { panic!("{error:?}") };
    assert_eq!(*retry_at, after(60));
    assert_eq!(gitlab.counted(), 1);
}

#[tokio::test]
async fn a_host_that_fails_once_is_asked_again() {
    let gitlab = GitLab::start().await;
    for status in [500, 502] {
        gitlab.answer(status, &[("content-type", "text/html")], "<html>oops</html>");
    }
    assert_eq!(gitlab.branches().await.unwrap().items.len(), 4);
    gitlab.answer(503, &[("retry-after", "20")], "GitLab is not responding");
    let at = gitlab.repository("team/full");
    let error = gitlab.host.provider.list_tags(at, first_page()).await.unwrap_err();
    let ProviderError::Unreachable { retry_at, .. } = error.cause() else { panic!("{error:?}") };
    assert_eq!(*retry_at, Some(after(20)));
}

#[tokio::test]
async fn a_redirect_is_followed_only_to_the_same_host() {
    let gitlab = GitLab::start().await;
    let at = gitlab.repository("team/full");
    let there = format!("/gitlab/api/v4/projects/{}", at.id);
    gitlab.answer(301, &[("location", &there)], "");
    assert_eq!(gitlab.host.provider.find_repository(at).await.unwrap().full_name, "team/full");

    let thief = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    thief.set_nonblocking(true).unwrap();
    let elsewhere = format!("http://{}/steal", thief.local_addr().unwrap());
    for _ in 0..3 {
        gitlab.answer(302, &[("location", &elsewhere)], "");
    }
    let error = gitlab.branches().await.unwrap_err();
    assert!(matches!(error.cause(), ProviderError::Unreachable { .. }), "{error:?}");
    assert_eq!(thief.accept().unwrap_err().kind(), std::io::ErrorKind::WouldBlock);
}

#[tokio::test]
async fn a_refusal_is_told_from_a_missing_scope() {
    let gitlab = GitLab::start().await;
    gitlab.answer(403, &[], r#"{"error":"insufficient_scope","scope":"api"}"#);
    let error = gitlab.branches().await.unwrap_err();
    assert!(matches!(error.cause(), ProviderError::InsufficientScope), "{error:?}");
    gitlab.answer(403, &[], r#"{"message":"403 Forbidden"}"#);
    let error = gitlab.branches().await.unwrap_err();
    assert!(matches!(error.cause(), ProviderError::Forbidden), "{error:?}");
    gitlab.answer(422, &[], r#"{"message":{"url":["is blocked: URL is not allowed"]}}"#);
    let hook = NewHook {
        url: "http://10.0.0.1/".to_owned(),
        events: Vec::new(),
        everything: false,
        secret: "hidden".to_owned().into(),
    };
    let webhooks = gitlab.host.webhooks.clone().unwrap();
    let error = webhooks.create_hook(gitlab.repository("team/full"), hook).await.unwrap_err();
    assert!(matches!(error.cause(), ProviderError::Invalid { .. }), "{error:?}");
}

#[tokio::test]
async fn nothing_secret_stands_in_an_error() {
    let gitlab = GitLab::start().await;
    let token = gitlab.sandbox.accounts().unwrap().personal();
    let host = open(&gitlab.sandbox, HostTokenKind::Personal, KitConfig::default());
    for status in [400, 401, 401, 403, 404, 418, 429, 500, 500, 500] {
        gitlab.answer(status, &[("x-request-id", "01HOST")], &format!("{token} is no good"));
    }
    for n in 10..18 {
        let id = gitlab.repository("team/full").id.to_string();
        let at = repository_at(account(n), &id).unwrap();
        let Err(error) = host.provider.list_branches(at, first_page()).await else { continue };
        let told = format!("{error} {error:?}");
        assert!(!told.contains(&token) && !told.contains("127.0.0.1"), "{told}");
    }
}

#[tokio::test]
async fn a_path_is_not_an_id() {
    let gitlab = GitLab::start().await;
    let at = repository_at(account(1), "team.full").unwrap();
    let error = gitlab.host.provider.find_repository(at).await.unwrap_err();
    assert!(matches!(error, ProviderError::RepositoryNotFound), "{error:?}");
    assert_eq!(gitlab.counted(), 0);
}

#[tokio::test]
async fn a_host_that_never_ends_is_left() {
    let gitlab = GitLab::start().await;
    for _ in 0..40 {
        gitlab.answer(200, &[("x-next-page", "2")], r#"[{"email":"a@example.org","commits":1}]"#);
    }
    let at = gitlab.repository("team/full");
    let people = gitlab.host.provider.list_contributors(at, first_page()).await.unwrap();
    assert_eq!((people.items.len(), people.next), (1, None));
    assert_eq!(gitlab.counted(), 20);
}

#[tokio::test]
async fn an_old_version_goes_on_in_its_trees_by_number() {
    let gitlab = GitLab::start().await;
    let at = gitlab.repository("team/full");
    let entry =
        |n| format!(r#"{{"id":"{n}","name":"f{n}","type":"blob","path":"f{n}","mode":"100644"}}"#);
    let json = ("content-type", "application/json");
    gitlab.answer(200, &[json], &format!(r#"[{{"id":"{}"}}]"#, "a".repeat(40)));
    gitlab.answer(200, &[json, ("x-next-page", "2")], &format!("[{}]", entry(1)));
    let first =
        gitlab.host.provider.list_tree(at.clone(), TreeFilter::default(), first_page()).await;
    let first = first.unwrap();
    gitlab.answer(200, &[json, ("x-next-page", "")], &format!("[{}]", entry(2)));
    let page = lodge_pagination::PageRequest { from: first.next, ..first_page() };
    let second = gitlab.host.provider.list_tree(at, TreeFilter::default(), page).await.unwrap();
    assert_eq!((second.items.len(), second.next), (1, None));
    assert_ne!(first.items, second.items);
}

#[tokio::test]
async fn what_a_diff_leaves_out_is_said() {
    let gitlab = GitLab::start().await;
    let commit = "a".repeat(40);
    let stats = r#""stats":{"additions":900,"deletions":3}"#;
    gitlab.answer(200, &[], &format!(r#"{{"id":"{commit}","parent_ids":[],{stats}}}"#));
    let told =
        r#"{"new_path":"a","old_path":"a","diff":"@@ -1 +1 @@\n-a\n+b\n","collapsed":false}"#;
    let left_out = r#"{"new_path":"b","old_path":"b","diff":"","too_large":true}"#;
    gitlab.answer(200, &[("x-next-page", "")], &format!("[{told},{left_out}]"));
    let at = gitlab.repository("team/full");
    let diff = gitlab.host.provider.commit_diff(at, commit).await.unwrap();
    assert_eq!((diff.totals.files, diff.totals.additions, diff.totals.deletions), (2, 900, 3));
    assert!(diff.truncated.is_some());
}
