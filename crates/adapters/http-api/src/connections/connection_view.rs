//! A connection in JSON. Its tokens are in no answer.

use lodge_access::Connection;
use lodge_gateway::connections::ConnectionDetails;
use lodge_kernel::ConnectionId;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    problem::{Code, Problem},
    views::Time,
};

/// One connection.
#[derive(Serialize, ToSchema)]
pub(crate) struct ConnectionAnswer {
    pub(crate) data: ConnectionView,
    pub(crate) request_id: String,
}

/// One connection.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ConnectionView {
    id: String,
    tenant_id: String,
    customer_id: String,
    provider: String,
    /// `configured` by the operator, by a login (`oauth`), or by a token
    /// (`personal`).
    kind: &'static str,
    account: AccountPart,
    /// `active`, `needs_reconnect`, `disabled` or `disconnected`.
    status: &'static str,
    /// What the provider lets us do, in its own words.
    scopes: Vec<String>,
    /// When the access token ends.
    expires_at: Option<Time>,
    /// It is refreshed by itself.
    refreshable: bool,
    /// When the access token was got.
    refreshed_at: Option<Time>,
    created_at: Time,
    updated_at: Time,
}

/// The account at its provider.
#[derive(Serialize, ToSchema)]
pub(crate) struct AccountPart {
    /// Stays the same when the account is renamed.
    id: String,
    login: String,
}

impl AccountPart {
    pub(crate) fn of(connection: &Connection) -> Self {
        Self { id: connection.host_account.clone(), login: connection.account.clone() }
    }
}

impl From<ConnectionDetails> for ConnectionView {
    fn from(it: ConnectionDetails) -> Self {
        let ConnectionDetails { connection, expires_at, is_refreshed, refreshed_at } = it;
        Self {
            account: AccountPart::of(&connection),
            id: connection.id.to_string(),
            tenant_id: connection.tenant.to_string(),
            customer_id: connection.customer.to_string(),
            provider: connection.provider.to_string(),
            kind: connection.kind.name(),
            status: connection.status.name(),
            scopes: connection.scopes,
            expires_at: expires_at.map(Time::from),
            refreshable: is_refreshed,
            refreshed_at: refreshed_at.map(Time::from),
            created_at: connection.created_at.into(),
            updated_at: connection.updated_at.into(),
        }
    }
}

/// The connection in the path.
pub(crate) fn connection_id(request: &actix_web::HttpRequest) -> Result<ConnectionId, Problem> {
    let text = request.match_info().get("connectionId").unwrap_or_default();
    let unknown =
        |_not_an_id| Problem::new(Code::ResourceNotFound, "there is no connection of this id");
    text.parse().map_err(unknown)
}
