//! Deployments, the newest first.

use lodge_forge::{Deployment, Resource};
use lodge_pagination::{Page, PageRequest};
use lodge_provider::{DeploymentFilter, ProviderError, RepositoryRef};

use crate::{
    api::Api,
    paging::Offset,
    payload::deployment::{DeploymentPayload, status},
};

const DEPLOYMENTS: &str = "deployments";

pub(crate) async fn list(
    api: &Api,
    repository: &RepositoryRef,
    filter: &DeploymentFilter,
    request: &PageRequest,
) -> Result<Page<Deployment>, ProviderError> {
    let offset = Offset::of(DEPLOYMENTS, request)?;
    let state = filter.state.map(status);
    if state == Some(None) {
        // GitLab's deployments are never in that state.
        api.ask(repository, api.get(repository, [])?).await?;
        return Ok(Page::empty());
    }
    let call = api.get(repository, ["deployments"])?;
    let call = call.query("order_by", "id").query("sort", "desc");
    let call = call.query_if("environment", filter.environment.as_ref());
    let answer = api.ask(repository, offset.ask(call.query_if("status", state.flatten()))).await?;
    let items = answer.understood(|answer| {
        let deployments: Vec<DeploymentPayload<'_>> = answer.page(Resource::Deployments)?;
        Ok(deployments.into_iter().filter_map(DeploymentPayload::into_deployment).collect())
    })?;
    Ok(Page { items, next: offset.position(DEPLOYMENTS, &answer)? })
}
