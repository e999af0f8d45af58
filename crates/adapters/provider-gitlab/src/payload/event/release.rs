//! Release Hook.

use lodge_forge::{EventKind, Release, Subject};
use lodge_provider_kit::Text;
use serde::Deserialize;

use super::{Time, Told, filled};
use crate::payload::release::{AssetsPayload, assets};

#[derive(Debug, Deserialize)]
struct HookPayload<'a> {
    /// `create`, `update` or `delete`.
    #[serde(borrow)]
    action: Option<Text<'a>>,
    #[serde(borrow)]
    tag: Option<Text<'a>>,
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow)]
    description: Option<Text<'a>>,
    #[serde(default)]
    created_at: Time,
    #[serde(default)]
    released_at: Time,
    #[serde(borrow)]
    commit: Option<CommitPayload<'a>>,
    #[serde(borrow)]
    assets: Option<AssetsPayload<'a>>,
    #[serde(borrow)]
    url: Option<Text<'a>>,
}

#[derive(Debug, Deserialize)]
struct CommitPayload<'a> {
    #[serde(borrow)]
    id: Option<Text<'a>>,
}

pub(super) fn read(body: &[u8]) -> Result<Told, serde_json::Error> {
    let payload: HookPayload<'_> = serde_json::from_slice(body)?;
    if payload.action.as_deref() != Some("create") {
        return Ok(None);
    }
    let at = payload.released_at.0;
    let told = |it| (EventKind::ReleasePublished, at, Subject::Release(Box::new(it)));
    Ok(payload.into_release().map(told))
}

impl HookPayload<'_> {
    fn into_release(self) -> Option<Release> {
        let tag = filled(self.tag)?;
        Some(Release {
            id: tag.clone(),
            tag,
            name: filled(self.name),
            body: filled(self.description),
            draft: Some(false),
            prerelease: None,
            target_commitish: filled(self.commit.and_then(|it| it.id)),
            author: None,
            created_at: self.created_at.0,
            published_at: self.released_at.0,
            assets: assets(self.assets),
            from_tag: false,
            traits: Vec::new(),
            web_url: filled(self.url),
        })
    }
}
