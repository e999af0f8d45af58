//! Webhooks are made, proved, read and removed.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so by panicking")]

mod common;

use std::{sync::Arc, time::Duration};

use common::GitLab;
use lodge_forge::EventKind;
use lodge_kernel::SecretString;
use lodge_provider::{Delivery, HookRefused, NewHook, Webhooks};
use lodge_testkit::builders::NOW;

/// What GitLab can tell us of.
const TOLD: [&str; 10] = [
    "push",
    "tag_push",
    "merge_request.open",
    "merge_request.update",
    "merge_request.merge",
    "merge_request.close",
    "pipeline",
    "build",
    "release.create",
    "deployment",
];

fn secret(text: &str) -> SecretString {
    text.to_owned().into()
}

async fn hook(
    gitlab: &GitLab,
    events: &[EventKind],
    secret: SecretString,
) -> (Arc<dyn Webhooks>, String) {
    let webhooks = gitlab.host.webhooks.clone().unwrap();
    let url = "https://lodge.example.com/hooks/unguessable".to_owned();
    let new = NewHook { url, events: events.to_vec(), everything: false, secret };
    let made = webhooks.create_hook(gitlab.repository("team/full"), new).await.unwrap();
    assert!(made.active);
    let [id] = made.ids.as_slice() else { panic!("{made:?}") };
    (webhooks, id.clone())
}

async fn delivered(gitlab: &GitLab, id: &str, event: &str) -> Option<Delivery> {
    gitlab.simulator.deliver(gitlab.sandbox.world(), id, event, NOW).await
}

fn without(delivery: &Delivery, names: &[&str]) -> Delivery {
    let mut delivery = delivery.clone();
    delivery.headers.retain(|(name, _)| !names.contains(&name.as_str()));
    delivery
}

#[tokio::test]
async fn every_delivery_is_proved_and_read() {
    let gitlab = GitLab::start().await;
    let (webhooks, id) = hook(&gitlab, &EventKind::ALL, secret("of this hook")).await;
    let secrets = [secret("of this hook")];
    let mut kinds = Vec::new();
    for event in TOLD {
        let delivery = delivered(&gitlab, &id, event).await.unwrap();
        assert_eq!(webhooks.verify(&secrets, &delivery), Ok(()), "{event}");
        let mut changed = delivery.clone();
        *changed.body.last_mut().unwrap() ^= 1;
        assert_eq!(webhooks.verify(&secrets, &changed), Err(HookRefused::WrongSignature));
        let mut told = webhooks.read(&delivery).unwrap();
        kinds.extend(told.iter().map(|it| it.kind));
        if let [lodge_forge::Event { subject: lodge_forge::Subject::Push(push), .. }] =
            told.as_mut_slice()
        {
            assert_eq!((push.commits.len(), push.total_commits), (20, Some(26)));
            push.commits.truncate(1);
        }
        insta::assert_debug_snapshot!(event, told);
    }
    assert!(webhooks.events().iter().all(|it| kinds.contains(it)), "{kinds:?}");
    assert!(kinds.iter().all(|it| webhooks.events().contains(it)), "{kinds:?}");
}

#[tokio::test]
async fn only_what_was_asked_for_is_sent() {
    let gitlab = GitLab::start().await;
    let (webhooks, id) = hook(&gitlab, &[EventKind::ReleasePublished], secret("x")).await;
    for event in TOLD {
        let sent = delivered(&gitlab, &id, event).await.is_some();
        assert_eq!(sent, event == "release.create", "{event}");
    }
    // A release that changes is sent with those that come, and is not news.
    let changed = delivered(&gitlab, &id, "release.update").await.unwrap();
    assert_eq!(webhooks.read(&changed).unwrap(), []);
    let at = gitlab.repository("team/full");
    for _ in 0..2 {
        webhooks.delete_hook(at.clone(), vec![id.clone()]).await.unwrap();
        assert!(delivered(&gitlab, &id, "release.create").await.is_none());
    }
}

