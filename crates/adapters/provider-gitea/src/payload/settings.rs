//! `GeneralAPISettings`, from `GET /settings/api`.
//!
//! Source: <https://docs.gitea.com/api/#tag/settings/operation/getGeneralAPISettings>.

use serde::Deserialize;

#[derive(Debug, Deserialize)]
pub(crate) struct SettingsPayload {
    /// The most items of a page: what asks for more gets as many.
    pub(crate) max_response_items: usize,
}
