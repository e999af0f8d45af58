//! `User`, from `GET /user`, and wherever somebody is named.
//!
//! Source: <https://docs.gitea.com/api/#tag/user/operation/userGetCurrent>.

use lodge_provider_kit::Text;
use serde::Deserialize;

#[derive(Debug, Deserialize)]
pub(crate) struct UserPayload<'a> {
    /// A deleted account has -1.
    pub(crate) id: i64,
    #[serde(borrow)]
    pub(crate) login: Text<'a>,
    #[serde(borrow)]
    pub(crate) full_name: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) email: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) avatar_url: Option<Text<'a>>,
    /// Since Gitea 1.22.
    #[serde(borrow)]
    pub(crate) html_url: Option<Text<'a>>,
}

impl UserPayload<'_> {
    /// The login of an account that is still there.
    pub(crate) fn into_login(self) -> Option<String> {
        if self.id > 0 { self.login.filled() } else { None }
    }
}
