//! What a host answered, when the answer is good.

use std::{
    any::Any,
    sync::{Arc, OnceLock},
};

use bytes::Bytes;
use lodge_forge::Resource;
use lodge_provider::ProviderError;
use reqwest::header::HeaderMap;
use serde::Deserialize;

use crate::{Few, links};

/// The most items of a page.
const MOST: usize = 100;

/// A good answer. Cheap to clone: the body is shared.
#[derive(Clone, Debug)]
pub struct Answer(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    status: u16,
    headers: HeaderMap,
    body: Bytes,
    cut: bool,
    fresh: bool,
    understood: Understood,
}

/// What was made of a body.
type Understood = Arc<OnceLock<Box<dyn Any + Send + Sync>>>;

impl Answer {
    pub(crate) fn new(status: u16, headers: HeaderMap, body: Bytes, cut: bool) -> Self {
        let understood = Understood::default();
        Self(Arc::new(Inner { status, headers, body, cut, fresh: true, understood }))
    }

    /// The same answer, which the host has just confirmed (304). What the
    /// confirmation says of limits and links does not replace what was said
    /// with the body.
    pub(crate) fn confirmed(&self) -> Self {
        let Inner { status, ref headers, ref body, cut, .. } = *self.0;
        let (headers, body) = (headers.clone(), body.clone());
        let understood = Arc::clone(&self.0.understood);
        Self(Arc::new(Inner { status, headers, body, cut, fresh: false, understood }))
    }

    /// The HTTP status: 200 … 299.
    pub fn status(&self) -> u16 {
        self.0.status
    }

    /// The body came with this answer, rather than with an earlier one.
    pub fn is_fresh(&self) -> bool {
        self.0.fresh
    }

    /// The body was longer than asked for.
    pub fn is_cut(&self) -> bool {
        self.0.cut
    }

    /// A header, if it is there and text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.0.headers.get(name)?.to_str().ok()
    }

    pub(crate) fn headers(&self) -> &HeaderMap {
        &self.0.headers
    }

    /// The body, byte for byte.
    pub fn body(&self) -> &Bytes {
        &self.0.body
    }

    /// The body as `T`, which may borrow from it. A byte order mark is
    /// skipped.
    ///
    /// # Errors
    ///
    /// [`ProviderError::Malformed`] when it is something else.
    pub fn json<'a, T: Deserialize<'a>>(&'a self, resource: Resource) -> Result<T, ProviderError> {
        let body = self.0.body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&self.0.body);
        serde_json::from_slice(body)
            .map_err(|error| ProviderError::Malformed { resource, source: error.into() })
    }

    /// The body as a page of a listing. It has at most 100 items, since no more
    /// are asked for: a long list of nothings is short to send, and large to
    /// keep.
    ///
    /// # Errors
    ///
    /// [`ProviderError::Malformed`] when it is something else, or has more.
    pub fn page<'a, T: Deserialize<'a>>(
        &'a self,
        resource: Resource,
    ) -> Result<Vec<T>, ProviderError> {
        self.json::<Few<T, MOST>>(resource).map(Few::into_vec)
    }

    /// What `understand` makes of this answer, once for all who share it: those who
    /// asked at the same time, and those to whom the host confirms it later. So
    /// `understand` MUST make it of the answer alone, and whoever makes a `T` of
    /// the same answer MUST make the same one.
    ///
    /// # Errors
    ///
    /// That of `understand`, which the next one may try again.
    pub fn understood<T: Clone + Send + Sync + 'static>(
        &self,
        understand: impl FnOnce(&Self) -> Result<T, ProviderError>,
    ) -> Result<T, ProviderError> {
        let known = self.0.understood.get().and_then(|it| it.downcast_ref::<T>());
        if let Some(known) = known {
            return Ok(known.clone());
        }
        let made = understand(self)?;
        let is_shared = Arc::strong_count(&self.0) > 1 || Arc::strong_count(&self.0.understood) > 1;
        if is_shared {
            self.0.understood.get_or_init(|| Box::new(made.clone()));
        }
        Ok(made)
    }

    /// The query of the `Link` to the next page (RFC 8288). `None` on the last
    /// page. The address itself is not followed: it may lead anywhere.
    pub fn next_query(&self) -> Option<Vec<(String, String)>> {
        self.header("link").and_then(links::next).and_then(links::query_of_next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(items: usize) -> Result<Vec<u8>, ProviderError> {
        let body = format!("\u{feff}[{}]", vec!["7"; items].join(","));
        Answer::new(200, HeaderMap::new(), body.into(), false).page(Resource::Tags)
    }

    #[test]
    fn what_is_shared_is_understood_once() {
        let answer = Answer::new(200, HeaderMap::new(), "[1,2]".into(), false);
        let read = |it: &Answer| it.page::<u8>(Resource::Tags);
        let never = |_: &Answer| -> Result<Vec<u8>, _> { panic!("it is understood already") };
        // Nobody else would have anything of it.
        assert_eq!(answer.understood(read).unwrap(), [1, 2]);
        assert_eq!(answer.understood(|_| Ok(vec![7_u8])).unwrap(), [7]);

        let (shared, refused) = (answer.clone(), ProviderError::Forbidden);
        assert!(shared.understood::<Vec<u8>>(|_| Err(refused)).is_err());
        assert_eq!(shared.understood(read).unwrap(), [1, 2]);
        assert_eq!(answer.understood(never).unwrap(), [1, 2]);
        assert_eq!(answer.confirmed().understood(never).unwrap(), [1, 2]);
        // Of another kind: it is made anew.
        assert_eq!(answer.understood(|it| Ok(it.body().len())).unwrap(), 5);
    }

    #[test]
    fn a_page_that_is_longer_than_any_is_refused() {
        assert!(page(0).unwrap().is_empty());
        assert_eq!(page(100).unwrap().len(), 100);
        assert!(matches!(page(101), Err(ProviderError::Malformed { .. })));
    }
}
