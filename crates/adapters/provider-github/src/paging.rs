//! Where one of GitHub's lists goes on. Its next-links are mostly numbered
//! pages, here and there opaque marks: the pairs of the link are kept, and
//! never built.
//!
//! <https://docs.github.com/en/rest/using-the-rest-api/using-pagination-in-the-rest-api>

use lodge_forge::Resource;
use lodge_pagination::Limit;
use lodge_provider::ProviderError;
use lodge_provider_kit::{Answer, Call, Marks, Read};

use crate::api::malformed;

/// The pairs of a next-link that say where it leads.
const WHERE: [&str; 4] = ["after", "before", "cursor", "page"];

/// A place in a list.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pairs: Vec<(String, String)>,
    /// Items of one page at the host. It stays as it was on the first page,
    /// without which a page's number means nothing.
    size: usize,
    /// Items of the host's page that were given already.
    skip: usize,
}

impl Place {
    /// The beginning of a list.
    pub(crate) fn first(limit: Limit) -> Self {
        Self { pairs: Vec::new(), size: limit.get(), skip: 0 }
    }

    /// What [`write`](Self::write) wrote; the beginning on a first page.
    pub(crate) fn of(read: Option<Read<'_>>, limit: Limit) -> Result<Self, ProviderError> {
        let Some(read) = read else { return Ok(Self::first(limit)) };
        let size = read.number("size")?;
        if !(1..=Limit::MAX.get()).contains(&size) {
            return Err(ProviderError::Position);
        }
        let pair = |name: &str| Some((name.to_owned(), read.text(name).ok()?.to_owned()));
        let pairs = WHERE.iter().filter_map(|name| pair(name)).collect();
        Ok(Self { pairs, size, skip: read.number("skip")? })
    }

    /// Asks for the host's page.
    pub(crate) fn ask(&self, call: Call) -> Call {
        let call = call.query("per_page", self.size.to_string());
        self.pairs.iter().fold(call, |call, (name, value)| call.query(name, value))
    }

    /// The items to give of the host's page, and where the next ones are.
    pub(crate) fn turn<T>(
        self,
        items: Vec<T>,
        answer: &Answer,
        limit: Limit,
        resource: Resource,
    ) -> Result<(Vec<T>, Option<Self>), ProviderError> {
        let (here, skip) = (items.len(), self.skip);
        let given: Vec<T> = items.into_iter().skip(skip).take(limit.get()).collect();
        let end = skip.saturating_add(given.len());
        if end < here {
            return Ok((given, Some(Self { skip: end, ..self })));
        }
        let Some(link) = answer.next_query() else { return Ok((given, None)) };
        let known = link.into_iter().filter(|(name, _)| WHERE.contains(&name.as_str()));
        let pairs: Vec<_> = known.collect();
        if pairs.is_empty() || pairs == self.pairs {
            return Err(malformed(resource, "a next-link leads nowhere"));
        }
        Ok((given, Some(Self { pairs, skip: 0, ..self })))
    }

    /// Adds the place to a position.
    pub(crate) fn write(self, marks: Marks) -> Result<Marks, ProviderError> {
        let marks = marks.with("size", self.size.to_string())?;
        let marks = marks.with("skip", self.skip.to_string())?;
        self.pairs.into_iter().try_fold(marks, |marks, (name, value)| marks.with(&name, value))
    }
}
