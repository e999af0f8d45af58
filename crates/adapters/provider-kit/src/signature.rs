//! Comparing what proves a webhook, in constant time.

use hmac::{Hmac, KeyInit as _, Mac as _};
use lodge_kernel::{ExposeSecret as _, SecretString};
use sha2::Sha256;
use subtle::ConstantTimeEq as _;

/// `given` is the HMAC-SHA-256 of `message` under one of `secrets`.
pub fn hmac_sha256_fits(secrets: &[SecretString], message: &[&[u8]], given: &[u8]) -> bool {
    secrets.iter().any(|secret| {
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.expose_secret().as_bytes()) else {
            return false;
        };
        for part in message {
            mac.update(part);
        }
        mac.verify_slice(given).is_ok()
    })
}

/// `given` is one of `secrets`.
pub fn same_secret(secrets: &[SecretString], given: &str) -> bool {
    secrets.iter().any(|secret| {
        let secret = secret.expose_secret().as_bytes();
        !secret.is_empty() && bool::from(secret.ct_eq(given.as_bytes()))
    })
}
