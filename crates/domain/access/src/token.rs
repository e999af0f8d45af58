//! Access and refresh tokens.

use std::time::Duration;

use lodge_kernel::{AuthorizationId, ClientId, Digest, FamilyId, TenantId, Timestamp, TokenId};

use crate::PermissionSet;

/// How long an access token lives.
pub const ACCESS_LIFETIME: Duration = Duration::from_hours(1);
/// How long a refresh token can wait to be used.
pub const REFRESH_LIFETIME: Duration = Duration::from_hours(2160);

/// How a token was obtained.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GrantType {
    /// By exchanging a code.
    AuthorizationCode,
    /// By a refresh token.
    RefreshToken,
    /// By the app's own credentials.
    ClientCredentials,
}

impl GrantType {
    /// The word of OAuth.
    pub const fn name(self) -> &'static str {
        match self {
            Self::AuthorizationCode => "authorization_code",
            Self::RefreshToken => "refresh_token",
            Self::ClientCredentials => "client_credentials",
        }
    }

    /// Reads the word of OAuth.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::AuthorizationCode, Self::RefreshToken, Self::ClientCredentials]
            .into_iter()
            .find(|it| it.name() == text)
    }
}

/// What a token does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// It reads.
    Access,
    /// It is exchanged, once, for the next pair.
    Refresh,
}

/// One token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// The id, which may be shown.
    pub id: TokenId,
    /// SHA-256 of the token.
    pub digest: Digest,
    /// What it does.
    pub kind: TokenKind,
    /// The app's organisation.
    pub tenant: TenantId,
    /// The app.
    pub client: ClientId,
    /// The approval it reads under.
    pub authorization: Option<AuthorizationId>,
    /// The tokens that are revoked together with it.
    pub family: FamilyId,
    /// How it was obtained.
    pub issued_by: GrantType,
    /// The most it can ever do.
    pub permissions: PermissionSet,
    /// When it was issued.
    pub issued_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
    /// When a refresh token was exchanged.
    pub used_at: Option<Timestamp>,
    /// When it was taken back.
    pub revoked_at: Option<Timestamp>,
}

impl Token {
    /// It can be used at `now`, as far as it alone can say.
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none() && self.used_at.is_none() && now < self.expires_at
    }
}
