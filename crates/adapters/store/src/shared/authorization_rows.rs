//! The rows of approvals and their parts.

use diesel::prelude::*;
use lodge_access::{Authorization, AuthorizationState, RepositoryConsent};
use lodge_forge::ProviderName;
use lodge_kernel::{ConnectionId, Timestamp};
use lodge_storage::StorageError;

use super::{
    Db, Key,
    schema::{authorization_connections, authorizations},
};
use crate::convert::Row;

pub(super) const ROW: Row = Row("authorization");

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = authorizations, check_for_backend(Db))]
pub(super) struct AuthorizationRow {
    pub(super) tenant_id: Key,
    pub(super) id: Key,
    #[diesel(embed)]
    pub(super) changing: Changing,
    pub(super) revision: i64,
}

/// What an update writes. `None` is written too: it is not left as it was.
#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = authorizations, treat_none_as_null = true, check_for_backend(Db))]
pub(super) struct Changing {
    pub(super) client_id: Key,
    pub(super) customer_id: Key,
    pub(super) state: String,
    pub(super) state_at: Option<i64>,
    pub(super) purpose: Option<String>,
    pub(super) account_permissions: String,
    pub(super) expires_at: i64,
    pub(super) created_at: i64,
    pub(super) updated_at: i64,
}

const PENDING: &str = "pending";
pub(super) const ACTIVE: &str = "active";
pub(super) const REVOKED: &str = "revoked";

impl From<&Authorization> for Changing {
    fn from(it: &Authorization) -> Self {
        let (state, state_at) = match it.state {
            AuthorizationState::Pending => (PENDING, None),
            AuthorizationState::Active { since } => (ACTIVE, Some(since.as_micros())),
            AuthorizationState::Revoked { at } => (REVOKED, Some(at.as_micros())),
        };
        Self {
            client_id: it.client.into(),
            customer_id: it.customer.into(),
            state: state.to_owned(),
            state_at,
            purpose: it.purpose.clone(),
            account_permissions: it.account_permissions.to_string(),
            expires_at: it.expires_at.as_micros(),
            created_at: it.created_at.as_micros(),
            updated_at: it.updated_at.as_micros(),
        }
    }
}

impl AuthorizationRow {
    pub(super) fn with(
        self,
        connections: Vec<(ConnectionId, ProviderName)>,
        repositories: Vec<RepositoryConsent>,
    ) -> Result<Authorization, StorageError> {
        let it = self.changing;
        let at = it.state_at.map(Timestamp::from_micros);
        let state = match (it.state.as_str(), at) {
            (PENDING, _) => AuthorizationState::Pending,
            (ACTIVE, Some(since)) => AuthorizationState::Active { since },
            (REVOKED, Some(at)) => AuthorizationState::Revoked { at },
            _ => return Err(ROW.corrupt("it has no known state")),
        };
        Ok(Authorization {
            id: self.id.into(),
            tenant: self.tenant_id.into(),
            client: it.client_id.into(),
            customer: it.customer_id.into(),
            state,
            purpose: it.purpose,
            account_permissions: ROW.permissions(&it.account_permissions)?,
            connections,
            repositories,
            expires_at: Timestamp::from_micros(it.expires_at),
            created_at: Timestamp::from_micros(it.created_at),
            updated_at: Timestamp::from_micros(it.updated_at),
        })
    }
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = authorization_connections, check_for_backend(Db))]
pub(super) struct ConnectionRow {
    pub(super) tenant_id: Key,
    pub(super) authorization_id: Key,
    pub(super) position: i64,
    pub(super) connection_id: Key,
    pub(super) provider: String,
}
