//! `deployment`, from `GET …/deployments`, and `deployment_environment`, from
//! `GET …/environments`.
//!
//! Source: <https://developer.atlassian.com/cloud/bitbucket/rest/api-group-deployments/>,
//! API 2.0. Dates have two spellings: that of the documentation, and that of
//! the answers.

use std::collections::HashMap;

use lodge_forge::{Deployment, DeploymentState};
use lodge_provider_kit::Text;
use serde::Deserialize;

use super::{commit::HashPayload, profile::AccountPayload};

#[derive(Debug, Deserialize)]
pub(crate) struct DeploymentPayload<'a> {
    #[serde(borrow)]
    uuid: Text<'a>,
    state: Option<StatePayload<'a>>,
    environment: Option<EnvironmentPayload<'a>>,
    release: Option<ReleasePayload<'a>>,
    created_on: Option<Text<'a>>,
    last_update_time: Option<Text<'a>>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct EnvironmentPayload<'a> {
    #[serde(borrow)]
    pub(crate) uuid: Option<Text<'a>>,
    pub(crate) name: Option<Text<'a>>,
}

/// What was deployed.
#[derive(Debug, Deserialize)]
struct ReleasePayload<'a> {
    #[serde(borrow)]
    url: Option<Text<'a>>,
    commit: Option<HashPayload<'a>>,
}

#[derive(Debug, Deserialize)]
struct StatePayload<'a> {
    #[serde(borrow)]
    name: Option<Text<'a>>,
    /// Of a completed one.
    status: Option<EnvironmentPayload<'a>>,
    url: Option<Text<'a>>,
    deployer: Option<AccountPayload<'a>>,
    #[serde(alias = "completion_date")]
    completed_on: Option<Text<'a>>,
}

impl DeploymentPayload<'_> {
    /// `names` are those of the environments, by UUID.
    pub(crate) fn into_deployment(self, names: &HashMap<String, String>) -> Deployment {
        let environment = self.environment.map(|it| {
            let known = it.uuid.as_deref().and_then(|uuid| names.get(uuid)).cloned();
            known.or_else(|| it.name.and_then(Text::filled)).or_else(|| it.uuid.map(Into::into))
        });
        let (mut url, mut sha) = (None, None);
        if let Some(release) = self.release {
            url = release.url.and_then(Text::filled);
            sha = release.commit.map(|it| it.hash.into());
        }
        let state = self.state.as_ref();
        let word = |it: &Option<Text<'_>>| it.as_deref().unwrap_or_default().to_owned();
        let name = state.map(|it| word(&it.name)).unwrap_or_default();
        let status = state.and_then(|it| it.status.as_ref()).map(|it| word(&it.name));
        let (state, nuance) = unified(&name, status.as_deref().unwrap_or_default());
        let told = self.state;
        Deployment {
            id: self.uuid.into(),
            environment: environment.flatten().unwrap_or_default(),
            environment_url: None,
            state,
            reference: None,
            sha,
            creator: told
                .as_ref()
                .and_then(|it| it.deployer.as_ref())
                .and_then(AccountPayload::known_as),
            created_at: self.created_on.and_then(|it| it.instant()),
            updated_at: self.last_update_time.and_then(|it| it.instant()),
            finished_at: told
                .as_ref()
                .and_then(|it| it.completed_on.as_ref())
                .and_then(Text::instant),
            traits: nuance.into_iter().collect(),
            url: told.and_then(|it| it.url).and_then(Text::filled).or(url),
        }
    }
}

/// The state in our words, and the native word where ours say less.
fn unified(name: &str, status: &str) -> (DeploymentState, Option<String>) {
    match (name, status) {
        ("UNDEPLOYED", _) => (DeploymentState::Pending, None),
        ("IN_PROGRESS", _) => (DeploymentState::Running, None),
        ("COMPLETED", "SUCCESSFUL") => (DeploymentState::Success, None),
        ("COMPLETED", "FAILED") => (DeploymentState::Failure, None),
        ("COMPLETED", "STOPPED") => (DeploymentState::Cancelled, None),
        ("COMPLETED", other) => (DeploymentState::Inactive, Some(other.to_ascii_lowercase())),
        (other, _) => (DeploymentState::Pending, Some(other.to_ascii_lowercase())),
    }
}
