//! Merge requests, the newest first.

use lodge_forge::{PullRequest, PullRequestState, Resource};
use lodge_pagination::{Page, PageRequest};
use lodge_provider::{ProviderError, PullRequestFilter, RepositoryRef};

use crate::{api::Api, paging::Offset, payload::pull_request::MergeRequestPayload};

const PULL_REQUESTS: &str = "pull_requests";

pub(crate) async fn list(
    api: &Api,
    repository: &RepositoryRef,
    filter: PullRequestFilter,
    request: &PageRequest,
) -> Result<Page<PullRequest>, ProviderError> {
    let offset = Offset::of(PULL_REQUESTS, request)?;
    let state = match filter.state {
        None => "all",
        // Without those that are `locked`, for the seconds of their merge.
        Some(PullRequestState::Open) => "opened",
        Some(PullRequestState::Merged) => "merged",
        Some(PullRequestState::Closed) => "closed",
    };
    let call = api.get(repository, ["merge_requests"])?;
    let call = call.query("state", state).query("order_by", "created_at").query("sort", "desc");
    let answer = api.ask(repository, offset.ask(call)).await?;
    let items = answer.understood(|answer| {
        let all: Vec<MergeRequestPayload<'_>> = answer.page(Resource::PullRequests)?;
        Ok(all.into_iter().map(MergeRequestPayload::into_pull_request).collect())
    })?;
    Ok(Page { items, next: offset.position(PULL_REQUESTS, &answer)? })
}
