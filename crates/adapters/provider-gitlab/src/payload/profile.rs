//! `GET /user`, and people inside other bodies.
//!
//! Source: <https://docs.gitlab.com/api/users/>, API v4. The body has private
//! fields (identities, last sign-in), which are not read.

use lodge_forge::{AccountType, Profile, ProviderName};
use lodge_kernel::ConnectionId;
use lodge_provider_kit::Text;
use serde::Deserialize;

use super::{filled, plain};

#[derive(Debug, Deserialize)]
pub(crate) struct UserPayload<'a> {
    pub(crate) id: u64,
    #[serde(borrow)]
    pub(crate) username: Option<Text<'a>>,
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow)]
    email: Option<Text<'a>>,
    #[serde(borrow)]
    avatar_url: Option<Text<'a>>,
    #[serde(borrow)]
    web_url: Option<Text<'a>>,
    bot: Option<bool>,
}

impl UserPayload<'_> {
    pub(crate) fn into_profile(
        self,
        provider: ProviderName,
        connection_id: ConnectionId,
    ) -> Profile {
        Profile {
            id: self.id.to_string(),
            provider,
            login: plain(self.username),
            name: filled(self.name),
            email: filled(self.email),
            avatar_url: filled(self.avatar_url),
            web_url: filled(self.web_url),
            account_type: if self.bot == Some(true) { AccountType::Bot } else { AccountType::User },
            connection_id,
        }
    }
}

/// Somebody, in the body of something else.
#[derive(Debug, Deserialize)]
pub(crate) struct PersonPayload<'a> {
    #[serde(borrow)]
    username: Option<Text<'a>>,
    #[serde(borrow)]
    name: Option<Text<'a>>,
}

impl PersonPayload<'_> {
    /// The login, else the name.
    pub(crate) fn called(self) -> Option<String> {
        filled(self.username).or_else(|| filled(self.name))
    }
}
