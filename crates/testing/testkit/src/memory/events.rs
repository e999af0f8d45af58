//! Subscriptions, webhooks that came, and events on their way.

use std::{collections::BTreeMap, time::Duration};

use async_trait::async_trait;
use lodge_access::{
    Attempts, DeliveryState, EventDelivery, HookDelivery, Subscription, SubscriptionState,
};
use lodge_kernel::{
    ClientId, Digest, EventDeliveryId, HookDeliveryId, SubscriptionId, TenantId, Timestamp,
};
use lodge_storage::{InboxRepository, OutboxRepository, StorageError, SubscriptionRepository};

use super::{
    Rows,
    tables::{if_owned, unless_there},
};

#[async_trait]
impl SubscriptionRepository for Rows<'_> {
    async fn add(&mut self, it: &Subscription) -> Result<(), StorageError> {
        let tables = self.0.change()?;
        let there = tables.subscriptions.contains_key(&it.id)
            || tables.subscriptions.values().any(|other| other.hook_digest == it.hook_digest);
        unless_there(there, "subscription")?;
        let owned = tables.has_app(it.tenant, it.client)
            && tables.has_authorization(it.tenant, it.authorization)
            && tables.has_connection(it.tenant, it.connection);
        if_owned(owned, "subscription")?;
        tables.subscriptions.insert(it.id, it.clone());
        Ok(())
    }

    async fn find(&mut self, id: SubscriptionId) -> Result<Option<Subscription>, StorageError> {
        Ok(self.0.tables.subscriptions.get(&id).cloned())
    }

    async fn find_by_hook(&mut self, digest: Digest) -> Result<Option<Subscription>, StorageError> {
        let mut all = self.0.tables.subscriptions.values();
        Ok(all.find(|it| it.hook_digest == digest).cloned())
    }

    async fn of_client(
        &mut self,
        client: ClientId,
        after: Option<SubscriptionId>,
        limit: usize,
    ) -> Result<Vec<Subscription>, StorageError> {
        let meant = |it: &&Subscription| {
            it.client == client
                && it.state != SubscriptionState::Ended
                && after.is_none_or(|after| it.id > after)
        };
        Ok(self.0.tables.subscriptions.values().filter(meant).take(limit).cloned().collect())
    }

    async fn update(&mut self, it: &Subscription) -> Result<(), StorageError> {
        let known = self.0.change()?.subscriptions.get_mut(&it.id);
        let known = known.ok_or(StorageError::Orphan { entity: "subscription" })?;
        known.callback_url.clone_from(&it.callback_url);
        known.events.clone_from(&it.events);
        known.state = it.state;
        known.hook_ids.clone_from(&it.hook_ids);
        known.updated_at = it.updated_at;
        Ok(())
    }
}

/// What waits, in either table.
trait Waits: Clone {
    fn state(&self) -> DeliveryState;
    fn due(&self) -> Timestamp;
    fn attempts(&mut self) -> &mut Attempts;
    fn came(&self) -> Timestamp;
}

impl Waits for HookDelivery {
    fn state(&self) -> DeliveryState {
        self.state
    }
    fn due(&self) -> Timestamp {
        self.attempts.next_at
    }
    fn attempts(&mut self) -> &mut Attempts {
        &mut self.attempts
    }
    fn came(&self) -> Timestamp {
        self.received_at
    }
}

impl Waits for EventDelivery {
    fn state(&self) -> DeliveryState {
        self.state
    }
    fn due(&self) -> Timestamp {
        self.attempts.next_at
    }
    fn attempts(&mut self) -> &mut Attempts {
        &mut self.attempts
    }
    fn came(&self) -> Timestamp {
        self.created_at
    }
}

fn claim<K: Ord, W: Waits>(
    table: &mut BTreeMap<K, W>,
    now: Timestamp,
    lease: Duration,
    limit: usize,
) -> Vec<W> {
    let ready =
        table.values_mut().filter(|it| it.state() == DeliveryState::Waiting && it.due() <= now);
    let mut due: Vec<&mut W> = ready.collect();
    due.sort_by_key(|it| it.due());
    due.into_iter()
        .take(limit)
        .map(|it| {
            let attempts = it.attempts();
            attempts.made += 1;
            attempts.next_at = now.plus(lease);
            it.clone()
        })
        .collect()
}

fn backlog<K, W: Waits>(table: &BTreeMap<K, W>) -> (u64, u64) {
    let count = |state| {
        let of = table.values().filter(|it| it.state() == state).count();
        u64::try_from(of).unwrap_or(u64::MAX)
    };
    (count(DeliveryState::Waiting), count(DeliveryState::Dead))
}

