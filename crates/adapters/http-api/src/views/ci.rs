//! Results of CI and deployments in JSON.

use lodge_forge::{Check, CheckConclusion, CheckKind, CheckStatus, Deployment, DeploymentState};
use serde::Serialize;
use utoipa::ToSchema;

use super::Time;

/// One result of CI.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Check)]
#[expect(missing_docs, reason = "the names are those of the unified schema in lodge-forge")]
pub struct CheckView {
    pub id: String,
    pub kind: &'static str,
    pub name: String,
    pub status: &'static str,
    pub conclusion: Option<&'static str>,
    pub traits: Vec<String>,
    pub sha: String,
    #[serde(rename = "ref")]
    pub reference: Option<String>,
    pub started_at: Option<Time>,
    pub completed_at: Option<Time>,
    pub summary: Option<String>,
    pub url: Option<String>,
    pub app: Option<String>,
}

impl From<Check> for CheckView {
    fn from(it: Check) -> Self {
        Self {
            id: it.id,
            kind: match it.kind {
                CheckKind::CheckRun => "check_run",
                CheckKind::Status => "status",
                CheckKind::Pipeline => "pipeline",
                CheckKind::Job => "job",
                CheckKind::Build => "build",
            },
            name: it.name,
            status: match it.status {
                CheckStatus::Queued => "queued",
                CheckStatus::Running => "running",
                CheckStatus::Completed => "completed",
            },
            conclusion: it.conclusion.map(|it| match it {
                CheckConclusion::Success => "success",
                CheckConclusion::Failure => "failure",
                CheckConclusion::Cancelled => "cancelled",
                CheckConclusion::Skipped => "skipped",
                CheckConclusion::Neutral => "neutral",
                CheckConclusion::TimedOut => "timed_out",
                CheckConclusion::ActionRequired => "action_required",
            }),
            traits: it.traits,
            sha: it.sha,
            reference: it.reference,
            started_at: it.started_at.map(Time::from),
            completed_at: it.completed_at.map(Time::from),
            summary: it.summary,
            url: it.url,
            app: it.app,
        }
    }
}

/// One deployment.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Deployment)]
#[expect(missing_docs, reason = "the names are those of the unified schema in lodge-forge")]
pub struct DeploymentView {
    pub id: String,
    pub environment: String,
    pub environment_url: Option<String>,
    pub state: &'static str,
    #[serde(rename = "ref")]
    pub reference: Option<String>,
    pub sha: Option<String>,
    pub creator: Option<String>,
    pub created_at: Option<Time>,
    pub updated_at: Option<Time>,
    pub finished_at: Option<Time>,
    pub traits: Vec<String>,
    pub url: Option<String>,
}

impl From<Deployment> for DeploymentView {
    fn from(it: Deployment) -> Self {
        Self {
            id: it.id,
            environment: it.environment,
            environment_url: it.environment_url,
            state: match it.state {
                DeploymentState::Pending => "pending",
                DeploymentState::Queued => "queued",
                DeploymentState::Running => "running",
                DeploymentState::Success => "success",
                DeploymentState::Failure => "failure",
                DeploymentState::Cancelled => "cancelled",
                DeploymentState::Inactive => "inactive",
                DeploymentState::Blocked => "blocked",
            },
            reference: it.reference,
            sha: it.sha,
            creator: it.creator,
            created_at: it.created_at.map(Time::from),
            updated_at: it.updated_at.map(Time::from),
            finished_at: it.finished_at.map(Time::from),
            traits: it.traits,
            url: it.url,
        }
    }
}
