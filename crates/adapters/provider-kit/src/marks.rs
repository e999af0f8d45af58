//! What adapters write into positions.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use lodge_pagination::Position;
use lodge_provider::ProviderError;

/// A long value is cut into pieces of this many bytes, named `name.0`,
/// `name.1` …: one value of a position holds 512 bytes.
const PIECE: usize = 512;
/// A position holds 16 values; the kind, the pin and spare ones remain.
const PIECES: usize = 12;

/// A position under construction.
#[derive(Debug)]
pub struct Marks(Position);

impl Marks {
    /// A position in the listing called `kind`.
    ///
    /// # Errors
    ///
    /// When the name is longer than a position's values may be.
    pub fn of(kind: &str) -> Result<Self, ProviderError> {
        Self(Position::new()).with("of", kind)
    }

    /// The same with `name` set to `value`, of at most 512 bytes.
    ///
    /// # Errors
    ///
    /// [`ProviderError::Invalid`] when it is longer.
    pub fn with(self, name: &str, value: impl Into<String>) -> Result<Self, ProviderError> {
        self.0.with(name, value).map(Self).map_err(|_too_long| too_long())
    }

    /// Text or bytes of any kind, up to 4.5 KiB.
    ///
    /// # Errors
    ///
    /// [`ProviderError::Invalid`] when they are more.
    pub fn with_bytes(self, name: &str, bytes: &[u8]) -> Result<Self, ProviderError> {
        let text = URL_SAFE_NO_PAD.encode(bytes);
        let mut marks = self;
        let mut rest = text.as_str();
        for piece in 0..PIECES {
            let (head, tail) = rest.split_at(rest.len().min(PIECE));
            marks = marks.with(&format!("{name}.{piece}"), head)?;
            rest = tail;
            if rest.is_empty() {
                return Ok(marks);
            }
        }
        Err(too_long())
    }

    /// The position.
    pub fn done(self) -> Position {
        self.0
    }
}

fn too_long() -> ProviderError {
    ProviderError::Invalid { problem: "a name here is too long to go on after".to_owned() }
}

/// A position that came back.
#[derive(Clone, Copy, Debug)]
pub struct Read<'a>(&'a Position);

impl<'a> Read<'a> {
    /// `from`, if it is of the listing called `kind`; `None` for a first page.
    ///
    /// # Errors
    ///
    /// [`ProviderError::Position`] when it is of another listing.
    pub fn of(kind: &str, from: Option<&'a Position>) -> Result<Option<Self>, ProviderError> {
        match from {
            None => Ok(None),
            Some(position) if position.get("of") == Some(kind) => Ok(Some(Self(position))),
            Some(_) => Err(ProviderError::Position),
        }
    }

    /// The text of `name`.
    ///
    /// # Errors
    ///
    /// [`ProviderError::Position`] when it is not there.
    pub fn text(self, name: &str) -> Result<&'a str, ProviderError> {
        self.0.get(name).ok_or(ProviderError::Position)
    }

    /// A whole number in its one spelling.
    ///
    /// # Errors
    ///
    /// [`ProviderError::Position`] when it is not there, or no such number.
    pub fn number<N: std::str::FromStr + ToString>(self, name: &str) -> Result<N, ProviderError> {
        let text = self.text(name)?;
        let number = text.parse::<N>().ok().filter(|number| number.to_string() == text);
        number.ok_or(ProviderError::Position)
    }

    /// What [`Marks::with_bytes`] wrote.
    ///
    /// # Errors
    ///
    /// [`ProviderError::Position`] when it is not there, or not ours.
    pub fn bytes(self, name: &str) -> Result<Vec<u8>, ProviderError> {
        let mut text = self.text(&format!("{name}.0"))?.to_owned();
        for piece in 1..PIECES {
            let Some(more) = self.0.get(&format!("{name}.{piece}")) else { break };
            text.push_str(more);
        }
        let bytes = URL_SAFE_NO_PAD.decode(text).ok();
        bytes.ok_or(ProviderError::Position)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn bytes_of_any_kind_survive(bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
            let position = Marks::of("x")?.with_bytes("after", &bytes)?.done();
            let read = Read::of("x", Some(&position))?.unwrap();
            prop_assert_eq!(read.bytes("after")?, bytes);
        }

        #[test]
        fn no_position_makes_the_reader_panic(
            pairs in prop::collection::vec(("of|after\\.0|skip|head|[a-z.0-9]{0,9}", ".{0,40}"), 0..9)
        ) {
            let position = pairs.iter().try_fold(Position::new(), |it, (name, value)| {
                it.with(name, value.as_str())
            })?;
            if let Ok(Some(read)) = Read::of("x", Some(&position)) {
                let _ = (read.bytes("after"), read.number::<usize>("skip"));
            }
        }
    }

    #[test]
    fn a_number_has_one_spelling() {
        for wrong in ["+5", "05", "", "-1", "5 "] {
            let position = Position::new().with("of", "x").unwrap().with("skip", wrong).unwrap();
            let read = Read::of("x", Some(&position)).unwrap().unwrap();
            assert!(
                matches!(read.number::<usize>("skip"), Err(ProviderError::Position)),
                "{wrong}"
            );
        }
    }
}
