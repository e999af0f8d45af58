//! What an account is read with.

use async_trait::async_trait;
use lodge_kernel::SecretString;

use crate::{Account, ProviderError};

/// How a token is shown to its host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HostTokenKind {
    /// Got by a login at the host (OAuth).
    OAuth,
    /// Made by a person or an operator at the host, and given to us.
    Personal,
}

/// An access token of a host.
#[derive(Clone, Debug)]
pub struct HostToken {
    /// Its text.
    pub text: SecretString,
    /// How it is shown.
    pub kind: HostTokenKind,
    /// Which of the account's tokens it is: grows with every refresh.
    pub generation: u64,
}

/// Gives adapters the tokens of accounts. It keeps them sealed, and refreshes
/// them.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait HostTokens: Send + Sync {
    /// A token that should be good for the next minute, refreshed first when
    /// need be. Two callers, of any process, MUST NOT refresh one account at
    /// once: hosts take a second use of a refresh token for theft.
    ///
    /// # Errors
    ///
    /// [`ProviderError::CredentialsRefused`] when the customer must connect
    /// again.
    async fn token(&self, account: Account) -> Result<HostToken, ProviderError>;

    /// A newer token than `refused`, which its host no longer takes. When
    /// another caller has already refreshed it, that newer one.
    ///
    /// # Errors
    ///
    /// [`ProviderError::CredentialsRefused`] when there is none: the customer
    /// must connect again.
    async fn renew(
        &self,
        account: Account,
        refused: &HostToken,
    ) -> Result<HostToken, ProviderError>;
}
