//! `Deployment`, from `GET /repositories/{id}/deployments`, and `Deployment
//! Status`, from `…/deployments/{deployment}/statuses`.
//!
//! Source: <https://docs.github.com/en/rest/deployments/deployments#list-deployments>,
//! <https://docs.github.com/en/rest/deployments/statuses#list-deployment-statuses>,
//! API version 2022-11-28.

use lodge_forge::{Deployment, DeploymentState};
use lodge_provider_kit::Text;
use serde::Deserialize;

use super::{
    filled, instant,
    profile::{UserPayload, login},
};

#[derive(Debug, Deserialize)]
pub(crate) struct DeploymentPayload<'a> {
    pub(crate) id: u64,
    #[serde(borrow)]
    environment: Option<Text<'a>>,
    #[serde(rename = "ref")]
    reference: Option<Text<'a>>,
    sha: Option<Text<'a>>,
    creator: Option<UserPayload<'a>>,
    created_at: Option<Text<'a>>,
    updated_at: Option<Text<'a>>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct DeploymentStatusPayload<'a> {
    #[serde(borrow)]
    state: Text<'a>,
    environment_url: Option<Text<'a>>,
    log_url: Option<Text<'a>>,
    target_url: Option<Text<'a>>,
    created_at: Option<Text<'a>>,
    updated_at: Option<Text<'a>>,
}

impl DeploymentPayload<'_> {
    /// The deployment, as its newest status has it.
    pub(crate) fn into_deployment(self, status: Option<DeploymentStatusPayload<'_>>) -> Deployment {
        let updated_at = instant(self.updated_at);
        let mut deployment = Deployment {
            id: self.id.to_string(),
            environment: self.environment.map(Into::into).unwrap_or_default(),
            environment_url: None,
            state: DeploymentState::Pending,
            reference: filled(self.reference),
            sha: filled(self.sha),
            creator: login(self.creator),
            created_at: instant(self.created_at),
            updated_at,
            finished_at: None,
            traits: Vec::new(),
            url: None,
        };
        let Some(status) = status else { return deployment };
        let told_at = instant(status.created_at);
        deployment.state = state(&status.state, &mut deployment.traits);
        deployment.environment_url = filled(status.environment_url);
        deployment.url = filled(status.log_url).or_else(|| filled(status.target_url));
        deployment.updated_at = updated_at.max(instant(status.updated_at)).max(told_at);
        let ended = matches!(deployment.state, DeploymentState::Success | DeploymentState::Failure);
        deployment.finished_at = told_at.filter(|_| ended);
        deployment
    }
}

fn state(word: &str, traits: &mut Vec<String>) -> DeploymentState {
    match word {
        "pending" => DeploymentState::Pending,
        "queued" => DeploymentState::Queued,
        "in_progress" => DeploymentState::Running,
        "success" => DeploymentState::Success,
        "failure" => DeploymentState::Failure,
        "inactive" => DeploymentState::Inactive,
        "waiting" => DeploymentState::Blocked,
        other => {
            traits.push(other.to_owned());
            if other == "error" { DeploymentState::Failure } else { DeploymentState::Pending }
        }
    }
}
