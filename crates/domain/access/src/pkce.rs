//! The challenge of PKCE (RFC 7636).

use lodge_kernel::Digest;

/// A challenge cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChallengeError {
    /// There is a method, and nothing to which it applies.
    #[error("code_challenge_method came without a code_challenge")]
    MethodAlone,
    /// `plain`, or none, which stands for `plain`.
    #[error("code_challenge_method must be S256")]
    Method,
    /// Not the 43 characters that 32 bytes have.
    #[error("code_challenge is not the base64url of a SHA-256")]
    Text,
}

/// Reads `code_challenge` and `code_challenge_method` (RFC 7636, 4.3): the
/// digest that the verifier must have. `None` when the app uses no PKCE.
///
/// # Errors
///
/// [`ChallengeError`].
pub fn parse_challenge(
    challenge: Option<&str>,
    method: Option<&str>,
) -> Result<Option<Digest>, ChallengeError> {
    match (challenge, method) {
        (None, None) => Ok(None),
        (None, Some(_)) => Err(ChallengeError::MethodAlone),
        (Some(text), Some("S256")) => parse(text).map(Some).ok_or(ChallengeError::Text),
        (Some(_), _) => Err(ChallengeError::Method),
    }
}

/// Reads unpadded base64url (RFC 4648, 5) of 32 bytes. Strict: bits that stand
/// for no byte are zero, so that the same bytes have one text only.
fn parse(text: &str) -> Option<Digest> {
    let mut bytes = Vec::with_capacity(32);
    let (mut bits, mut n_bits) = (0_u32, 0_u32);
    if text.len() != 43 {
        return None;
    }
    for byte in text.bytes() {
        let sextet = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'-' => 62,
            b'_' => 63,
            _ => return None,
        };
        bits = bits << 6 | u32::from(sextet);
        n_bits += 6;
        if n_bits >= 8 {
            n_bits -= 8;
            bytes.push(u8::try_from(bits >> n_bits & 0xFF).ok()?);
        }
        bits &= (1 << n_bits) - 1;
    }
    bytes.try_into().ok().filter(|_| bits == 0).map(Digest)
}

/// Writes a challenge as it stands in a URL: unpadded base64url.
pub fn write_challenge(digest: &Digest) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::with_capacity(43);
    for chunk in digest.0.chunks(3) {
        let bits = chunk.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte));
        let bits = bits << (8 * (3 - chunk.len()));
        for place in 0..=chunk.len() {
            let sextet = usize::try_from(bits >> (18 - 6 * place) & 63).unwrap_or_default();
            text.push(char::from(ALPHABET.get(sextet).copied().unwrap_or(b'A')));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use lodge_kernel::hex;
    use proptest::prelude::*;

    use super::*;

    // RFC 7636, appendix B.
    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    #[test]
    fn the_challenge_of_the_rfc_is_taken() {
        let digest = "13d31e961a1ad8ec2f16b10c4c982e0876a878ad6df144566ee1894acb70f9c3";
        let found = parse_challenge(Some(CHALLENGE), Some("S256")).unwrap().unwrap();
        assert_eq!(hex::encode(&found.0), digest);
        assert_eq!(write_challenge(&found), CHALLENGE);
        assert_eq!(parse_challenge(None, None), Ok(None));
    }

    #[test]
    fn only_a_challenge_of_s256_is_taken() {
        use ChallengeError::{Method, MethodAlone, Text};
        let padded = format!("{CHALLENGE}=");
        let loose = CHALLENGE.replace("-cM", "-cN");
        for (challenge, method, wrong) in [
            (Some(CHALLENGE), None, Method),
            (Some(CHALLENGE), Some("plain"), Method),
            (Some(CHALLENGE), Some("s256"), Method),
            (Some(&*padded), Some("S256"), Text),
            (Some(&*loose), Some("S256"), Text),
            (Some("abc"), Some("S256"), Text),
            (Some(""), Some("S256"), Text),
            (None, Some("S256"), MethodAlone),
        ] {
            assert_eq!(parse_challenge(challenge, method), Err(wrong), "{challenge:?} {method:?}");
        }
    }

    proptest! {
        #[test]
        fn what_was_written_is_read(bytes: [u8; 32]) {
            let text = write_challenge(&Digest(bytes));
            prop_assert_eq!(parse(&text), Some(Digest(bytes)));
        }

        #[test]
        fn no_text_makes_the_reader_panic(text: String) {
            let _ = parse_challenge(Some(&text), Some("S256"));
        }
    }
}
