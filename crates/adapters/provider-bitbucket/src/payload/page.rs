//! One page of anything.
//!
//! Source: <https://developer.atlassian.com/cloud/bitbucket/rest/intro/#pagination>,
//! API 2.0.

use lodge_provider_kit::{Few, Text};
use serde::Deserialize;

/// One page. `size` and `page` are often left out, and are not needed.
#[derive(Debug, Deserialize)]
#[serde(bound(deserialize = "P: Deserialize<'de>"))]
pub(crate) struct PagePayload<'a, P> {
    pub(crate) values: Few<P, 1_000>,
    /// The address of the next page; missing on the last.
    #[serde(borrow)]
    pub(crate) next: Option<Text<'a>>,
}
