//! Release Hook.

use lodge_activity::{Fact, Milestone, MilestoneKind};
use lodge_kernel::Timestamp;
use lodge_provider_kit::Text;
use serde::Deserialize;

use super::Facts;
use crate::payload::{Time, filled};

#[derive(Debug, Deserialize)]
struct HookPayload<'a> {
    /// `create`, `update` or `delete`.
    #[serde(borrow)]
    action: Option<Text<'a>>,
    #[serde(borrow)]
    tag: Option<Text<'a>>,
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(default)]
    created_at: Time,
    #[serde(default)]
    released_at: Time,
    #[serde(borrow)]
    commit: Option<CommitPayload<'a>>,
}

#[derive(Debug, Deserialize)]
struct CommitPayload<'a> {
    #[serde(borrow)]
    id: Option<Text<'a>>,
}

/// Nothing when there is no tag, or no time. When a release was changed or
/// removed, nothing but the delivery says.
pub(super) fn read(body: &[u8], received_at: Timestamp) -> Result<Facts, serde_json::Error> {
    let it: HookPayload<'_> = serde_json::from_slice(body)?;
    let made = it.created_at.0.or(it.released_at.0);
    let at = match it.action.as_deref() {
        Some("update" | "delete") => made.max(Some(received_at)),
        _ => made,
    };
    let (Some(tag), Some(at)) = (filled(it.tag), at) else {
        return Ok(Vec::new());
    };
    Ok(vec![Fact::Milestone(Milestone {
        kind: MilestoneKind::Release,
        name: filled(it.name).unwrap_or_else(|| tag.clone()),
        id: tag,
        sha: filled(it.commit.and_then(|it| it.id)),
        status: None,
        removed: it.action.as_deref() == Some("delete"),
        by: None,
        at,
    })])
}
