//! Organisations, people and customers.

use lodge_kernel::{ClientId, CustomerId, Digest, SessionId, TenantId, Timestamp, UserId};

/// One organisation that owns apps. No data crosses from one to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tenant {
    /// Its id.
    pub id: TenantId,
    /// Its name.
    pub name: String,
    /// When it was made.
    pub created_at: Timestamp,
}

/// One developer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// The id.
    pub id: UserId,
    /// The organisation whose apps this person makes.
    pub tenant: TenantId,
    /// The address, in lower case, unique.
    pub email: String,
    /// The person's name.
    pub name: Option<String>,
    /// When the person was added.
    pub created_at: Timestamp,
}

/// One session of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// The id.
    pub id: SessionId,
    /// SHA-256 of the session token.
    pub digest: Digest,
    /// Whose it is.
    pub user: UserId,
    /// When it began.
    pub created_at: Timestamp,
    /// When it ends by itself.
    pub expires_at: Timestamp,
    /// When somebody ended it.
    pub revoked_at: Option<Timestamp>,
}

impl Session {
    /// It can be used at `now`.
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none() && now < self.expires_at
    }
}

/// One customer of one app: whose accounts are connected and who approves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Customer {
    /// The id.
    pub id: CustomerId,
    /// The organisation of the app.
    pub tenant: TenantId,
    /// The app.
    pub client: ClientId,
    /// What the app calls this customer. A label, never a credential.
    pub reference: Option<String>,
    /// What the app says the customer is named.
    pub name: Option<String>,
    /// The app itself vouched for the reference, by a connect session, a
    /// pushed request or a signature. A reference that only stood in a URL opens a fresh
    /// customer that is never found again by it.
    pub vouched: bool,
    /// When it was first seen.
    pub created_at: Timestamp,
}
