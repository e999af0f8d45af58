//! `Check Run`, from `GET /repositories/{id}/commits/{sha}/check-runs`, and
//! `Simple Commit Status`, inside `GET /repositories/{id}/commits/{sha}/status`.
//!
//! Source: <https://docs.github.com/en/rest/checks/runs#list-check-runs-for-a-git-reference>,
//! <https://docs.github.com/en/rest/commits/statuses#get-the-combined-status-for-a-specific-reference>,
//! API version 2022-11-28.

use lodge_forge::{Check, CheckConclusion, CheckKind, CheckStatus};
use lodge_kernel::Timestamp;
use lodge_provider_kit::{Few, Text};
use serde::Deserialize;

use super::{filled, instant};

#[derive(Debug, Deserialize)]
pub(crate) struct CheckRunsPayload<'a> {
    #[serde(borrow)]
    pub(crate) check_runs: Few<CheckRunPayload<'a>, 100>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct CheckRunPayload<'a> {
    id: u64,
    #[serde(borrow)]
    name: Option<Text<'a>>,
    head_sha: Text<'a>,
    status: Option<Text<'a>>,
    conclusion: Option<Text<'a>>,
    started_at: Option<Text<'a>>,
    completed_at: Option<Text<'a>>,
    output: Option<OutputPayload<'a>>,
    html_url: Option<Text<'a>>,
    details_url: Option<Text<'a>>,
    app: Option<AppPayload<'a>>,
    check_suite: Option<SuitePayload<'a>>,
}

#[derive(Debug, Deserialize)]
struct OutputPayload<'a> {
    #[serde(borrow)]
    title: Option<Text<'a>>,
    summary: Option<Text<'a>>,
}

#[derive(Debug, Deserialize)]
struct AppPayload<'a> {
    #[serde(borrow)]
    slug: Option<Text<'a>>,
    name: Option<Text<'a>>,
}

/// Only events tell its branch.
#[derive(Debug, Deserialize)]
struct SuitePayload<'a> {
    #[serde(borrow)]
    head_branch: Option<Text<'a>>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct CombinedStatusPayload<'a> {
    #[serde(borrow)]
    pub(crate) sha: Text<'a>,
    pub(crate) statuses: Few<StatusPayload<'a>, 100>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct StatusPayload<'a> {
    id: u64,
    #[serde(borrow)]
    state: Text<'a>,
    context: Option<Text<'a>>,
    description: Option<Text<'a>>,
    target_url: Option<Text<'a>>,
    created_at: Option<Text<'a>>,
    updated_at: Option<Text<'a>>,
}

impl From<CheckRunPayload<'_>> for Check {
    fn from(it: CheckRunPayload<'_>) -> Self {
        let mut traits = Vec::new();
        let output = it.output.map(|it| (it.summary, it.title));
        let summary = output.and_then(|(summary, title)| filled(summary).or_else(|| filled(title)));
        Self {
            id: it.id.to_string(),
            kind: CheckKind::CheckRun,
            name: it.name.map(Into::into).unwrap_or_default(),
            status: status(it.status.as_deref(), &mut traits),
            conclusion: it.conclusion.as_deref().map(|word| conclusion(word, &mut traits)),
            traits,
            sha: it.head_sha.into(),
            reference: it.check_suite.and_then(|it| filled(it.head_branch)),
            started_at: instant(it.started_at),
            completed_at: instant(it.completed_at),
            summary,
            url: filled(it.html_url).or_else(|| filled(it.details_url)),
            app: it.app.and_then(|it| filled(it.slug).or_else(|| filled(it.name))),
        }
    }
}

pub(super) fn status(word: Option<&str>, traits: &mut Vec<String>) -> CheckStatus {
    match word {
        Some("completed") => CheckStatus::Completed,
        Some("in_progress") => CheckStatus::Running,
        Some("queued") | None => CheckStatus::Queued,
        // waiting, requested, pending
        Some(other) => {
            traits.push(other.to_owned());
            CheckStatus::Queued
        }
    }
}

pub(super) fn conclusion(word: &str, traits: &mut Vec<String>) -> CheckConclusion {
    match word {
        "success" => CheckConclusion::Success,
        "failure" => CheckConclusion::Failure,
        "cancelled" => CheckConclusion::Cancelled,
        "skipped" => CheckConclusion::Skipped,
        "neutral" => CheckConclusion::Neutral,
        "timed_out" => CheckConclusion::TimedOut,
        "action_required" => CheckConclusion::ActionRequired,
        "startup_failure" => {
            traits.push(word.to_owned());
            CheckConclusion::Failure
        }
        // stale, and what is not known yet
        other => {
            traits.push(other.to_owned());
            CheckConclusion::Neutral
        }
    }
}

impl StatusPayload<'_> {
    /// When it last changed.
    pub(crate) fn changed_at(&self) -> Option<Timestamp> {
        self.updated_at.as_ref().and_then(Text::instant)
    }

    /// The status as one of `sha`.
    pub(crate) fn into_check(self, sha: String) -> Check {
        let mut traits = Vec::new();
        let (status, conclusion) = match &*self.state {
            "success" => (CheckStatus::Completed, Some(CheckConclusion::Success)),
            "failure" => (CheckStatus::Completed, Some(CheckConclusion::Failure)),
            "error" => {
                traits.push("error".to_owned());
                (CheckStatus::Completed, Some(CheckConclusion::Failure))
            }
            other => {
                traits.push(other.to_owned());
                (CheckStatus::Running, None)
            }
        };
        let ended = conclusion.is_some();
        Check {
            id: self.id.to_string(),
            kind: CheckKind::Status,
            name: self.context.map(Into::into).unwrap_or_default(),
            status,
            conclusion,
            traits,
            sha,
            reference: None,
            started_at: instant(self.created_at),
            completed_at: instant(self.updated_at).filter(|_| ended),
            summary: filled(self.description),
            url: filled(self.target_url),
            app: None,
        }
    }
}
