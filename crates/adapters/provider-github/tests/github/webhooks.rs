//! Webhooks: made, proved and read.

use lodge_activity::{Fact, FactKind};
use lodge_forge::EventKind;
use lodge_kernel::SecretString;
use lodge_provider::{Delivery, HookRefused, NewHook, ProviderError};
use lodge_provider_github::SCHEME;
use lodge_simulators::{Sandbox, github_deliveries};

use crate::common::{self, full, github};

const SECRET: &str = "a webhook's secret";

async fn deliveries(sandbox: &Sandbox) -> Vec<(String, Delivery)> {
    let repository = sandbox.repository("team/full").unwrap();
    github_deliveries(sandbox.world(), repository, SECRET).await
}

fn secrets(all: &[&str]) -> Vec<SecretString> {
    all.iter().map(|it| SecretString::from(*it)).collect()
}

#[tokio::test]
async fn a_delivery_is_proved_by_its_signature_alone() {
    let (host, sandbox) = github().await;
    let webhooks = host.webhooks.unwrap();
    for (name, delivery) in deliveries(&sandbox).await {
        let verify = |all: &[&str], delivery: &Delivery| webhooks.verify(&secrets(all), delivery);
        assert_eq!(verify(&[SECRET], &delivery), Ok(()), "{name}");
        assert_eq!(verify(&["the next", SECRET], &delivery), Ok(()), "{name}");
        assert_eq!(verify(&["another"], &delivery), Err(HookRefused::WrongSignature));
        assert_eq!(verify(&[], &delivery), Err(HookRefused::WrongSignature));

        let mut changed = delivery.clone();
        *changed.body.last_mut().unwrap() ^= 1;
        assert_eq!(verify(&[SECRET], &changed), Err(HookRefused::WrongSignature));

        let mut old = delivery.clone();
        old.headers.retain(|(name, _)| name != "x-hub-signature-256");
        old.headers.push(("x-hub-signature".to_owned(), "sha1=00".to_owned()));
        assert_eq!(verify(&[SECRET], &old), Err(HookRefused::Unsigned));

        for wrong in ["", "sha256=", "sha256=zz", "sha1=00", &"0".repeat(64)] {
            let mut forged = old.clone();
            forged.headers.push(("x-hub-signature-256".to_owned(), wrong.to_owned()));
            assert_eq!(verify(&[SECRET], &forged), Err(HookRefused::WrongSignature), "{wrong}");
        }
    }
}

#[tokio::test]
async fn deliveries_are_told_in_unified_words() {
    let (host, sandbox) = github().await;
    let webhooks = host.webhooks.unwrap();
    let mut told = Vec::new();
    let mut kinds = Vec::new();
    for (name, delivery) in deliveries(&sandbox).await {
        let events = webhooks.read(&delivery).unwrap();
        kinds.extend(events.iter().map(|it| it.kind));
        told.push((name, events));
    }
    insta::assert_debug_snapshot!(told);
    kinds.sort_unstable();
    kinds.dedup();
    assert_eq!(kinds, EventKind::ALL);
}

#[tokio::test]
async fn courses_are_told_what_a_delivery_has_for_them() {
    let (_host, sandbox) = github().await;
    let mut kinds = Vec::new();
    for (name, delivery) in deliveries(&sandbox).await {
        let facts = SCHEME.facts(&delivery).unwrap_or_else(|error| panic!("{name}: {error}"));
        kinds.extend(facts.iter().map(Fact::kind));
        let broken = Delivery { body: br#"{"repository":"a secret"}"#.to_vec(), ..delivery };
        if let Err(error) = SCHEME.facts(&broken) {
            assert!(!error.to_string().contains("secret"), "{name}: {error}");
        }
    }
    kinds.sort_unstable();
    kinds.dedup();
    assert_eq!(kinds, [FactKind::Commit, FactKind::MergeRequest, FactKind::Milestone]);
}

#[tokio::test]
async fn each_delivery_has_its_own_id() {
    let (host, sandbox) = github().await;
    let webhooks = host.webhooks.unwrap();
    let all = deliveries(&sandbox).await;
    let mut ids: Vec<_> = all.iter().filter_map(|(_, it)| webhooks.delivery_id(it)).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), all.len());
}

#[tokio::test]
async fn a_body_that_is_not_githubs_is_malformed() {
    let (host, sandbox) = github().await;
    let webhooks = host.webhooks.unwrap();
    for (name, delivery) in deliveries(&sandbox).await {
        let known = !["ping", "star/created"].contains(&name.as_str());
        for body in ["", "{}", "[]", r#"{"repository":{"id":-1}}"#] {
            let broken = Delivery { body: body.as_bytes().to_vec(), ..delivery.clone() };
            let read = webhooks.read(&broken);
            let malformed = matches!(read, Err(ProviderError::Malformed { .. }));
            assert_eq!(malformed, known, "{name} {body}: {read:?}");
        }
    }
    let nameless = Delivery {
        headers: Vec::new(),
        body: b"{}".to_vec(),
        received_at: lodge_testkit::builders::NOW,
    };
    assert!(matches!(webhooks.read(&nameless), Err(ProviderError::Malformed { .. })));
}

#[tokio::test]
async fn a_hook_is_made_once_and_removed_without_complaint() {
    let (host, sandbox) = github().await;
    let webhooks = host.webhooks.unwrap();
    assert_eq!(webhooks.events(), EventKind::ALL);
    let hook = NewHook {
        url: "https://lodge.example.org/hooks/6b7d".to_owned(),
        events: vec![EventKind::Push, EventKind::Tag, EventKind::CheckUpdated],
        everything: false,
        secret: SecretString::from(SECRET),
    };
    let made = webhooks.create_hook(full(&sandbox), hook.clone()).await.unwrap();
    assert!(made.active);
    assert_eq!(made.ids, ["9001"]);
    let again = webhooks.create_hook(full(&sandbox), hook.clone()).await.unwrap_err();
    assert!(matches!(again.cause(), ProviderError::Invalid { .. }), "{again:?}");
    for _ in 0..2 {
        webhooks.delete_hook(full(&sandbox), made.ids.clone()).await.unwrap();
    }
    assert!(webhooks.create_hook(full(&sandbox), hook.clone()).await.is_ok());
    let missing = webhooks.create_hook(common::at("999999"), hook).await.unwrap_err();
    assert!(matches!(missing.cause(), ProviderError::RepositoryNotFound), "{missing:?}");
}
