//! One page of contributors, the most active first.

use lodge_forge::{Contributor, Resource};
use lodge_pagination::{Page, PageRequest};
use lodge_provider::{ProviderError, RepositoryRef};

use crate::{api::Api, payload::contributor::ContributorPayload};

const CONTRIBUTORS: Resource = Resource::Contributors;

pub(crate) async fn list(
    api: &Api,
    repository: &RepositoryRef,
    page: &PageRequest,
) -> Result<Page<Contributor>, ProviderError> {
    let call = api.of(repository, &["contributors"])?.query("anon", "1");
    api.list(repository.account, CONTRIBUTORS, call, page, |answer| {
        // No content: the repository has no commits.
        if answer.body().is_empty() {
            return Ok(Vec::new());
        }
        let payload: Vec<ContributorPayload<'_>> = answer.page(CONTRIBUTORS)?;
        Ok(payload.into_iter().map(Contributor::from).collect())
    })
    .await
}
