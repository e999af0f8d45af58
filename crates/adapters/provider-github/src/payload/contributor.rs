//! `Contributor`, from `GET /repositories/{id}/contributors?anon=1`.
//!
//! Source: <https://docs.github.com/en/rest/repos/repos#list-repository-contributors>,
//! API version 2022-11-28.

use lodge_forge::Contributor;
use lodge_provider_kit::Text;
use serde::Deserialize;

use super::filled;

/// A person with an account, or without one (`"type": "Anonymous"`).
#[derive(Debug, Deserialize)]
pub(crate) struct ContributorPayload<'a> {
    #[serde(borrow)]
    login: Option<Text<'a>>,
    name: Option<Text<'a>>,
    email: Option<Text<'a>>,
    avatar_url: Option<Text<'a>>,
    contributions: u64,
}

impl From<ContributorPayload<'_>> for Contributor {
    fn from(it: ContributorPayload<'_>) -> Self {
        let (login, name, email) = (filled(it.login), filled(it.name), filled(it.email));
        let address = || email.as_ref().map(|it| it.to_lowercase());
        Self {
            key: login.clone().or_else(address).or_else(|| name.clone()).unwrap_or_default(),
            name,
            email,
            login,
            avatar_url: filled(it.avatar_url),
            commits: it.contributions,
            additions: None,
            deletions: None,
            derived: false,
        }
    }
}
