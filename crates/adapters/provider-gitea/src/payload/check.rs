//! `CommitStatus`, from `GET /repos/{owner}/{repo}/commits/{ref}/statuses`, and
//! `ActionWorkflowRun` (Gitea 1.25) or `ActionRun` (Forgejo 12), from
//! `GET …/actions/runs`.
//!
//! Source: <https://docs.gitea.com/api/#tag/repository/operation/repoListStatusesByRef>,
//! <https://codeberg.org/api/swagger#/repository/ListActionRuns>.

use lodge_forge::{Check, CheckConclusion, CheckKind, CheckStatus};
use lodge_provider_kit::{Few, Text};
use serde::Deserialize;

use super::{filled, instant};

#[derive(Debug, Deserialize)]
pub(crate) struct StatusPayload<'a> {
    id: u64,
    #[serde(borrow)]
    status: Option<Text<'a>>,
    /// What events call the status.
    #[serde(borrow)]
    state: Option<Text<'a>>,
    #[serde(borrow)]
    context: Option<Text<'a>>,
    #[serde(borrow)]
    description: Option<Text<'a>>,
    #[serde(borrow)]
    target_url: Option<Text<'a>>,
    #[serde(borrow)]
    created_at: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) updated_at: Option<Text<'a>>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct RunsPayload<'a> {
    #[serde(borrow)]
    pub(crate) workflow_runs: Option<Few<RunPayload<'a>, 100>>,
}

/// A run in the words of either; each field says whose it is where they differ.
#[derive(Debug, Deserialize)]
pub(crate) struct RunPayload<'a> {
    id: u64,
    #[serde(borrow)]
    status: Option<Text<'a>>,
    /// Gitea: Forgejo says in the status how it ended.
    #[serde(borrow)]
    conclusion: Option<Text<'a>>,
    #[serde(borrow)]
    html_url: Option<Text<'a>>,
    /// Gitea: `build.yml@refs/heads/main`.
    #[serde(borrow)]
    path: Option<Text<'a>>,
    /// Forgejo: `build.yml`.
    #[serde(borrow)]
    workflow_id: Option<Text<'a>>,
    /// Gitea.
    #[serde(borrow)]
    display_title: Option<Text<'a>>,
    /// Forgejo.
    #[serde(borrow)]
    title: Option<Text<'a>>,
    /// Gitea.
    #[serde(borrow)]
    head_sha: Option<Text<'a>>,
    /// Forgejo.
    #[serde(borrow)]
    commit_sha: Option<Text<'a>>,
    /// Gitea.
    #[serde(borrow)]
    head_branch: Option<Text<'a>>,
    /// Forgejo.
    #[serde(borrow)]
    prettyref: Option<Text<'a>>,
    /// Gitea.
    #[serde(borrow)]
    started_at: Option<Text<'a>>,
    /// Forgejo.
    #[serde(borrow)]
    started: Option<Text<'a>>,
    /// Gitea.
    #[serde(borrow)]
    completed_at: Option<Text<'a>>,
    /// Forgejo.
    #[serde(borrow)]
    stopped: Option<Text<'a>>,
}

/// Where a check stands, and what our words cannot say of it.
type Standing = (CheckStatus, Option<CheckConclusion>, Option<String>);

fn ended(conclusion: CheckConclusion, nuance: Option<&str>) -> Standing {
    (CheckStatus::Completed, Some(conclusion), nuance.map(str::to_owned))
}

fn standing(word: &str) -> Standing {
    match word {
        "success" => ended(CheckConclusion::Success, None),
        "failure" => ended(CheckConclusion::Failure, None),
        "error" => ended(CheckConclusion::Failure, Some("error")),
        "warning" => ended(CheckConclusion::Success, Some("warning")),
        "skipped" => ended(CheckConclusion::Skipped, None),
        "cancelled" => ended(CheckConclusion::Cancelled, None),
        "pending" | "queued" | "waiting" | "requested" => (CheckStatus::Queued, None, None),
        "blocked" => (CheckStatus::Queued, None, Some("blocked".to_owned())),
        "in_progress" | "running" => (CheckStatus::Running, None, None),
        "completed" => ended(CheckConclusion::Neutral, None),
        other => ended(CheckConclusion::Neutral, Some(other)),
    }
}

impl StatusPayload<'_> {
    pub(crate) fn into_check(self, sha: &str) -> Check {
        let word = self.status.or(self.state);
        let (status, conclusion, nuance) = standing(word.as_deref().unwrap_or_default());
        let done = status == CheckStatus::Completed;
        Check {
            id: self.id.to_string(),
            kind: CheckKind::Status,
            name: filled(self.context).unwrap_or_default(),
            status,
            conclusion,
            traits: nuance.into_iter().collect(),
            sha: sha.to_owned(),
            reference: None,
            started_at: instant(self.created_at.as_ref()),
            completed_at: instant(self.updated_at.as_ref()).filter(|_| done),
            summary: filled(self.description),
            url: filled(self.target_url),
            app: None,
        }
    }
}

impl RunPayload<'_> {
    /// `None` for a run of no commit.
    pub(crate) fn into_check(self) -> Option<Check> {
        let conclusion = self.conclusion.filter(|it| !it.is_empty());
        let word = conclusion.or(self.status);
        let (status, conclusion, nuance) = standing(word.as_deref().unwrap_or_default());
        let path = filled(self.path).or_else(|| filled(self.workflow_id));
        let file = path.as_deref().and_then(|it| it.split('@').next()).map(str::to_owned);
        let title = filled(self.display_title).or_else(|| filled(self.title));
        let started = self.started_at.or(self.started);
        let completed = self.completed_at.or(self.stopped);
        Some(Check {
            id: self.id.to_string(),
            kind: CheckKind::Pipeline,
            name: file.or_else(|| title.clone()).unwrap_or_default(),
            status,
            conclusion,
            traits: nuance.into_iter().collect(),
            sha: filled(self.head_sha).or_else(|| filled(self.commit_sha))?,
            reference: filled(self.head_branch).or_else(|| filled(self.prettyref)),
            started_at: instant(started.as_ref()),
            completed_at: instant(completed.as_ref()).filter(|_| status == CheckStatus::Completed),
            summary: title,
            url: filled(self.html_url),
            app: None,
        })
    }
}
