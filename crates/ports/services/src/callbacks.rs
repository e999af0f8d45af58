//! Calling an app at the address that it gave, signed as Standard Webhooks
//! says: <https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md>.

use async_trait::async_trait;
use lodge_kernel::{SecretString, Timestamp};

/// One attempt to tell an app something.
#[derive(Clone, Debug)]
pub struct SignedCall {
    /// Where.
    pub url: String,
    /// `webhook-id`: the same in every attempt.
    pub id: String,
    /// `webhook-timestamp`.
    pub at: Timestamp,
    /// What it is signed with.
    pub secret: SecretString,
    /// The body: JSON.
    pub body: String,
}

/// What the app answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallbackAnswer {
    /// The HTTP status.
    pub status: u16,
    /// The beginning of the body, at most 4 KiB.
    pub body: Vec<u8>,
}

/// The app was not reached.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CallbackError {
    /// The address, or what its name leads to, must not be called.
    #[error("the address must not be called: {problem}")]
    Forbidden {
        /// Why, in plain words.
        problem: String,
    },
    /// The secret is too weak, or not one.
    #[error("a secret is `whsec_` and base64 of 24 to 64 bytes, or a text of 24 to 128 bytes")]
    Secret,
    /// Nobody answered in time.
    #[error("nobody answered in time")]
    TimedOut,
    /// Nobody answered.
    #[error("nobody answered: {problem}")]
    Unreachable {
        /// Why, in plain words.
        problem: String,
    },
}

/// Calls apps.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait Callbacks: Send + Sync {
    /// The address may be called, as far as its text tells. What its name
    /// leads to is checked at each call.
    ///
    /// # Errors
    ///
    /// [`CallbackError::Forbidden`].
    fn check_url(&self, url: &str) -> Result<(), CallbackError>;

    /// The secret is strong enough to sign with.
    ///
    /// # Errors
    ///
    /// [`CallbackError::Secret`].
    fn check_secret(&self, secret: &SecretString) -> Result<(), CallbackError>;

    /// The secret made of these random bytes.
    fn secret_of(&self, random: [u8; 32]) -> SecretString;

    /// Calls, once. MUST NOT reach an address of ours or of a private network
    /// however its name is resolved, MUST NOT follow a redirect, and MUST
    /// answer within 15 seconds.
    async fn call(&self, call: SignedCall) -> Result<CallbackAnswer, CallbackError>;
}
