//! The links that most objects carry.
//!
//! Source: <https://developer.atlassian.com/cloud/bitbucket/rest/intro/#schemas-and-serialization>,
//! API 2.0.

use lodge_provider_kit::{Few, Text};
use serde::Deserialize;
use url::Url;

#[derive(Debug, Default, Deserialize)]
pub(crate) struct LinksPayload<'a> {
    #[serde(borrow)]
    html: Option<LinkPayload<'a>>,
    avatar: Option<LinkPayload<'a>>,
    commit: Option<LinkPayload<'a>>,
    clone: Option<Few<LinkPayload<'a>, 1_000>>,
}

#[derive(Debug, Deserialize)]
struct LinkPayload<'a> {
    #[serde(borrow)]
    href: Option<Text<'a>>,
    name: Option<Text<'a>>,
}

impl LinksPayload<'_> {
    /// The page for people.
    pub(crate) fn web_url(&mut self) -> Option<String> {
        self.html.take()?.href?.filled()
    }

    /// The picture.
    pub(crate) fn avatar_url(&mut self) -> Option<String> {
        self.avatar.take()?.href?.filled()
    }

    /// The last part of the link to a commit: its hash.
    pub(crate) fn commit(&self) -> Option<String> {
        let href = self.commit.as_ref()?.href.as_ref()?;
        href.rsplit('/').next().filter(|it| !it.is_empty()).map(str::to_owned)
    }

    /// Where Git clones from over HTTPS, without the name of the account that
    /// Bitbucket writes into it.
    pub(crate) fn clone_url(&self) -> Option<String> {
        let https = |it: &&LinkPayload<'_>| it.name.as_deref() == Some("https");
        let link = self.clone.as_ref()?.iter().find(https)?.href.as_ref()?;
        let mut url = Url::parse(link).ok()?;
        url.set_username("").ok()?;
        url.set_password(None).ok()?;
        Some(url.into())
    }
}