/// Removes the oldest of which `ended` holds.
fn forget<K: Ord + Copy, W: Waits>(
    table: &mut BTreeMap<K, W>,
    before: Timestamp,
    limit: usize,
    ended: impl Fn(DeliveryState) -> bool,
) -> u64 {
    let old = table.iter().filter(|(_, it)| ended(it.state()) && it.came() < before);
    let mut old: Vec<(Timestamp, K)> = old.map(|(key, it)| (it.came(), *key)).collect();
    old.sort();
    old.truncate(limit);
    for (_, key) in &old {
        table.remove(key);
    }
    u64::try_from(old.len()).unwrap_or(u64::MAX)
}

#[async_trait]
impl InboxRepository for Rows<'_> {
    async fn receive(&mut self, it: &HookDelivery) -> Result<bool, StorageError> {
        let tables = self.0.change()?;
        let known = tables.subscriptions.get(&it.subscription);
        if_owned(known.is_some_and(|known| known.tenant == it.tenant), "webhook")?;
        let same =
            |other: &HookDelivery| (other.subscription, other.key) == (it.subscription, it.key);
        if tables.inbox.values().any(same) {
            return Ok(false);
        }
        tables.inbox.insert(it.id, it.clone());
        Ok(true)
    }

    async fn claim(
        &mut self,
        now: Timestamp,
        lease: Duration,
        limit: usize,
    ) -> Result<Vec<HookDelivery>, StorageError> {
        let mut taken = claim(&mut self.0.change()?.inbox, now, lease, limit);
        taken.sort_by_key(|it| it.id);
        Ok(taken)
    }

    async fn settle(&mut self, it: &HookDelivery) -> Result<(), StorageError> {
        let known = self.0.change()?.inbox.get_mut(&it.id);
        let known = known.ok_or(StorageError::Orphan { entity: "webhook" })?;
        known.state = it.state;
        known.attempts = it.attempts;
        Ok(())
    }

    async fn forget(&mut self, before: Timestamp, limit: usize) -> Result<u64, StorageError> {
        let inbox = &mut self.0.change()?.inbox;
        Ok(forget(inbox, before, limit, |state| state == DeliveryState::Done))
    }

    async fn backlog(&mut self) -> Result<(u64, u64), StorageError> {
        Ok(backlog(&self.0.tables.inbox))
    }

    async fn revive(&mut self, id: HookDeliveryId, now: Timestamp) -> Result<bool, StorageError> {
        let dead = self.0.change()?.inbox.get_mut(&id);
        let Some(dead) = dead.filter(|it| it.state == DeliveryState::Dead) else {
            return Ok(false);
        };
        dead.state = DeliveryState::Waiting;
        dead.attempts = Attempts::none(now);
        Ok(true)
    }
}

#[async_trait]
impl OutboxRepository for Rows<'_> {
    async fn send(&mut self, deliveries: &[EventDelivery]) -> Result<(), StorageError> {
        let tables = self.0.change()?;
        for it in deliveries {
            let known = tables.subscriptions.get(&it.subscription);
            if_owned(known.is_some_and(|known| known.tenant == it.tenant), "event delivery")?;
            unless_there(tables.outbox.contains_key(&it.id), "event delivery")?;
            tables.outbox.insert(it.id, it.clone());
        }
        Ok(())
    }

    async fn claim(
        &mut self,
        now: Timestamp,
        lease: Duration,
        limit: usize,
    ) -> Result<Vec<EventDelivery>, StorageError> {
        let mut taken = claim(&mut self.0.change()?.outbox, now, lease, limit);
        taken.sort_by_key(|it| it.id);
        Ok(taken)
    }

    async fn find(&mut self, id: EventDeliveryId) -> Result<Option<EventDelivery>, StorageError> {
        Ok(self.0.tables.outbox.get(&id).cloned())
    }

    async fn of_subscription(
        &mut self,
        tenant: TenantId,
        subscription: SubscriptionId,
        before: Option<EventDeliveryId>,
        limit: usize,
    ) -> Result<Vec<EventDelivery>, StorageError> {
        let meant = |it: &&EventDelivery| {
            (it.tenant, it.subscription) == (tenant, subscription)
                && before.is_none_or(|before| it.id < before)
        };
        Ok(self.0.tables.outbox.values().rev().filter(meant).take(limit).cloned().collect())
    }

    async fn settle(&mut self, it: &EventDelivery) -> Result<(), StorageError> {
        let known = self.0.change()?.outbox.get_mut(&it.id);
        let known = known.ok_or(StorageError::Orphan { entity: "event delivery" })?;
        known.state = it.state;
        known.attempts = it.attempts;
        known.last_status = it.last_status;
        known.last_problem.clone_from(&it.last_problem);
        known.delivered_at = it.delivered_at;
        Ok(())
    }

    async fn forget(&mut self, before: Timestamp, limit: usize) -> Result<u64, StorageError> {
        let outbox = &mut self.0.change()?.outbox;
        Ok(forget(outbox, before, limit, |state| state != DeliveryState::Waiting))
    }

    async fn backlog(&mut self) -> Result<(u64, u64), StorageError> {
        Ok(backlog(&self.0.tables.outbox))
    }
}
