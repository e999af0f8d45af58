//! Deployment Hook.

use lodge_activity::{Fact, Milestone, MilestoneKind};
use lodge_provider_kit::Text;
use serde::Deserialize;

use super::Facts;
use crate::{
    hash,
    payload::{Time, actor::ActorPayload, filled},
};

#[derive(Debug, Deserialize)]
struct HookPayload<'a> {
    /// GitLab before 13.10 does not tell it.
    deployment_id: Option<u64>,
    #[serde(borrow)]
    status: Option<Text<'a>>,
    #[serde(default)]
    status_changed_at: Time,
    #[serde(borrow)]
    environment: Option<Text<'a>>,
    /// The one place with the whole hash.
    #[serde(borrow)]
    commit_url: Option<Text<'a>>,
    #[serde(borrow)]
    user: Option<ActorPayload<'a>>,
}

/// Nothing when it cannot be said which one it is, where to, or when.
pub(super) fn read(body: &[u8]) -> Result<Facts, serde_json::Error> {
    let it: HookPayload<'_> = serde_json::from_slice(body)?;
    let (Some(id), Some(name), Some(at)) =
        (it.deployment_id, filled(it.environment), it.status_changed_at.0)
    else {
        return Ok(Vec::new());
    };
    let last = it.commit_url.as_deref().and_then(|it| it.rsplit('/').next());
    Ok(vec![Fact::Milestone(Milestone {
        kind: MilestoneKind::Deployment,
        id: id.to_string(),
        name,
        sha: last.filter(|it| hash::is_whole(it)).map(str::to_owned),
        status: filled(it.status),
        removed: false,
        by: it.user.and_then(ActorPayload::into_actor),
        at,
    })])
}
