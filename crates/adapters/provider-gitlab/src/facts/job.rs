//! Job Hook.

use lodge_activity::{CiJob, Fact};
use lodge_provider_kit::Text;
use serde::Deserialize;

use super::Facts;
use crate::payload::{Time, actor::ActorPayload, course::pipeline::status, filled, plain};

#[derive(Debug, Deserialize)]
struct HookPayload<'a> {
    build_id: u64,
    #[serde(borrow)]
    build_name: Option<Text<'a>>,
    #[serde(borrow)]
    build_stage: Option<Text<'a>>,
    #[serde(borrow)]
    build_status: Option<Text<'a>>,
    /// GitLab before 15.6 does not tell it.
    #[serde(default)]
    build_created_at: Time,
    #[serde(default)]
    build_started_at: Time,
    #[serde(default)]
    build_finished_at: Time,
    pipeline_id: Option<u64>,
    #[serde(borrow)]
    user: Option<ActorPayload<'a>>,
}

/// Nothing when there is no time, or nobody says which run it is of.
pub(super) fn read(body: &[u8]) -> Result<Facts, serde_json::Error> {
    let it: HookPayload<'_> = serde_json::from_slice(body)?;
    let times = [it.build_created_at.0, it.build_started_at.0, it.build_finished_at.0];
    let (Some(pipeline), Some(created_at)) = (it.pipeline_id, times.into_iter().flatten().next())
    else {
        return Ok(Vec::new());
    };
    Ok(vec![Fact::CiJob(CiJob {
        id: it.build_id.to_string(),
        pipeline: pipeline.to_string(),
        name: plain(it.build_name),
        stage: filled(it.build_stage),
        status: status(it.build_status.as_deref()),
        by: it.user.and_then(ActorPayload::into_actor),
        created_at,
        started_at: it.build_started_at.0,
        finished_at: it.build_finished_at.0,
        coverage: None,
    })])
}
