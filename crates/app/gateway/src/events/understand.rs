//! What of the webhooks that came which app may hear.

use std::time::Duration;

use lodge_access::{
    Attempts, Authorization, AuthorizationState, DeliveryState, EventDelivery, HookDelivery,
    Permission, Subscription, SubscriptionState,
};
use lodge_firewall::{Firewall, Review as _, Tally};
use lodge_forge::Event;
use lodge_kernel::{EventDeliveryId, Timestamp};
use lodge_storage::StorageError;

use super::parcel;
use crate::Gateway;

/// How long one worker has for a batch.
const LEASE: Duration = Duration::from_mins(1);
/// How often it is tried to understand one webhook: an adapter that is mended
/// meanwhile gets its chance by a replay.
const TRIES: u32 = 3;

impl Gateway {
    /// Understands up to `limit` webhooks that came; answers how many were
    /// taken up. Several workers may do it at once.
    ///
    /// # Errors
    ///
    /// [`StorageError`]; what was taken up comes back when its lease is over.
    pub async fn understand_hooks(&self, limit: usize) -> Result<usize, StorageError> {
        let mut work = self.storage.begin().await?;
        let taken = work.inbox().claim(self.now(), LEASE, limit).await?;
        work.commit().await?;
        let count = taken.len();
        for it in taken {
            self.understand(it).await?;
        }
        Ok(count)
    }

    async fn understand(&self, hook: HookDelivery) -> Result<(), StorageError> {
        let now = self.now();
        let mut work = self.storage.read().await?;
        let subscription = work.subscriptions().find(hook.subscription).await?;
        let Some(subscription) = subscription else { return Ok(()) };
        let authorization = work.authorizations().find(subscription.authorization).await?;
        drop(work);

        let (settled, deliveries) = match self.events_of(&subscription, &hook) {
            Some(events) => {
                let may = |event: &Event| {
                    let approval = authorization.as_ref();
                    approval.is_some_and(|it| may_hear(it, &subscription, event, now))
                };
                let heard = events.into_iter().filter(may);
                let deliveries =
                    heard.filter_map(|event| self.parcel_for(&subscription, event, now));
                let deliveries: Vec<_> = deliveries.collect();
                (HookDelivery { state: DeliveryState::Done, ..hook }, deliveries)
            }
            None if hook.attempts.made >= TRIES => {
                tracing::warn!(hook.id = %hook.id, "a webhook cannot be understood and is given up");
                (HookDelivery { state: DeliveryState::Dead, ..hook }, Vec::new())
            }
            None => return Ok(()),
        };
        let mut work = self.storage.begin().await?;
        work.outbox().send(&deliveries).await?;
        work.inbox().settle(&settled).await?;
        work.commit().await?;

        let taken_back = authorization
            .as_ref()
            .is_none_or(|it| matches!(it.state, AuthorizationState::Revoked { .. }));
        if taken_back
            && subscription.state != SubscriptionState::Ended
            && let Err(error) = self.end(subscription).await
        {
            tracing::warn!(%error, "a subscription without an approval stays");
        }
        Ok(())
    }

    /// What the webhook tells. `None` when it cannot be read.
    fn events_of(&self, subscription: &Subscription, hook: &HookDelivery) -> Option<Vec<Event>> {
        let HookDelivery { tenant, sealed, received_at, .. } = hook;
        let keys = &*self.keys;
        let delivery = parcel::open(keys, *tenant, subscription.id, sealed, *received_at)?;
        let webhooks = self.providers.webhooks(&subscription.provider)?;
        let read = webhooks.read(&delivery);
        read.inspect_err(|error| tracing::warn!(%error, hook.id = %hook.id, "unreadable webhook"))
            .ok()
    }

    /// The event as it may leave. `None` when the firewall keeps it whole.
    fn parcel_for(
        &self,
        subscription: &Subscription,
        event: Event,
        now: Timestamp,
    ) -> Option<EventDelivery> {
        let mut tally = Tally::default();
        let kind = event.kind;
        let event = if self.policies.firewall {
            let rules = self.rules();
            let firewall = Firewall::new(&rules, &*self.keys, subscription.tenant);
            event.review(&firewall, &mut tally)?
        } else {
            event
        };
        Some(EventDelivery {
            id: EventDeliveryId::fresh(&*self.clock, &*self.entropy),
            tenant: subscription.tenant,
            subscription: subscription.id,
            event: kind,
            body: self.events.writer.event(subscription.id, &event, &tally, now),
            state: DeliveryState::Waiting,
            attempts: Attempts::none(now),
            last_status: None,
            last_problem: None,
            created_at: now,
            delivered_at: None,
        })
    }
}

/// The app may hear of `event` at this moment: it wished to, the event is of
/// the repository that it subscribed to, and the approval, as it is now, lets
/// it read the same.
fn may_hear(
    approval: &Authorization,
    subscription: &Subscription,
    event: &Event,
    now: Timestamp,
) -> bool {
    let wished = subscription.state == SubscriptionState::Active
        && subscription.events.contains(&event.kind)
        && event.provider == subscription.provider
        && event.repository == subscription.repository;
    let active =
        matches!(approval.state, AuthorizationState::Active { .. }) && now < approval.expires_at;
    let consent = approval.repositories.iter().find(|it| {
        it.provider == subscription.provider && it.repository == subscription.repository
    });
    wished
        && active
        && consent.is_some_and(|it| {
            now < it.expires_at
                && it.permissions.contains(Permission::SubscribeEvents)
                && it.permissions.contains(Subscription::needs(event.kind))
        })
}
