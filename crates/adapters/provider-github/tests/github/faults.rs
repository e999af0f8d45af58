//! What goes wrong on the way, and what it means.

use std::time::Duration;

use lodge_forge::Resource;
use lodge_kernel::Timestamp;
use lodge_provider::ProviderError;
use lodge_provider_kit::{KitConfig, Limits};
use lodge_simulators::{Fault, GithubSimulator, Sandbox, sandbox};
use lodge_testkit::{builders::NOW, provider_contract::first_page};

use crate::common::{self, account, full, github};

fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> Fault {
    let json = ("content-type".to_owned(), "application/json; charset=utf-8".to_owned());
    let mut all: Vec<_> =
        headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    if !all.iter().any(|(name, _)| name == "content-type") {
        all.push(json);
    }
    Fault::Answer { status, headers: all, body: body.as_bytes().to_vec() }
}

fn order(sandbox: &Sandbox, fault: &Fault, times: usize) {
    for _ in 0..times {
        sandbox.faults().order("github", fault.clone());
    }
}

/// A GET is tried three times.
const TRIES: usize = 3;

#[tokio::test]
async fn a_byte_order_mark_is_skipped() {
    let (host, sandbox) = github().await;
    order(&sandbox, &Fault::Marked, 1);
    assert_eq!(host.provider.profile(account()).await.unwrap().login, "ada");
}

