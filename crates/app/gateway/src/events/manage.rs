//! What an app has subscribed to, pausing it, and ending it.

use lodge_access::{
    Action, Actor, EventDelivery, Grant, Permission, Subscription, SubscriptionState,
};
use lodge_kernel::{EventDeliveryId, SubscriptionId};
use lodge_pagination::Limit;
use lodge_provider::{Account, RepositoryRef};

use super::SubscribeError;
use crate::{Gateway, audit::Happened, read::ReadError};

impl Gateway {
    /// A page of the app's own subscriptions, oldest first, and whether there
    /// are more.
    ///
    /// # Errors
    ///
    /// [`SubscribeError`].
    pub async fn list_subscriptions(
        &self,
        grant: &Grant,
        after: Option<SubscriptionId>,
        limit: Limit,
    ) -> Result<(Vec<Subscription>, bool), SubscribeError> {
        let authorization = self.subscriber(grant)?;
        let mut work = self.storage.read().await?;
        let mut page = Vec::new();
        let mut after = after;
        // Those of other customers of the same app are passed over.
        loop {
            let more =
                work.subscriptions().of_client(grant.token.client, after, Limit::MAX.get()).await?;
            let Some(last) = more.last() else { return Ok((page, false)) };
            after = Some(last.id);
            for it in more.into_iter().filter(|it| it.authorization == authorization) {
                if page.len() == limit.get() {
                    return Ok((page, true));
                }
                page.push(it);
            }
        }
    }

    /// One of the app's own subscriptions.
    ///
    /// # Errors
    ///
    /// [`SubscribeError::NotFound`] for another one's, too.
    pub async fn find_subscription(
        &self,
        grant: &Grant,
        id: SubscriptionId,
    ) -> Result<Subscription, SubscribeError> {
        let authorization = self.subscriber(grant)?;
        let mut work = self.storage.read().await?;
        let found = work.subscriptions().find(id).await?;
        let own = found
            .filter(|it| it.authorization == authorization && it.state != SubscriptionState::Ended);
        own.ok_or(SubscribeError::NotFound { what: "subscription" })
    }

    /// Pauses a subscription, or lets it go on.
    ///
    /// # Errors
    ///
    /// [`SubscribeError`].
    pub async fn set_subscription_active(
        &self,
        grant: &Grant,
        id: SubscriptionId,
        active: bool,
    ) -> Result<Subscription, SubscribeError> {
        let found = self.find_subscription(grant, id).await?;
        let state = if active { SubscriptionState::Active } else { SubscriptionState::Paused };
        let changed = Subscription { state, updated_at: self.now(), ..found };
        let mut work = self.storage.begin().await?;
        work.subscriptions().update(&changed).await?;
        work.commit().await?;
        Ok(changed)
    }

    /// Ends a subscription: nothing more is delivered, and its host is told.
    ///
    /// # Errors
    ///
    /// [`SubscribeError`]. A host that cannot be told is no error: what it
    /// goes on to send is turned away.
    pub async fn end_subscription(
        &self,
        grant: &Grant,
        id: SubscriptionId,
    ) -> Result<(), SubscribeError> {
        let found = self.find_subscription(grant, id).await?;
        self.end(found).await
    }

    /// The newest deliveries of one of the app's own subscriptions, newest
    /// first.
    ///
    /// # Errors
    ///
    /// [`SubscribeError`].
    pub async fn list_deliveries(
        &self,
        grant: &Grant,
        id: SubscriptionId,
        before: Option<EventDeliveryId>,
        limit: Limit,
    ) -> Result<(Vec<EventDelivery>, bool), SubscribeError> {
        let found = self.find_subscription(grant, id).await?;
        let mut work = self.storage.read().await?;
        let most = limit.get() + 1;
        let mut page = work.outbox().of_subscription(found.tenant, id, before, most).await?;
        let more = page.len() > limit.get();
        page.truncate(limit.get());
        Ok((page, more))
    }

    /// Ends `subscription`, whoever wants it.
    pub(super) async fn end(&self, subscription: Subscription) -> Result<(), SubscribeError> {
        let ended = Subscription {
            state: SubscriptionState::Ended,
            updated_at: self.now(),
            ..subscription
        };
        let mut work = self.storage.begin().await?;
        work.subscriptions().update(&ended).await?;
        let by = Actor::Client(ended.client);
        let end = Happened::new(ended.tenant, by, Action::SubscriptionEnded).to(ended.id);
        self.audit(&mut *work, end).await?;
        work.commit().await?;
        let webhooks = self.providers.webhooks(&ended.provider);
        let Some(webhooks) = webhooks.filter(|_| !ended.hook_ids.is_empty()) else { return Ok(()) };
        let account = Account { tenant: ended.tenant, connection: ended.connection };
        let repository = RepositoryRef { account, id: ended.repository };
        if let Err(error) = webhooks.delete_hook(repository, ended.hook_ids).await {
            tracing::warn!(%error, "a webhook stays at its host");
        }
        Ok(())
    }

    /// The approval that the token subscribes under.
    fn subscriber(&self, grant: &Grant) -> Result<lodge_kernel::AuthorizationId, SubscribeError> {
        let allowed = grant.check(Permission::SubscribeEvents, self.now());
        Ok(allowed.map_err(ReadError::from)?.id)
    }
}
