//! Names of hosts and repositories, as they stand in a URL.

use std::{fmt, sync::Arc};

/// A text is not such a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// Not the name of a host.
    #[error("a provider is named by 1 to 32 lower-case letters, digits and hyphens")]
    Provider,
    /// Not an id that can stand in one segment of a URL.
    #[error("a repository id is 1 to 256 letters, digits and `-._~{{}}`")]
    Repository,
}

/// A host's name in URLs and tokens: `github`, `local` …
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProviderName(Arc<str>);

impl ProviderName {
    /// Reads a host's name.
    ///
    /// # Errors
    ///
    /// [`NameError::Provider`] for a text that could not be one.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if (1..=32).contains(&text.len()) && text.bytes().all(fits) {
            Ok(Self(text.into()))
        } else {
            Err(NameError::Provider)
        }
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A repository's id at its host, one URL segment that survives every proxy:
/// the host's stable native id, else unpadded base64url of the full path.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RepositoryId(Arc<str>);

impl RepositoryId {
    /// Reads a repository's id.
    ///
    /// # Errors
    ///
    /// [`NameError::Repository`] for a text with a slash, an escape, a space,
    /// a dot segment or anything else that could change the meaning of a URL.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~{}".contains(&byte);
        let dots = text.bytes().all(|byte| byte == b'.');
        if (1..=256).contains(&text.len()) && text.bytes().all(fits) && !dots {
            Ok(Self(text.into()))
        } else {
            Err(NameError::Repository)
        }
    }

    /// The id.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

macro_rules! shown_as_text {
    ($($name:ident)+) => {$(
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )+};
}

shown_as_text! { ProviderName RepositoryId }

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repository_id_cannot_leave_its_url_segment() {
        for wrong in ["", ".", "..", "a/b", "a%2fb", "a b", "a?b", "a#b", "a@b", "ü", "a\0"] {
            assert_eq!(RepositoryId::parse(wrong), Err(NameError::Repository), "{wrong}");
        }
        for right in ["7", "YWN0aXgvYWN0aXgtd2Vi", "{0f3c}", "a.git"] {
            assert!(RepositoryId::parse(right).is_ok(), "{right}");
        }
    }
}
