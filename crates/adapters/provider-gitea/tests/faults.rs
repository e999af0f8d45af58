//! A host that answers badly: late, broken, too much, or no.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so by panicking")]

mod common;

use std::{io::ErrorKind, net::TcpListener, time::Duration};

use common::{open, sandbox};
use lodge_forge::Profile;
use lodge_kernel::Clock as _;
use lodge_provider::{Host, ProviderError};
use lodge_provider_kit::{KitConfig, Limits};
use lodge_simulators::{Fault, GiteaSimulator, Sandbox, sandbox::account};

/// How often a question is asked at most.
const TRIES: usize = 3;

fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> Fault {
    let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Fault::Answer { status, headers: headers.collect(), body: body.as_bytes().to_vec() }
}

const JSON: (&str, &str) = ("content-type", "application/json");
const HTML: (&str, &str) = ("content-type", "text/html; charset=utf-8");

async fn profile(host: &Host) -> Result<Profile, ProviderError> {
    host.provider.profile(account(1)).await
}

/// The cause of what the host's answer to one question leads to, when it
/// answers like this for as long as it is asked.
async fn cause_of(fault: Fault) -> (ProviderError, Sandbox) {
    let (host, sandbox) = sandbox(GiteaSimulator::default()).await;
    for _ in 0..TRIES {
        sandbox.faults().order("gitea", fault.clone());
    }
    let mut error = profile(&host).await.unwrap_err();
    while let ProviderError::Answered { cause, .. } = error {
        error = *cause;
    }
    (error, sandbox)
}

#[tokio::test]
async fn a_byte_order_mark_is_passed_over() {
    let (host, sandbox) = sandbox(GiteaSimulator::default()).await;
    sandbox.faults().order("gitea", Fault::Marked);
    assert_eq!(profile(&host).await.unwrap().login, "ada");
}

#[tokio::test]
async fn what_is_not_the_hosts_is_not_believed() {
    let (page, _sandbox) = cause_of(answer(200, &[HTML], "<html>Log in</html>")).await;
    assert!(matches!(page, ProviderError::Unreachable { .. }), "{page:?}");
    let (half, _sandbox) = cause_of(answer(200, &[JSON], "{\"id\":")).await;
    assert!(matches!(half, ProviderError::Malformed { .. }), "{half:?}");
    let (other, _sandbox) = cause_of(answer(200, &[JSON], "[]")).await;
    assert!(matches!(other, ProviderError::Malformed { .. }), "{other:?}");
}

#[tokio::test]
async fn a_body_that_ends_early_or_never_is_an_error() {
    for fault in [Fault::CutOff, Fault::Bomb] {
        let (error, _sandbox) = cause_of(fault.clone()).await;
        assert!(matches!(error, ProviderError::Unreachable { .. }), "{fault:?}: {error:?}");
    }
}

#[tokio::test]
async fn a_host_that_drips_is_left_in_time() {
    let (_, sandbox) = sandbox(GiteaSimulator::default()).await;
    let limits = Limits { total: Duration::from_millis(600), ..Limits::default() };
    let host = open(&sandbox, KitConfig { limits, ..KitConfig::default() });
    sandbox.faults().order("gitea", Fault::Dripping);
    let error = profile(&host).await.unwrap_err();
    assert!(matches!(error.cause(), ProviderError::TimedOut), "{error:?}");
}

#[tokio::test]
async fn a_failure_that_passes_is_not_noticed() {
    for status in [500, 502, 503] {
        let (host, sandbox) = sandbox(GiteaSimulator::default()).await;
        sandbox.faults().order("gitea", answer(status, &[HTML], "<html>Oh no</html>"));
        assert_eq!(profile(&host).await.unwrap().login, "ada", "{status}");
    }
}

#[tokio::test]
async fn an_expired_token_is_renewed_once() {
    let (host, sandbox) = sandbox(GiteaSimulator::default()).await;
    sandbox.faults().order("gitea", Fault::TokenExpired);
    assert_eq!(profile(&host).await.unwrap().login, "ada");
    assert_eq!(sandbox.accounts().unwrap().refreshes(), 1);

    let (error, sandbox) = cause_of(answer(401, &[JSON], r#"{"message":"no"}"#)).await;
    assert!(matches!(error, ProviderError::CredentialsRefused), "{error:?}");
    assert_eq!(sandbox.accounts().unwrap().refreshes(), 1);
}

#[tokio::test]
async fn an_account_that_asked_too_often_waits_alone() {
    for (headers, wait) in [(vec![("retry-after", "7")], 7), (vec![], 60)] {
        let (host, sandbox) = sandbox(GiteaSimulator::default()).await;
        // The proxy of a large instance says it, in its own words.
        sandbox.faults().order("gitea", answer(429, &headers, "slow down"));
        let until = sandbox.clock.now().plus(Duration::from_secs(wait));
        for _ in 0..2 {
            let error = profile(&host).await.unwrap_err();
            assert!(
                matches!(error.cause(), ProviderError::RateLimited { retry_at } if *retry_at == until),
                "{error:?}"
            );
        }
        assert_eq!(sandbox.faults().counted("gitea"), 1, "the host is not asked meanwhile");
        assert!(
            host.provider.profile(account(2)).await.is_ok(),
            "another account is not held back"
        );
        sandbox.clock.advance(Duration::from_secs(wait + 1));
        assert!(profile(&host).await.is_ok());
    }
}

#[tokio::test]
async fn a_host_that_says_when_it_is_back_is_not_asked_again_at_once() {
    let (error, sandbox) = cause_of(answer(503, &[("retry-after", "30")], "")).await;
    let back = sandbox.clock.now().plus(Duration::from_secs(30));
    assert!(
        matches!(error, ProviderError::Unreachable { retry_at: Some(at), .. } if at == back),
        "{error:?}"
    );
    assert_eq!(sandbox.faults().counted("gitea"), 1);
}

#[tokio::test]
async fn what_is_forbidden_is_told_from_a_scope_that_is_missing() {
    let scope =
        r#"{"message":"token does not have at least one of required scope(s): [read:user]"}"#;
    let (error, _sandbox) = cause_of(answer(403, &[JSON], scope)).await;
    assert!(matches!(error, ProviderError::InsufficientScope), "{error:?}");
    let (error, _sandbox) = cause_of(answer(403, &[JSON], r#"{"message":"not for you"}"#)).await;
    assert!(matches!(error, ProviderError::Forbidden), "{error:?}");
}

#[tokio::test]
async fn a_redirect_to_another_host_is_not_followed() {
    let elsewhere = TcpListener::bind("127.0.0.1:0").unwrap();
    elsewhere.set_nonblocking(true).unwrap();
    let address = format!("http://{}/user", elsewhere.local_addr().unwrap());
    let (error, _sandbox) = cause_of(answer(302, &[("location", &address)], "")).await;
    assert!(matches!(error, ProviderError::Unreachable { .. }), "{error:?}");
    assert_eq!(elsewhere.accept().unwrap_err().kind(), ErrorKind::WouldBlock, "it was asked");
}
