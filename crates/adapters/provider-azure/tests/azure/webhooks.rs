//! Service hooks: made, proved, read, removed.

use std::{fmt::Write as _, sync::Arc};

use crate::scene::{MISSING, Scene, id};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use lodge_forge::EventKind;
use lodge_kernel::{SecretString, Timestamp};
use lodge_provider::{Delivery, HookRefused, NewHook, ProviderError, Webhooks};
use lodge_simulators::{
    azure_deliveries,
    sandbox::{account, repository_at},
};

const SECRET: &str = "a secret of this subscription alone";

fn webhooks(scene: &Scene) -> Arc<dyn Webhooks> {
    Arc::clone(scene.host.webhooks.as_ref().unwrap())
}

fn secrets(texts: &[&str]) -> Vec<SecretString> {
    texts.iter().map(|it| SecretString::from(*it)).collect()
}

fn hook(events: &[EventKind]) -> NewHook {
    NewHook {
        url: "https://lodge.example/hooks/0f0f".to_owned(),
        events: events.to_vec(),
        everything: false,
        secret: SecretString::from(SECRET),
    }
}

/// Every sample, by its name.
async fn deliveries(scene: &Scene) -> Vec<(&'static str, Delivery)> {
    let address = scene.sandbox.base().unwrap().url().to_string();
    let world = scene.sandbox.world();
    let samples = azure_deliveries(world, scene.known(), &address, SECRET).await;
    let received_at = Timestamp::from_seconds(1_790_000_000);
    let delivered = samples
        .into_iter()
        .map(|it| (it.name, Delivery { headers: it.headers, body: it.body, received_at }));
    delivered.collect()
}

#[tokio::test]
async fn there_is_one_subscription_for_each_type_that_tells_what_is_asked() {
    let scene = Scene::new().await;
    let webhooks = webhooks(&scene);
    for (events, subscriptions) in [
        (&[EventKind::Push, EventKind::Tag][..], 1),
        (&[EventKind::PullRequestMerged, EventKind::PullRequestClosed], 1),
        (&[EventKind::RepositoryUpdated], 2),
        (&[EventKind::ReleasePublished], 0),
        (webhooks.events(), 6),
    ] {
        let made = webhooks.create_hook(scene.full(), hook(events)).await.unwrap();
        assert_eq!((made.ids.len(), made.active), (subscriptions, true), "{events:?}");
        webhooks.delete_hook(scene.full(), made.ids.clone()).await.unwrap();
        // They are gone, and that is no error.
        webhooks.delete_hook(scene.full(), made.ids).await.unwrap();
    }
}

#[tokio::test]
async fn a_course_is_told_of_remarks_as_well() {
    let scene = Scene::new().await;
    let webhooks = webhooks(&scene);
    let asked = NewHook { everything: true, ..hook(&[EventKind::Push]) };
    let made = webhooks.create_hook(scene.full(), asked).await.unwrap();
    assert_eq!((made.ids.len(), made.active), (2, true));
}

#[tokio::test]
async fn no_webhook_is_made_for_a_repository_that_is_not_there() {
    let scene = Scene::new().await;
    let missing = repository_at(account(1), MISSING).unwrap();
    let outcome = webhooks(&scene).create_hook(missing, hook(&[EventKind::Push])).await;
    let missing = |it: &ProviderError| matches!(it.cause(), ProviderError::RepositoryNotFound);
    assert!(outcome.as_ref().is_err_and(missing), "{outcome:?}");
}

