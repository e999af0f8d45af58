//! Cases about subscriptions, webhooks that came, and events on their way.

use std::{collections::BTreeSet, time::Duration};

use lodge_access::{
    Attempts, DeliveryState, EventDelivery, HookDelivery, Subscription, SubscriptionState,
};
use lodge_forge::EventKind;
use lodge_kernel::Timestamp;
use lodge_storage::{Storage, StorageError};

use super::{Fresh, Outcome, race};
use crate::builders::{
    NOW, a_hook_delivery, a_secret, a_subscription, an_event_delivery, client_id, digest_of,
    event_delivery_id, hook_delivery_id, move_in, subscription_id, tenant_id,
};

const LEASE: Duration = Duration::from_mins(1);

/// Everything of [`move_in`], and subscription 1.
async fn subscribe(storage: &dyn Storage) -> Outcome {
    move_in(storage).await?;
    let mut work = storage.begin().await?;
    work.subscriptions().add(&a_subscription(1)).await?;
    work.commit().await
}

/// Every field is kept, and the changeable ones are changed.
pub async fn a_subscription_comes_back_as_it_was_and_changes(storage: Fresh) -> Outcome {
    subscribe(&*storage).await?;
    let secret = a_secret(lodge_access::SecretKind::Webhook, 1);
    let mut work = storage.begin().await?;
    let found = work.subscriptions().find(subscription_id(1)).await?;
    assert_eq!(found, Some(a_subscription(1)));
    let found = work.subscriptions().find_by_hook(digest_of(&secret)).await?;
    assert_eq!(found, Some(a_subscription(1)));
    let changed = Subscription {
        callback_url: "https://acme.example/elsewhere".to_owned(),
        events: vec![EventKind::Tag, EventKind::Push],
        state: SubscriptionState::Paused,
        hook_ids: Vec::new(),
        updated_at: NOW.plus(LEASE),
        ..a_subscription(1)
    };
    work.subscriptions().update(&changed).await?;
    assert_eq!(work.subscriptions().find(subscription_id(1)).await?, Some(changed));
    let unknown = work.subscriptions().update(&a_subscription(2)).await;
    assert!(matches!(unknown, Err(StorageError::Orphan { .. })), "{unknown:?}");
    assert_eq!(work.subscriptions().find(subscription_id(2)).await?, None);
    Ok(())
}

/// `SubscriptionRepository::of_client`: oldest first, after the given one.
pub async fn the_subscriptions_of_an_app_come_in_pages_without_ended_ones(
    storage: Fresh,
) -> Outcome {
    move_in(&*storage).await?;
    let mut work = storage.begin().await?;
    for n in [3, 1, 2, 4] {
        let state = if n == 2 { SubscriptionState::Ended } else { SubscriptionState::Active };
        work.subscriptions().add(&Subscription { state, ..a_subscription(n) }).await?;
    }
    let first = work.subscriptions().of_client(client_id(1), None, 2).await?;
    assert_eq!(first, [a_subscription(1), a_subscription(3)]);
    let after = Some(subscription_id(3));
    let rest = work.subscriptions().of_client(client_id(1), after, 2).await?;
    assert_eq!(rest, [a_subscription(4)]);
    assert_eq!(work.subscriptions().of_client(client_id(2), None, 9).await?, []);
    Ok(())
}

/// `InboxRepository::receive` MUST keep a webhook once, however many come.
pub async fn a_webhook_is_kept_once_however_many_come(storage: Fresh) -> Outcome {
    subscribe(&*storage).await?;
    let kept = race(&storage, async |storage| {
        let mut work = storage.begin().await?;
        let kept = work.inbox().receive(&a_hook_delivery(1)).await?;
        work.commit().await?;
        Ok(kept)
    });
    let kept = kept.await.into_iter().collect::<Result<Vec<_>, _>>()?;
    assert_eq!(kept.iter().filter(|kept| **kept).count(), 1);
    let mut work = storage.begin().await?;
    let again = HookDelivery { key: a_hook_delivery(1).key, ..a_hook_delivery(2) };
    assert!(!work.inbox().receive(&again).await?, "the same key under another id");
    assert_eq!(work.inbox().backlog().await?, (1, 0));
    Ok(())
}

