//! `Private User`, from `GET /user`, and `Simple User`, inside most others.
//!
//! Source: <https://docs.github.com/en/rest/users/users#get-the-authenticated-user>,
//! API version 2022-11-28.

use lodge_activity::Actor;
use lodge_forge::{AccountType, Profile, ProviderName};
use lodge_kernel::ConnectionId;
use lodge_provider::HostAccount;
use lodge_provider_kit::{Few, Text, account};
use serde::Deserialize;

use super::filled;

#[derive(Debug, Deserialize)]
pub(crate) struct ProfilePayload<'a> {
    id: u64,
    #[serde(borrow)]
    login: Text<'a>,
    name: Option<Text<'a>>,
    email: Option<Text<'a>>,
    avatar_url: Option<Text<'a>>,
    html_url: Option<Text<'a>>,
    #[serde(rename = "type")]
    kind: Option<Text<'a>>,
}

impl ProfilePayload<'_> {
    pub(crate) fn into_profile(self, provider: ProviderName, connection: ConnectionId) -> Profile {
        Profile {
            id: self.id.to_string(),
            provider,
            login: self.login.into(),
            name: filled(self.name),
            email: filled(self.email),
            avatar_url: filled(self.avatar_url),
            web_url: filled(self.html_url),
            account_type: match self.kind.as_deref() {
                Some("Bot") => AccountType::Bot,
                Some("Organization") => AccountType::Organization,
                _ => AccountType::User,
            },
            connection_id: connection,
        }
    }
}

impl From<ProfilePayload<'_>> for HostAccount {
    fn from(it: ProfilePayload<'_>) -> Self {
        Self { id: it.id.to_string(), login: it.login.into() }
    }
}

/// A person beside something else. A deleted one is `null`, or `{}`.
#[derive(Debug, Deserialize)]
pub(crate) struct UserPayload<'a> {
    #[serde(borrow)]
    login: Option<Text<'a>>,
}

/// The login, if there is somebody.
pub(crate) fn login(user: Option<UserPayload<'_>>) -> Option<String> {
    filled(user?.login)
}

/// Those of `people` who are there.
pub(crate) fn accounts(people: Option<Few<UserPayload<'_>, 1_000>>) -> Vec<Actor> {
    let logins = people.into_iter().flatten().filter_map(|it| login(Some(it)));
    let mut all: Vec<_> = logins.map(account).collect();
    all.sort_unstable();
    all
}
