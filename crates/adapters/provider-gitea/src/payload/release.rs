//! `Release`, from `GET /repos/{owner}/{repo}/releases`.
//!
//! Source: <https://docs.gitea.com/api/#tag/repository/operation/repoListReleases>.

use lodge_forge::{Release, ReleaseAsset};
use lodge_provider_kit::{Few, Text};
use serde::Deserialize;

use super::{count, filled, instant, profile::UserPayload};

#[derive(Debug, Deserialize)]
pub(crate) struct ReleasePayload<'a> {
    id: u64,
    #[serde(borrow)]
    tag_name: Text<'a>,
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow)]
    body: Option<Text<'a>>,
    draft: Option<bool>,
    prerelease: Option<bool>,
    #[serde(borrow)]
    target_commitish: Option<Text<'a>>,
    #[serde(borrow)]
    author: Option<UserPayload<'a>>,
    #[serde(borrow)]
    created_at: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) published_at: Option<Text<'a>>,
    #[serde(borrow)]
    html_url: Option<Text<'a>>,
    #[serde(borrow)]
    assets: Option<Few<AssetPayload<'a>, 1_000>>,
}

#[derive(Debug, Deserialize)]
struct AssetPayload<'a> {
    #[serde(borrow)]
    name: Text<'a>,
    size: Option<i64>,
    #[serde(borrow)]
    browser_download_url: Option<Text<'a>>,
}

impl ReleasePayload<'_> {
    pub(crate) fn into_release(self) -> Release {
        Release {
            id: self.id.to_string(),
            tag: self.tag_name.into(),
            name: filled(self.name),
            body: filled(self.body),
            draft: self.draft,
            prerelease: self.prerelease,
            target_commitish: filled(self.target_commitish),
            author: self.author.and_then(UserPayload::into_login),
            created_at: instant(self.created_at.as_ref()),
            published_at: instant(self.published_at.as_ref()),
            assets: self.assets.unwrap_or_default().into_iter().filter_map(asset).collect(),
            from_tag: false,
            traits: Vec::new(),
            web_url: filled(self.html_url),
        }
    }
}

fn asset(payload: AssetPayload<'_>) -> Option<ReleaseAsset> {
    Some(ReleaseAsset {
        name: payload.name.into(),
        size: count(payload.size),
        url: filled(payload.browser_download_url)?,
        content_type: None,
    })
}
