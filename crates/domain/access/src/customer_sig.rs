//! A customer's reference that the app's server has signed.
//!
//! `customer_sig` is `v1.EXPIRES.NONCE.TAG`: seconds since 1970, 16 to 64
//! characters of base64url that never come twice, and the HMAC-SHA-256 of
//! [`CustomerSig::message`] in lower-case hexadecimal. The key is the SHA-256
//! of the client secret, which is all that we keep of it.
//! `docs/signed-customers.md` has an example with every step.

use std::time::Duration;

use lodge_kernel::{ClientId, Timestamp, hex};

/// How far ahead a signature may expire: as long as a connect session waits.
pub const LONGEST: Duration = Duration::from_mins(10);

/// A signature cannot be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CustomerSigError {
    /// Another text.
    #[error("customer_sig is not written as v1.EXPIRES.NONCE.TAG")]
    Form,
    /// Made with another secret, or of something else.
    #[error(
        "customer_sig does not fit client_id, customer_ref, customer_name and the client secret"
    )]
    Tag,
    /// Too old.
    #[error("customer_sig has expired: sign a fresh one for each link")]
    Expired,
    /// Good for too long.
    #[error("customer_sig expires more than ten minutes from now: sign for a shorter time")]
    TooLong,
    /// It opened the page before.
    #[error("customer_sig was used before: sign a fresh one, with another nonce, for each link")]
    Used,
}

/// One signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomerSig {
    /// Whole seconds since the epoch.
    expires: i64,
    nonce: String,
    tag: [u8; 32],
}

impl CustomerSig {
    /// Reads the text of the parameter. Each signature has one text only.
    ///
    /// # Errors
    ///
    /// [`CustomerSigError::Form`].
    pub fn parse(text: &str) -> Result<Self, CustomerSigError> {
        let mut parts = text.split('.');
        let (Some("v1"), Some(expires), Some(nonce), Some(tag), None) =
            (parts.next(), parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(CustomerSigError::Form);
        };
        let seconds: Option<i64> = expires.parse().ok();
        let seconds = seconds.filter(|it| *it >= 0 && it.to_string() == expires);
        let of_base64url = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        let fits = (16..=64).contains(&nonce.len()) && nonce.bytes().all(of_base64url);
        match (seconds, hex::decode(tag)) {
            (Some(expires), Some(tag)) if fits => {
                Ok(Self { expires, nonce: nonce.to_owned(), tag })
            }
            _ => Err(CustomerSigError::Form),
        }
    }

    /// What was signed: six lines without a line break at the end. Neither
    /// `reference` nor `name` has a control character, so that no line can
    /// pass for two.
    pub fn message(&self, client: ClientId, reference: &str, name: Option<&str>) -> String {
        let (name, expires, nonce) = (name.unwrap_or_default(), self.expires, &self.nonce);
        format!("gitlodge.customer_sig.v1\n{client}\n{reference}\n{name}\n{expires}\n{nonce}")
    }

    /// What [`message`](Self::message) must have under the right key.
    pub const fn tag(&self) -> &[u8; 32] {
        &self.tag
    }

    /// What comes once for an app.
    pub fn nonce(&self) -> &str {
        &self.nonce
    }

    /// When it ends.
    pub const fn expires_at(&self) -> Timestamp {
        Timestamp::from_seconds(self.expires)
    }

    /// Checks its time, after its tag was found right.
    ///
    /// # Errors
    ///
    /// [`CustomerSigError::Expired`] and [`CustomerSigError::TooLong`].
    pub fn check_time(&self, now: Timestamp) -> Result<(), CustomerSigError> {
        if self.expires_at() <= now {
            Err(CustomerSigError::Expired)
        } else if self.expires_at() > now.plus(LONGEST) {
            Err(CustomerSigError::TooLong)
        } else {
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const TAG: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    const NONCE: &str = "bm9uY2Utbm9uY2Ut";

    #[test]
    fn a_signature_has_one_text_only() {
        assert!(CustomerSig::parse(&format!("v1.1795340000.{NONCE}.{TAG}")).is_ok());
        for wrong in [
            String::new(),
            format!("1795340000.{NONCE}.{TAG}"),
            format!("v2.1795340000.{NONCE}.{TAG}"),
            format!("v1.1795340000.{NONCE}.{TAG}."),
            format!("v1.+1795340000.{NONCE}.{TAG}"),
            format!("v1.01795340000.{NONCE}.{TAG}"),
            format!("v1.-1.{NONCE}.{TAG}"),
            format!("v1.99999999999999999999.{NONCE}.{TAG}"),
            format!("v1.1795340000.{}.{TAG}", &NONCE[1..]),
            format!("v1.1795340000.{}.{TAG}", "a".repeat(65)),
            format!("v1.1795340000.{NONCE}+.{TAG}"),
            format!("v1.1795340000.{NONCE}.{}", TAG.to_uppercase()),
            format!("v1.1795340000.{NONCE}.{}", &TAG[2..]),
        ] {
            assert_eq!(CustomerSig::parse(&wrong), Err(CustomerSigError::Form), "{wrong}");
        }
    }

    #[test]
    fn a_signature_is_good_for_ten_minutes_at_most() {
        let sig = CustomerSig::parse(&format!("v1.1795340000.{NONCE}.{TAG}")).unwrap();
        let end = Timestamp::from_seconds(1_795_340_000);
        let check = |before: Duration| sig.check_time(end.minus(before));
        assert_eq!(check(Duration::ZERO), Err(CustomerSigError::Expired));
        assert_eq!(check(Duration::from_micros(1)), Ok(()));
        assert_eq!(check(LONGEST), Ok(()));
        let early = LONGEST + Duration::from_micros(1);
        assert_eq!(check(early), Err(CustomerSigError::TooLong));
    }

    proptest! {
        #[test]
        fn no_text_makes_the_reader_panic(text: String) {
            let _ = CustomerSig::parse(&text);
            let _ = CustomerSig::parse(&format!("v1.{text}.{NONCE}.{TAG}"));
        }
    }
}
