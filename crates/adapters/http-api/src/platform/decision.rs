//! What is decided of a read, and where a refusal comes from.

use crate::problem::Code;

/// The decisions, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Step {
    Credential,
    Consent,
    Scope,
    Request,
    Provider,
    Account,
    Repository,
    HostSupport,
    Limit,
    Cursor,
    Host,
    Firewall,
    Budget,
}

impl Step {
    pub(super) const ALL: [Self; 13] = [
        Self::Credential,
        Self::Consent,
        Self::Scope,
        Self::Request,
        Self::Provider,
        Self::Account,
        Self::Repository,
        Self::HostSupport,
        Self::Limit,
        Self::Cursor,
        Self::Host,
        Self::Firewall,
        Self::Budget,
    ];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Credential => "credential",
            Self::Consent => "consent",
            Self::Scope => "scope",
            Self::Request => "request",
            Self::Provider => "provider",
            Self::Account => "account",
            Self::Repository => "repository",
            Self::HostSupport => "host_support",
            Self::Limit => "limit",
            Self::Cursor => "cursor",
            Self::Host => "host",
            Self::Firewall => "firewall",
            Self::Budget => "budget",
        }
    }

    /// Where a read with this problem was refused.
    pub(super) const fn of(code: Code) -> Self {
        match code {
            Code::AuthRequired | Code::AuthExpired | Code::InvalidCredentials => Self::Credential,
            Code::ApprovalRequired | Code::ApprovalPending => Self::Consent,
            Code::InsufficientScope => Self::Scope,
            Code::UnsupportedProvider => Self::Provider,
            Code::ProviderAccountNotConnected => Self::Account,
            Code::RepositoryNotApproved => Self::Repository,
            Code::UnsupportedEndpoint => Self::HostSupport,
            Code::InvalidLimit => Self::Limit,
            Code::InvalidCursor | Code::CursorExpired | Code::PaginationNotSupported => {
                Self::Cursor
            }
            _ => Self::Request,
        }
    }
}
