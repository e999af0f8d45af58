//! Branches.

use lodge_forge::{Branch, Resource};
use lodge_pagination::{Page, PageRequest};
use lodge_provider::{ProviderError, RepositoryRef};
use lodge_provider_kit::Call;

use crate::{
    instance::{Instance, listed},
    paging::Spot,
    payload::branch::BranchPayload,
};

const KIND: &str = "branches";

pub(crate) async fn list(
    instance: &Instance,
    at: &RepositoryRef,
    request: &PageRequest,
) -> Result<Page<Branch>, ProviderError> {
    let spot = Spot::of(KIND, request)?;
    let answer = instance.ask(at, |it| spot.ask(it.then(["branches"]), "limit")).await?;
    let default = instance.place(at).await?.default_branch.clone();
    let items = listed::<BranchPayload<'_>>(&answer, Resource::Branches)?;
    let items = items.into_iter().map(|it| it.into_branch(default.as_deref())).collect();
    instance.page(KIND, at.account, (spot, request), &answer, items).await
}

/// The commit that a branch leads to.
pub(crate) async fn head(
    instance: &Instance,
    at: &RepositoryRef,
    branch: &str,
) -> Result<String, ProviderError> {
    // The route takes everything after it, slashes included.
    let call = |it: Call| it.then(["branches"]).then(branch.split('/')).missing("branch");
    let answer = instance.ask(at, call).await?;
    Ok(answer.json::<BranchPayload<'_>>(Resource::Branches)?.commit.id.into())
}

/// The commit that the default branch leads to. `None` when there are no
/// commits, or no such branch.
pub(crate) async fn default_head(
    instance: &Instance,
    at: &RepositoryRef,
) -> Result<Option<String>, ProviderError> {
    let place = instance.place(at).await?;
    let Some(branch) = &place.default_branch else { return Ok(None) };
    match head(instance, at, branch).await {
        Err(error) if matches!(error.cause(), ProviderError::NotFound { .. }) => Ok(None),
        found => found.map(Some),
    }
}
