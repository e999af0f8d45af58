//! Branches, by name.

use lodge_forge::{Branch, Resource};
use lodge_pagination::{Page, PageRequest};
use lodge_provider::{ProviderError, RepositoryRef};

use crate::{
    api::Api,
    paging::Offset,
    payload::{branch::BranchPayload, filled},
};

const BRANCHES: &str = "branches";

pub(crate) async fn list(
    api: &Api,
    repository: &RepositoryRef,
    request: &PageRequest,
) -> Result<Page<Branch>, ProviderError> {
    let offset = Offset::of(BRANCHES, request)?;
    let call = api.get(repository, ["repository", "branches"])?.query("sort", "name_asc");
    let answer = api.ask(repository, offset.ask(call)).await?;
    let items = answer.understood(|answer| {
        let branches: Vec<BranchPayload<'_>> = answer.page(Resource::Branches)?;
        Ok(branches.into_iter().filter_map(BranchPayload::into_branch).collect())
    })?;
    Ok(Page { items, next: offset.position(BRANCHES, &answer)? })
}

/// The commit that a branch, and nothing else of that name, points to.
pub(crate) async fn head(
    api: &Api,
    repository: &RepositoryRef,
    branch: &str,
) -> Result<String, ProviderError> {
    const MISSING: &str = "branch";
    let call = api.get(repository, ["repository", "branches", branch])?.missing(MISSING);
    let answer = api.ask(repository, call).await?;
    let branch: BranchPayload<'_> = answer.json(Resource::Branches)?;
    let head = branch.commit.and_then(|it| filled(it.id));
    head.ok_or(ProviderError::NotFound { what: MISSING })
}
