//! Listings read to their end.

use std::fmt::Debug;

use lodge_pagination::{Limit, Page, PageRequest};
use lodge_provider::ProviderError;

/// Everything of a listing, in pages of `limit`.
pub async fn everything<T, A>(limit: &str, ask: A) -> Result<Vec<T>, ProviderError>
where
    A: AsyncFn(PageRequest) -> Result<Page<T>, ProviderError>,
{
    let mut items = Vec::new();
    let mut from = None;
    for _ in 0..100_000 {
        let page = ask(PageRequest { from, limit: limit_of(limit) }).await?;
        assert!(page.items.len() <= limit_of(limit).get(), "a page has more than {limit} items");
        items.extend(page.items);
        match page.next {
            None => return Ok(items),
            next => from = next,
        }
    }
    panic!("the listing does not end");
}

/// The first page of 25.
pub fn first_page() -> PageRequest {
    PageRequest { from: None, limit: Limit::default() }
}

pub(crate) fn limit_of(text: &str) -> Limit {
    Limit::parse(Some(text)).unwrap_or_default()
}

/// The same listing in pages of 1, 7 and 100: the same items, none of them
/// twice.
pub(crate) async fn pages_join<T, A>(name: &str, ask: A) -> Result<Vec<T>, ProviderError>
where
    T: Debug + PartialEq,
    A: AsyncFn(PageRequest) -> Result<Page<T>, ProviderError>,
{
    let whole = everything("100", &ask).await?;
    for limit in ["1", "7"] {
        assert_eq!(everything(limit, &ask).await?, whole, "{name} in pages of {limit}");
    }
    for (index, item) in whole.iter().enumerate() {
        assert!(!whole.iter().take(index).any(|seen| seen == item), "{name} has {item:?} twice");
    }
    Ok(whole)
}
