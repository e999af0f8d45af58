//! A customer's approval for one app, repository by repository.

use lodge_forge::{ProviderName, RepositoryId};
use lodge_kernel::{AuthorizationId, ClientId, ConnectionId, CustomerId, TenantId, Timestamp};

use crate::PermissionSet;

/// Where an approval stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuthorizationState {
    /// The app asked; the customer has not answered.
    Pending,
    /// The customer approved.
    Active {
        /// When.
        since: Timestamp,
    },
    /// Customer, developer or administrator took it back, or the customer
    /// said no.
    Revoked {
        /// When.
        at: Timestamp,
    },
}

/// The approval of one repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RepositoryConsent {
    /// Through which account it is read.
    pub connection: ConnectionId,
    /// Its host.
    pub provider: ProviderName,
    /// Its id there.
    pub repository: RepositoryId,
    /// Its name when it was approved, for people.
    pub full_name: String,
    /// What may be read of it.
    pub permissions: PermissionSet,
    /// Until when.
    pub expires_at: Timestamp,
}

/// One repository of an approval that is in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApprovedRepository {
    /// The approval.
    pub authorization: AuthorizationId,
    /// Its place in it, from 0.
    pub position: u32,
    /// The app.
    pub client: ClientId,
    /// Who approved.
    pub customer: CustomerId,
    /// What was approved.
    pub consent: RepositoryConsent,
}

/// One customer's approval for one app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authorization {
    /// The id.
    pub id: AuthorizationId,
    /// The organisation of the app.
    pub tenant: TenantId,
    /// The app.
    pub client: ClientId,
    /// Who approved.
    pub customer: CustomerId,
    /// Where it stands.
    pub state: AuthorizationState,
    /// What the app said it is for.
    pub purpose: Option<String>,
    /// What was approved for the connected accounts as a whole.
    pub account_permissions: PermissionSet,
    /// The accounts it reaches.
    pub connections: Vec<(ConnectionId, ProviderName)>,
    /// The approved repositories.
    pub repositories: Vec<RepositoryConsent>,
    /// When the latest of its approvals ends; of a pending one, when the
    /// question ends.
    pub expires_at: Timestamp,
    /// When the app asked.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

impl Authorization {
    /// Every permission that some repository or account has at `now`.
    pub fn permissions(&self, now: Timestamp) -> PermissionSet {
        let live = self.repositories.iter().filter(|it| now < it.expires_at);
        let accounts =
            if now < self.expires_at { self.account_permissions } else { PermissionSet::EMPTY };
        live.fold(accounts, |all, it| all.union(it.permissions))
    }

    /// The customer said yes once: something was given, whatever became of it.
    pub const fn was_given(&self) -> bool {
        !self.repositories.is_empty() || !self.account_permissions.is_empty()
    }

    /// The same approval, as far as it does not need the connections `gone`.
    #[must_use]
    pub fn without(mut self, gone: &[ConnectionId]) -> Self {
        if !gone.is_empty() {
            self.connections.retain(|(id, _)| !gone.contains(id));
            self.repositories.retain(|it| !gone.contains(&it.connection));
        }
        self
    }

    /// The same approval, taken back at `at`. What was already taken back
    /// keeps its time.
    #[must_use]
    pub fn revoke(self, at: Timestamp) -> Self {
        match self.state {
            AuthorizationState::Revoked { .. } => self,
            AuthorizationState::Pending | AuthorizationState::Active { .. } => {
                Self { state: AuthorizationState::Revoked { at }, updated_at: at, ..self }
            }
        }
    }
}
