//! What the device says (WebAuthn, 6.1).

use lodge_access::{Backup, CredentialId};
use lodge_services::{Asked, NotTaken};
use sha2::{Digest as _, Sha256};

use crate::cbor;

const TOO_SHORT: NotTaken = NotTaken("the authenticator data are too short");

const PRESENT: u8 = 1;
const VERIFIED: u8 = 1 << 2;
const BACKUP_ELIGIBLE: u8 = 1 << 3;
const BACKED_UP: u8 = 1 << 4;
const ATTESTED: u8 = 1 << 6;
const EXTENSIONS: u8 = 1 << 7;

/// Authenticator data that were read.
pub(crate) struct AuthenticatorData<'a> {
    pub(crate) counter: u32,
    pub(crate) backup: Backup,
    /// There is one when a passkey is made, and none when it is used.
    pub(crate) made: Option<Made<'a>>,
}

/// A new credential.
pub(crate) struct Made<'a> {
    /// The kind of device is not said.
    pub(crate) anonymous: bool,
    pub(crate) credential: CredentialId,
    pub(crate) key: &'a [u8],
}

impl<'a> AuthenticatorData<'a> {
    /// Reads `bytes`, and takes what the relying party demands of them: steps 13
    /// to 18 of 7.1, 15 to 20 of 7.2.
    pub(crate) fn read(bytes: &'a [u8], asked: &Asked<'_>) -> Result<Self, NotTaken> {
        let (party, rest) = bytes.split_first_chunk::<32>().ok_or(TOO_SHORT)?;
        let (&flags, rest) = rest.split_first().ok_or(TOO_SHORT)?;
        let (counter, rest) = rest.split_first_chunk().ok_or(TOO_SHORT)?;
        if *party != <[u8; 32]>::from(Sha256::digest(asked.party.id())) {
            return Err(NotTaken("the device signed for another relying party"));
        }
        let is_set = |flag| flags & flag != 0;
        if !is_set(PRESENT) {
            return Err(NotTaken("nobody was present"));
        }
        if asked.verified && !is_set(VERIFIED) {
            return Err(NotTaken("the device did not verify the person"));
        }
        let backup = Backup::of_flags(is_set(BACKUP_ELIGIBLE), is_set(BACKED_UP))
            .ok_or(NotTaken("a passkey that cannot be backed up is backed up"))?;
        let (made, rest) = if is_set(ATTESTED) {
            let (made, rest) = Made::read(rest)?;
            (Some(made), rest)
        } else {
            (None, rest)
        };
        // None were asked for. What a device adds by itself is passed over, and
        // must be whole.
        if is_set(EXTENSIONS) {
            cbor::Map::of(cbor::whole(rest)?)?;
        } else if !rest.is_empty() {
            return Err(NotTaken("something follows the authenticator data"));
        }
        Ok(Self { counter: u32::from_be_bytes(*counter), backup, made })
    }
}

impl<'a> Made<'a> {
    /// WebAuthn, 6.5.1.
    fn read(bytes: &'a [u8]) -> Result<(Self, &'a [u8]), NotTaken> {
        let (kind, rest) = bytes.split_first_chunk::<16>().ok_or(TOO_SHORT)?;
        let (length, rest) = rest.split_first_chunk().ok_or(TOO_SHORT)?;
        let length = usize::from(u16::from_be_bytes(*length));
        let (credential, rest) = rest.split_at_checked(length).ok_or(TOO_SHORT)?;
        let credential = CredentialId::new(credential.to_vec())
            .ok_or(NotTaken("a credential's id has 1 to 1023 bytes"))?;
        let (_, after) = cbor::first(rest)?;
        let (key, after) = rest.split_at_checked(rest.len() - after.len()).ok_or(TOO_SHORT)?;
        Ok((Self { anonymous: *kind == [0; 16], credential, key }, after))
    }
}
