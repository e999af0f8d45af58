//! Webhooks: made, proved, read.

use std::sync::Arc;

use lodge_forge::{EventKind, RepositoryId, Subject};
use lodge_kernel::SecretString;
use lodge_provider::{Delivery, HookRefused, NewHook, ProviderError, Webhooks};
use lodge_simulators::bitbucket_delivery;

use crate::bench::{Bench, id_of};

const SECRET: &str = "a secret of this hook";
const KEYS: [&str; 9] = [
    "repo:push",
    "repo:updated",
    "repo:commit_status_created",
    "repo:commit_status_updated",
    "pullrequest:created",
    "pullrequest:updated",
    "pullrequest:fulfilled",
    "pullrequest:rejected",
    "pullrequest:comment_created",
];

fn webhooks(bench: &Bench) -> Arc<dyn Webhooks> {
    bench.host.webhooks.clone().unwrap()
}

async fn delivery(bench: &Bench, key: &str, secret: Option<&str>) -> Delivery {
    bitbucket_delivery(bench.sandbox.world(), bench.world(), key, secret).await
}

fn secrets(texts: &[&str]) -> Vec<SecretString> {
    texts.iter().map(|it| SecretString::from(*it)).collect()
}

fn hook(events: &[EventKind]) -> NewHook {
    NewHook {
        url: "https://lodge.example.org/hooks/1".to_owned(),
        events: events.to_vec(),
        everything: false,
        secret: SecretString::from(SECRET),
    }
}

#[tokio::test]
async fn a_hook_is_made_and_removed_and_removed_again() {
    let bench = Bench::new().await;
    let webhooks = webhooks(&bench);
    let all = webhooks.events();
    let made = webhooks.create_hook(bench.full(1), hook(all)).await.unwrap();
    assert!(made.active && made.ids.len() == 1);
    for _ in 0..2 {
        webhooks.delete_hook(bench.full(1), made.ids.clone()).await.unwrap();
    }
}

#[tokio::test]
async fn a_hook_of_a_course_is_made_for_all_that_courses_go_by() {
    let bench = Bench::new().await;
    let webhooks = webhooks(&bench);
    let asked = NewHook { everything: true, ..hook(&[]) };
    let made = webhooks.create_hook(bench.full(1), asked).await.unwrap();
    assert!(made.active && made.ids.len() == 1);
}

#[tokio::test]
async fn a_hook_that_could_tell_nothing_is_not_made() {
    let bench = Bench::new().await;
    let asked = hook(&[EventKind::ReleasePublished, EventKind::DeploymentUpdated]);
    let refused = webhooks(&bench).create_hook(bench.full(1), asked).await;
    assert!(matches!(refused, Err(ProviderError::Invalid { .. })), "{refused:?}");
    assert_eq!(bench.sandbox.faults().counted("bitbucket"), 0);
}

#[tokio::test]
async fn only_who_knows_the_secret_is_believed() {
    let bench = Bench::new().await;
    let webhooks = webhooks(&bench);
    for key in KEYS {
        let good = delivery(&bench, key, Some(SECRET)).await;
        assert_eq!(webhooks.verify(&secrets(&[SECRET]), &good), Ok(()), "{key}");
        assert_eq!(webhooks.verify(&secrets(&["next", SECRET]), &good), Ok(()), "{key}");
        let wrong = Err(HookRefused::WrongSignature);
        assert_eq!(webhooks.verify(&secrets(&["other"]), &good), wrong, "{key}");
        assert_eq!(webhooks.verify(&[], &good), wrong, "{key}");
        let mut changed = good.clone();
        changed.body[7] ^= 1;
        assert_eq!(webhooks.verify(&secrets(&[SECRET]), &changed), wrong, "{key}");
        let unsigned = delivery(&bench, key, None).await;
        assert_eq!(
            webhooks.verify(&secrets(&[SECRET]), &unsigned),
            Err(HookRefused::Unsigned),
            "{key}"
        );
        let mut twice = good.clone();
        twice.headers.push(("x-hub-signature".to_owned(), "sha256=00".to_owned()));
        assert_eq!(webhooks.verify(&secrets(&[SECRET]), &twice), Err(HookRefused::Unsigned));
    }
    for shown in ["", "sha256=", "sha256=zz", "sha1=00", "00"] {
        let mut odd = delivery(&bench, "repo:push", None).await;
        odd.headers.push(("x-hub-signature".to_owned(), shown.to_owned()));
        let refused = webhooks.verify(&secrets(&[SECRET]), &odd);
        assert_eq!(refused, Err(HookRefused::WrongSignature), "{shown}");
    }
}

#[tokio::test]
async fn every_delivery_becomes_its_events() {
    let bench = Bench::new().await;
    let webhooks = webhooks(&bench);
    let repository = RepositoryId::parse(&id_of(bench.world())).unwrap();
    let mut told = Vec::new();
    for key in KEYS {
        let delivery = delivery(&bench, key, Some(SECRET)).await;
        assert!(webhooks.delivery_id(&delivery).is_some());
        let mut events = webhooks.read(&delivery).unwrap();
        assert!(events.iter().all(|it| it.repository == repository));
        assert!(events.iter().all(|it| it.actor.as_deref() == Some("ada")));
        for event in &mut events {
            if let Subject::Push(push) = &mut event.subject {
                // One commit says what each of them says.
                push.commits.truncate(1);
            }
        }
        told.push((
            key,
            events.into_iter().map(|it| (it.kind, it.occurred_at, it.subject)).collect::<Vec<_>>(),
        ));
    }
    insta::assert_debug_snapshot!(told);
}

#[tokio::test]
async fn what_has_no_unified_kind_tells_nothing_and_what_is_broken_is_said() {
    let bench = Bench::new().await;
    let webhooks = webhooks(&bench);
    let mut odd = delivery(&bench, "repo:fork", Some(SECRET)).await;
    assert_eq!(webhooks.read(&odd).unwrap(), []);
    "x".clone_into(&mut odd.headers[0].1);
    odd.headers.retain(|(name, _)| name != "x-event-key");
    assert!(webhooks.read(&odd).is_err(), "without an event key");
    for body in ["", "[]", "{}", r#"{"repository":{"uuid":"a/b"}}"#] {
        let mut broken = delivery(&bench, "repo:updated", Some(SECRET)).await;
        broken.body = body.as_bytes().to_vec();
        let error = webhooks.read(&broken).unwrap_err();
        assert!(matches!(error, ProviderError::Malformed { .. }), "{body}: {error:?}");
    }
}