/// `InboxRepository::claim`: two that claim at once MUST get different ones.
pub async fn webhooks_are_claimed_by_one_however_many_ask(storage: Fresh) -> Outcome {
    subscribe(&*storage).await?;
    let mut work = storage.begin().await?;
    for n in 1..=20 {
        work.inbox().receive(&a_hook_delivery(n)).await?;
    }
    work.commit().await?;
    let claims = race(&storage, async |storage| {
        let mut work = storage.begin().await?;
        let claimed = work.inbox().claim(NOW, LEASE, 3).await?;
        work.commit().await?;
        Ok(claimed)
    });
    let claims = claims.await.into_iter().collect::<Result<Vec<_>, _>>()?;
    let all: Vec<_> = claims.iter().flatten().map(|it| it.id).collect();
    let different: BTreeSet<_> = all.iter().copied().collect();
    assert_eq!(all.len(), different.len(), "something was claimed twice");
    let mut work = storage.begin().await?;
    let rest = work.inbox().claim(NOW, LEASE, 100).await?;
    assert_eq!(all.len() + rest.len(), 20);
    Ok(())
}

/// Who claims counts the attempt; when the lease is over, another may.
pub async fn a_claim_that_is_not_settled_can_be_claimed_again(storage: Fresh) -> Outcome {
    subscribe(&*storage).await?;
    let mut work = storage.begin().await?;
    work.inbox().receive(&a_hook_delivery(1)).await?;
    let end = NOW.plus(LEASE);
    let claimed = |made, next_at| {
        [HookDelivery { attempts: Attempts { made, next_at }, ..a_hook_delivery(1) }]
    };
    assert_eq!(work.inbox().claim(NOW, LEASE, 9).await?, claimed(1, end));
    let early = end.minus(Duration::from_micros(1));
    assert_eq!(work.inbox().claim(early, LEASE, 9).await?, []);
    assert_eq!(work.inbox().claim(end, LEASE, 9).await?, claimed(2, end.plus(LEASE)));
    let done = HookDelivery { state: DeliveryState::Done, ..a_hook_delivery(1) };
    work.inbox().settle(&done).await?;
    assert_eq!(work.inbox().claim(end.plus(LEASE), LEASE, 9).await?, []);
    Ok(())
}

/// `InboxRepository::revive`: only what was given up.
pub async fn a_webhook_that_was_given_up_waits_again(storage: Fresh) -> Outcome {
    subscribe(&*storage).await?;
    let mut work = storage.begin().await?;
    work.inbox().receive(&a_hook_delivery(1)).await?;
    assert!(!work.inbox().revive(hook_delivery_id(1), NOW).await?, "it is waiting");
    let dead = HookDelivery { state: DeliveryState::Dead, ..a_hook_delivery(1) };
    work.inbox().settle(&dead).await?;
    assert_eq!(work.inbox().backlog().await?, (0, 1));
    assert!(work.inbox().revive(hook_delivery_id(1), NOW).await?);
    assert_eq!(work.inbox().backlog().await?, (1, 0));
    assert_eq!(work.inbox().claim(NOW, LEASE, 9).await?.len(), 1);
    Ok(())
}

