//! Comparing what proves a webhook, in constant time.

use hmac::{Hmac, KeyInit as _, Mac as _};
use lodge_kernel::{ExposeSecret as _, SecretString};
use sha2::Sha256;
use subtle::ConstantTimeEq as _;

/// `given` is the HMAC-SHA-256 of `message` under one of `secrets`.
pub fn hmac_sha256_fits(secrets: &[SecretString], message: &[&[u8]], given: &[u8]) -> bool {
    let mut keys = secrets.iter().map(|secret| secret.expose_secret().as_bytes());
    keys.any(|key| hmac_sha256_fits_key(key, message, given))
}

/// `given` is the HMAC-SHA-256 of `message` under `key`, which need not be
/// text. Nothing fits an empty key, which everybody knows.
pub fn hmac_sha256_fits_key(key: &[u8], message: &[&[u8]], given: &[u8]) -> bool {
    if key.is_empty() {
        return false;
    }
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return false };
    for part in message {
        mac.update(part);
    }
    mac.verify_slice(given).is_ok()
}

/// `given` is one of `secrets`.
pub fn same_secret(secrets: &[SecretString], given: &str) -> bool {
    secrets.iter().any(|secret| {
        let secret = secret.expose_secret().as_bytes();
        !secret.is_empty() && bool::from(secret.ct_eq(given.as_bytes()))
    })
}

/// The bytes that `text` is the hexadecimal of, in either case. `None` when it
/// is of none.
pub fn unhex(text: &str) -> Option<Vec<u8>> {
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|it| u8::try_from(it).ok());
    let byte = |[high, low]: &[u8; 2]| Some(digit(*high)? << 4 | digit(*low)?);
    rest.is_empty().then(|| pairs.iter().map(byte).collect()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_fits_a_key_that_everybody_knows() {
        // HMAC-SHA-256 of nothing, under an empty key and under "key".
        let empty = "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad";
        let known = "5d5d139563c95b5967b9bd9a8c9b233a9dedb45072794cd232dc1b74832607d0";
        assert!(!hmac_sha256_fits_key(b"", &[b""], &unhex(empty).unwrap()));
        assert!(hmac_sha256_fits_key(b"key", &[b""], &unhex(known).unwrap()));
    }

    #[test]
    fn only_pairs_of_hexadecimal_digits_are_bytes() {
        assert_eq!(unhex("00ffA9"), Some(vec![0, 255, 169]));
        assert_eq!(unhex(""), Some(Vec::new()));
        for wrong in ["0", "0g", "+1", " 1", "é0", "0x10"] {
            assert_eq!(unhex(wrong), None, "{wrong}");
        }
    }
}
