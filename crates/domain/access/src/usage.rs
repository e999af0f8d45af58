//! The journal: every read, who made it, and what was held back.

use std::{borrow::Cow, time::Duration};

use lodge_forge::{ProviderName, RepositoryId};
use lodge_kernel::{
    AuthorizationId, ClientId, ConnectionId, CustomerId, RequestId, TenantId, Timestamp, TokenId,
};

/// One read by an app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsageRow {
    /// The request, and the row's own id.
    pub request: RequestId,
    /// When it came in.
    pub at: Timestamp,
    /// The app's organisation.
    pub tenant: TenantId,
    /// The app.
    pub client: ClientId,
    /// The token.
    pub token: TokenId,
    /// The approval, when there was one.
    pub authorization: Option<AuthorizationId>,
    /// The customer, when there was one.
    pub customer: Option<CustomerId>,
    /// The account it was read through.
    pub connection: Option<ConnectionId>,
    /// The host.
    pub provider: Option<ProviderName>,
    /// The repository.
    pub repository: Option<RepositoryId>,
    /// The operation's name, for example `commits.list`.
    pub endpoint: Cow<'static, str>,
    /// The HTTP status of the answer.
    pub status: u16,
    /// The canonical error code of a refusal or failure.
    pub error_code: Option<Cow<'static, str>>,
    /// From the request's head to the answer's.
    pub duration: Duration,
    /// Requests that a host answered for it.
    pub upstream_calls: u32,
    /// Items in the answer.
    pub items: u32,
    /// Size of the answer's body.
    pub bytes: u64,
    /// Files and entries that the firewall held back.
    pub withheld: u32,
    /// Secrets that the firewall masked.
    pub masked: u32,
}

/// Which rows of a customer's journal are meant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UsageFilter {
    /// Of one repository.
    pub repository: Option<(ProviderName, RepositoryId)>,
    /// From this instant on.
    pub from: Option<Timestamp>,
    /// Before this instant.
    pub to: Option<Timestamp>,
}

/// What rows of the journal add up to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct UsageTotals {
    /// Requests.
    pub requests: u64,
    /// Those that were refused, or failed.
    pub refused: u64,
    /// Files and entries that the firewall held back.
    pub withheld: u64,
    /// Secrets that the firewall masked.
    pub masked: u64,
}