#[tokio::test]
async fn what_is_not_proved_is_refused() {
    let gitlab = GitLab::start().await;
    let (webhooks, id) = hook(&gitlab, &EventKind::ALL, secret("new")).await;
    let delivery = delivered(&gitlab, &id, "push").await.unwrap();
    let verify = |secrets: &[&str], delivery: &Delivery| {
        let secrets: Vec<_> = secrets.iter().map(|it| secret(it)).collect();
        webhooks.verify(&secrets, delivery)
    };
    assert_eq!(verify(&["old", "new"], &delivery), Ok(()));
    assert_eq!(verify(&["old"], &delivery), Err(HookRefused::WrongSignature));
    assert_eq!(verify(&[], &delivery), Err(HookRefused::WrongSignature));

    let classic = without(&delivery, &["webhook-signature"]);
    assert_eq!(verify(&["old", "new"], &classic), Ok(()));
    assert_eq!(verify(&["old"], &classic), Err(HookRefused::WrongSignature));
    let unsigned = without(&classic, &["x-gitlab-token"]);
    assert_eq!(verify(&["new"], &unsigned), Err(HookRefused::Unsigned));
    assert_eq!(verify(&[""], &unsigned), Err(HookRefused::Unsigned));

    let timeless = without(&delivery, &["webhook-timestamp"]);
    assert_eq!(verify(&["new"], &timeless), Err(HookRefused::WrongSignature));
    for seconds in [301, -301] {
        let mut late = delivery.clone();
        let apart = Duration::from_secs(301);
        late.received_at = if seconds > 0 { NOW.plus(apart) } else { NOW.minus(apart) };
        assert_eq!(verify(&["new"], &late), Err(HookRefused::Stale));
    }
}

#[tokio::test]
async fn a_secret_that_is_a_signing_token_signs_as_it_is() {
    let gitlab = GitLab::start().await;
    let text = "whsec_dGVzdHRlc3R0ZXN0dGVzdHRlc3R0ZXN0dGVzdHRlc3Q=";
    let (webhooks, id) = hook(&gitlab, &[EventKind::Push], secret(text)).await;
    let delivery = delivered(&gitlab, &id, "push").await.unwrap();
    assert_eq!(webhooks.verify(&[secret(text)], &delivery), Ok(()));
}

#[tokio::test]
async fn a_repetition_has_the_id_of_the_first() {
    let gitlab = GitLab::start().await;
    let (webhooks, id) = hook(&gitlab, &[EventKind::Push], secret("x")).await;
    let delivery = delivered(&gitlab, &id, "push").await.unwrap();
    let key = Some("f5e5f430-f57b-4e6e-9fac-d9128cd7232f".to_owned());
    assert_eq!(webhooks.delivery_id(&delivery), key);
    assert_eq!(webhooks.delivery_id(&without(&delivery, &["webhook-id"])), key);
    let old = without(&delivery, &["webhook-id", "idempotency-key"]);
    let event = Some("13792a34-cac6-4fda-95a8-c58e00a3954e".to_owned());
    assert_eq!(webhooks.delivery_id(&old), event);
    assert_eq!(webhooks.delivery_id(&without(&old, &["x-gitlab-event-uuid"])), None);
}

#[tokio::test]
async fn a_comment_is_not_news_and_a_strange_body_is_malformed() {
    let gitlab = GitLab::start().await;
    let (webhooks, id) = hook(&gitlab, &[EventKind::Push], secret("x")).await;
    let delivery = delivered(&gitlab, &id, "push").await.unwrap();
    let body = |text: &str| Delivery { body: text.as_bytes().to_vec(), ..delivery.clone() };
    for nothing in ["{}", r#"{"object_kind":"note","project":{"id":7}}"#] {
        assert_eq!(webhooks.read(&body(nothing)).unwrap(), [], "{nothing}");
    }
    for strange in ["", "null", "[", r#"{"object_kind":"push","ref":"refs/heads/x"}"#, "\u{feff}"] {
        assert!(webhooks.read(&body(strange)).is_err(), "{strange}");
    }
}
