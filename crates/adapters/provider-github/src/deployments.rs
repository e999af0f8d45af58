//! One page of deployments, newest first. Where each stands is asked for one
//! by one: its list does not tell.

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use lodge_forge::{Deployment, Resource};
use lodge_pagination::{Page, PageRequest};
use lodge_provider::{DeploymentFilter, ProviderError, RepositoryRef};
use lodge_provider_kit::{Answer, Marks, Read};

use crate::{
    api::Api,
    paging::Place,
    payload::deployment::{DeploymentPayload, DeploymentStatusPayload},
};

const DEPLOYMENTS: Resource = Resource::Deployments;
/// Questions of one page that are under way at once.
const AT_ONCE: usize = 8;

pub(crate) async fn list(
    api: &Api,
    repository: &RepositoryRef,
    filter: &DeploymentFilter,
    page: &PageRequest,
) -> Result<Page<Deployment>, ProviderError> {
    let place = Place::of(Read::of(DEPLOYMENTS.name(), page.from.as_ref())?, page.limit)?;
    let call = api.of(repository, &["deployments"])?;
    let call = call.query_if("environment", filter.environment.as_ref());
    let answer = api.client.send(repository.account, place.ask(call)).await?;
    let payload: Vec<DeploymentPayload<'_>> = answer.page(DEPLOYMENTS)?;
    let (here, next) = place.turn(payload, &answer, page.limit, DEPLOYMENTS)?;
    let ids: Vec<u64> = here.iter().map(|it| it.id).collect();
    let mut statuses = stream::iter(ids)
        .map(|id| newest_status(api, repository, id))
        .buffered(AT_ONCE)
        .try_collect::<Vec<Answer>>()
        .await?
        .into_iter();
    let mut items = Vec::with_capacity(here.len());
    for deployment in here {
        let Some(answer) = statuses.next() else { break };
        let told: Vec<DeploymentStatusPayload<'_>> = answer.page(DEPLOYMENTS)?;
        items.push(deployment.into_deployment(told.into_iter().next()));
    }
    // GitHub cannot filter by state: a page without the others is short.
    items.retain(|it| filter.state.is_none_or(|state| it.state == state));
    let next = next.map(|it| it.write(Marks::of(DEPLOYMENTS.name())?)).transpose()?;
    Ok(Page { items, next: next.map(Marks::done) })
}

async fn newest_status(
    api: &Api,
    repository: &RepositoryRef,
    deployment: u64,
) -> Result<Answer, ProviderError> {
    let id = deployment.to_string();
    let call = api.of(repository, &["deployments", &id, "statuses"])?.query("per_page", "1");
    api.client.send(repository.account, call.missing("deployment")).await
}
