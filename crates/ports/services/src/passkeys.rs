//! What devices with passkeys answer.

use lodge_access::{Backup, CredentialId, RelyingParty, passkey::CHALLENGE_BYTES};

/// What a device was asked.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The challenge: random, and asked once.
    pub challenge: &'a [u8; CHALLENGE_BYTES],
    /// Who asks.
    pub party: &'a RelyingParty,
    /// The device must have verified the person, by a finger, a face or a PIN;
    /// that somebody was present is always demanded.
    pub verified: bool,
}

/// A new passkey, as a browser says it. Nothing of it is checked.
#[derive(Clone, Debug, Default)]
pub struct NewPasskey {
    /// `clientDataJSON`.
    pub client_data: Vec<u8>,
    /// `attestationObject`.
    pub attestation: Vec<u8>,
}

/// A new passkey that was checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attested {
    /// What the device calls it.
    pub credential: CredentialId,
    /// The public key, a `COSE_Key`.
    pub key: Vec<u8>,
    /// The device's count.
    pub counter: u32,
    /// Where it is.
    pub backup: Backup,
}

/// An answer to a challenge, as a browser says it. Nothing of it is checked.
#[derive(Clone, Debug, Default)]
pub struct Assertion {
    /// `clientDataJSON`.
    pub client_data: Vec<u8>,
    /// `authenticatorData`.
    pub authenticator_data: Vec<u8>,
    /// `signature`.
    pub signature: Vec<u8>,
}

/// An answer that was checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asserted {
    /// The device's count.
    pub counter: u32,
    /// Where the passkey is.
    pub backup: Backup,
}

/// An answer is not taken. The text says which step of the standard refused,
/// for the log and the audit trail: whoever sent the answer is not told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NotTaken(pub &'static str);

/// Checks what devices with passkeys answer: each step of WebAuthn Level 3,
/// 7.1 and 7.2, but those that need to know people. Those are the caller's: that
/// the challenge is answered once and in time, whose the credential is, that it
/// is new, that its count goes on, and that it does not begin to be copied.
///
/// An answer is from outside: whatever it is, it MUST be taken or refused, in
/// memory that is bounded by its own length.
pub trait PasskeyCeremonies: Send + Sync {
    /// A new passkey (WebAuthn, 7.1).
    ///
    /// # Errors
    ///
    /// [`NotTaken`].
    fn register(&self, asked: &Asked<'_>, answer: &NewPasskey) -> Result<Attested, NotTaken>;

    /// An answer of the passkey with the public key `key` (WebAuthn, 7.2).
    ///
    /// # Errors
    ///
    /// [`NotTaken`].
    fn check(
        &self,
        asked: &Asked<'_>,
        key: &[u8],
        answer: &Assertion,
    ) -> Result<Asserted, NotTaken>;
}
