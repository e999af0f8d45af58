//! What the domain is told by the outside: the time, chance and keys.

use crate::{TenantId, Timestamp, hex};

/// Tells the time.
pub trait Clock: Send + Sync {
    /// The instant it is now.
    fn now(&self) -> Timestamp;
}

/// Gives chance that nobody can foresee.
pub trait Entropy: Send + Sync {
    /// Fills `bytes` from a cryptographically secure source.
    fn fill(&self, bytes: &mut [u8]);
}

/// SHA-256 of something. Secrets of at least 112 random bits are kept and
/// looked up as this (ASVS 5.0, 6.5.2).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest(pub [u8; 32]);

impl std::fmt::Debug for Digest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&hex::encode(&self.0))
    }
}

/// What stands in the place of a value that must not be seen: equal values of
/// one tenant have equal pseudonyms, and only the key can tell which.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pseudonym(pub [u8; 6]);

impl std::fmt::Display for Pseudonym {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&hex::encode(&self.0))
    }
}

/// Holds the keys. Nothing else in the product sees one.
pub trait Keyring: Send + Sync {
    /// SHA-256 of `bytes`.
    fn digest(&self, bytes: &[u8]) -> Digest;

    /// `tag` is the HMAC-SHA-256 (RFC 2104) of `message` under `key`, which
    /// somebody else has too. MUST take as long for a wrong tag as for a right
    /// one.
    fn is_tag(&self, key: &Digest, message: &[u8], tag: &[u8; 32]) -> bool;

    /// The pseudonym of `value` inside `tenant`: the first 48 bits of an
    /// HMAC-SHA-256 under a key of that tenant.
    fn pseudonym(&self, tenant: TenantId, value: &[u8]) -> Pseudonym;

    /// Encrypts `plain` so that it can be opened only beside the same
    /// `context` (authenticated encryption with associated data). The text is
    /// unpadded base64url.
    fn seal(&self, context: &[u8], plain: &[u8]) -> String;

    /// Opens what [`seal`](Self::seal) made, with the current key or the one
    /// before it. `None` when text, context or key do not fit.
    fn open(&self, context: &[u8], sealed: &str) -> Option<Vec<u8>>;
}

/// Signs what others must be able to check without asking us.
pub trait Signer: Send + Sync {
    /// The Ed25519 signature of `message`
    /// (<https://www.rfc-editor.org/rfc/rfc8032>).
    fn sign(&self, message: &[u8]) -> [u8; 64];

    /// What a signature is checked with. MUST stay the same when the master
    /// keys are rotated: a receipt is kept for years.
    fn public_key(&self) -> [u8; 32];
}
