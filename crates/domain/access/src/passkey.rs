//! Passkeys: keys in a person's devices that sign what they are asked, for one
//! origin only (WebAuthn Level 3).
//! <https://www.w3.org/TR/webauthn-3/>

use std::{fmt, time::Duration};

use lodge_kernel::{PasskeyId, Timestamp, UserId};
use url::{Host, Url};

/// How many random bytes a challenge has (WebAuthn, 13.4.3: at least 16).
pub const CHALLENGE_BYTES: usize = 32;
/// How long a challenge can be answered (WebAuthn, 15.1).
pub const CHALLENGE_LIFETIME: Duration = Duration::from_mins(5);
/// How many passkeys a person may have.
pub const MOST: usize = 20;
/// The longest id of a credential, in bytes (WebAuthn, 7.1, step 25).
pub const CREDENTIAL_MOST: usize = 1_023;
/// The longest name of a passkey, in characters.
pub const NAME_MOST: usize = 60;

/// A passkey's name cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a passkey's name has 1 to 60 characters and no control characters")]
pub struct PasskeyNameError;

/// Why there are no passkeys under an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoPasskeys {
    /// Browsers make passkeys for secure origins only.
    #[error("browsers use passkeys with https only, or with http://localhost")]
    Insecure,
    /// A passkey belongs to a name (WebAuthn, 5.1.3, step 8).
    #[error("a passkey belongs to a name: the public URL has an address of numbers")]
    Nameless,
}

/// For whom devices keep passkeys: this gateway, under its public address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RelyingParty {
    id: String,
    origin: String,
}

impl RelyingParty {
    /// Whoever is reached at `public_url`. Its host is the id, so that no other
    /// host of the domain can ask for these passkeys.
    ///
    /// # Errors
    ///
    /// [`NoPasskeys`].
    pub fn at(public_url: &Url) -> Result<Self, NoPasskeys> {
        let Some(Host::Domain(id)) = public_url.host() else { return Err(NoPasskeys::Nameless) };
        let local = id == "localhost" || id.ends_with(".localhost");
        match public_url.scheme() {
            "https" => {}
            "http" if local => {}
            _ => return Err(NoPasskeys::Insecure),
        }
        Ok(Self { id: id.to_owned(), origin: public_url.origin().ascii_serialization() })
    }

    /// The relying party id: a host.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The one origin whose pages may use the passkeys.
    pub fn origin(&self) -> &str {
        &self.origin
    }
}

/// What a device calls one passkey: 1 to 1,023 bytes.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CredentialId(Vec<u8>);

impl CredentialId {
    /// `None` for what is none.
    pub fn new(bytes: Vec<u8>) -> Option<Self> {
        (1..=CREDENTIAL_MOST).contains(&bytes.len()).then_some(Self(bytes))
    }

    /// The bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for CredentialId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&lodge_kernel::hex::encode(&self.0))
    }
}

/// Where a passkey is (WebAuthn, 6.1.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backup {
    /// In one device, which it never leaves.
    OneDevice,
    /// It may be copied to the person's other devices, and is not yet.
    Possible,
    /// In several devices.
    Done,
}

impl Backup {
    /// Of the flags BE and BS. `None` when they contradict each other.
    pub const fn of_flags(eligible: bool, done: bool) -> Option<Self> {
        match (eligible, done) {
            (false, false) => Some(Self::OneDevice),
            (true, false) => Some(Self::Possible),
            (true, true) => Some(Self::Done),
            (false, true) => None,
        }
    }

    /// It may leave its device: what never changes.
    pub const fn is_eligible(self) -> bool {
        !matches!(self, Self::OneDevice)
    }

    /// The name in answers and in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::OneDevice => "one_device",
            Self::Possible => "possible",
            Self::Done => "done",
        }
    }

    /// The one of that name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::OneDevice, Self::Possible, Self::Done].into_iter().find(|it| it.name() == name)
    }
}

/// How a browser reaches a device (WebAuthn, 5.8.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Transport {
    /// By a plug.
    Usb,
    /// Held close.
    Nfc,
    /// By Bluetooth.
    Ble,
    /// A card in a reader.
    SmartCard,
    /// Another device of the person, for example a telephone.
    Hybrid,
    /// The device that the browser runs on.
    Internal,
}

impl Transport {
    /// Every one.
    pub const ALL: [Self; 6] =
        [Self::Usb, Self::Nfc, Self::Ble, Self::SmartCard, Self::Hybrid, Self::Internal];

