//! The ways to the consent page, and a visit to it.

use std::time::Duration;

use lodge_kernel::{
    AuthorizationId, ClientId, ConnectSessionId, CustomerId, Digest, TenantId, Timestamp,
    TransactionId,
};

use crate::PermissionSet;

/// How long a connect session waits to be opened.
pub const CONNECT_SESSION_LIFETIME: Duration = Duration::from_mins(10);
/// How long a pushed request waits to be used (RFC 9126, 2.2).
pub const PUSHED_REQUEST_LIFETIME: Duration = Duration::from_secs(90);
/// How long a customer may look at the consent page.
pub const TRANSACTION_LIFETIME: Duration = Duration::from_hours(1);

/// One invitation to the consent page, made by the app's server. It vouches
/// for the customer, and opens the page once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConnectSession {
    /// The id.
    pub id: ConnectSessionId,
    /// SHA-256 of the connect token.
    pub digest: Digest,
    /// The app's organisation.
    pub tenant: TenantId,
    /// The app.
    pub client: ClientId,
    /// The customer that the app vouches for.
    pub customer: CustomerId,
    /// The approval that waits for the customer's answer.
    pub authorization: AuthorizationId,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
    /// When the page was opened with it.
    pub used_at: Option<Timestamp>,
}

/// An authorization request that the app's server sent ahead (RFC 9126).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PushedRequest {
    /// SHA-256 of the `request_uri`'s secret part.
    pub digest: Digest,
    /// The app.
    pub client: ClientId,
    /// The request's parameters, form-encoded.
    pub parameters: String,
    /// When it ends.
    pub expires_at: Timestamp,
    /// When it was used.
    pub used_at: Option<Timestamp>,
}

/// What becomes of the customer's answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnswerMode {
    /// The browser brings it to the app, in a query.
    Query,
    /// The page tells it to the page of the app that frames it or opened it
    /// (<https://datatracker.ietf.org/doc/html/draft-sakimura-oauth-wmrm-01>).
    WebMessage,
    /// Nobody is told: the customer changes what was approved before, and goes
    /// back to the access page.
    Change,
}

impl AnswerMode {
    /// Every mode.
    pub const ALL: [Self; 3] = [Self::Query, Self::WebMessage, Self::Change];

    /// The mode in the database, and what an app calls it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Query => "query",
            Self::WebMessage => "web_message",
            Self::Change => "change",
        }
    }

    /// The mode of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }
}

/// One visit to the consent page, from authorize to approve or deny. Bound to
/// the browser that began it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transaction {
    /// The id.
    pub id: TransactionId,
    /// SHA-256 of the browser's cookie.
    pub browser: Digest,
    /// The app's organisation.
    pub tenant: TenantId,
    /// The app.
    pub client: ClientId,
    /// The customer.
    pub customer: CustomerId,
    /// The approval that waits for an answer.
    pub authorization: AuthorizationId,
    /// Where the answer goes.
    pub redirect_uri: String,
    /// How it goes there.
    pub answer: AnswerMode,
    /// What the app wants to see again.
    pub state: Option<String>,
    /// What the app asks for.
    pub scope: PermissionSet,
    /// The S256 challenge: SHA-256 of the verifier.
    pub challenge: Option<Digest>,
    /// When it began.
    pub created_at: Timestamp,
    /// When it ends by itself.
    pub expires_at: Timestamp,
    /// When the customer answered.
    pub ended_at: Option<Timestamp>,
}

impl Transaction {
    /// The customer can still answer at `now`.
    pub fn is_open(&self, now: Timestamp) -> bool {
        self.ended_at.is_none() && now < self.expires_at
    }
}
