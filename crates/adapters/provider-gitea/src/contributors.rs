//! Contributors, counted from commits.

use lodge_forge::{Contributor, Resource};
use lodge_pagination::{Page, PageRequest};
use lodge_provider::{ProviderError, RepositoryRef};
use lodge_provider_kit::Author;

use crate::{
    branches, commits,
    instance::{Instance, listed},
    paging::Spot,
    payload::commit::CommitPayload,
};

const KIND: &str = "authors";

pub(crate) async fn list(
    instance: &Instance,
    at: &RepositoryRef,
    request: &PageRequest,
) -> Result<Page<Contributor>, ProviderError> {
    let head = || branches::default_head(instance, at);
    let authors = |head, request| authors(instance, at, head, request);
    instance.people.list(at, request, head, authors).await
}

/// Who wrote one page of the commits that `head` reaches.
async fn authors(
    instance: &Instance,
    at: &RepositoryRef,
    head: String,
    request: PageRequest,
) -> Result<Page<Author>, ProviderError> {
    let spot = Spot::of(KIND, &request)?;
    let Some(answer) = commits::ask(instance, at, Some(&head), spot).await? else {
        return Ok(Page::empty());
    };
    let items = listed::<CommitPayload<'_>>(&answer, Resource::Contributors)?;
    let items = items.into_iter().map(CommitPayload::into_author).collect();
    instance.page(KIND, at.account, (spot, &request), &answer, items).await
}