/// The body is not signed, so that the proof says who sent it, and no more.
#[tokio::test]
async fn a_delivery_is_proved_by_its_password_alone() {
    let scene = Scene::new().await;
    let webhooks = webhooks(&scene);
    for (name, delivery) in deliveries(&scene).await {
        assert_eq!(webhooks.verify(&secrets(&[SECRET]), &delivery), Ok(()), "{name}");
        // While a secret is changed there are two.
        assert_eq!(webhooks.verify(&secrets(&["new", SECRET]), &delivery), Ok(()), "{name}");
        let other = webhooks.verify(&secrets(&["another"]), &delivery);
        assert_eq!(other, Err(HookRefused::WrongSignature), "{name}");
        assert_eq!(webhooks.verify(&[], &delivery), Err(HookRefused::WrongSignature));
    }
    let (_, delivery) = deliveries(&scene).await.remove(0);
    let with = |value: Option<String>| Delivery {
        headers: value.map(|it| ("authorization".to_owned(), it)).into_iter().collect(),
        ..delivery.clone()
    };
    let changed = SECRET.replace("secret", "secreT");
    for (header, refused) in [
        (None, HookRefused::Unsigned),
        (Some(format!("Bearer {SECRET}")), HookRefused::Unsigned),
        (Some("Basic".to_owned()), HookRefused::Unsigned),
        (Some("Basic !!!".to_owned()), HookRefused::WrongSignature),
        (Some(format!("Basic {}", STANDARD.encode("gitlodge:"))), HookRefused::WrongSignature),
        (Some(format!("Basic {}", STANDARD.encode(SECRET))), HookRefused::WrongSignature),
        (
            Some(format!("Basic {}", STANDARD.encode(format!("gitlodge:{changed}")))),
            HookRefused::WrongSignature,
        ),
    ] {
        let outcome = webhooks.verify(&secrets(&[SECRET]), &with(header.clone()));
        assert_eq!(outcome, Err(refused), "{header:?}");
    }
    // An empty secret proves nothing.
    let empty = with(Some(format!("Basic {}", STANDARD.encode("gitlodge:"))));
    assert!(webhooks.verify(&secrets(&[""]), &empty).is_err());
}

#[tokio::test]
async fn deliveries_become_unified_events() {
    let scene = Scene::new().await;
    let webhooks = webhooks(&scene);
    let base = scene.sandbox.base().unwrap().url().to_string();
    let mut told = String::new();
    for (name, delivery) in deliveries(&scene).await {
        let events = webhooks.read(&delivery).unwrap();
        for event in &events {
            assert_eq!(event.repository.as_str(), id(scene.known()));
            assert!(webhooks.events().contains(&event.kind));
        }
        writeln!(told, "== {name}: {events:#?}").unwrap();
    }
    let told = told.replace(&base, "http://host");
    insta::assert_snapshot!(told);
}

#[tokio::test]
async fn the_host_counts_its_deliveries() {
    let scene = Scene::new().await;
    let webhooks = webhooks(&scene);
    let ids =
        deliveries(&scene).await.into_iter().map(|(_, it)| webhooks.delivery_id(&it).unwrap());
    let mut ids = ids.collect::<Vec<_>>();
    assert_eq!(ids[0], "fd672255-8b6b-4769-9260-beea83d752ce.1");
    ids.dedup();
    assert_eq!(ids.len(), deliveries(&scene).await.len());
    let (_, first) = deliveries(&scene).await.remove(0);
    let nothing = Delivery { body: b"{}".to_vec(), ..first };
    assert_eq!(webhooks.delivery_id(&nothing), None);
}

#[tokio::test]
async fn a_body_that_is_not_the_hosts_is_malformed() {
    let scene = Scene::new().await;
    let webhooks = webhooks(&scene);
    let (_, push) = deliveries(&scene).await.remove(0);
    let elsewhere = String::from_utf8(push.body.clone()).unwrap();
    let base = scene.sandbox.base().unwrap().url().to_string();
    let elsewhere = elsewhere.replace(&base, "https://evil.example");
    for body in [
        b"".to_vec(),
        b"not json".to_vec(),
        br#"{"eventType":"git.push","resource":7}"#.to_vec(),
        br#"{"eventType":"git.pullrequest.created"}"#.to_vec(),
        push.body[..push.body.len() / 2].to_vec(),
        elsewhere.into_bytes(),
    ] {
        let outcome = webhooks.read(&Delivery { body, ..push.clone() });
        assert!(matches!(outcome, Err(ProviderError::Malformed { .. })), "{outcome:?}");
    }
}
