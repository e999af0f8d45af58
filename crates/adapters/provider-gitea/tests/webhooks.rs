//! Webhooks: made, removed, proved and read.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so by panicking")]

mod common;

use std::{fmt::Write as _, sync::Arc};

use common::sandbox;
use lodge_forge::EventKind;
use lodge_kernel::{SecretString, Timestamp};
use lodge_provider::{Delivery, HookRefused, NewHook, Webhooks};
use lodge_simulators::{
    GiteaSimulator, Sandbox, gitea_deliveries,
    sandbox::{account, repository_at},
};

const SECRET: &str = "a secret of one hook";

async fn setting(is_forgejo: bool) -> (Arc<dyn Webhooks>, Vec<(String, Delivery)>, Sandbox) {
    let (host, sandbox) = sandbox(GiteaSimulator::default()).await;
    let repository = sandbox.repository("team/full").unwrap();
    let all = gitea_deliveries(sandbox.world(), repository, SECRET, is_forgejo).await;
    let received_at = Timestamp::from_seconds(1_795_339_800);
    let all = all
        .into_iter()
        .map(|it| (it.name, Delivery { headers: it.headers, body: it.body, received_at }));
    (host.webhooks.unwrap(), all.collect(), sandbox)
}

fn secrets(texts: &[&str]) -> Vec<SecretString> {
    texts.iter().map(|it| SecretString::from((*it).to_owned())).collect()
}

fn without(delivery: &Delivery, part: &str) -> Delivery {
    let mut changed = delivery.clone();
    changed.headers.retain(|(name, _)| !name.contains(part));
    changed
}

fn with(delivery: &Delivery, name: &str, value: &str) -> Delivery {
    let mut changed = delivery.clone();
    changed.headers.retain(|(known, _)| known != name);
    changed.headers.push((name.to_owned(), value.to_owned()));
    changed
}

#[tokio::test]
async fn every_delivery_is_proved_and_none_that_was_changed() {
    for is_forgejo in [false, true] {
        let (webhooks, all, _sandbox) = setting(is_forgejo).await;
        assert!(all.len() > 15);
        for (name, delivery) in &all {
            let verify = |texts: &[&str], it: &Delivery| webhooks.verify(&secrets(texts), it);
            assert_eq!(verify(&[SECRET], delivery), Ok(()), "{name}");
            assert_eq!(verify(&["the next one", SECRET], delivery), Ok(()), "{name}");
            let wrong = Err(HookRefused::WrongSignature);
            assert_eq!(verify(&["another"], delivery), wrong, "{name}");
            assert_eq!(verify(&[], delivery), wrong, "{name}");
            let mut changed = delivery.clone();
            *changed.body.last_mut().unwrap() ^= 1;
            assert_eq!(verify(&[SECRET], &changed), wrong, "{name}");
            // What the headers of other hosts say is worth nothing.
            let bare = without(&without(delivery, "gitea-signature"), "forgejo-signature");
            assert!(bare.header("x-hub-signature-256").is_some());
            assert_eq!(verify(&[SECRET], &bare), Err(HookRefused::Unsigned), "{name}");
        }
    }
}

#[tokio::test]
async fn the_signature_of_forgejo_decides_where_there_is_one() {
    let (webhooks, all, _sandbox) = setting(true).await;
    let (_, delivery) = &all[0];
    let name = "x-forgejo-signature";
    let secrets = secrets(&[SECRET]);
    let good = delivery.header(name).unwrap().to_owned();
    let other = with(delivery, name, &"0".repeat(64));
    assert_eq!(webhooks.verify(&secrets, &other), Err(HookRefused::WrongSignature));
    for nothing in ["", "not hex", &good[..62]] {
        assert!(webhooks.verify(&secrets, &with(delivery, name, nothing)).is_err(), "{nothing}");
    }
    let mut twice = delivery.clone();
    twice.headers.push((name.to_owned(), good));
    assert_eq!(webhooks.verify(&secrets, &twice), Err(HookRefused::Unsigned));
}

