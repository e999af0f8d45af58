//! Telling an app once more.

use lodge_access::{Attempts, DeliveryState, EventDelivery, Grant};
use lodge_kernel::{EventDeliveryId, HookDeliveryId, SubscriptionId};
use lodge_storage::StorageError;

use super::SubscribeError;
use crate::Gateway;

impl Gateway {
    /// Lets a delivery of one of the app's own subscriptions be tried again
    /// from the beginning, under the same `webhook-id`. One that is waiting is
    /// tried at once.
    ///
    /// # Errors
    ///
    /// [`SubscribeError`].
    pub async fn replay_delivery(
        &self,
        grant: &Grant,
        subscription: SubscriptionId,
        id: EventDeliveryId,
    ) -> Result<EventDelivery, SubscribeError> {
        let subscription = self.find_subscription(grant, subscription).await?;
        let mut work = self.storage.begin().await?;
        let found = work.outbox().find(id).await?;
        let own = found.filter(|it| it.subscription == subscription.id);
        let own = own.ok_or(SubscribeError::NotFound { what: "delivery" })?;
        let again = EventDelivery {
            state: DeliveryState::Waiting,
            attempts: Attempts::none(self.now()),
            delivered_at: None,
            ..own
        };
        work.outbox().settle(&again).await?;
        work.commit().await?;
        Ok(again)
    }

    /// Lets a webhook that was given up be understood again: after an adapter
    /// was mended. `false` when it was not given up.
    ///
    /// # Errors
    ///
    /// [`StorageError`].
    pub async fn replay_hook(&self, id: HookDeliveryId) -> Result<bool, StorageError> {
        let mut work = self.storage.begin().await?;
        let revived = work.inbox().revive(id, self.now()).await?;
        work.commit().await?;
        Ok(revived)
    }
}
