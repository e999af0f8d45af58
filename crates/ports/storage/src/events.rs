//! Subscriptions, webhooks that came, and events on their way.

use std::time::Duration;

use async_trait::async_trait;
use lodge_access::{EventDelivery, HookDelivery, Subscription};
use lodge_kernel::{
    ClientId, Digest, EventDeliveryId, HookDeliveryId, SubscriptionId, TenantId, Timestamp,
};

use crate::StorageError;

/// Subscriptions.
#[async_trait]
pub trait SubscriptionRepository: Send {
    /// Adds a new one.
    async fn add(&mut self, subscription: &Subscription) -> Result<(), StorageError>;
    /// Finds one. `None` when there is none.
    async fn find(&mut self, id: SubscriptionId) -> Result<Option<Subscription>, StorageError>;
    /// Finds one by the digest of the address that its host delivers to.
    async fn find_by_hook(&mut self, digest: Digest) -> Result<Option<Subscription>, StorageError>;
    /// The subscriptions of an app, oldest first: at most `limit` after
    /// `after`. Ended ones are left out.
    async fn of_client(
        &mut self,
        client: ClientId,
        after: Option<SubscriptionId>,
        limit: usize,
    ) -> Result<Vec<Subscription>, StorageError>;
    /// Writes callback, events, state, hook ids and time of a known one.
    async fn update(&mut self, subscription: &Subscription) -> Result<(), StorageError>;
}

/// Webhooks that came.
#[async_trait]
pub trait InboxRepository: Send {
    /// Keeps one. `false` when one with the same key is there for the same
    /// subscription already: MUST keep it at most once, however many come at
    /// the same time.
    async fn receive(&mut self, delivery: &HookDelivery) -> Result<bool, StorageError>;
    /// Takes up to `limit` waiting ones whose time has come, oldest first,
    /// counts the attempt and lets nobody else take them until `lease` is
    /// over. Two that claim at once MUST get different ones.
    async fn claim(
        &mut self,
        now: Timestamp,
        lease: Duration,
        limit: usize,
    ) -> Result<Vec<HookDelivery>, StorageError>;
    /// Writes state and attempts of a known one.
    async fn settle(&mut self, delivery: &HookDelivery) -> Result<(), StorageError>;
    /// Removes up to `limit` that are done and came before `before`.
    async fn forget(&mut self, before: Timestamp, limit: usize) -> Result<u64, StorageError>;
    /// How many are waiting, and how many were given up.
    async fn backlog(&mut self) -> Result<(u64, u64), StorageError>;
    /// Makes one that was given up wait again. `false` when there is none.
    async fn revive(&mut self, id: HookDeliveryId, now: Timestamp) -> Result<bool, StorageError>;
}

/// Events on their way.
#[async_trait]
pub trait OutboxRepository: Send {
    /// Adds new ones.
    async fn send(&mut self, deliveries: &[EventDelivery]) -> Result<(), StorageError>;
    /// As [`InboxRepository::claim`].
    async fn claim(
        &mut self,
        now: Timestamp,
        lease: Duration,
        limit: usize,
    ) -> Result<Vec<EventDelivery>, StorageError>;
    /// Finds one. `None` when there is none.
    async fn find(&mut self, id: EventDeliveryId) -> Result<Option<EventDelivery>, StorageError>;
    /// Those of a subscription, newest first: at most `limit` before `before`.
    async fn of_subscription(
        &mut self,
        tenant: TenantId,
        subscription: SubscriptionId,
        before: Option<EventDeliveryId>,
        limit: usize,
    ) -> Result<Vec<EventDelivery>, StorageError>;
    /// Writes state, attempts and outcome of a known one.
    async fn settle(&mut self, delivery: &EventDelivery) -> Result<(), StorageError>;
    /// Removes up to `limit` that are not waiting and came before `before`.
    async fn forget(&mut self, before: Timestamp, limit: usize) -> Result<u64, StorageError>;
    /// How many are waiting, and how many were given up.
    async fn backlog(&mut self) -> Result<(u64, u64), StorageError>;
}
