//! Deployments: those of classic releases whose artifact came from the
//! repository.
//!
//! A release belongs to a project, not to a repository. It is told here when
//! its artifact is the repository itself, or a build of it; an artifact that
//! does not say so is looked up among the builds. Deployments of YAML pipelines
//! to environments are left out: reading them takes a scope that also writes.

use std::collections::HashMap;

use lodge_forge::{Deployment, Resource};
use lodge_pagination::{Page, PageRequest};
use lodge_provider::{DeploymentFilter, ProviderError, RepositoryRef};

use crate::{
    azure::Azure,
    payload::{
        List, Text,
        check::BuildPayload,
        deployment::{ArtifactPayload, DeploymentPayload, Source},
    },
    place::Place,
    references::{continuation, continued, next_token},
};

const KIND: &str = "deployments";
/// How many pages of the project's deployments are looked through for one page
/// of ours.
const MOST_PAGES: usize = 5;

/// The builds of the repository, by id.
type Builds = HashMap<String, Source>;

impl Azure {
    pub(crate) async fn list_deployments(
        &self,
        repository: &RepositoryRef,
        filter: &DeploymentFilter,
        page: &PageRequest,
    ) -> Result<Page<Deployment>, ProviderError> {
        let place = Place::of(repository)?;
        let mut token = continuation(KIND, page)?;
        let project = self.facts(&place).await?.project;
        let path = ["release", "deployments"];
        let ask = Self::project(&self.sites.release, &place, &project, path)
            .query("queryOrder", "descending")
            .query("$top", page.limit.get().to_string());
        let mut items = Vec::new();
        let mut next = None;
        for _ in 0..MOST_PAGES {
            let call = ask.clone().query_if("continuationToken", token.as_deref());
            let answer = self.client.send(place.account, call).await?;
            let told: List<DeploymentPayload<'_>> = answer.json(Resource::Deployments)?;
            let builds = self.builds_of(&place, &project, &told.value).await?;
            for deployment in told.value {
                let Some(source) = source(&place.repository, &deployment, &builds) else {
                    continue;
                };
                let deployment = deployment.into_deployment(source);
                if fits(&deployment, filter) {
                    items.push(deployment);
                }
            }
            next = continued(KIND, &answer)?;
            token = next_token(&answer).map(str::to_owned);
            if token.is_none() || !items.is_empty() {
                break;
            }
        }
        Ok(Page { items, next })
    }

    /// The builds of the repository among those whose artifacts do not say
    /// what they were built from.
    async fn builds_of(
        &self,
        place: &Place,
        project: &str,
        deployments: &[DeploymentPayload<'_>],
    ) -> Result<Builds, ProviderError> {
        let artifacts = deployments.iter().flat_map(artifacts);
        let silent = artifacts.filter(|it| is_build(it) && it.reference("repository").is_none());
        let mut ids = silent.filter_map(|it| it.reference("version")).collect::<Vec<_>>();
        ids.retain(|it| it.bytes().all(|byte| byte.is_ascii_digit()));
        ids.sort_unstable();
        ids.dedup();
        if ids.is_empty() {
            return Ok(Builds::new());
        }
        let call = Self::project(&self.sites.main, place, project, ["build", "builds"])
            .query("buildIds", ids.join(","));
        let answer = self.client.send(place.account, call).await?;
        let told: List<BuildPayload<'_>> = answer.json(Resource::Deployments)?;
        let mine = told.value.into_iter().filter(|it| {
            let built = it.repository.as_ref().and_then(|it| it.id.as_deref());
            built.is_some_and(|id| id.eq_ignore_ascii_case(&place.repository))
        });
        let source = |it: BuildPayload<'_>| Source {
            sha: it.source_version.and_then(Text::filled),
            reference: it.source_branch.and_then(Text::filled),
        };
        Ok(mine.map(|it| (it.id.to_string(), source(it))).collect())
    }
}

fn artifacts<'a, 'b>(
    deployment: &'a DeploymentPayload<'b>,
) -> impl Iterator<Item = &'a ArtifactPayload<'b>> {
    deployment.release.iter().filter_map(|it| it.artifacts.as_deref()).flatten()
}

fn is_build(artifact: &ArtifactPayload<'_>) -> bool {
    artifact.kind.as_deref() == Some("Build")
}

/// What of the repository was deployed. `None` when nothing was.
fn source(repository: &str, deployment: &DeploymentPayload<'_>, builds: &Builds) -> Option<Source> {
    artifacts(deployment).find_map(|it| {
        let is =
            |name: &str| it.reference(name).is_some_and(|id| id.eq_ignore_ascii_case(repository));
        let told = |sha: &str| Source {
            sha: it.reference(sha).map(str::to_owned),
            reference: it.reference("branch").map(str::to_owned),
        };
        match it.kind.as_deref() {
            Some("Git") if is("definition") => Some(told("version")),
            Some("Build") if is("repository") => Some(told("sourceVersion")),
            Some("Build") => builds.get(it.reference("version")?).cloned(),
            _ => None,
        }
    })
}

fn fits(deployment: &Deployment, filter: &DeploymentFilter) -> bool {
    filter.environment.as_ref().is_none_or(|it| *it == deployment.environment)
        && filter.state.is_none_or(|it| it == deployment.state)
}
