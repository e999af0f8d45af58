//! `GET /projects/:id/releases`.
//!
//! Source: <https://docs.gitlab.com/api/releases/>, API v4. GitLab has no
//! drafts, and does not say whether a release is final.

use lodge_forge::{Release, ReleaseAsset};
use lodge_provider_kit::{Few, Text};
use serde::Deserialize;

use super::{Time, filled, profile::PersonPayload};

#[derive(Debug, Deserialize)]
pub(crate) struct ReleasePayload<'a> {
    #[serde(borrow)]
    tag_name: Option<Text<'a>>,
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow)]
    description: Option<Text<'a>>,
    #[serde(default)]
    created_at: Time,
    #[serde(default)]
    released_at: Time,
    upcoming_release: Option<bool>,
    #[serde(borrow)]
    author: Option<PersonPayload<'a>>,
    #[serde(borrow)]
    commit: Option<ReleasedPayload<'a>>,
    #[serde(borrow)]
    assets: Option<AssetsPayload<'a>>,
    #[serde(borrow, rename = "_links")]
    links: Option<LinksPayload<'a>>,
}

#[derive(Debug, Deserialize)]
struct ReleasedPayload<'a> {
    #[serde(borrow)]
    id: Option<Text<'a>>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct AssetsPayload<'a> {
    #[serde(borrow)]
    links: Option<Few<AssetPayload<'a>, 1_000>>,
}

#[derive(Debug, Deserialize)]
struct AssetPayload<'a> {
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow)]
    url: Option<Text<'a>>,
    /// Stays the same when the file moves.
    #[serde(borrow)]
    direct_asset_url: Option<Text<'a>>,
}

#[derive(Debug, Deserialize)]
struct LinksPayload<'a> {
    #[serde(borrow, rename = "self")]
    page: Option<Text<'a>>,
}

impl ReleasePayload<'_> {
    /// `None` when the tag is hidden from the account.
    pub(crate) fn into_release(self) -> Option<Release> {
        let tag = filled(self.tag_name)?;
        let upcoming = self.upcoming_release == Some(true);
        Some(Release {
            id: tag.clone(),
            tag,
            name: filled(self.name),
            body: filled(self.description),
            draft: Some(false),
            prerelease: None,
            target_commitish: filled(self.commit.and_then(|it| it.id)),
            author: self.author.and_then(PersonPayload::called),
            created_at: self.created_at.0,
            published_at: self.released_at.0,
            assets: assets(self.assets),
            from_tag: false,
            traits: upcoming.then(|| "upcoming".to_owned()).into_iter().collect(),
            web_url: filled(self.links.and_then(|it| it.page)),
        })
    }
}

/// The files that somebody attached; archives of the source are not among
/// them.
pub(crate) fn assets(payload: Option<AssetsPayload<'_>>) -> Vec<ReleaseAsset> {
    let links = payload.and_then(|it| it.links).into_iter().flatten();
    let asset = |it: AssetPayload<'_>| {
        let url = filled(it.direct_asset_url).or_else(|| filled(it.url))?;
        Some(ReleaseAsset { name: filled(it.name)?, size: None, url, content_type: None })
    };
    links.filter_map(asset).collect()
}
