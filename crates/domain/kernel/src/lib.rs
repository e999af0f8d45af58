//! What every room of the house speaks: typed ids, instants, and the traits
//! through which the domain is told the time, chance and keys.
//!
//! Reading order: [`id`], [`time`], [`day`], then [`outside`], [`tasks`] and [`vault`].

pub mod day;
pub mod hex;
pub mod id;
pub mod outside;
pub mod tasks;
pub mod time;
pub mod vault;

pub use day::Day;
pub use id::{
    AdminKeyId, AuditEventId, AuthorizationId, ClientId, ConnectSessionId, ConnectionId, CourseId,
    CustomerId, EventDeliveryId, FamilyId, GrantId, HookDeliveryId, HookId, IntakeId, InvitationId,
    JobId, LeaseId, ParseIdError, PasskeyId, PersonalTokenId, ProjectId, ReceiptId, ReportId,
    RequestId, SessionId, StudentId, SubscriptionId, TeamId, TenantId, TokenId, TransactionId,
    UserId,
};
pub use secrecy::{ExposeSecret, SecretString};

pub use outside::{Clock, Digest, Entropy, Keyring, Pseudonym, Signer};
pub use tasks::{Task, Tasks};
pub use time::{ParseTimestampError, Timestamp};
pub use vault::{ParseSealedError, Sealed, Vault, WrappedKey};
