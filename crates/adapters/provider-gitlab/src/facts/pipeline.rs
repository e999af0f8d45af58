//! Pipeline Hook, with the jobs that it tells along.

use lodge_activity::{Actor, CiJob, Fact, Pipeline};
use lodge_provider_kit::Text;
use serde::Deserialize;

use super::Facts;
use crate::payload::{Time, actor::ActorPayload, course::pipeline::status, filled, plain};

#[derive(Debug, Deserialize)]
struct HookPayload<'a> {
    #[serde(borrow)]
    object_attributes: PipelinePayload<'a>,
    #[serde(borrow)]
    user: Option<ActorPayload<'a>>,
    #[serde(borrow)]
    builds: Option<Vec<BuildPayload<'a>>>,
}

#[derive(Debug, Deserialize)]
struct PipelinePayload<'a> {
    id: u64,
    #[serde(borrow, rename = "ref")]
    reference: Option<Text<'a>>,
    #[serde(borrow)]
    sha: Option<Text<'a>>,
    #[serde(borrow)]
    status: Option<Text<'a>>,
    #[serde(default)]
    created_at: Time,
    #[serde(default)]
    finished_at: Time,
    #[serde(borrow)]
    url: Option<Text<'a>>,
}

#[derive(Debug, Deserialize)]
struct BuildPayload<'a> {
    id: u64,
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow)]
    stage: Option<Text<'a>>,
    #[serde(borrow)]
    status: Option<Text<'a>>,
    #[serde(borrow)]
    user: Option<ActorPayload<'a>>,
    #[serde(default)]
    created_at: Time,
    #[serde(default)]
    started_at: Time,
    #[serde(default)]
    finished_at: Time,
}

pub(super) fn read(body: &[u8]) -> Result<Facts, serde_json::Error> {
    let HookPayload { object_attributes: it, user, builds } = serde_json::from_slice(body)?;
    let Some(created_at) = it.created_at.0 else { return Ok(Vec::new()) };
    let id = it.id.to_string();
    let jobs = builds.into_iter().flatten().filter_map(|it| it.into_job(&id));
    let jobs: Vec<_> = jobs.collect();
    let finished_at = it.finished_at.0;
    // It does not say when it last changed; its jobs do.
    let changes = jobs.iter().flat_map(|it| [it.started_at, it.finished_at]);
    let changes = changes.chain([finished_at]).flatten();
    let pipeline = Pipeline {
        sha: plain(it.sha),
        reference: plain(it.reference),
        status: status(it.status.as_deref()),
        by: user.and_then(ActorPayload::into_actor),
        created_at,
        updated_at: changes.max().map_or(created_at, |it| it.max(created_at)),
        started_at: jobs.iter().filter_map(|it| it.started_at).min(),
        finished_at,
        coverage: None,
        web_url: filled(it.url),
        id,
    };
    Ok(jobs.into_iter().map(Fact::CiJob).chain([Fact::Pipeline(pipeline)]).collect())
}

impl BuildPayload<'_> {
    /// `None` when there is no time.
    fn into_job(self, pipeline: &str) -> Option<CiJob<Actor>> {
        Some(CiJob {
            id: self.id.to_string(),
            pipeline: pipeline.to_owned(),
            name: plain(self.name),
            stage: filled(self.stage),
            status: status(self.status.as_deref()),
            by: self.user.and_then(ActorPayload::into_actor),
            created_at: self.created_at.0?,
            started_at: self.started_at.0,
            finished_at: self.finished_at.0,
            coverage: None,
        })
    }
}
