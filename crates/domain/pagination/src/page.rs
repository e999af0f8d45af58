//! Pages: how many items, from where, and where the next one starts.

use crate::Position;

/// A text is not a page size.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`limit` is a whole number from 1 to 100, not `{given}`")]
pub struct LimitError {
    /// What was given, cut at 32 characters.
    pub given: String,
}

/// How many items a page may hold: 1 to 100, 25 when nobody says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit(u8);

impl Limit {
    /// The contract's largest page.
    pub const MAX: Self = Self(100);

    /// Reads the query parameter `limit`.
    ///
    /// # Errors
    ///
    /// [`LimitError`] for anything but a whole number from 1 to 100.
    pub fn parse(text: Option<&str>) -> Result<Self, LimitError> {
        let Some(text) = text else { return Ok(Self::default()) };
        // `+5` parses as a number in Rust, but is a space and a 5 in a query.
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        match text.parse::<u8>() {
            Ok(size @ 1..=100) if digits => Ok(Self(size)),
            _ => Err(LimitError { given: text.chars().take(32).collect() }),
        }
    }

    /// The number of items.
    pub fn get(self) -> usize {
        usize::from(self.0)
    }
}

impl Default for Limit {
    fn default() -> Self {
        Self(25)
    }
}

/// One page, as a host is asked for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageRequest {
    /// Where to go on; `None` for the first page.
    pub from: Option<Position>,
    /// The most items that may come back.
    pub limit: Limit,
}

/// One page of a listing. It may be short or even empty and still have a next
/// one, since a host's page may hold things that the caller must not see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// The items, in the host's order.
    pub items: Vec<T>,
    /// Where the next page starts; `None` on the last.
    pub next: Option<Position>,
}

impl<T> Page<T> {
    /// A listing that has nothing.
    pub const fn empty() -> Self {
        Self { items: Vec::new(), next: None }
    }

    /// The same page of other items.
    pub fn map<U>(self, change: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(change).collect(), next: self.next }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_has_25_items_when_nobody_says() {
        assert_eq!(Limit::parse(None).map(Limit::get), Ok(25));
    }

    #[test]
    fn only_whole_numbers_from_1_to_100_are_page_sizes() {
        assert_eq!(Limit::parse(Some("1")).map(Limit::get), Ok(1));
        assert_eq!(Limit::parse(Some("100")).map(Limit::get), Ok(100));
        for wrong in ["0", "101", "-1", "+5", "5.0", "", " 5", "five", "99999999999999999999"] {
            assert!(Limit::parse(Some(wrong)).is_err(), "{wrong} was taken");
        }
    }
}
