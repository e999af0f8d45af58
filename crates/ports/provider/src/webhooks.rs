//! Webhooks: asking a host to send events, and proving that it was the host
//! who sent one.

use async_trait::async_trait;
use lodge_forge::{Event, EventKind, Resource};
use lodge_kernel::{SecretString, Timestamp};

use crate::{ProviderError, RepositoryRef, WebhookScheme};

/// A webhook to be made at a host.
#[derive(Clone, Debug)]
pub struct NewHook {
    /// Where the host delivers to: an address of ours that nobody can guess.
    pub url: String,
    /// What it must tell.
    pub events: Vec<EventKind>,
    /// It must also tell what courses go by and apps are not told: remarks,
    /// issues, jobs. A host that sends none of that tells what it can.
    pub everything: bool,
    /// What deliveries are proved with, in the host's own scheme.
    pub secret: SecretString,
}

/// A webhook at a host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hook {
    /// The host's ids of it: several where the host has one for each event.
    pub ids: Vec<String>,
    /// The host sends at present.
    pub active: bool,
}

/// A request that claims to come from a host.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// The headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body, byte for byte.
    pub body: Vec<u8>,
    /// When it came.
    pub received_at: Timestamp,
}

impl Delivery {
    /// The value of a header. `None` when it is missing, or there twice: no
    /// host sends one twice, and of two we would not know which was meant.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.iter().filter(|(known, _)| known == name);
        match (values.next(), values.next()) {
            (Some((_, value)), None) => Some(value),
            _ => None,
        }
    }
}

/// A delivery that is not proved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HookRefused {
    /// There is no proof in it.
    #[error("the delivery is not signed")]
    Unsigned,
    /// The proof does not fit the body and the secret.
    #[error("the delivery's signature does not fit")]
    WrongSignature,
    /// The proof is of another time.
    #[error("the delivery is older than five minutes, or from the future")]
    Stale,
}

/// A host that sends webhooks.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait Webhooks: Send + Sync {
    /// The kinds of event that the host can send.
    fn events(&self) -> &'static [EventKind];

    /// Makes a webhook.
    async fn create_hook(
        &self,
        repository: RepositoryRef,
        hook: NewHook,
    ) -> Result<Hook, ProviderError>;

    /// Removes a webhook. One that is not there is not an error.
    async fn delete_hook(
        &self,
        repository: RepositoryRef,
        ids: Vec<String>,
    ) -> Result<(), ProviderError>;

    /// The webhook as it is at the host now. `None` when it is not there.
    async fn find_hook(
        &self,
        repository: RepositoryRef,
        ids: Vec<String>,
    ) -> Result<Option<Hook>, ProviderError> {
        let _ = (repository, ids);
        Err(ProviderError::Unsupported { resource: Resource::Subscriptions })
    }

    /// The webhooks of a repository whose address ends in `ending`: those that
    /// the host has made and whose ids nobody was told.
    async fn hooks_to(
        &self,
        repository: RepositoryRef,
        ending: String,
    ) -> Result<Vec<Hook>, ProviderError> {
        let _ = (repository, ending);
        Err(ProviderError::Unsupported { resource: Resource::Subscriptions })
    }

    /// Has the host send something to the webhook now. One that the host has
    /// switched off after failures is switched on again when that is taken.
    async fn test_hook(
        &self,
        repository: RepositoryRef,
        ids: Vec<String>,
    ) -> Result<(), ProviderError> {
        let _ = (repository, ids);
        Err(ProviderError::Unsupported { resource: Resource::Subscriptions })
    }

    /// How the host proves and names what it delivers.
    fn scheme(&self) -> &'static dyn WebhookScheme;

    /// As [`WebhookScheme::verify`].
    ///
    /// # Errors
    ///
    /// [`HookRefused`] with what is wrong with the proof.
    fn verify(&self, secrets: &[SecretString], delivery: &Delivery) -> Result<(), HookRefused> {
        self.scheme().verify(secrets, delivery)
    }

    /// As [`WebhookScheme::delivery_id`].
    fn delivery_id(&self, delivery: &Delivery) -> Option<String> {
        self.scheme().delivery_id(delivery)
    }

    /// What the delivery tells: nothing for an event that has no unified kind
    /// (a ping, a comment …).
    ///
    /// # Errors
    ///
    /// [`ProviderError::Malformed`] for a body that is not the host's.
    fn read(&self, delivery: &Delivery) -> Result<Vec<Event>, ProviderError>;
}