#[tokio::test]
async fn deliveries_have_ids_of_their_own() {
    for is_forgejo in [false, true] {
        let (webhooks, all, _sandbox) = setting(is_forgejo).await;
        let mut ids: Vec<_> = all.iter().map(|(_, it)| webhooks.delivery_id(it).unwrap()).collect();
        ids.dedup();
        assert_eq!(ids.len(), all.len());
        let bare = without(&all[0].1, "delivery");
        assert_eq!(webhooks.delivery_id(&bare), None);
    }
}

#[tokio::test]
async fn deliveries_tell_what_happened_in_our_words() {
    let (webhooks, all, sandbox) = setting(false).await;
    let number = sandbox.repository("team/full").unwrap().number.to_string();
    let mut told = String::new();
    for (name, delivery) in &all {
        let events = webhooks.read(delivery).unwrap();
        writeln!(told, "{name}: {}", events.len()).unwrap();
        for event in events {
            assert_eq!(event.repository.as_str(), number);
            assert_eq!(event.repository_name.as_deref(), Some("team/full"));
            assert_eq!(event.actor.as_deref(), Some("ada"));
            let at = event.occurred_at.map(|at| at.to_string()).unwrap_or_default();
            writeln!(told, "    {} {at}\n    {:?}", event.kind, event.subject).unwrap();
            assert!(webhooks.events().contains(&event.kind));
        }
    }
    insta::assert_snapshot!(told);

    let (forgejo, same, _sandbox) = setting(true).await;
    for ((name, one), (_, other)) in all.iter().zip(&same) {
        assert_eq!(webhooks.read(one).unwrap(), forgejo.read(other).unwrap(), "{name}");
    }
}

#[tokio::test]
async fn a_body_that_is_not_the_hosts_is_malformed() {
    let (webhooks, all, _sandbox) = setting(false).await;
    for body in ["", "[]", "{}", "{\"ref\":7}", "payload=%7B%7D"] {
        let delivery = Delivery { body: body.as_bytes().to_vec(), ..all[0].1.clone() };
        assert!(webhooks.read(&delivery).is_err(), "{body}");
    }
    let unnamed = without(&all[0].1, "event");
    assert_eq!(webhooks.read(&unnamed).unwrap(), []);
}

#[tokio::test]
async fn a_hook_is_made_for_what_is_asked_and_removed_again() {
    let simulator = GiteaSimulator::default();
    let (host, sandbox) = sandbox(simulator.clone()).await;
    let repository = sandbox.repository("team/full").unwrap();
    let at = repository_at(account(1), &repository.number.to_string()).unwrap();
    let webhooks = host.webhooks.unwrap();
    simulator.rename(repository, "other/name", false);
    let new = |events: &[EventKind]| NewHook {
        url: "https://lodge.example.org/hooks/7".to_owned(),
        events: events.to_vec(),
        everything: false,
        secret: SecretString::from(SECRET),
    };
    let asked = new(&[EventKind::Push, EventKind::Tag, EventKind::PullRequestMerged]);
    let made = webhooks.create_hook(at.clone(), asked).await.unwrap();
    assert!(made.active);
    let [kept] = &simulator.hooks()[..] else { panic!("there is one hook") };
    assert_eq!(kept["id"].to_string(), made.ids[0]);
    assert_eq!(kept["events"].to_string(), r#"["create","delete","pull_request_only","push"]"#);
    assert_eq!(kept["config"]["content_type"], "json");
    assert_eq!(kept["branch_filter"], "*");

    webhooks.delete_hook(at.clone(), made.ids.clone()).await.unwrap();
    assert!(simulator.hooks().is_empty());
    let everything = NewHook { everything: true, ..new(&[EventKind::Push]) };
    let made_too = webhooks.create_hook(at.clone(), everything).await.unwrap();
    assert_eq!(
        simulator.hooks()[0]["events"].to_string(),
        r#"["delete","issue_comment","issues","pull_request_comment","pull_request_review","push"]"#
    );
    webhooks.delete_hook(at.clone(), made_too.ids).await.unwrap();
    webhooks.delete_hook(at, made.ids).await.unwrap();
}
