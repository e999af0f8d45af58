//! Merge requests in any state, the oldest first: in that order, one that
//! changes while pages are read is not passed over.

use lodge_activity::{Actor, MergeRequest};
use lodge_forge::Resource;
use lodge_kernel::Timestamp;
use lodge_pagination::{Page, PageRequest};
use lodge_provider::{ProviderError, RepositoryRef};

use super::{changed, unless_off};
use crate::{api::Api, paging::Offset, payload::course::merge_request::MergeRequestPayload};

const MERGE_REQUESTS: &str = "merge_requests";

pub(super) async fn list(
    api: &Api,
    repository: &RepositoryRef,
    since: Option<Timestamp>,
    request: &PageRequest,
) -> Result<Page<MergeRequest<Actor>>, ProviderError> {
    let offset = Offset::of(MERGE_REQUESTS, request)?;
    let call = changed(api.get(repository, ["merge_requests"])?, since)
        .query("state", "all")
        .query("scope", "all")
        .query("order_by", "created_at")
        .query("sort", "asc");
    let answer = unless_off(api.ask(repository, offset.ask(call)).await)?;
    let Some(answer) = answer else { return Ok(Page::empty()) };
    let all: Vec<MergeRequestPayload<'_>> = answer.page(Resource::PullRequests)?;
    Ok(Page {
        items: all.into_iter().filter_map(MergeRequestPayload::into_merge_request).collect(),
        next: offset.position(MERGE_REQUESTS, &answer)?,
    })
}
