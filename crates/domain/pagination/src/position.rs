//! Where a listing goes on, in an adapter's own words.

/// A position has more, or longer, pairs than a cursor may carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a position holds at most 16 pairs of at most 1,024 bytes each")]
pub struct PositionError;

/// Where a listing goes on: named values that one adapter writes and reads.
///
/// A host's next-link is never kept as a URL; an adapter keeps the query pairs
/// that it knows (`page`, `skip`, `page_token` …). A listing of a commit, a
/// tree or a diff also keeps the commit it was pinned to, so that later pushes
/// do not shift it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Position {
    pairs: Vec<(String, String)>,
}

impl Position {
    const MOST_PAIRS: usize = 16;
    /// In bytes: a name of 200 characters has up to 800.
    const LONGEST: usize = 1_024;

    /// No named values yet.
    pub const fn new() -> Self {
        Self { pairs: Vec::new() }
    }

    /// The same position with `name` set to `value`.
    ///
    /// # Errors
    ///
    /// [`PositionError`] when it would not fit a cursor.
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Result<Self, PositionError> {
        let value = value.into();
        if self.pairs.len() >= Self::MOST_PAIRS
            || name.len() > Self::LONGEST
            || value.len() > Self::LONGEST
        {
            return Err(PositionError);
        }
        self.pairs.retain(|(known, _)| known != name);
        self.pairs.push((name.to_owned(), value));
        Ok(self)
    }

    /// The same position without the value of `name`.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.pairs.retain(|(known, _)| known != name);
        self
    }

    /// No value is named.
    pub fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }

    /// The value of `name`.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.pairs.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The bytes inside a cursor: a count, then each text with its length
    /// (two bytes, big-endian) before it.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = vec![u8::try_from(self.pairs.len()).unwrap_or(u8::MAX)];
        for text in self.pairs.iter().flat_map(|(name, value)| [name, value]) {
            bytes.extend(u16::try_from(text.len()).unwrap_or(u16::MAX).to_be_bytes());
            bytes.extend(text.as_bytes());
        }
        bytes
    }

    /// Reads [`to_bytes`](Self::to_bytes); `None` for anything else.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (&count, mut rest) = bytes.split_first()?;
        let mut position = Self::new();
        for _ in 0..count {
            let name = take_text(&mut rest)?;
            let value = take_text(&mut rest)?;
            position = position.with(name, value).ok()?;
        }
        rest.is_empty().then_some(position)
    }
}

fn take_text<'a>(rest: &mut &'a [u8]) -> Option<&'a str> {
    let (length, after) = rest.split_first_chunk::<2>()?;
    let (text, after) = after.split_at_checked(usize::from(u16::from_be_bytes(*length)))?;
    *rest = after;
    std::str::from_utf8(text).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_position_survives_its_bytes(
            pairs in prop::collection::btree_map("[a-z_]{1,12}", ".{0,40}", 0..6)
        ) {
            let position = pairs.iter().try_fold(Position::new(), |it, (name, value)| {
                it.with(name, value.as_str())
            })?;
            prop_assert_eq!(Position::from_bytes(&position.to_bytes()), Some(position));
        }

        #[test]
        fn no_bytes_make_the_reader_panic(bytes: Vec<u8>) {
            let _ = Position::from_bytes(&bytes);
        }
    }

    #[test]
    fn a_value_that_does_not_fit_is_refused() {
        assert_eq!(Position::new().with("page", "9".repeat(1_025)), Err(PositionError));
        assert!(Position::new().with("name", "𝒜".repeat(200)).is_ok());
    }
}
