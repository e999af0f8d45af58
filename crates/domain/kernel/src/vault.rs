//! Sealing what is kept: envelope encryption.
//!
//! Each organisation has data keys, which seal its values. A data key is kept
//! too, wrapped by a master key: a rotation of master keys wraps a few data keys
//! again, and leaves the values as they are.

use std::{fmt, str::FromStr};

use crate::SecretString;

/// A text is not a sealed value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a sealed value is the number of its data key, a dot, and what was sealed")]
pub struct ParseSealedError;

/// A value that was sealed with a data key of its organisation. Its text says
/// which: `1.` and what was sealed.
#[derive(Clone, PartialEq, Eq)]
pub struct Sealed {
    /// The number of the data key.
    pub key: u32,
    /// What was sealed.
    pub text: String,
}

impl fmt::Display for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.key, self.text)
    }
}

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sealed({}.…)", self.key)
    }
}

impl FromStr for Sealed {
    type Err = ParseSealedError;

    fn from_str(text: &str) -> Result<Self, ParseSealedError> {
        let (key, text) = text.split_once('.').ok_or(ParseSealedError)?;
        let key = key.parse().map_err(|_not_a_number| ParseSealedError)?;
        Ok(Self { key, text: text.to_owned() })
    }
}

/// Seals with data keys, which nothing outside it sees in clear.
///
/// A `context` says where a text belongs. What was sealed or wrapped beside one
/// context MUST NOT open beside another one.
pub trait Vault: Send + Sync {
    /// The number of the master key that wraps at present.
    fn master(&self) -> u8;

    /// A fresh data key, wrapped by the master key of the present.
    fn fresh_key(&self, context: &[u8]) -> String;

    /// The same data key, wrapped by the master key of the present. `None` when
    /// text, context or master key do not fit.
    fn rewrap(&self, context: &[u8], wrapped: &str) -> Option<String>;

    /// Seals `plain` with a data key. `None` when the data key does not open.
    fn seal_with(&self, key: &WrappedKey<'_>, context: &[u8], plain: &str) -> Option<String>;

    /// Opens what [`seal_with`](Self::seal_with) made. `None` when text,
    /// context or key do not fit.
    fn open_with(&self, key: &WrappedKey<'_>, context: &[u8], sealed: &str)
    -> Option<SecretString>;
}

/// A data key as it is kept, and where it belongs.
#[derive(Clone, Copy, Debug)]
pub struct WrappedKey<'a> {
    /// What it was wrapped beside.
    pub context: &'a [u8],
    /// The wrapped key.
    pub text: &'a str,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_value_says_its_key_and_is_never_shown() {
        let sealed: Sealed = "12.a.b".parse().unwrap();
        assert_eq!((sealed.key, sealed.text.as_str()), (12, "a.b"));
        assert_eq!(sealed.to_string(), "12.a.b");
        assert_eq!(format!("{sealed:?}"), "Sealed(12.…)");
        for wrong in ["", "12", ".a", "x.a", "-1.a", "4294967296.a"] {
            assert_eq!(wrong.parse::<Sealed>(), Err(ParseSealedError), "{wrong}");
        }
    }
}
