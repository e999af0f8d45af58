//! Texts of jobs that have a rule.

use std::fmt;

/// A text cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// It is longer than a job may carry. Keep it elsewhere, and name it.
    #[error("a job carries at most {} bytes, and this is {length}", JsonText::MOST)]
    TooLong {
        /// Its length in bytes.
        length: usize,
    },
    /// It is not the name of a kind. A bug.
    #[error("a kind is 1 to 64 lower-case letters, digits, `.` and `-`")]
    NotAName,
}

/// JSON that a job carries and that is not looked into: at most 64 KiB.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonText(String);

impl JsonText {
    /// The most bytes.
    pub const MOST: usize = 64 * 1_024;

    /// Takes a text. That it is JSON is the caller's business.
    ///
    /// # Errors
    ///
    /// [`TextError::TooLong`].
    pub fn new(text: impl Into<String>) -> Result<Self, TextError> {
        let text = text.into();
        let length = text.len();
        if length > Self::MOST { Err(TextError::TooLong { length }) } else { Ok(Self(text)) }
    }

    /// An object without fields.
    pub fn empty() -> Self {
        Self("{}".to_owned())
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What a job does: the name under which its code is found.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KindName(String);

impl KindName {
    /// Reads a name.
    ///
    /// # Errors
    ///
    /// [`TextError::NotAName`].
    pub fn parse(name: &str) -> Result<Self, TextError> {
        let known = |byte: u8| {
            byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'.' | b'-')
        };
        if (1..=64).contains(&name.len()) && name.bytes().all(known) {
            Ok(Self(name.to_owned()))
        } else {
            Err(TextError::NotAName)
        }
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for KindName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The beginning of `text` that has at most `most` bytes and cuts no character.
/// What a host or a panic says may have a NUL in it, which PostgreSQL keeps in
/// no text.
pub(crate) fn beginning(text: &str, most: usize) -> String {
    let text = text.replace('\0', "");
    let end = text.char_indices().map(|(at, it)| at + it.len_utf8()).take_while(|it| *it <= most);
    text.get(..end.last().unwrap_or(0)).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_carries_64_kib_and_not_a_byte_more() {
        assert!(JsonText::new("x".repeat(JsonText::MOST)).is_ok());
        let length = JsonText::MOST + 1;
        assert_eq!(JsonText::new("x".repeat(length)), Err(TextError::TooLong { length }));
    }

    #[test]
    fn a_kind_is_a_plain_name() {
        assert!(KindName::parse("jobs.clean-up").is_ok());
        for wrong in ["", "Jobs", "a b", "ä", &"x".repeat(65)] {
            assert_eq!(KindName::parse(wrong), Err(TextError::NotAName), "{wrong}");
        }
    }

    #[test]
    fn a_beginning_cuts_no_character() {
        assert_eq!(beginning("añb", 2), "a");
        assert_eq!(beginning("añb", 3), "añ");
        assert_eq!(beginning("añb", 9), "añb");
        assert_eq!(beginning("a\0b", 9), "ab");
    }
}
