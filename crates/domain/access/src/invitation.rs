//! Links that are good for one thing, once.

use std::time::Duration;

use lodge_kernel::{Digest, InvitationId, TenantId, Timestamp, UserId};

use crate::Role;

/// How long an invitation waits.
pub const INVITATION_LIFETIME: Duration = Duration::from_hours(7 * 24);
/// How long a link to set a password waits.
pub const PASSWORD_LINK_LIFETIME: Duration = Duration::from_hours(24);

/// An invitation into an organisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// The id.
    pub id: InvitationId,
    /// SHA-256 of the link's secret part.
    pub digest: Digest,
    /// The organisation.
    pub tenant: TenantId,
    /// Who is invited: only a person with this address can accept.
    pub email: String,
    /// What the person will be.
    pub role: Role,
    /// Who invites.
    pub invited_by: UserId,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
    /// When it was accepted, or withdrawn.
    pub ended_at: Option<Timestamp>,
}

impl Invitation {
    /// It can be accepted at `now`.
    pub fn is_open(&self, now: Timestamp) -> bool {
        self.ended_at.is_none() && now < self.expires_at
    }
}

/// A link with which a person sets a new password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasswordLink {
    /// SHA-256 of the link's secret part.
    pub digest: Digest,
    /// Whose password.
    pub user: UserId,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
    /// When it was used.
    pub used_at: Option<Timestamp>,
}

impl PasswordLink {
    /// It can be used at `now`.
    pub fn is_open(&self, now: Timestamp) -> bool {
        self.used_at.is_none() && now < self.expires_at
    }
}
