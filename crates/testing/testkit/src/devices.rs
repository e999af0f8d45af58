//! A device with a passkey that speaks plainly.

use lodge_access::{Backup, CredentialId, RelyingParty, passkey::CHALLENGE_BYTES};
use lodge_kernel::hex;
use lodge_services::{
    Asked, Asserted, Assertion, Attested, NewPasskey, NotTaken, PasskeyCeremonies,
};

use crate::PlainProofs;

/// A device that answers what it is asked, in words that [`PlainProofs`] checks.
/// Not cryptography.
#[derive(Clone, Debug)]
pub struct SoftDevice {
    /// What it calls its passkey.
    pub credential: Vec<u8>,
    /// The origin of the page that asks it.
    pub origin: String,
    /// For whom it keeps the passkey.
    pub party: String,
    /// It verifies its person.
    pub verified: bool,
    /// How often it has signed.
    pub counter: u32,
    /// Where the passkey is.
    pub backup: Backup,
}

impl SoftDevice {
    /// Device number `n`, which belongs to `party` and counts.
    pub fn new(n: u8, party: &RelyingParty) -> Self {
        Self {
            credential: vec![n; 16],
            origin: party.origin().to_owned(),
            party: party.id().to_owned(),
            verified: true,
            counter: 1,
            backup: Backup::OneDevice,
        }
    }

    fn client_data(&self, ceremony: &str, challenge: &[u8; CHALLENGE_BYTES]) -> Vec<u8> {
        format!("{ceremony} {} {}", hex::encode(challenge), self.origin).into_bytes()
    }

    fn data(&self) -> String {
        format!("{} {} {} {}", self.party, self.verified, self.counter, self.backup.name())
    }

    /// It makes its passkey.
    pub fn makes(&self, challenge: &[u8; CHALLENGE_BYTES]) -> NewPasskey {
        let attestation = format!("{} {}", self.data(), hex::encode(&self.credential));
        let client_data = self.client_data("create", challenge);
        NewPasskey { client_data, attestation: attestation.into_bytes() }
    }

    /// It signs, and counts on.
    pub fn answers(&mut self, challenge: &[u8; CHALLENGE_BYTES]) -> Assertion {
        self.counter += u32::from(self.counter > 0);
        Assertion {
            client_data: self.client_data("get", challenge),
            authenticator_data: self.data().into_bytes(),
            signature: hex::encode(&self.credential).into_bytes(),
        }
    }
}

/// What stands in the words of a device.
fn read(asked: &Asked<'_>, words: &[&str]) -> Result<Asserted, NotTaken> {
    let [party, verified, counter, backup, ..] = words else { return Err(NotTaken("words")) };
    if *party != asked.party.id() || (asked.verified && *verified != "true") {
        return Err(NotTaken("another party, or nobody verified"));
    }
    let counter = counter.parse().map_err(|_no_number| NotTaken("a counter"))?;
    Ok(Asserted { counter, backup: Backup::parse(backup).ok_or(NotTaken("a backup"))? })
}

fn check(asked: &Asked<'_>, ceremony: &str, client_data: &[u8]) -> Result<(), NotTaken> {
    let expected = format!("{ceremony} {} {}", hex::encode(asked.challenge), asked.party.origin());
    if client_data == expected.as_bytes() { Ok(()) } else { Err(NotTaken("client data")) }
}

impl PasskeyCeremonies for PlainProofs {
    fn register(&self, asked: &Asked<'_>, answer: &NewPasskey) -> Result<Attested, NotTaken> {
        check(asked, "create", &answer.client_data)?;
        let text = String::from_utf8_lossy(&answer.attestation);
        let words: Vec<_> = text.split(' ').collect();
        let Asserted { counter, backup } = read(asked, &words)?;
        let credential = words.get(4).copied().unwrap_or_default();
        let bytes: Option<Vec<u8>> = (0..credential.len() / 2)
            .map(|n| u8::from_str_radix(credential.get(2 * n..2 * n + 2)?, 16).ok())
            .collect();
        let id = bytes.and_then(CredentialId::new).ok_or(NotTaken("a credential"))?;
        Ok(Attested { credential: id, key: credential.into(), counter, backup })
    }

    fn check(
        &self,
        asked: &Asked<'_>,
        key: &[u8],
        answer: &Assertion,
    ) -> Result<Asserted, NotTaken> {
        check(asked, "get", &answer.client_data)?;
        if answer.signature != key {
            return Err(NotTaken("a signature"));
        }
        let text = String::from_utf8_lossy(&answer.authenticator_data);
        read(asked, &text.split(' ').collect::<Vec<_>>())
    }
}
