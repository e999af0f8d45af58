//! Apps.

use async_trait::async_trait;
use lodge_access::App;
use lodge_kernel::{ClientId, TenantId, UserId};

use crate::StorageError;

/// Which apps are meant; all when nothing is said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AppFilter {
    /// Of this organisation.
    pub tenant: Option<TenantId>,
    /// Of this developer.
    pub owner: Option<UserId>,
}

/// Apps.
#[async_trait]
pub trait AppRepository: Send {
    /// Adds a new one with its secrets.
    async fn add(&mut self, app: &App) -> Result<(), StorageError>;
    /// Finds one, deleted ones too. `None` when there is none.
    async fn find(&mut self, id: ClientId) -> Result<Option<App>, StorageError>;
    /// The apps of an organisation that are not deleted, oldest first: at most
    /// `limit` after the app `after`.
    async fn of_tenant(
        &mut self,
        tenant: TenantId,
        after: Option<ClientId>,
        limit: usize,
    ) -> Result<Vec<App>, StorageError>;
    /// The apps that are meant and not deleted, oldest first: at most `limit`
    /// after the app `after`.
    async fn list(
        &mut self,
        filter: AppFilter,
        after: Option<ClientId>,
        limit: usize,
    ) -> Result<Vec<App>, StorageError>;
    /// Writes everything of a known app, its secrets too. Id, tenant, owner
    /// and date of birth stay.
    async fn update(&mut self, app: &App) -> Result<(), StorageError>;
}
