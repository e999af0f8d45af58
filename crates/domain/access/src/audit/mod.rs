//! The audit trail: who changed what, in a chain that cannot be mended.
//!
//! Each organisation has a chain of its own, and the installation has one. An
//! entry's hash covers the hash before it, so that a change of any entry shows
//! in every later one. That the end was cut off shows in a [`Checkpoint`],
//! which is kept where the database's owner cannot change it.

mod action;
mod checkpoint;
mod walk;

use std::{fmt, str::FromStr};

use lodge_kernel::{
    AdminKeyId, AuditEventId, ClientId, CustomerId, Digest, RequestId, TenantId, Timestamp, UserId,
};

pub use action::Action;
pub use checkpoint::Checkpoint;
pub use walk::{Fault, Walk, Witness};

/// The longest text that an entry keeps, in characters; what is longer is cut.
pub const LONGEST_TEXT: usize = 500;

/// Whose chain an entry stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Chain {
    /// What concerns no single organisation.
    Installation,
    /// One organisation's.
    Tenant(TenantId),
}

impl Chain {
    /// The organisation, if it is one's.
    pub const fn tenant(self) -> Option<TenantId> {
        match self {
            Self::Installation => None,
            Self::Tenant(id) => Some(id),
        }
    }
}

impl From<Option<TenantId>> for Chain {
    fn from(tenant: Option<TenantId>) -> Self {
        tenant.map_or(Self::Installation, Self::Tenant)
    }
}

impl fmt::Display for Chain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Installation => f.write_str("installation"),
            Self::Tenant(id) => id.fmt(f),
        }
    }
}

/// A text is not what an entry or a checkpoint has in its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is no {expected} of the audit trail")]
pub struct ParseAuditError {
    /// What was expected.
    pub expected: &'static str,
}

impl FromStr for Chain {
    type Err = ParseAuditError;

    fn from_str(text: &str) -> Result<Self, ParseAuditError> {
        if text == "installation" {
            return Ok(Self::Installation);
        }
        let tenant = text.parse().map(Self::Tenant);
        tenant.map_err(|_not_an_id| ParseAuditError { expected: "chain" })
    }
}

/// Who did it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Actor {
    /// A person with an account.
    User(UserId),
    /// An app, by its secret.
    Client(ClientId),
    /// A customer, on a page that was opened for them.
    Customer(CustomerId),
    /// A program with an admin key.
    AdminKey(AdminKeyId),
    /// Whoever reaches the command line or the admin listener.
    Operator,
    /// A program with the course token of the environment, `TEACHER_API_TOKEN`.
    Bootstrap,
    /// The gateway itself.
    System,
    /// Nobody who is known: a login that failed, for example.
    Stranger,
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::User(id) => id.fmt(f),
            Self::Client(id) => id.fmt(f),
            Self::Customer(id) => id.fmt(f),
            Self::AdminKey(id) => id.fmt(f),
            Self::Operator => f.write_str("operator"),
            Self::Bootstrap => f.write_str("bootstrap"),
            Self::System => f.write_str("system"),
            Self::Stranger => f.write_str("stranger"),
        }
    }
}

impl FromStr for Actor {
    type Err = ParseAuditError;

    fn from_str(text: &str) -> Result<Self, ParseAuditError> {
        let someone = match text {
            "operator" => Some(Self::Operator),
            "bootstrap" => Some(Self::Bootstrap),
            "system" => Some(Self::System),
            "stranger" => Some(Self::Stranger),
            _ => None,
        };
        someone
            .or_else(|| text.parse().ok().map(Self::User))
            .or_else(|| text.parse().ok().map(Self::Client))
            .or_else(|| text.parse().ok().map(Self::Customer))
            .or_else(|| text.parse().ok().map(Self::AdminKey))
            .ok_or(ParseAuditError { expected: "actor" })
    }
}

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was done.
    Done,
    /// It was tried and refused.
    Refused,
}

impl Outcome {
    /// The word in answers and in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Refused => "refused",
        }
    }

    /// The outcome of this name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Done, Self::Refused].into_iter().find(|it| it.name() == name)
    }
}

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEvent {
    /// The id.
    pub id: AuditEventId,
    /// When.
    pub at: Timestamp,
    /// Whose chain it stands in.
    pub chain: Chain,
    /// Who did it.
    pub actor: Actor,
    /// What was done.
    pub action: Action,
    /// What it was done to: an id, mostly.
    pub subject: Option<String>,
    /// Why, where somebody said so.
    pub reason: Option<String>,
    /// Where the request came from: an address, of version 6 its first 64 bits.
    pub network: Option<String>,
    /// The request.
    pub request: Option<RequestId>,
    /// How it ended.
    pub outcome: Outcome,
}

/// The end of a chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// Whose.
    pub chain: Chain,
    /// How many entries it has.
    pub size: u64,
    /// The hash of the last; zeros before the first.
    pub hash: Digest,
}

impl Head {
    /// The head of a chain that has no entry.
    pub const fn empty(chain: Chain) -> Self {
        Self { chain, size: 0, hash: Digest([0; 32]) }
    }

    /// What the hash of the next entry is made of, if that is `event`: the
    /// hash before it, and every field with its length.
    pub fn material(&self, event: &AuditEvent) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(256);
        let mut put = |field: &[u8]| {
            let length = u64::try_from(field.len()).unwrap_or(u64::MAX);
            bytes.extend_from_slice(&length.to_be_bytes());
            bytes.extend_from_slice(field);
        };
        put(b"gitlodge audit 1");
        put(&self.hash.0);
        put(&self.size.saturating_add(1).to_be_bytes());
        put(event.chain.to_string().as_bytes());
        put(event.id.as_uuid().as_bytes());
        put(&event.at.as_micros().to_be_bytes());
        put(event.actor.to_string().as_bytes());
        put(event.action.name().as_bytes());
        let request = event.request.map(|it| it.to_string());
        for text in [&event.subject, &event.reason, &event.network, &request] {
            // Absent differs from empty.
            put(&[u8::from(text.is_some())]);
            put(text.as_deref().unwrap_or_default().as_bytes());
        }
        put(event.outcome.name().as_bytes());
        bytes
    }

    /// The next entry, with the hash that `digest` makes of its
    /// [`material`](Self::material).
    pub fn next(&self, event: AuditEvent, digest: impl FnOnce(&[u8]) -> Digest) -> AuditEntry {
        let hash = digest(&self.material(&event));
        AuditEntry { sequence: self.size.saturating_add(1), event, hash }
    }
}

/// One entry of a chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEntry {
    /// Its place, counted from 1.
    pub sequence: u64,
    /// What happened.
    pub event: AuditEvent,
    /// Covers the entry, and all before it.
    pub hash: Digest,
}

impl AuditEntry {
    /// The head of the chain that ends with it.
    pub const fn head(&self) -> Head {
        Head { chain: self.event.chain, size: self.sequence, hash: self.hash }
    }
}

#[cfg(test)]
mod tests;
