//! Pipeline Hook and Job Hook.

use lodge_forge::{Check, CheckKind, CheckStatus, EventKind, Subject};
use lodge_provider_kit::Text;
use serde::Deserialize;

use super::{Time, Told, filled};
use crate::payload::{
    check::{Outcome, outcome, pipeline_name},
    plain,
};

#[derive(Debug, Deserialize)]
struct PipelineHookPayload<'a> {
    #[serde(borrow)]
    object_attributes: PipelinePayload<'a>,
}

#[derive(Debug, Deserialize)]
struct PipelinePayload<'a> {
    id: u64,
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow, rename = "ref")]
    reference: Option<Text<'a>>,
    #[serde(borrow)]
    sha: Option<Text<'a>>,
    #[serde(borrow)]
    status: Option<Text<'a>>,
    #[serde(default)]
    finished_at: Time,
    #[serde(borrow)]
    url: Option<Text<'a>>,
}

#[derive(Debug, Deserialize)]
struct JobPayload<'a> {
    build_id: u64,
    #[serde(borrow)]
    build_name: Option<Text<'a>>,
    #[serde(borrow)]
    build_status: Option<Text<'a>>,
    build_allow_failure: Option<bool>,
    #[serde(default)]
    build_started_at: Time,
    #[serde(default)]
    build_finished_at: Time,
    #[serde(borrow, rename = "ref")]
    reference: Option<Text<'a>>,
    #[serde(borrow)]
    sha: Option<Text<'a>>,
}

pub(super) fn pipeline(body: &[u8]) -> Result<Told, serde_json::Error> {
    let PipelineHookPayload { object_attributes: it } = serde_json::from_slice(body)?;
    let Outcome { status, conclusion, traits } = outcome(it.status.as_deref(), false);
    Ok(Some(updated(Check {
        id: it.id.to_string(),
        kind: CheckKind::Pipeline,
        name: pipeline_name(it.name),
        status,
        conclusion,
        traits,
        sha: plain(it.sha),
        reference: filled(it.reference),
        started_at: None,
        completed_at: it.finished_at.0,
        summary: None,
        url: filled(it.url),
        app: None,
    })))
}

pub(super) fn job(body: &[u8]) -> Result<Told, serde_json::Error> {
    let it: JobPayload<'_> = serde_json::from_slice(body)?;
    let may_fail = it.build_allow_failure == Some(true);
    let Outcome { status, conclusion, traits } = outcome(it.build_status.as_deref(), may_fail);
    Ok(Some(updated(Check {
        id: it.build_id.to_string(),
        kind: CheckKind::Job,
        name: plain(it.build_name),
        status,
        conclusion,
        traits,
        sha: plain(it.sha),
        reference: filled(it.reference),
        started_at: it.build_started_at.0,
        completed_at: it.build_finished_at.0,
        summary: None,
        url: None,
        app: None,
    })))
}

fn updated(check: Check) -> (EventKind, Option<lodge_kernel::Timestamp>, Subject) {
    let at = match check.status {
        CheckStatus::Queued => None,
        CheckStatus::Running => check.started_at,
        CheckStatus::Completed => check.completed_at,
    };
    (EventKind::CheckUpdated, at, Subject::Check(Box::new(check)))
}