    /// The name that browsers use.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Usb => "usb",
            Self::Nfc => "nfc",
            Self::Ble => "ble",
            Self::SmartCard => "smart-card",
            Self::Hybrid => "hybrid",
            Self::Internal => "internal",
        }
    }

    /// The one of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }

    /// Those of `names` that are known, each once. A browser that knows more
    /// is not refused: they are hints.
    pub fn known<'a>(names: impl Iterator<Item = &'a str>) -> Vec<Self> {
        let mut known: Vec<_> = names.filter_map(Self::parse).collect();
        known.sort_unstable();
        known.dedup();
        known
    }
}

/// A person's passkey.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passkey {
    /// The id.
    pub id: PasskeyId,
    /// Whose it is.
    pub user: UserId,
    /// What its device calls it.
    pub credential: CredentialId,
    /// The public key: a `COSE_Key` as the device wrote it (RFC 9052, 7).
    pub key: Vec<u8>,
    /// How often it has signed, by its device's count; zero for devices that do
    /// not count.
    pub counter: u32,
    /// How browsers reach its device.
    pub transports: Vec<Transport>,
    /// Where it is.
    pub backup: Backup,
    /// What the person calls it.
    pub name: String,
    /// When it was added.
    pub created_at: Timestamp,
    /// When somebody last logged in with it.
    pub used_at: Option<Timestamp>,
}

/// `seen` may come after `known`: a device that counts never shows a number
/// twice, unless there is a copy of it (WebAuthn, 6.1.1).
pub const fn counts_on(known: u32, seen: u32) -> bool {
    seen > known || (seen == 0 && known == 0)
}

/// A name as it is kept: without space around it.
///
/// # Errors
///
/// [`PasskeyNameError`].
pub fn parse_name(text: &str) -> Result<String, PasskeyNameError> {
    let name = text.trim();
    if name.is_empty() || name.chars().count() > NAME_MOST || name.contains(char::is_control) {
        return Err(PasskeyNameError);
    }
    Ok(name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passkeys_need_a_name_and_a_secure_origin() {
        let at = |url: &str| RelyingParty::at(&Url::parse(url).unwrap());
        let gate = at("https://gate.example:8443/").unwrap();
        assert_eq!((gate.id(), gate.origin()), ("gate.example", "https://gate.example:8443"));
        let local = at("http://localhost:8080").unwrap();
        assert_eq!((local.id(), local.origin()), ("localhost", "http://localhost:8080"));
        assert!(at("http://gate.localhost:8080").is_ok());
        for url in ["http://gate.example", "http://notlocalhost", "ftp://gate.example"] {
            assert_eq!(at(url), Err(NoPasskeys::Insecure), "{url}");
        }
        for url in ["https://192.0.2.1", "http://127.0.0.1:8080", "https://[::1]", "data:,"] {
            assert_eq!(at(url), Err(NoPasskeys::Nameless), "{url}");
        }
    }

    #[test]
    fn a_counter_goes_on_or_is_none() {
        assert!(counts_on(0, 0) && counts_on(0, 1) && counts_on(7, 8) && counts_on(7, u32::MAX));
        assert!(!counts_on(7, 7) && !counts_on(7, 6) && !counts_on(7, 0));
    }

    #[test]
    fn a_passkey_that_cannot_be_copied_is_not_copied() {
        assert_eq!(Backup::of_flags(false, true), None);
        for backup in [Backup::OneDevice, Backup::Possible, Backup::Done] {
            assert_eq!(Backup::parse(backup.name()), Some(backup));
            assert_eq!(
                Backup::of_flags(backup.is_eligible(), backup == Backup::Done),
                Some(backup)
            );
        }
    }

    #[test]
    fn an_unknown_transport_is_left_out() {
        let names = ["internal", "telepathy", "hybrid", "internal"];
        assert_eq!(Transport::known(names.into_iter()), [Transport::Hybrid, Transport::Internal]);
        for it in Transport::ALL {
            assert_eq!(Transport::parse(it.name()), Some(it));
        }
    }

    #[test]
    fn a_credential_has_a_length_and_a_passkey_a_name() {
        assert!(CredentialId::new(vec![]).is_none() && CredentialId::new(vec![0; 1_024]).is_none());
        assert!(CredentialId::new(vec![0; 1_023]).is_some());
        assert_eq!(parse_name("  Laptop "), Ok("Laptop".to_owned()));
        assert_eq!(parse_name(&"ä".repeat(60)), Ok("ä".repeat(60)));
        for wrong in ["", "  ", "a\nb", &"a".repeat(61)] {
            assert_eq!(parse_name(wrong), Err(PasskeyNameError), "{wrong}");
        }
    }
}
