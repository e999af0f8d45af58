//! Deployments, newest first. Bitbucket filters by nothing that it documents,
//! so a page may be short. A repository that never had pipelines has none.

use std::collections::HashMap;

use lodge_forge::{Deployment, Resource};
use lodge_pagination::{Limit, Page, PageRequest};
use lodge_provider::{DeploymentFilter, ProviderError, RepositoryRef};
use lodge_provider_kit::{Marks, Read, Text};

use crate::{
    host::Bitbucket,
    payload::{
        deployment::{DeploymentPayload, EnvironmentPayload},
        page::PagePayload,
    },
    step::Step,
};

const KIND: &str = "deployments";
/// The most items of a page here.
const MOST: usize = 100;
/// How many pages of environments are read: a thousand of them.
const MOST_PAGES: usize = 10;

impl Bitbucket {
    pub(crate) async fn deployments(
        &self,
        repository: &RepositoryRef,
        filter: &DeploymentFilter,
        page: &PageRequest,
    ) -> Result<Page<Deployment>, ProviderError> {
        let step = match Read::of(KIND, page.from.as_ref())? {
            Some(read) => Step::read(read)?,
            None => Step::first(page.limit, MOST),
        };
        let call = self.below(repository, ["deployments"])?.missing("deployment");
        let call = step.dress(call.query("sort", "-state.started_on"));
        let asked = self.part(repository, call);
        let (answer, names) = tokio::join!(asked, self.environments(repository));
        let (answer, names) = match (answer, names) {
            (Ok(answer), Ok(names)) => (answer, names),
            (Err(error), _) | (_, Err(error)) => {
                return match error.cause() {
                    ProviderError::NotFound { .. } => Ok(Page::empty()),
                    _ => Err(error),
                };
            }
        };
        let payload: PagePayload<'_, DeploymentPayload<'_>> = answer.json(Resource::Deployments)?;
        let mut page =
            step.page(page.limit, payload, Marks::of(KIND)?, |it| it.into_deployment(&names))?;
        page.items.retain(|it| {
            filter.environment.as_ref().is_none_or(|wanted| it.environment == *wanted)
                && filter.state.is_none_or(|wanted| it.state == wanted)
        });
        Ok(page)
    }

    /// The names of the environments, by UUID: deployments only tell this.
    async fn environments(
        &self,
        repository: &RepositoryRef,
    ) -> Result<HashMap<String, String>, ProviderError> {
        let mut names = HashMap::new();
        let mut step = Some(Step::first(Limit::MAX, MOST));
        for _ in 0..MOST_PAGES {
            let Some(here) = step else { break };
            let call = self.below(repository, ["environments"])?.missing("environment");
            let answer = self.part(repository, here.dress(call)).await?;
            let payload: PagePayload<'_, EnvironmentPayload<'_>> =
                answer.json(Resource::Deployments)?;
            let (environments, more) = here.take(Limit::MAX, payload);
            names.extend(environments.into_iter().filter_map(|it| {
                Some((it.uuid.and_then(Text::filled)?, it.name.and_then(Text::filled)?))
            }));
            step = more;
        }
        Ok(names)
    }
}
