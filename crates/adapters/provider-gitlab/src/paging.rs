//! Listings by page number: <https://docs.gitlab.com/api/rest/#pagination>.

use lodge_pagination::{Limit, PageRequest, Position};
use lodge_provider::ProviderError;
use lodge_provider_kit::{Answer, Call, Marks, Read};

/// One page, in GitLab's terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Offset {
    skip: u64,
    size: u64,
}

impl Offset {
    /// At most `limit` items after the first `skip`. A page of GitLab's begins
    /// at a multiple of its size, so the size may have to be smaller.
    pub(crate) fn new(skip: u64, limit: Limit) -> Self {
        let most = u64::try_from(limit.get()).unwrap_or(1);
        let size = (1..=most).rev().find(|size| skip.is_multiple_of(*size)).unwrap_or(1);
        Self { skip, size }
    }

    /// Where the listing called `kind` goes on.
    pub(crate) fn of(kind: &str, request: &PageRequest) -> Result<Self, ProviderError> {
        let read = Read::of(kind, request.from.as_ref())?;
        let skip = read.map(|read| read.number("skip")).transpose()?.unwrap_or(0);
        Ok(Self::new(skip, request.limit))
    }

    /// `call`, for this page.
    pub(crate) fn ask(self, call: Call) -> Call {
        let page = self.skip / self.size + 1;
        call.query("page", page.to_string()).query("per_page", self.size.to_string())
    }

    /// How many items stand before the next page. `None` on the last, where
    /// `X-Next-Page` is there but empty.
    pub(crate) fn next(self, answer: &Answer) -> Option<u64> {
        let more = match answer.header("x-next-page") {
            Some(page) => !page.trim().is_empty(),
            None => answer.next_query().is_some(),
        };
        more.then(|| self.skip.saturating_add(self.size))
    }

    /// The position of the next page in the listing called `kind`.
    pub(crate) fn position(
        self,
        kind: &str,
        answer: &Answer,
    ) -> Result<Option<Position>, ProviderError> {
        self.next(answer).map(|skip| Ok(with_skip(Marks::of(kind)?, skip)?.done())).transpose()
    }
}

/// The same position, after so many items.
pub(crate) fn with_skip(marks: Marks, skip: u64) -> Result<Marks, ProviderError> {
    marks.with("skip", skip.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_begins_where_the_last_one_ended_whatever_its_size() {
        for (skip, limit, size) in
            [(0, "100", 100), (7, "7", 7), (7, "100", 7), (100, "30", 25), (9, "2", 1)]
        {
            let limit = Limit::parse(Some(limit)).unwrap();
            assert_eq!(Offset::new(skip, limit), Offset { skip, size });
        }
    }
}
