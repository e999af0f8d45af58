//! Subscribing to the events of a repository.

use std::convert::Infallible;

use lodge_access::{Grant, Permission};
use lodge_forge::Resource;
use lodge_provider::ProviderError;

use crate::{
    Gateway,
    read::{Ask, ReadError},
};

impl Gateway {
    /// Subscribes to events of a repository, where its host can send them.
    ///
    /// # Errors
    ///
    /// Always: of the hosts that this gateway has, none sends events. A host
    /// that does brings the success with it.
    pub fn subscribe(&self, grant: &Grant, ask: Ask<'_>) -> Result<Infallible, ReadError> {
        let approved =
            self.approve(grant, Permission::SubscribeEvents, Resource::Subscriptions, ask)?;
        let source = ProviderError::Unsupported { resource: Resource::Subscriptions };
        Err(ReadError::Provider { provider: approved.consent.provider.clone(), source })
    }
}
