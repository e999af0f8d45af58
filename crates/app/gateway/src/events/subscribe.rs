//! Subscribing to what happens in a repository.

use lodge_access::{
    Grant, Permission, Refusal, Secret, SecretKind, Subscription, SubscriptionState,
};
use lodge_forge::{EventKind, Resource};
use lodge_kernel::{SecretString, SubscriptionId, Timestamp};
use lodge_provider::{NewHook, ProviderError};
use lodge_services::SignedCall;

use super::{
    SubscribeError,
    seal::{Sealed, seal_secret},
};
use crate::{
    Gateway,
    read::{Ask, ReadError},
};

/// What an app wishes.
#[derive(Clone, Debug)]
pub struct Wish {
    /// Where it wants to be told.
    pub callback_url: String,
    /// What it wants to be told; empty for everything that the host can tell
    /// and the approval lets it read.
    pub events: Vec<EventKind>,
    /// Begin at once, or paused.
    pub active: bool,
    /// What deliveries are signed with; made here when absent.
    pub secret: Option<SecretString>,
}

/// A subscription, and its secret when it was made here: it is not shown
/// again.
#[derive(Debug)]
pub struct Subscribed {
    /// The subscription.
    pub subscription: Subscription,
    /// The new secret.
    pub secret: Option<SecretString>,
}

impl Gateway {
    /// Subscribes to events of a repository, where its host can send them. The
    /// callback must first prove that it wants to be called. `hooks` is our
    /// own address that hosts deliver to, with a slash at its end.
    ///
    /// # Errors
    ///
    /// What can be refused here is refused before anybody is called.
    pub async fn subscribe(
        &self,
        grant: &Grant,
        ask: Ask<'_>,
        wish: Wish,
        hooks: &str,
    ) -> Result<Subscribed, SubscribeError> {
        let permission = Permission::SubscribeEvents;
        let approved = self.approve(grant, permission, Resource::Subscriptions, ask)?;
        let (consent, now) = (approved.consent, self.now());
        let authorization =
            grant.token.authorization.ok_or(ReadError::from(Refusal::ApprovalRequired))?;
        let webhooks = self.providers.webhooks(&consent.provider);
        let unsupported = || ReadError::Provider {
            provider: consent.provider.clone(),
            source: ProviderError::Unsupported { resource: Resource::Subscriptions },
        };
        let webhooks = webhooks.ok_or_else(unsupported)?;
        let events = chosen(&wish, webhooks.events(), grant, consent)?;
        self.events.callbacks.check_url(&wish.callback_url)?;
        let secret = match &wish.secret {
            Some(secret) => secret.clone(),
            None => self.new_secret(),
        };
        self.events.callbacks.check_secret(&secret)?;

        let id = SubscriptionId::fresh(&*self.clock, &*self.entropy);
        self.challenge(id, &wish.callback_url, &secret, now).await?;

        let tenant = grant.token.tenant;
        let token = Secret::fresh(SecretKind::Webhook, &*self.entropy);
        let proof = Secret::fresh(SecretKind::Webhook, &*self.entropy);
        let proof = SecretString::from(proof.expose().to_owned());
        let url = format!("{hooks}{}/{}", consent.provider, token.expose());
        let hook = NewHook { url, events: events.clone(), secret: proof.clone() };
        let hook = webhooks.create_hook(approved.reference(), hook).await;
        let hook = hook
            .map_err(|source| ReadError::Provider { provider: consent.provider.clone(), source })?;
        let state = if wish.active { SubscriptionState::Active } else { SubscriptionState::Paused };
        let subscription = Subscription {
            id,
            tenant,
            client: grant.token.client,
            authorization,
            connection: consent.connection,
            provider: consent.provider.clone(),
            repository: consent.repository.clone(),
            callback_url: wish.callback_url,
            events,
            state,
            sealed_secret: seal_secret(&*self.keys, Sealed::Callback, tenant, id, &secret),
            hook_digest: self.digest(token.expose()),
            sealed_hook_secret: seal_secret(&*self.keys, Sealed::Hook, tenant, id, &proof),
            hook_ids: hook.ids,
            created_at: now,
            updated_at: now,
        };
        if let Err(error) = self.keep(&subscription).await {
            // A webhook that nobody knows of would knock for ever.
            let ids = subscription.hook_ids.clone();
            if let Err(left) = webhooks.delete_hook(approved.reference(), ids).await {
                tracing::warn!(error = %left, "a webhook stays at its host");
            }
            return Err(error.into());
        }
        Ok(Subscribed { subscription, secret: wish.secret.is_none().then_some(secret) })
    }

    async fn keep(&self, subscription: &Subscription) -> Result<(), lodge_storage::StorageError> {
        let mut work = self.storage.begin().await?;
        work.subscriptions().add(subscription).await?;
        work.commit().await
    }

    fn new_secret(&self) -> SecretString {
        let mut random = [0; 32];
        self.entropy.fill(&mut random);
        self.events.callbacks.secret_of(random)
    }

    /// Asks the callback whether it wants to be called: it must say a word in
    /// its answer that only the one who was called knows.
    pub(super) async fn challenge(
        &self,
        id: SubscriptionId,
        url: &str,
        secret: &SecretString,
        now: Timestamp,
    ) -> Result<(), SubscribeError> {
        let word = Secret::fresh(SecretKind::Webhook, &*self.entropy);
        let call = SignedCall {
            url: url.to_owned(),
            id: format!("{id}.challenge"),
            at: now,
            secret: secret.clone(),
            body: self.events.writer.challenge(id, word.expose(), now),
        };
        let answer = self.events.callbacks.call(call).await?;
        if !(200..300).contains(&answer.status) {
            let problem = format!("it answered with status {}", answer.status);
            return Err(SubscribeError::Challenge { problem });
        }
        let word = word.expose().as_bytes();
        if !answer.body.windows(word.len()).any(|it| it == word) {
            let problem = "its answer does not repeat the challenge".to_owned();
            return Err(SubscribeError::Challenge { problem });
        }
        Ok(())
    }
}

/// The kinds that are wished, that the host can tell, and that the approval
/// lets the app read.
fn chosen(
    wish: &Wish,
    told: &[EventKind],
    grant: &Grant,
    consent: &lodge_access::RepositoryConsent,
) -> Result<Vec<EventKind>, SubscribeError> {
    let readable = |kind: EventKind| {
        let needed = Subscription::needs(kind);
        grant.token.permissions.contains(needed) && consent.permissions.contains(needed)
    };
    if wish.events.is_empty() {
        let all: Vec<_> = told.iter().copied().filter(|kind| readable(*kind)).collect();
        if all.is_empty() {
            let problem = "the approval lets this token read nothing that events tell".to_owned();
            return Err(SubscribeError::Invalid { problem });
        }
        return Ok(all);
    }
    let mut events = Vec::new();
    for kind in &wish.events {
        if !told.contains(kind) {
            let can: Vec<_> = told.iter().map(|kind| kind.name()).collect();
            let problem = format!("this host cannot tell `{kind}`: it can tell {}", can.join(", "));
            return Err(SubscribeError::Invalid { problem });
        }
        if !readable(*kind) {
            let required = Subscription::needs(*kind);
            let granted = grant.token.permissions.intersection(consent.permissions);
            return Err(ReadError::from(Refusal::InsufficientScope { required, granted }).into());
        }
        if !events.contains(kind) {
            events.push(*kind);
        }
    }
    Ok(events)
}
