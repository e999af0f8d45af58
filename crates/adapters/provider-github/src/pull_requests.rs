//! One page of pull requests, newest first.

use lodge_forge::{PullRequest, PullRequestState, Resource};
use lodge_pagination::{Page, PageRequest};
use lodge_provider::{ProviderError, PullRequestFilter, RepositoryRef};

use crate::{api::Api, payload::pull_request::PullRequestPayload};

const PULL_REQUESTS: Resource = Resource::PullRequests;

pub(crate) async fn list(
    api: &Api,
    repository: &RepositoryRef,
    filter: PullRequestFilter,
    page: &PageRequest,
) -> Result<Page<PullRequest>, ProviderError> {
    let state = match filter.state {
        None => "all",
        Some(PullRequestState::Open) => "open",
        // GitHub calls both closed; a page without the others is short.
        Some(PullRequestState::Merged | PullRequestState::Closed) => "closed",
    };
    let call = api
        .of(repository, &["pulls"])?
        .query("state", state)
        .query("sort", "created")
        .query("direction", "desc");
    let read = |answer: &lodge_provider_kit::Answer| {
        let payload: Vec<PullRequestPayload<'_>> = answer.page(PULL_REQUESTS)?;
        Ok(payload.into_iter().map(PullRequest::from).collect())
    };
    let mut page = api.list(repository.account, PULL_REQUESTS, call, page, read).await?;
    page.items.retain(|it| filter.state.is_none_or(|state| it.state == state));
    Ok(page)
}
