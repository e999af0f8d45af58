//! `Release`, from `GET /repositories/{id}/releases`.
//!
//! Source: <https://docs.github.com/en/rest/releases/releases#list-releases>,
//! API version 2022-11-28.

use lodge_forge::{Release, ReleaseAsset};
use lodge_provider_kit::{Few, Text};
use serde::Deserialize;

use super::{
    filled, instant,
    profile::{UserPayload, login},
};

#[derive(Debug, Deserialize)]
pub(crate) struct ReleasePayload<'a> {
    id: u64,
    #[serde(borrow)]
    tag_name: Text<'a>,
    name: Option<Text<'a>>,
    body: Option<Text<'a>>,
    draft: Option<bool>,
    prerelease: Option<bool>,
    target_commitish: Option<Text<'a>>,
    author: Option<UserPayload<'a>>,
    created_at: Option<Text<'a>>,
    published_at: Option<Text<'a>>,
    assets: Option<Few<AssetPayload<'a>, 1_000>>,
    html_url: Option<Text<'a>>,
}

#[derive(Debug, Deserialize)]
struct AssetPayload<'a> {
    #[serde(borrow)]
    name: Text<'a>,
    size: Option<u64>,
    browser_download_url: Text<'a>,
    content_type: Option<Text<'a>>,
}

impl From<ReleasePayload<'_>> for Release {
    fn from(it: ReleasePayload<'_>) -> Self {
        Self {
            id: it.id.to_string(),
            tag: it.tag_name.into(),
            name: filled(it.name),
            body: filled(it.body),
            draft: it.draft,
            prerelease: it.prerelease,
            target_commitish: filled(it.target_commitish),
            author: login(it.author),
            created_at: instant(it.created_at),
            published_at: instant(it.published_at),
            assets: it.assets.into_iter().flatten().map(Into::into).collect(),
            from_tag: false,
            traits: Vec::new(),
            web_url: filled(it.html_url),
        }
    }
}

impl From<AssetPayload<'_>> for ReleaseAsset {
    fn from(it: AssetPayload<'_>) -> Self {
        Self {
            name: it.name.into(),
            size: it.size,
            url: it.browser_download_url.into(),
            content_type: filled(it.content_type),
        }
    }
}
