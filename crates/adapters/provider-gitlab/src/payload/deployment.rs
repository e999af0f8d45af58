//! `GET /projects/:id/deployments`.
//!
//! Source: <https://docs.gitlab.com/api/deployments/>, API v4.

use lodge_forge::{Deployment, DeploymentState};
use lodge_provider_kit::Text;
use serde::Deserialize;

use super::{Time, filled, profile::PersonPayload};

#[derive(Debug, Deserialize)]
pub(crate) struct DeploymentPayload<'a> {
    id: u64,
    #[serde(borrow, rename = "ref")]
    reference: Option<Text<'a>>,
    #[serde(borrow)]
    sha: Option<Text<'a>>,
    #[serde(borrow)]
    status: Option<Text<'a>>,
    #[serde(borrow)]
    user: Option<PersonPayload<'a>>,
    #[serde(borrow)]
    environment: Option<EnvironmentPayload<'a>>,
    /// The job that deploys; `null` when it was not a job.
    #[serde(borrow)]
    deployable: Option<DeployablePayload<'a>>,
    #[serde(default)]
    created_at: Time,
    #[serde(default)]
    updated_at: Time,
}

#[derive(Debug, Deserialize)]
struct EnvironmentPayload<'a> {
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow)]
    external_url: Option<Text<'a>>,
}

#[derive(Debug, Deserialize)]
struct DeployablePayload<'a> {
    #[serde(default)]
    finished_at: Time,
    #[serde(borrow)]
    web_url: Option<Text<'a>>,
}

impl DeploymentPayload<'_> {
    /// `None` when it is to nowhere.
    pub(crate) fn into_deployment(self) -> Option<Deployment> {
        let environment = self.environment?;
        let (state, traits) = state(self.status.as_deref());
        let (finished_at, url) = match self.deployable {
            Some(job) => (job.finished_at.0, filled(job.web_url)),
            None => (None, None),
        };
        Some(Deployment {
            id: self.id.to_string(),
            environment: filled(environment.name)?,
            environment_url: filled(environment.external_url),
            state,
            reference: filled(self.reference),
            sha: filled(self.sha),
            creator: self.user.and_then(PersonPayload::called),
            created_at: self.created_at.0,
            updated_at: self.updated_at.0,
            finished_at,
            traits,
            url,
        })
    }
}

/// A status in the unified words, and what those cannot say.
pub(crate) fn state(word: Option<&str>) -> (DeploymentState, Vec<String>) {
    let plain = |state| (state, Vec::new());
    match word {
        Some("created") | None => plain(DeploymentState::Pending),
        Some("running") => plain(DeploymentState::Running),
        Some("success") => plain(DeploymentState::Success),
        Some("failed") => plain(DeploymentState::Failure),
        Some("canceled") => plain(DeploymentState::Cancelled),
        Some("blocked") => plain(DeploymentState::Blocked),
        // It will not come any more.
        Some("skipped") => (DeploymentState::Cancelled, vec!["skipped".to_owned()]),
        Some(other) => (DeploymentState::Pending, vec![other.to_owned()]),
    }
}

/// GitLab's word for a state. `None` for one that GitLab does not know.
pub(crate) fn status(state: DeploymentState) -> Option<&'static str> {
    match state {
        DeploymentState::Pending => Some("created"),
        DeploymentState::Running => Some("running"),
        DeploymentState::Success => Some("success"),
        DeploymentState::Failure => Some("failed"),
        DeploymentState::Cancelled => Some("canceled"),
        DeploymentState::Blocked => Some("blocked"),
        DeploymentState::Queued | DeploymentState::Inactive => None,
    }
}
