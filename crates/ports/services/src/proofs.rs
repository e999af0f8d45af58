//! What people prove who they are with.

use async_trait::async_trait;
use lodge_kernel::SecretString;

/// What a password is, beside the hash of the right one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Another one, or there is no right one.
    Wrong,
    /// The right one.
    Right,
    /// The right one, and its hash is cheaper than new ones are: hash it again.
    RightButOld,
}

/// A password cannot be hashed.
#[derive(Debug, thiserror::Error)]
pub enum HashError {
    /// Too many wait already. Ask again in a second.
    #[error("too many people are logging in at this moment")]
    Busy,
    /// A bug, or a hash that nobody here has made.
    #[error("a password cannot be hashed: {problem}")]
    Broken {
        /// What is wrong.
        problem: String,
    },
}

/// Hashes passwords, slowly on purpose, and a few at a time: who logs in MUST
/// NOT take the processor from those who read.
#[async_trait]
pub trait PasswordHasher: Send + Sync {
    /// The hash of a new password, as a PHC string with its parameters.
    async fn hash(&self, password: SecretString) -> Result<String, HashError>;

    /// Compares a password with the hash of the right one. Without one it MUST
    /// take as long, and be wrong: nobody can tell from the time whether there
    /// is an account.
    async fn verify(
        &self,
        password: SecretString,
        hash: Option<String>,
    ) -> Result<Verdict, HashError>;
}

/// Codes of authenticator apps.
pub trait OneTimeCodes: Send + Sync {
    /// The six digits of `step` under `key`: HOTP of RFC 4226, 5.3, with
    /// HMAC-SHA-1.
    fn code(&self, key: &[u8], step: u64) -> u32;
}
