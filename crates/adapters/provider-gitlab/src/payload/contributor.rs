//! `GET /projects/:id/repository/contributors`.
//!
//! Source: <https://docs.gitlab.com/api/repositories/#contributors>, API v4.
//! `additions` and `deletions` are always 0, and not read.

use lodge_provider_kit::Text;
use serde::Deserialize;

#[derive(Debug, Deserialize)]
pub(crate) struct ContributorPayload<'a> {
    #[serde(borrow)]
    pub(crate) name: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) email: Option<Text<'a>>,
    pub(crate) commits: Option<u64>,
}