#[tokio::test]
async fn what_is_no_answer_is_not_taken_for_one() {
    let html = [("content-type", "text/html; charset=utf-8")];
    let elsewhere = [("location", "http://127.0.0.1:9/api/v3/user")];
    for (name, fault) in [
        ("a page", answer(200, &html, "<!DOCTYPE html><title>Unicorn!</title>")),
        ("half an answer", Fault::CutOff),
        ("a bomb", Fault::Bomb),
        ("a redirect to another host", answer(302, &elsewhere, "")),
        ("a bad gateway", answer(502, &[], r#"{"error":"Server Error"}"#)),
        ("a page of an outage", answer(503, &html, "<html>Unicorn!</html>")),
        ("a version that is gone", answer(410, &[], r#"{"message":"Gone"}"#)),
    ] {
        let (host, sandbox) = github().await;
        order(&sandbox, &fault, TRIES);
        let error = host.provider.profile(account()).await.unwrap_err();
        assert!(matches!(error.cause(), ProviderError::Unreachable { .. }), "{name}: {error:?}");
        assert!(host.provider.profile(account()).await.is_ok(), "{name}: it is over");
    }
}

#[tokio::test]
async fn an_answer_of_another_shape_is_malformed() {
    for body in ["[]", "{}", r#"{"id":"4242","login":7}"#, "", "nonsense"] {
        let (host, sandbox) = github().await;
        order(&sandbox, &answer(200, &[], body), 1);
        let error = host.provider.profile(account()).await.unwrap_err();
        let malformed = ProviderError::cause(&error);
        assert!(
            matches!(malformed, ProviderError::Malformed { resource: Resource::Profile, .. }),
            "{body}: {error:?}"
        );
    }
}

#[tokio::test]
async fn a_host_that_drips_runs_out_of_time() {
    let sandbox = Sandbox::start(GithubSimulator::default()).await.unwrap();
    let limits = Limits { total: Duration::from_millis(700), ..Limits::default() };
    let host = common::open(&sandbox, "Ov23li.lodge", KitConfig { limits, ..KitConfig::default() });
    order(&sandbox, &Fault::Dripping, TRIES);
    let error = host.provider.profile(account()).await.unwrap_err();
    assert!(matches!(error.cause(), ProviderError::TimedOut), "{error:?}");
}

#[tokio::test]
async fn a_token_that_ended_is_renewed_once() {
    let (host, sandbox) = github().await;
    assert!(host.provider.profile(account()).await.is_ok());
    order(&sandbox, &Fault::TokenExpired, 1);
    assert!(host.provider.list_tags(full(&sandbox), first_page()).await.is_ok());
    assert_eq!(sandbox.accounts().unwrap().refreshes(), 1);

    order(&sandbox, &answer(401, &[], r#"{"message":"Bad credentials"}"#), 2);
    let error = host.provider.list_releases(full(&sandbox), first_page()).await.unwrap_err();
    assert!(matches!(error.cause(), ProviderError::CredentialsRefused), "{error:?}");
    assert_eq!(sandbox.accounts().unwrap().refreshes(), 2);
}

#[tokio::test]
async fn a_limit_of_either_kind_is_kept_by_that_account_alone() {
    let reset = NOW.plus(Duration::from_mins(20));
    let reset_text = reset.as_seconds().to_string();
    let spent: &[(&str, &str)] = &[
        ("x-ratelimit-limit", "5000"),
        ("x-ratelimit-remaining", "0"),
        ("x-ratelimit-reset", &reset_text),
    ];
    let exceeded = r#"{"message":"API rate limit exceeded for user ID 4242."}"#;
    let secondary = r#"{"message":"You have exceeded a secondary rate limit. Please wait a few minutes before you try again."}"#;
    let abuse = r#"{"message":"You have triggered an abuse detection mechanism."}"#;
    let after = |seconds| NOW.plus(Duration::from_secs(seconds));
    for (fault, until) in [
        (answer(403, spent, exceeded), reset),
        (answer(429, spent, exceeded), reset),
        (answer(403, &[("retry-after", "30")], secondary), after(30)),
        (answer(429, &[("retry-after", "7")], "{}"), after(7)),
        (answer(403, &[("x-ratelimit-remaining", "4998")], secondary), after(60)),
        (answer(403, &[], abuse), after(60)),
        (answer(429, &[], ""), after(60)),
    ] {
        let (host, sandbox) = github().await;
        order(&sandbox, &fault, 1);
        limited_until(host.provider.profile(account()).await, until);
        let asked = sandbox.faults().counted("github");
        limited_until(host.provider.list_tags(full(&sandbox), first_page()).await, until);
        assert_eq!(sandbox.faults().counted("github"), asked, "it was asked in its pause");
        assert!(host.provider.profile(sandbox::account(2)).await.is_ok(), "another account");
        sandbox.clock.advance(until.since(NOW) + Duration::from_secs(1));
        assert!(host.provider.profile(account()).await.is_ok(), "after the pause");
    }
}

fn limited_until<T: std::fmt::Debug>(answer: Result<T, ProviderError>, until: Timestamp) {
    let error = answer.unwrap_err();
    match error.cause() {
        ProviderError::RateLimited { retry_at } => assert_eq!(*retry_at, until),
        other => panic!("{other:?}"),
    }
}

type Means = fn(&ProviderError) -> bool;

#[tokio::test]
async fn what_a_refusal_means_is_told_apart() {
    let scopes = [("x-oauth-scopes", "read:user"), ("x-accepted-oauth-scopes", "repo")];
    let said = |text: &str| format!(r#"{{"message":"{text}","documentation_url":"x"}}"#);
    let cases: [(Fault, Means); 9] = [
        (answer(403, &[], &said("Resource protected by organization SAML enforcement.")), |it| {
            matches!(it, ProviderError::Forbidden)
        }),
        (answer(403, &[], &said("Repository access blocked")), |it| {
            matches!(it, ProviderError::Forbidden)
        }),
        (answer(451, &[], &said("Repository access blocked")), |it| {
            matches!(it, ProviderError::Forbidden)
        }),
        (answer(403, &[], &said("Resource not accessible by integration")), |it| {
            matches!(it, ProviderError::InsufficientScope)
        }),
        (answer(403, &scopes, &said("Forbidden")), |it| {
            matches!(it, ProviderError::InsufficientScope)
        }),
        (answer(404, &scopes, &said("Not Found")), |it| {
            matches!(it, ProviderError::InsufficientScope)
        }),
        (answer(403, &[], &said("This installation has been suspended")), |it| {
            matches!(it, ProviderError::InstallationNotFound)
        }),
        (answer(422, &[], &said("Validation Failed")), |it| {
            matches!(it, ProviderError::Invalid { .. })
        }),
        (
            answer(
                403,
                &[],
                &said(
                    "The history or contributor list is too large to list contributors for this repository via the API.",
                ),
            ),
            |it| matches!(it, ProviderError::Unsupported { resource: Resource::Contributors }),
        ),
    ];
    for (fault, means) in cases {
        let (host, sandbox) = github().await;
        order(&sandbox, &fault, 1);
        let answer = host.provider.list_contributors(full(&sandbox), first_page()).await;
        let error = answer.unwrap_err();
        assert!(means(error.cause()), "{fault:?}: {error:?}");
    }
}

#[tokio::test]
async fn a_gateway_that_fails_once_is_asked_again() {
    let (host, sandbox) = github().await;
    order(&sandbox, &answer(502, &[], ""), 1);
    assert!(host.provider.profile(account()).await.is_ok());
}

#[tokio::test]
async fn a_redirect_on_the_host_is_followed() {
    let (host, sandbox) = github().await;
    let at = full(&sandbox);
    let moved = format!("{}/api/v3/repos/team/full", sandbox.base().unwrap().url());
    let moved = answer(301, &[("location", &moved)], r#"{"message":"Moved Permanently"}"#);
    order(&sandbox, &moved, 1);
    assert_eq!(host.provider.find_repository(at).await.unwrap().full_name, "team/full");
}

#[tokio::test]
async fn an_answer_names_the_request_that_it_was_to() {
    let (host, sandbox) = github().await;
    let id = [("x-github-request-id", "A1B2:3C4D:1")];
    order(&sandbox, &answer(403, &id, r#"{"message":"no"}"#), 1);
    match host.provider.profile(account()).await {
        Err(ProviderError::Answered { status: 403, request_id: Some(id), .. }) => {
            assert_eq!(id, "A1B2:3C4D:1");
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn an_unchanged_body_is_confirmed_rather_than_read_again() {
    let (host, sandbox) = github().await;
    let at = || full(&sandbox);
    let first = host.provider.list_releases(at(), first_page()).await.unwrap();
    let counted = sandbox.faults().counted("github");
    assert_eq!(host.provider.list_releases(at(), first_page()).await.unwrap(), first);
    assert_eq!(sandbox.faults().counted("github"), counted, "a 304 is free");
    let budget = host.provider.budget(account()).unwrap();
    assert_eq!((budget.limit, budget.remaining), (Some(5000), Some(5000 - counted)));
}

#[tokio::test]
async fn an_id_that_is_no_number_never_reaches_the_host() {
    let (host, sandbox) = github().await;
    for wrong in ["full", "01001", "1001.0", "99999999999999999999999"] {
        let answer = host.provider.find_repository(common::at(wrong)).await;
        assert!(matches!(answer, Err(ProviderError::RepositoryNotFound)), "{wrong}");
    }
    assert_eq!(sandbox.faults().counted("github"), 0);
}
