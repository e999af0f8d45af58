//! `GET /projects/:id/pipelines` and `…/pipelines/:pipeline_id`.
//!
//! Source: <https://docs.gitlab.com/api/pipelines/>, API v4.

use lodge_activity::{Actor, CiStatus, Pipeline};
use lodge_provider_kit::Text;
use serde::Deserialize;

use crate::payload::{Time, actor::ActorPayload, coverage::Coverage, filled, plain};

#[derive(Debug, Deserialize)]
pub(crate) struct PipelinePayload<'a> {
    id: u64,
    #[serde(borrow)]
    sha: Option<Text<'a>>,
    #[serde(borrow, rename = "ref")]
    reference: Option<Text<'a>>,
    #[serde(borrow)]
    status: Option<Text<'a>>,
    #[serde(default)]
    created_at: Time,
    #[serde(default)]
    updated_at: Time,
    #[serde(borrow)]
    web_url: Option<Text<'a>>,
    /// What follows, one pipeline alone tells.
    #[serde(borrow)]
    user: Option<ActorPayload<'a>>,
    #[serde(default)]
    started_at: Time,
    #[serde(default)]
    finished_at: Time,
    #[serde(default)]
    coverage: Coverage,
}

impl PipelinePayload<'_> {
    /// `None` when there is no time.
    pub(crate) fn into_pipeline(self) -> Option<Pipeline<Actor>> {
        let created_at = self.created_at.0?;
        Some(Pipeline {
            id: self.id.to_string(),
            sha: plain(self.sha),
            reference: plain(self.reference),
            status: status(self.status.as_deref()),
            by: self.user.and_then(ActorPayload::into_actor),
            created_at,
            updated_at: self.updated_at.0.unwrap_or(created_at),
            started_at: self.started_at.0,
            finished_at: self.finished_at.0,
            coverage: self.coverage.0,
            web_url: filled(self.web_url),
        })
    }
}

/// <https://docs.gitlab.com/ci/jobs/#available-job-statuses>. What waits for
/// something or somebody has further words, and may get more.
pub(crate) fn status(word: Option<&str>) -> CiStatus {
    match word {
        Some("canceling") => CiStatus::Running,
        Some(word) => CiStatus::parse(word).unwrap_or(CiStatus::Pending),
        None => CiStatus::Pending,
    }
}
