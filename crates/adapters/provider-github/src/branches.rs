//! One page of branches, by name.

use futures_util::future::try_join;
use lodge_forge::{Branch, Resource};
use lodge_pagination::{Page, PageRequest};
use lodge_provider::{ProviderError, RepositoryRef};

use crate::{
    api::Api,
    payload::{branch::BranchPayload, repository::RepositoryPayload},
};

pub(crate) async fn list(
    api: &Api,
    repository: &RepositoryRef,
    page: &PageRequest,
) -> Result<Page<Branch>, ProviderError> {
    let call = api.of(repository, &["branches"])?;
    // Only the repository knows which of them is the default one.
    let (page, default) = try_join(
        api.list(repository.account, Resource::Branches, call, page, |answer| {
            let payload: Vec<BranchPayload<'_>> = answer.page(Resource::Branches)?;
            Ok(payload.into_iter().map(Branch::from).collect())
        }),
        default_branch(api, repository),
    )
    .await?;
    Ok(page.map(|branch| Branch {
        default: default.as_ref().map(|name| *name == branch.name),
        ..branch
    }))
}

async fn default_branch(
    api: &Api,
    repository: &RepositoryRef,
) -> Result<Option<String>, ProviderError> {
    let answer = api.client.send(repository.account, api.of(repository, &[])?).await?;
    Ok(answer.json::<RepositoryPayload<'_>>(Resource::Repositories)?.into_default_branch())
}
