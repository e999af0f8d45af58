//! The text of tokens and other secrets.
//!
//! A prefix says the kind, 30 base62 characters carry 178 random bits, and 6
//! more carry a CRC-32, so that a scanner can tell a real one offline and a
//! mistyped one never reaches the database. The form follows GitHub's:
//! <https://github.blog/2021-04-05-behind-githubs-new-authentication-token-formats/>.

use std::fmt;

use lodge_kernel::Entropy;

/// What a secret opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SecretKind {
    /// An access token.
    AccessToken,
    /// A refresh token.
    RefreshToken,
    /// A person's session.
    UserSession,
    /// An app's secret.
    ClientSecret,
    /// An authorization code.
    Code,
    /// A connect session: one opening of the consent page.
    ConnectToken,
    /// A pushed authorization request (RFC 9126).
    PushedRequest,
    /// The last part of an address that a host delivers webhooks to.
    Webhook,
    /// The cookie that binds a browser to its visit of the consent page.
    Browser,
    /// The `state` of a login at a host.
    LoginState,
    /// The cookie of a customer's session on the access page.
    CustomerSession,
    /// An administrator's key.
    AdminKey,
    /// An invitation into an organisation.
    Invitation,
    /// A link with which a person sets a new password.
    PasswordLink,
    /// A person's token for their own programs.
    PersonalToken,
}

impl SecretKind {
    /// What the text of this kind starts with.
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::AccessToken => "sggat_",
            Self::RefreshToken => "sggrt_",
            Self::UserSession => "sggus_",
            Self::ClientSecret => "sggcs_",
            Self::Code => "sggco_",
            Self::ConnectToken => "sggct_",
            Self::PushedRequest => "sggpr_",
            Self::Webhook => "sggwh_",
            Self::Browser => "sggbr_",
            Self::LoginState => "sggls_",
            Self::CustomerSession => "sggcu_",
            Self::AdminKey => "sggak_",
            Self::Invitation => "sggin_",
            Self::PasswordLink => "sggpl_",
            Self::PersonalToken => "sggpt_",
        }
    }
}

const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const RANDOM: usize = 30;
const CHECK: usize = 6;

/// A secret in clear. It is shown once, kept as its digest, and never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// A new secret of `kind`.
    pub fn fresh(kind: SecretKind, entropy: &dyn Entropy) -> Self {
        let mut text = kind.prefix().to_owned();
        let mut pool = [0; 64];
        while text.len() < kind.prefix().len() + RANDOM {
            entropy.fill(&mut pool);
            // 248 is the largest multiple of 62 in a byte: above it, some
            // characters would come more often than others.
            let fair = pool.iter().filter(|byte| **byte < 248);
            let missing = kind.prefix().len() + RANDOM - text.len();
            text.extend(fair.take(missing).map(|byte| letter(u32::from(*byte))));
        }
        let check = checksum(&text);
        text.push_str(&check);
        Self(text)
    }

    /// Takes `text` as a secret of `kind` if its prefix, length, alphabet and
    /// checksum fit.
    pub fn parse(kind: SecretKind, text: &str) -> Option<Self> {
        let random = text.strip_prefix(kind.prefix())?;
        let fits = random.len() == RANDOM + CHECK
            && random.bytes().all(|byte| byte.is_ascii_alphanumeric());
        let (body, check) = text.split_at_checked(text.len().checked_sub(CHECK)?)?;
        (fits && checksum(body) == check).then(|| Self(text.to_owned()))
    }

    /// The text, for the one answer that shows it and for its digest.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

fn letter(n: u32) -> char {
    let place = usize::try_from(n % 62).unwrap_or_default();
    char::from(ALPHABET.get(place).copied().unwrap_or(b'0'))
}

/// Six base62 digits of the CRC-32 (IEEE 802.3) of `text`.
fn checksum(text: &str) -> String {
    let mut rest = !text.bytes().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(byte), |crc, _| {
            if crc & 1 == 1 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 }
        })
    });
    let mut digits = [""; CHECK].map(|_| '0');
    for digit in digits.iter_mut().rev() {
        *digit = letter(rest);
        rest /= 62;
    }
    digits.iter().collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    struct Counting(std::sync::atomic::AtomicU8);

    impl Entropy for Counting {
        fn fill(&self, bytes: &mut [u8]) {
            for byte in bytes {
                *byte = self.0.fetch_add(7, std::sync::atomic::Ordering::Relaxed);
            }
        }
    }

    #[test]
    fn the_checksum_is_the_crc_32_that_everybody_uses() {
        // CRC-32 of "123456789" is 0xCBF43926, the check value of the catalogue.
        let mut n = 0xCBF4_3926_u32;
        let mut digits = Vec::new();
        for _ in 0..6 {
            digits.insert(0, letter(n));
            n /= 62;
        }
        assert_eq!(checksum("123456789"), digits.into_iter().collect::<String>());
    }

    #[test]
    fn a_fresh_secret_is_taken_and_one_of_another_kind_is_not() {
        let secret = Secret::fresh(SecretKind::AccessToken, &Counting(0.into()));
        assert!(secret.expose().starts_with("sggat_"));
        assert_eq!(secret.expose().len(), 42);
        assert!(Secret::parse(SecretKind::AccessToken, secret.expose()).is_some());
        assert!(Secret::parse(SecretKind::RefreshToken, secret.expose()).is_none());
        assert_eq!(format!("{secret:?}"), "Secret(…)");
    }

    proptest! {
        #[test]
        fn one_changed_character_is_noticed(place in 6_usize..42, letter in "[0-9A-Za-z]") {
            let secret = Secret::fresh(SecretKind::AccessToken, &Counting(0.into()));
            let mut text = secret.expose().to_owned();
            text.replace_range(place..=place, &letter);
            prop_assume!(text != secret.expose());
            prop_assert!(Secret::parse(SecretKind::AccessToken, &text).is_none());
        }

        #[test]
        fn no_text_makes_the_parser_panic(text: String) {
            let _ = Secret::parse(SecretKind::Code, &text);
        }
    }
}