/// Every field is kept, and the changeable ones are changed.
pub async fn events_come_back_as_they_were_and_are_settled(storage: Fresh) -> Outcome {
    subscribe(&*storage).await?;
    let mut work = storage.begin().await?;
    work.outbox().send(&[an_event_delivery(1), an_event_delivery(2)]).await?;
    let settled = EventDelivery {
        state: DeliveryState::Dead,
        attempts: Attempts { made: 10, next_at: NOW.plus(LEASE) },
        last_status: Some(503),
        last_problem: Some("it answered with status 503".to_owned()),
        delivered_at: Some(NOW.plus(LEASE)),
        ..an_event_delivery(2)
    };
    work.outbox().settle(&settled).await?;
    assert_eq!(work.outbox().find(event_delivery_id(1)).await?, Some(an_event_delivery(1)));
    let newest = work.outbox().of_subscription(tenant_id(1), subscription_id(1), None, 9).await?;
    assert_eq!(newest, [settled.clone(), an_event_delivery(1)]);
    let before = Some(event_delivery_id(2));
    let older = work.outbox().of_subscription(tenant_id(1), subscription_id(1), before, 9).await?;
    assert_eq!(older, [an_event_delivery(1)]);
    let others = work.outbox().of_subscription(tenant_id(2), subscription_id(1), None, 9).await?;
    assert_eq!(others, []);
    assert_eq!(work.outbox().backlog().await?, (1, 1));
    Ok(())
}

/// As the inbox: when the time has come, by one.
pub async fn events_are_claimed_when_their_time_has_come(storage: Fresh) -> Outcome {
    subscribe(&*storage).await?;
    let mut work = storage.begin().await?;
    let later = NOW.plus(LEASE);
    let at = |n, next_at: Timestamp| EventDelivery {
        attempts: Attempts { made: 1, next_at },
        ..an_event_delivery(n)
    };
    work.outbox().send(&[at(1, later), at(2, NOW), at(3, NOW)]).await?;
    let claimed = work.outbox().claim(NOW, LEASE, 9).await?;
    assert_eq!(
        claimed.iter().map(|it| it.id).collect::<Vec<_>>(),
        [event_delivery_id(2), event_delivery_id(3)]
    );
    assert!(claimed.iter().all(|it| it.attempts == Attempts { made: 2, next_at: later }));
    let claimed = work.outbox().claim(later, LEASE, 1).await?;
    assert_eq!(claimed.len(), 1);
    Ok(())
}

/// `forget`: what waits, and, of webhooks, what was given up, stays.
pub async fn what_is_done_is_forgotten_and_nothing_else(storage: Fresh) -> Outcome {
    subscribe(&*storage).await?;
    let mut work = storage.begin().await?;
    let states = [DeliveryState::Done, DeliveryState::Dead, DeliveryState::Waiting];
    for (n, state) in (1..).zip(states) {
        work.inbox().receive(&HookDelivery { state, ..a_hook_delivery(n) }).await?;
        work.outbox().send(&[EventDelivery { state, ..an_event_delivery(n) }]).await?;
    }
    assert_eq!(work.inbox().forget(NOW, 9).await?, 0, "it came at that instant");
    let later = NOW.plus(LEASE);
    assert_eq!(work.inbox().forget(later, 9).await?, 1);
    assert_eq!(work.inbox().backlog().await?, (1, 1));
    assert_eq!(work.outbox().forget(later, 1).await?, 1);
    assert_eq!(work.outbox().forget(later, 9).await?, 1);
    assert_eq!(work.outbox().backlog().await?, (1, 0));
    Ok(())
}

/// What belongs to nothing is refused.
pub async fn nothing_is_kept_for_a_subscription_that_is_not_there(storage: Fresh) -> Outcome {
    move_in(&*storage).await?;
    let mut work = storage.begin().await?;
    let webhook = work.inbox().receive(&a_hook_delivery(1)).await;
    assert!(matches!(webhook, Err(StorageError::Orphan { .. })), "{webhook:?}");
    // PostgreSQL ends a unit of work with the first refusal.
    drop(work);
    let mut work = storage.begin().await?;
    let event = work.outbox().send(&[an_event_delivery(1)]).await;
    assert!(matches!(event, Err(StorageError::Orphan { .. })), "{event:?}");
    Ok(())
}
