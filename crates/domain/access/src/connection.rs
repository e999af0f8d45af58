//! Accounts at Git hosts, and what they are read with.

use std::time::Duration;

use lodge_forge::ProviderName;
use lodge_kernel::{
    ConnectionId, CustomerId, Digest, LeaseId, Sealed, TenantId, Timestamp, TransactionId,
};

/// How long a login at a host may take.
pub const LOGIN_LIFETIME: Duration = Duration::from_mins(10);
/// How much longer a token must be good to be used without a refresh.
pub const FRESH_FOR: Duration = Duration::from_mins(1);
/// How long a process may take to refresh: longer than it waits for a host.
pub const LEASE: Duration = Duration::from_mins(1);

/// Whether a connection works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConnectionStatus {
    /// It works.
    Active,
    /// The host refused our credentials: the customer must connect again.
    NeedsReconnect,
    /// The operator switched it off.
    Disabled,
    /// It was taken away, and its credentials are gone.
    Disconnected,
}

impl ConnectionStatus {
    /// Every status.
    pub const ALL: [Self; 4] =
        [Self::Active, Self::NeedsReconnect, Self::Disabled, Self::Disconnected];

    /// The status in answers and in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::NeedsReconnect => "needs_reconnect",
            Self::Disabled => "disabled",
            Self::Disconnected => "disconnected",
        }
    }

    /// The status of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }

    /// Nobody took it away: what was approved of it can be read, or will be
    /// when the customer has connected again.
    pub const fn is_kept(self) -> bool {
        matches!(self, Self::Active | Self::NeedsReconnect)
    }
}

/// How a connection came to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConnectionKind {
    /// The operator configured the host for everybody: there is no account.
    Configured,
    /// By a login at the host.
    OAuth,
    /// By a token that somebody made at the host.
    Personal,
}

impl ConnectionKind {
    /// The kind in answers and in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Configured => "configured",
            Self::OAuth => "oauth",
            Self::Personal => "personal",
        }
    }

    /// The kind of this name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Configured, Self::OAuth, Self::Personal].into_iter().find(|it| it.name() == name)
    }
}

/// One account at a Git host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Connection {
    /// The id.
    pub id: ConnectionId,
    /// The organisation.
    pub tenant: TenantId,
    /// Whose account it is.
    pub customer: CustomerId,
    /// The host.
    pub provider: ProviderName,
    /// How it came to be.
    pub kind: ConnectionKind,
    /// The account's id at the host, which a new name leaves as it is. Of a
    /// configured host, its name.
    pub host_account: String,
    /// The account's name at the host.
    pub account: String,
    /// What the host lets us do, in its own words.
    pub scopes: Vec<String>,
    /// Whether it works.
    pub status: ConnectionStatus,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// What a connection is read with, as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credentials {
    /// The organisation.
    pub tenant: TenantId,
    /// The connection.
    pub connection: ConnectionId,
    /// The access token.
    pub access: Sealed,
    /// When it ends; `None` when nobody knows, or never.
    pub expires_at: Option<Timestamp>,
    /// What gets the next one.
    pub refresh: Option<Sealed>,
    /// When that ends, if the host says.
    pub refresh_expires_at: Option<Timestamp>,
    /// Grows with every change, so that of two refreshes one counts.
    pub generation: u64,
    /// When they were got.
    pub updated_at: Timestamp,
}

impl Credentials {
    /// The access token should be good for the next minute.
    pub fn are_fresh(&self, now: Timestamp) -> bool {
        self.expires_at.is_none_or(|end| now.plus(FRESH_FOR) <= end)
    }

    /// There is a refresh token that has not ended.
    pub fn can_be_refreshed(&self, now: Timestamp) -> bool {
        self.refresh.is_some() && self.refresh_expires_at.is_none_or(|end| now < end)
    }
}

/// The right to refresh the credentials of one connection, for a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lease {
    /// Whose turn it is.
    pub id: LeaseId,
    /// When it ends by itself: its holder is gone by then.
    pub until: Timestamp,
}

/// How the browser that logs in wants to be answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoginMode {
    /// As JSON, to a program in the browser.
    Api,
    /// By going back to the page that it came from.
    Redirect,
    /// By a small window that tells the page that opened it.
    Popup,
}

impl LoginMode {
    /// The mode in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Api => "api",
            Self::Redirect => "redirect",
            Self::Popup => "popup",
        }
    }

    /// The mode of this name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Api, Self::Redirect, Self::Popup].into_iter().find(|it| it.name() == name)
    }
}

/// One login at a host that has begun. It belongs to a visit of the consent
/// page, and to the browser of that visit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoginAttempt {
    /// SHA-256 of the `state` that the host hands back.
    pub digest: Digest,
    /// The organisation.
    pub tenant: TenantId,
    /// Whose account it will be.
    pub customer: CustomerId,
    /// The visit that it belongs to, and where the browser goes back to.
    pub transaction: TransactionId,
    /// SHA-256 of the cookie of the browser that began.
    pub browser: Digest,
    /// The host.
    pub provider: ProviderName,
    /// How the browser wants to be answered.
    pub mode: LoginMode,
    /// The verifier of PKCE. `None` at a host without PKCE.
    pub verifier: Option<Sealed>,
    /// When it began.
    pub created_at: Timestamp,
    /// When it ends by itself.
    pub expires_at: Timestamp,
    /// When the host's answer was taken.
    pub used_at: Option<Timestamp>,
}

/// A data key of an organisation, as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataKey {
    /// The organisation.
    pub tenant: TenantId,
    /// Counted from 1.
    pub number: u32,
    /// The key, wrapped by a master key.
    pub wrapped: String,
    /// The number of that master key.
    pub master: u8,
    /// When it was made.
    pub created_at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_fresh_while_it_is_good_for_a_minute() {
        let end = Timestamp::from_seconds(1_000);
        let sealed = Sealed { key: 1, text: String::new() };
        let it = Credentials {
            tenant: TenantId::from_uuid(uuid::Uuid::nil()),
            connection: ConnectionId::from_uuid(uuid::Uuid::nil()),
            access: sealed.clone(),
            expires_at: Some(end),
            refresh: Some(sealed),
            refresh_expires_at: Some(end),
            generation: 1,
            updated_at: Timestamp::EPOCH,
        };
        assert!(it.are_fresh(Timestamp::from_seconds(940)));
        assert!(!it.are_fresh(Timestamp::from_seconds(941)));
        assert!(it.can_be_refreshed(Timestamp::from_seconds(999)));
        assert!(!it.can_be_refreshed(end));
        let for_ever = Credentials { expires_at: None, refresh_expires_at: None, ..it };
        assert!(for_ever.are_fresh(end) && for_ever.can_be_refreshed(end));
    }
}
