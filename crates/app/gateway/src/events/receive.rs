//! A host delivers a webhook: it is proved, kept, and only then answered.

use lodge_access::{Attempts, DeliveryState, HookDelivery, Secret, SecretKind, SubscriptionState};
use lodge_kernel::HookDeliveryId;
use lodge_provider::{Delivery, HookRefused};
use lodge_storage::StorageError;

use super::parcel;
use crate::{
    Gateway,
    sealing::{self, Place},
};

/// What became of a webhook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Received {
    /// It is kept, and will be understood.
    Kept,
    /// It was there already.
    Repeated,
}

/// A webhook is turned away.
#[derive(Debug, thiserror::Error)]
pub enum ReceiveError {
    /// No host was given this address.
    #[error("no webhook was made for this address")]
    Unknown,
    /// The subscription has ended: the host need not try again.
    #[error("the subscription has ended")]
    Ended,
    /// The delivery is not proved.
    #[error(transparent)]
    Refused(#[from] HookRefused),
    /// It could not be kept. The host will try again.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl Gateway {
    /// Keeps a webhook that came to the address that ends with `token`. When
    /// it is kept, a power cut cannot lose it.
    ///
    /// # Errors
    ///
    /// [`ReceiveError`]. Nothing is parsed before the proof fits.
    #[tracing::instrument(name = "events.receive_hook", skip_all)]
    pub async fn receive_hook(
        &self,
        provider: &str,
        token: &str,
        delivery: Delivery,
    ) -> Result<Received, ReceiveError> {
        let token = Secret::parse(SecretKind::Webhook, token).ok_or(ReceiveError::Unknown)?;
        let digest = self.digest(token.expose());
        let mut work = self.storage.read().await?;
        let known = work.subscriptions().find_by_hook(digest).await?;
        let known = known.filter(|it| it.provider.as_str() == provider);
        let subscription = known.ok_or(ReceiveError::Unknown)?;
        let (tenant, id) = (subscription.tenant, subscription.id);
        let place = (tenant, Place::Hook(id));
        let vault = self.accounts.vault();
        let secret = sealing::open(vault, &mut *work, place, &subscription.hook_secret).await?;
        drop(work);
        let webhooks = self.providers.webhooks(&subscription.provider);
        let webhooks = webhooks.ok_or(ReceiveError::Unknown)?;
        webhooks.verify(&[secret], &delivery)?;
        if subscription.state == SubscriptionState::Ended {
            return Err(ReceiveError::Ended);
        }
        let key = match webhooks.delivery_id(&delivery) {
            Some(id) => self.digest(&id),
            None => self.keys.digest(&delivery.body),
        };
        let kept = HookDelivery {
            id: HookDeliveryId::fresh(&*self.clock, &*self.entropy),
            tenant,
            subscription: id,
            key,
            sealed: parcel::seal(&*self.keys, tenant, id, &delivery),
            state: DeliveryState::Waiting,
            attempts: Attempts::none(delivery.received_at),
            received_at: delivery.received_at,
        };
        let mut work = self.storage.begin().await?;
        let new = work.inbox().receive(&kept).await?;
        work.commit().await?;
        Ok(if new { Received::Kept } else { Received::Repeated })
    }
}
