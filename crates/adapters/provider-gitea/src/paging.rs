//! Gitea's pages: numbers, with a size that the server cuts without a word.
//!
//! A position keeps the size that its first page was asked with, because a
//! page's number means nothing without it; a caller who asks for less then
//! gets that page in pieces.

use lodge_pagination::{Limit, PageRequest};
use lodge_provider::ProviderError;
use lodge_provider_kit::{Call, Marks, Read};

/// What servers give at most where the operator did not change it.
pub(crate) const USUAL_MOST: usize = 50;

/// Where a listing is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Spot {
    /// From 1.
    page: u64,
    /// What every page is asked with.
    pub(crate) size: usize,
    /// How many items of this page were told before.
    skip: usize,
    /// How many items the pages before this one had.
    pub(crate) seen: u64,
}

impl Spot {
    /// The beginning, in pages of at most `most`.
    pub(crate) fn first(limit: Limit, most: usize) -> Self {
        Self { page: 1, size: limit.get().min(most), skip: 0, seen: 0 }
    }

    /// Where `request` asks the listing called `kind` to go on.
    pub(crate) fn of(kind: &str, request: &PageRequest) -> Result<Self, ProviderError> {
        match Read::of(kind, request.from.as_ref())? {
            Some(read) => Self::read(read),
            None => Ok(Self::first(request.limit, USUAL_MOST)),
        }
    }

    /// What [`mark`](Self::mark) wrote.
    pub(crate) fn read(read: Read<'_>) -> Result<Self, ProviderError> {
        let spot = Self {
            page: read.number("page")?,
            size: read.number("size")?,
            skip: read.number("skip")?,
            seen: read.number("seen")?,
        };
        let fits = spot.page > 0 && (1..=Limit::MAX.get()).contains(&spot.size);
        if fits { Ok(spot) } else { Err(ProviderError::Position) }
    }

    pub(crate) fn mark(self, marks: Marks) -> Result<Marks, ProviderError> {
        marks
            .with("page", self.page.to_string())?
            .with("size", self.size.to_string())?
            .with("skip", self.skip.to_string())?
            .with("seen", self.seen.to_string())
    }

    /// `call`, for this page; `size` is the name of its size.
    pub(crate) fn ask(self, call: Call, size: &str) -> Call {
        call.query("page", self.page.to_string()).query(size, self.size.to_string())
    }

    /// What of `items`, this page's, is told now, and where the listing goes
    /// on; `more` says whether there is a further page.
    pub(crate) fn turn<T>(
        self,
        mut items: Vec<T>,
        limit: Limit,
        more: bool,
    ) -> (Vec<T>, Option<Self>) {
        let all = items.len();
        let end = self.skip.saturating_add(limit.get());
        items.truncate(end);
        items.drain(..self.skip.min(items.len()));
        let next = if end < all {
            Some(Self { skip: end, ..self })
        } else if more && all > 0 {
            let seen = self.seen.saturating_add(u64::try_from(all).unwrap_or(u64::MAX));
            Some(Self { page: self.page.saturating_add(1), skip: 0, seen, ..self })
        } else {
            None
        };
        (items, next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limit(text: &str) -> Limit {
        Limit::parse(Some(text)).unwrap()
    }

    #[test]
    fn a_caller_who_asks_for_less_gets_a_page_in_pieces() {
        let spot = Spot::first(limit("5"), 50);
        let (told, next) = spot.turn(vec![1, 2, 3, 4, 5], limit("2"), true);
        assert_eq!(told, [1, 2]);
        let (told, next) = next.unwrap().turn(vec![1, 2, 3, 4, 5], limit("4"), true);
        assert_eq!(told, [3, 4, 5]);
        let next = next.unwrap();
        assert_eq!((next.page, next.size, next.skip, next.seen), (2, 5, 0, 5));
        let (told, next) = next.turn(Vec::<u8>::new(), limit("4"), true);
        assert!(told.is_empty() && next.is_none(), "an empty page ends the listing");
    }

    #[test]
    fn a_position_that_asks_for_too_much_is_refused() {
        for (page, size) in [("0", "50"), ("1", "0"), ("1", "101"), ("-1", "50")] {
            let marks = Marks::of("x").unwrap().with("page", page).unwrap();
            let marks = marks.with("size", size).unwrap().with("skip", "0").unwrap();
            let from = Some(marks.with("seen", "0").unwrap().done());
            let request = PageRequest { from, limit: Limit::default() };
            assert!(
                matches!(Spot::of("x", &request), Err(ProviderError::Position)),
                "{page} {size}"
            );
        }
    }
}
