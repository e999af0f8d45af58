//! Where a listing goes on: the size of the host's pages, the allow-listed
//! query of the next one, and how much of it was given already.
//!
//! `next` holds all parameters, and nobody may build it:
//! <https://developer.atlassian.com/cloud/bitbucket/rest/intro/#pagination>.
//! Only its query is kept, and of that only what tells the page.

use lodge_pagination::{Limit, Page};
use lodge_provider::ProviderError;
use lodge_provider_kit::{Call, Marks, Read, Text, query_of_next};
use url::form_urlencoded::{Serializer, parse};

use crate::payload::page::PagePayload;

/// What tells a page, of all that a next-link holds: a number, or an opaque
/// word beside an opaque context.
const KNOWN: [&str; 2] = ["page", "ctx"];

/// One page of the host.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    pagelen: usize,
    query: Vec<(String, String)>,
    skip: usize,
}

impl Step {
    /// The first page, of at most `most` items at this endpoint.
    pub(crate) fn first(limit: Limit, most: usize) -> Self {
        Self { pagelen: limit.get().min(most), query: Vec::new(), skip: 0 }
    }

    /// The page that a position names.
    pub(crate) fn read(read: Read<'_>) -> Result<Self, ProviderError> {
        let query = read.bytes("query")?;
        let query = parse(&query).into_owned().collect();
        Ok(Self { pagelen: read.number("pagelen")?, query, skip: read.number("skip")? })
    }

    /// `call` for this page.
    pub(crate) fn dress(&self, call: Call) -> Call {
        let call = call.query("pagelen", self.pagelen.to_string());
        self.query.iter().fold(call, |call, (name, value)| call.query(name, value))
    }

    /// At most `limit` items of the host's page, and where they go on. A page
    /// of another size than the one before is cut from the same host's pages.
    pub(crate) fn take<P>(
        self,
        limit: Limit,
        payload: PagePayload<'_, P>,
    ) -> (Vec<P>, Option<Self>) {
        let Self { pagelen, query, skip } = self;
        let until = skip.saturating_add(limit.get());
        let next = if payload.values.len() > until {
            Some(Self { pagelen, query, skip: until })
        } else {
            let query = payload.next.and_then(|it| known_of(&it));
            query.map(|query| Self { pagelen, query, skip: 0 })
        };
        let items = payload.values.into_iter().skip(skip).take(limit.get());
        (items.collect(), next)
    }

    /// A page of the listing that `marks` were begun for.
    pub(crate) fn page<P, T>(
        self,
        limit: Limit,
        payload: PagePayload<'_, P>,
        marks: Marks,
        read: impl FnMut(P) -> T,
    ) -> Result<Page<T>, ProviderError> {
        let (items, next) = self.take(limit, payload);
        let next = next.map(|it| it.write(marks)).transpose()?.map(Marks::done);
        Ok(Page { items: items.into_iter().map(read).collect(), next })
    }

    /// What [`read`](Self::read) reads.
    pub(crate) fn write(&self, marks: Marks) -> Result<Marks, ProviderError> {
        let query = Serializer::new(String::new()).extend_pairs(&self.query).finish();
        marks
            .with("pagelen", self.pagelen.to_string())?
            .with("skip", self.skip.to_string())?
            .with_bytes("query", query.as_bytes())
    }
}

/// What tells the page in a next-link. `None` when nothing does: asking again
/// would give the same page for ever.
fn known_of(next: &Text<'_>) -> Option<Vec<(String, String)>> {
    let mut query = query_of_next(next)?;
    query.retain(|(name, _)| KNOWN.contains(&name.as_str()));
    (!query.is_empty()).then_some(query)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(values: &[u8], next: Option<&'static str>) -> String {
        let next = next.map(|it| format!(r#","next":"{it}""#)).unwrap_or_default();
        format!(r#"{{"values":{values:?}{next}}}"#)
    }

    fn limit(size: &str) -> Limit {
        Limit::parse(Some(size)).unwrap()
    }

    #[test]
    fn only_what_tells_the_page_is_kept_of_a_next_link() {
        let body = page(&[1], Some("https://evil.example/x?pagelen=9&page=2&ctx=a%2Bb&role=x"));
        let payload: PagePayload<'_, u8> = serde_json::from_str(&body).unwrap();
        let (_, next) = Step::first(limit("1"), 100).take(limit("1"), payload);
        let next = next.unwrap();
        assert_eq!(next.query, [("page".into(), "2".into()), ("ctx".into(), "a+b".into())]);
        let position = next.write(Marks::of("x").unwrap()).unwrap().done();
        let read = Step::read(Read::of("x", Some(&position)).unwrap().unwrap()).unwrap();
        assert_eq!((read.query, read.pagelen, read.skip), (next.query, 1, 0));
    }

    #[test]
    fn a_next_link_that_tells_no_page_ends_the_listing() {
        let body = page(&[1], Some("https://api.bitbucket.org/2.0/repositories"));
        let payload: PagePayload<'_, u8> = serde_json::from_str(&body).unwrap();
        assert!(Step::first(limit("1"), 100).take(limit("1"), payload).1.is_none());
    }

    #[test]
    fn a_smaller_limit_is_cut_from_the_same_pages() {
        let body = page(&[1, 2, 3, 4, 5], Some("?page=2"));
        let payload = || serde_json::from_str::<PagePayload<'_, u8>>(&body).unwrap();
        let (items, next) = Step::first(limit("5"), 100).take(limit("2"), payload());
        assert_eq!(items, [1, 2]);
        let (items, next) = next.unwrap().take(limit("3"), payload());
        assert_eq!(items, [3, 4, 5]);
        assert_eq!(next.unwrap().query, [("page".to_owned(), "2".to_owned())]);
    }
}
