//! The two ceremonies, step by step (WebAuthn Level 3, 7.1 and 7.2).

use lodge_services::{
    Asked, Asserted, Assertion, Attested, NewPasskey, NotTaken, PasskeyCeremonies,
};
use sha2::{Digest as _, Sha256};

use crate::{
    authenticator_data::AuthenticatorData,
    cbor::{self, Map},
    client_data::{self, Ceremony},
    cose::PublicKey,
};

/// The longest attestation object that is read, in bytes. Without certificates,
/// for which nobody asked, one has less than three thousand.
const LONGEST_ATTESTATION: usize = 8 * 1_024;
/// The longest authenticator data of an answer, in bytes. Without extensions
/// they have 37.
const LONGEST_DATA: usize = 4 * 1_024;
/// The longest signature, in bytes: RSA of 8,192 bits.
const LONGEST_SIGNATURE: usize = 1_024;

/// The ceremonies as the standard has them.
#[derive(Clone, Copy, Debug, Default)]
pub struct WebAuthn;

impl PasskeyCeremonies for WebAuthn {
    fn register(&self, asked: &Asked<'_>, answer: &NewPasskey) -> Result<Attested, NotTaken> {
        client_data::check(&answer.client_data, Ceremony::Create, asked)?;
        if answer.attestation.len() > LONGEST_ATTESTATION {
            return Err(NotTaken("the attestation is too long"));
        }
        let object = Map::of(cbor::whole(&answer.attestation)?)?;
        let bytes = object.bytes("authData").ok_or(NotTaken("there are no authenticator data"))?;
        let data = AuthenticatorData::read(bytes, asked)?;
        let made = data.made.ok_or(NotTaken("no passkey was made"))?;
        // Step 19: one of the kinds that were asked for.
        let key = PublicKey::read(made.key)?;
        // Steps 20 to 24: who made the device is not asked.
        let statement =
            object.get("attStmt").cloned().ok_or(NotTaken("no attestation is there"))?;
        let statement = Map::of(statement)?;
        match object.text("fmt") {
            Some("none") if statement.len() == 0 => {}
            // 8.2: a browser leaves a device's own signature there. It proves
            // that the device has the key, and nothing else.
            Some("packed") if made.anonymous && statement.get("x5c").is_none() => {
                let signature = statement.bytes("sig").unwrap_or_default();
                let signed = key.has_signed(&signed(bytes, &answer.client_data), signature);
                if statement.number("alg") != Some(key.algorithm()) || !signed {
                    return Err(NotTaken("the device did not sign its attestation"));
                }
            }
            _ => return Err(NotTaken("an attestation was sent, and none was asked for")),
        }
        Ok(Attested {
            credential: made.credential,
            key: made.key.to_vec(),
            counter: data.counter,
            backup: data.backup,
        })
    }

    fn check(
        &self,
        asked: &Asked<'_>,
        key: &[u8],
        answer: &Assertion,
    ) -> Result<Asserted, NotTaken> {
        let Assertion { client_data, authenticator_data, signature } = answer;
        client_data::check(client_data, Ceremony::Get, asked)?;
        if authenticator_data.len() > LONGEST_DATA || signature.len() > LONGEST_SIGNATURE {
            return Err(NotTaken("the answer is too long"));
        }
        let data = AuthenticatorData::read(authenticator_data, asked)?;
        if data.made.is_some() {
            return Err(NotTaken("a passkey was made where one was to be used"));
        }
        // Steps 21 and 22.
        let key = PublicKey::read(key)?;
        if !key.has_signed(&signed(authenticator_data, client_data), signature) {
            return Err(NotTaken("the signature is not of this passkey"));
        }
        Ok(Asserted { counter: data.counter, backup: data.backup })
    }
}

/// What a device signs: what it says, and the digest of what the browser says
/// (WebAuthn, 6.3.3, step 11).
fn signed(authenticator_data: &[u8], client_data: &[u8]) -> Vec<u8> {
    [authenticator_data, Sha256::digest(client_data).as_slice()].concat()
}

#[cfg(test)]
mod tests;
