//! One page of commits, pinned to the commit that the first page begins with.

use lodge_forge::{Commit, Resource};
use lodge_pagination::{Page, PageRequest};
use lodge_provider::{ProviderError, RepositoryRef};
use lodge_provider_kit::{Marks, Read};

use crate::{
    api::{Api, is_empty, is_hash},
    paging::Place,
    payload::{branch::BranchPayload, commit::CommitPayload},
};

const COMMITS: Resource = Resource::Commits;

pub(crate) async fn list(
    api: &Api,
    repository: &RepositoryRef,
    branch: Option<&str>,
    page: &PageRequest,
) -> Result<Page<Commit>, ProviderError> {
    let read = Read::of(COMMITS.name(), page.from.as_ref())?;
    let pin = match (read, branch) {
        (Some(read), _) => Some(read.text("head")?.to_owned()).filter(|it| is_hash(it)),
        (None, Some(branch)) => Some(head_of(api, repository, branch).await?),
        (None, None) => None,
    };
    if read.is_some() && pin.is_none() {
        return Err(ProviderError::Position);
    }
    let place = Place::of(read, page.limit)?;
    let call = api.of(repository, &["commits"])?.query_if("sha", pin.as_ref());
    let answer = match api.client.send(repository.account, place.ask(call)).await {
        Err(error) if is_empty(&error) => return Ok(Page::empty()),
        other => other?,
    };
    let payload: Vec<CommitPayload<'_>> = answer.page(COMMITS)?;
    let items: Vec<Commit> = payload.into_iter().map(Commit::from).collect();
    // The first commit of the first page is the head that was listed.
    let Some(head) = pin.or_else(|| items.first().map(|it| it.sha.clone())) else {
        return Ok(Page::empty());
    };
    let (items, next) = place.turn(items, &answer, page.limit, COMMITS)?;
    let position = |place: Place| {
        let marks = Marks::of(COMMITS.name())?.with("head", head)?;
        Ok::<_, ProviderError>(place.write(marks)?.done())
    };
    Ok(Page { items, next: next.map(position).transpose()? })
}

/// The commit that a branch points to: a tag or a hash is no branch.
async fn head_of(
    api: &Api,
    repository: &RepositoryRef,
    branch: &str,
) -> Result<String, ProviderError> {
    let call = api.of(repository, &["branches", branch])?.missing("branch");
    let answer = api.send_part(repository, call).await?;
    Ok(answer.json::<BranchPayload<'_>>(Resource::Branches)?.into_sha())
}
