//! `user`, from `GET /user`, and as it stands inside most other objects.
//!
//! Source: <https://developer.atlassian.com/cloud/bitbucket/rest/api-group-users/>,
//! API 2.0. Names that log in are no longer told, and a nickname is not unique.

use lodge_activity::Actor;
use lodge_forge::{AccountType, Profile, ProviderName};
use lodge_kernel::ConnectionId;
use lodge_provider_kit::Text;
use serde::Deserialize;

use super::{link::LinksPayload, repository::bare};

#[derive(Debug, Deserialize)]
pub(crate) struct AccountPayload<'a> {
    #[serde(borrow)]
    pub(crate) uuid: Option<Text<'a>>,
    nickname: Option<Text<'a>>,
    /// Until 2019 only.
    username: Option<Text<'a>>,
    pub(crate) display_name: Option<Text<'a>>,
    #[serde(rename = "type")]
    kind: Option<Text<'a>>,
    links: Option<LinksPayload<'a>>,
}

/// One address, from `GET /user/emails`.
#[derive(Debug, Deserialize)]
pub(crate) struct EmailPayload<'a> {
    #[serde(borrow)]
    pub(crate) email: Option<Text<'a>>,
    #[serde(default)]
    pub(crate) is_primary: bool,
}

impl AccountPayload<'_> {
    /// The name that people know the account by.
    pub(crate) fn known_as(&self) -> Option<String> {
        let names = [&self.nickname, &self.username, &self.display_name];
        names.into_iter().flatten().find(|it| !it.is_empty()).map(|it| (**it).to_owned())
    }

    /// The account, as courses tell people from each other: by its id, and by a
    /// name only without one, since anybody may take a nickname that somebody
    /// else has. `None` when nothing of it is told.
    pub(crate) fn actor(&self) -> Option<Actor> {
        let filled = |text: &str| Some(text.to_owned()).filter(|it| !it.is_empty());
        let host_user = self.uuid.as_deref().and_then(|it| filled(bare(it)));
        let name = self.nickname.as_deref().or(self.username.as_deref()).and_then(filled);
        let actor = Actor {
            username: name.filter(|_| host_user.is_none()),
            host_user,
            email: None,
            name: self.display_name.as_deref().and_then(filled),
        };
        (actor != Actor::default()).then_some(actor)
    }

    pub(crate) fn avatar_url(&mut self) -> Option<String> {
        self.links.as_mut()?.avatar_url()
    }

    /// The account behind `connection`. `None` for one without an id.
    pub(crate) fn into_profile(
        mut self,
        provider: ProviderName,
        email: Option<String>,
        connection_id: ConnectionId,
    ) -> Option<Profile> {
        let login = self.known_as();
        let mut links = self.links.take().unwrap_or_default();
        let id: String = self.uuid?.filled()?;
        Some(Profile {
            provider,
            login: login.unwrap_or_else(|| id.clone()),
            id,
            name: self.display_name.and_then(Text::filled),
            email,
            avatar_url: links.avatar_url(),
            web_url: links.web_url(),
            account_type: match self.kind.as_deref() {
                Some("team") => AccountType::Organization,
                Some("app_user" | "AppUser") => AccountType::Bot,
                _ => AccountType::User,
            },
            connection_id,
        })
    }
}
