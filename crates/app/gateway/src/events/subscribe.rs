//! Subscribing to what happens in a repository.

use lodge_access::{
    Action, Actor, Grant, Permission, Refusal, Secret, SecretKind, Subscription, SubscriptionState,
};
use lodge_forge::{EventKind, Resource};
use lodge_kernel::{ExposeSecret as _, Sealed, SecretString, SubscriptionId, TenantId, Timestamp};
use lodge_provider::{NewHook, ProviderError};
use lodge_services::SignedCall;
use lodge_storage::{StorageError, UnitOfWork};

use super::SubscribeError;
use crate::{
    Gateway,
    audit::Happened,
    read::{Ask, ReadError},
    sealing::{self, Place},
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

        let token = Secret::fresh(SecretKind::Webhook, &*self.entropy);
        let proof = Secret::fresh(SecretKind::Webhook, &*self.entropy);
        let proof = SecretString::from(proof.expose().to_owned());
        let tenant = grant.token.tenant;
        let mut work = self.storage.begin().await?;
        let subscription = Subscription {
            id,
            tenant,
            client: grant.token.client,
            authorization,
            connection: consent.connection,
            provider: consent.provider.clone(),
            repository: consent.repository.clone(),
            callback_url: wish.callback_url,
            events: events.clone(),
            state: if wish.active { SubscriptionState::Active } else { SubscriptionState::Paused },
            secret: self.seal(&mut *work, (tenant, Place::Callback(id)), &secret).await?,
            hook_digest: self.digest(token.expose()),
            hook_secret: self.seal(&mut *work, (tenant, Place::Hook(id)), &proof).await?,
            hook_ids: Vec::new(),
            created_at: now,
            updated_at: now,
        };
        // Kept first: a host may deliver before it has answered.
        work.subscriptions().add(&subscription).await?;
        work.commit().await?;

        let url = format!("{hooks}{}/{}", consent.provider, token.expose());
        let hook = NewHook { url, events, everything: false, secret: proof };
        let subscription = match webhooks.create_hook(approved.reference(), hook).await {
            Ok(hook) => Subscription { hook_ids: hook.ids, ..subscription },
            Err(source) => {
                self.end(subscription).await?;
                let provider = consent.provider.clone();
                return Err(ReadError::Provider { provider, source }.into());
            }
        };
        let mut work = self.storage.begin().await?;
        work.subscriptions().update(&subscription).await?;
        let by = Actor::Client(subscription.client);
        let made = Happened::new(subscription.tenant, by, Action::SubscriptionMade);
        self.audit(&mut *work, made.to(subscription.id)).await?;
        work.commit().await?;
        Ok(Subscribed { subscription, secret: wish.secret.is_none().then_some(secret) })
    }

    async fn seal(
        &self,
        work: &mut dyn UnitOfWork,
        place: (TenantId, Place),
        secret: &SecretString,
    ) -> Result<Sealed, StorageError> {
        let plain = secret.expose_secret();
        sealing::seal(self.accounts.vault(), work, self.now(), place, plain).await
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
