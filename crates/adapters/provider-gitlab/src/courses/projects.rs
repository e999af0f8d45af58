//! The projects of a group, the oldest first.

use lodge_forge::Resource;
use lodge_pagination::{Page, PageRequest};
use lodge_provider::{Account, Depth, ProviderError, RemoteProject};

use super::group;
use crate::{api::Api, paging::Offset, payload::course::place::ProjectPayload};

const PROJECTS: &str = "group_projects";

pub(super) async fn list(
    api: &Api,
    account: Account,
    id: &str,
    depth: Depth,
    request: &PageRequest,
) -> Result<Page<RemoteProject>, ProviderError> {
    let offset = Offset::of(PROJECTS, request)?;
    let all = if depth == Depth::All { "true" } else { "false" };
    let call = group(api, id)?
        .then(["projects"])
        .query("include_subgroups", all)
        // What others let the group see is not the group's.
        .query("with_shared", "false")
        .query("order_by", "id")
        .query("sort", "asc");
    let answer = api.client.send(account, offset.ask(call)).await?;
    let projects: Vec<ProjectPayload<'_>> = answer.page(Resource::Repositories)?;
    Ok(Page {
        items: projects.into_iter().filter_map(ProjectPayload::into_project).collect(),
        next: offset.position(PROJECTS, &answer)?,
    })
}
