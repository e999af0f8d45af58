//! `Deployment`, from `GET /{organization}/{project}/_apis/release/deployments`
//! of the release site.
//!
//! Source: <https://learn.microsoft.com/rest/api/azure/devops/release/deployments/list>,
//! API version 7.1.

use std::collections::HashMap;

use lodge_forge::{Deployment, DeploymentState};
use lodge_provider_kit::Few;
use serde::Deserialize;

use super::{IdentityPayload, LinksPayload, Text, short_name};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DeploymentPayload<'a> {
    id: u64,
    #[serde(borrow)]
    pub(crate) release: Option<ReleasePayload<'a>>,
    #[serde(borrow)]
    release_environment: Option<EnvironmentPayload<'a>>,
    #[serde(borrow)]
    deployment_status: Option<Text<'a>>,
    #[serde(borrow)]
    operation_status: Option<Text<'a>>,
    #[serde(borrow)]
    requested_for: Option<IdentityPayload<'a>>,
    #[serde(borrow)]
    queued_on: Option<Text<'a>>,
    #[serde(borrow)]
    started_on: Option<Text<'a>>,
    #[serde(borrow)]
    completed_on: Option<Text<'a>>,
    #[serde(borrow)]
    last_modified_on: Option<Text<'a>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ReleasePayload<'a> {
    #[serde(borrow)]
    pub(crate) artifacts: Option<Few<ArtifactPayload<'a>, 1_000>>,
    #[serde(borrow)]
    web_access_uri: Option<Text<'a>>,
    #[serde(borrow, rename = "_links")]
    links: Option<LinksPayload<'a>>,
}

#[derive(Debug, Deserialize)]
struct EnvironmentPayload<'a> {
    #[serde(borrow)]
    name: Option<Text<'a>>,
}

/// Something that was released: a build, or a commit of a repository.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ArtifactPayload<'a> {
    #[serde(borrow, rename = "type")]
    pub(crate) kind: Option<Text<'a>>,
    /// `definition`, `version`, `branch`, `repository`, `sourceVersion` …
    #[serde(borrow, default)]
    definition_reference: Option<HashMap<Text<'a>, Option<NamedPayload<'a>>>>,
}

#[derive(Debug, Deserialize)]
struct NamedPayload<'a> {
    #[serde(borrow)]
    id: Option<Text<'a>>,
}

impl ArtifactPayload<'_> {
    /// What the artifact says of `name`.
    pub(crate) fn reference(&self, name: &str) -> Option<&str> {
        let named = self.definition_reference.as_ref()?.get(name)?.as_ref()?;
        named.id.as_deref().filter(|it| !it.is_empty())
    }
}

/// What was deployed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Source {
    pub(crate) sha: Option<String>,
    /// With `refs/heads/` or `refs/tags/`.
    pub(crate) reference: Option<String>,
}

impl DeploymentPayload<'_> {
    /// Where it stands, and the native word where that says less.
    fn standing(&self) -> (DeploymentState, Option<String>) {
        use DeploymentState as S;
        let operation = self.operation_status.as_deref().unwrap_or_default();
        let is = |words: &[&str]| words.iter().any(|it| it.eq_ignore_ascii_case(operation));
        let waits = is(&["Pending", "Deferred", "ManualInterventionPending", "EvaluatingGates"]);
        match self.deployment_status.as_deref().unwrap_or("undefined") {
            "succeeded" => (S::Success, None),
            word @ "partiallySucceeded" => (S::Success, Some(word.to_owned())),
            "inProgress" | "notDeployed" if waits => (S::Blocked, Some(operation.to_owned())),
            "inProgress" => (S::Running, None),
            _ if is(&["Canceled", "PhaseCanceled", "Cancelling"]) => (S::Cancelled, None),
            "failed" => (S::Failure, None),
            _ if is(&["PhaseFailed", "Rejected", "GateFailed"]) => {
                (S::Failure, Some(operation.to_owned()))
            }
            "notDeployed" => (S::Queued, None),
            "undefined" => (S::Pending, None),
            word => (S::Pending, Some(word.to_owned())),
        }
    }

    pub(crate) fn into_deployment(self, source: Source) -> Deployment {
        let (state, word) = self.standing();
        let instant = |text: Option<Text<'_>>| text.and_then(|it| it.instant());
        let (page, links) = self.release.map_or((None, None), |it| (it.web_access_uri, it.links));
        let page = page.and_then(Text::filled);
        Deployment {
            id: self.id.to_string(),
            environment: self
                .release_environment
                .and_then(|it| it.name?.filled())
                .unwrap_or_default(),
            environment_url: None,
            state,
            reference: source.reference.map(|it| short_name(&it).to_owned()),
            sha: source.sha,
            creator: self.requested_for.as_ref().and_then(IdentityPayload::name),
            created_at: instant(self.queued_on).or_else(|| instant(self.started_on)),
            updated_at: instant(self.last_modified_on),
            finished_at: instant(self.completed_on),
            traits: word.into_iter().collect(),
            url: page.or_else(|| links.and_then(LinksPayload::web)),
        }
    }
}
