//! Issues in any state, the oldest first.

use lodge_activity::{Actor, Issue};
use lodge_forge::Resource;
use lodge_kernel::Timestamp;
use lodge_pagination::{Page, PageRequest};
use lodge_provider::{ProviderError, RepositoryRef};

use super::{changed, unless_off};
use crate::{api::Api, paging::Offset, payload::course::issue::IssuePayload};

const ISSUES: &str = "issues";

pub(super) async fn list(
    api: &Api,
    repository: &RepositoryRef,
    since: Option<Timestamp>,
    request: &PageRequest,
) -> Result<Page<Issue<Actor>>, ProviderError> {
    let offset = Offset::of(ISSUES, request)?;
    let call = changed(api.get(repository, ["issues"])?, since)
        .query("state", "all")
        .query("scope", "all")
        .query("order_by", "created_at")
        .query("sort", "asc");
    let answer = unless_off(api.ask(repository, offset.ask(call)).await)?;
    let Some(answer) = answer else { return Ok(Page::empty()) };
    let all: Vec<IssuePayload<'_>> = answer.page(Resource::Repositories)?;
    Ok(Page {
        items: all.into_iter().filter_map(IssuePayload::into_issue).collect(),
        next: offset.position(ISSUES, &answer)?,
    })
}
