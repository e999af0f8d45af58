//! Keys and texts of the tests.

use std::sync::LazyLock;

use hmac::{Hmac, KeyInit as _, Mac as _};
use lodge_kernel::{Digest, Keyring, Pseudonym, TenantId};
use sha2::Sha256;

use crate::{Firewall, Rules};

/// A token that is good in form only.
pub(crate) const SECRET: &str = "ghp_A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8";

/// A keyring with one key that everybody knows.
pub(crate) struct KnownKey;

/// The keyring of the tests.
pub(crate) const KEYS: KnownKey = KnownKey;

/// The organisation of the tests.
pub(crate) const TENANT: TenantId = TenantId::from_uuid(uuid::Uuid::from_u128(7));

impl Keyring for KnownKey {
    fn digest(&self, _bytes: &[u8]) -> Digest {
        unreachable!("the firewall digests nothing")
    }

    fn is_tag(&self, _key: &Digest, _message: &[u8], _tag: &[u8; 32]) -> bool {
        unreachable!("the firewall checks no signature")
    }

    fn pseudonym(&self, tenant: TenantId, value: &[u8]) -> Pseudonym {
        let mut mac = Hmac::<Sha256>::new_from_slice(tenant.as_uuid().as_bytes()).unwrap();
        mac.update(value);
        Pseudonym(mac.finalize().into_bytes()[..6].try_into().unwrap())
    }

    fn seal(&self, _context: &[u8], _plain: &[u8]) -> String {
        unreachable!("the firewall seals nothing")
    }

    fn open(&self, _context: &[u8], _sealed: &str) -> Option<Vec<u8>> {
        unreachable!("the firewall opens nothing")
    }
}

static RULES: LazyLock<Rules> = LazyLock::new(Rules::built_in);

/// The built-in rules for the organisation of the tests.
pub(crate) fn firewall() -> Firewall<'static> {
    Firewall::new(&RULES, &KEYS, TENANT)
}
