//! The signature `v1`: HMAC-SHA-256 over id, timestamp and body, joined by
//! dots.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use lodge_kernel::{ExposeSecret as _, SecretString};
use lodge_services::CallbackError;
use sha2::Sha256;

const PREFIX: &str = "whsec_";

/// The secret made of these random bytes.
pub(crate) fn secret_of(random: &[u8; 32]) -> SecretString {
    format!("{PREFIX}{}", STANDARD.encode(random)).into()
}

/// The key that a secret stands for: what follows `whsec_`, decoded; else its
/// text as it is.
pub(crate) fn key(secret: &SecretString) -> Result<Vec<u8>, CallbackError> {
    let text = secret.expose_secret();
    let (key, most) = match text.strip_prefix(PREFIX) {
        Some(encoded) => {
            let decoded = STANDARD.decode(encoded);
            (decoded.map_err(|_not_base64| CallbackError::Secret)?, 64)
        }
        None => (text.as_bytes().to_vec(), 128),
    };
    if (24..=most).contains(&key.len()) { Ok(key) } else { Err(CallbackError::Secret) }
}

/// The value of `webhook-signature`.
pub(crate) fn sign(
    secret: &SecretString,
    id: &str,
    timestamp: &str,
    body: &str,
) -> Result<String, CallbackError> {
    let key = key(secret)?;
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).map_err(|_no_key| CallbackError::Secret)?;
    for part in [id, ".", timestamp, ".", body] {
        mac.update(part.as_bytes());
    }
    Ok(format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the specification's reference implementations.
    #[test]
    fn the_signature_is_that_of_the_reference() {
        let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".to_owned().into();
        let signed =
            sign(&secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", r#"{"test": 2432232314}"#);
        assert_eq!(signed.unwrap(), "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn a_secret_is_long_enough_or_refused() {
        assert!(key(&secret_of(&[7; 32])).is_ok());
        for wrong in
            ["", "short", "whsec_", "whsec_c2hvcnQ=", "whsec_not base64 at all, long enough"]
        {
            assert!(key(&wrong.to_owned().into()).is_err(), "{wrong}");
        }
        assert!(key(&"a text of twenty-four bytes".to_owned().into()).is_ok());
    }
}
