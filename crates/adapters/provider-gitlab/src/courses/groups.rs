//! The groups directly in a group, the oldest first.

use lodge_forge::Resource;
use lodge_pagination::{Page, PageRequest};
use lodge_provider::{Account, ProviderError, RemoteGroup};

use super::group;
use crate::{api::Api, paging::Offset, payload::course::place::GroupPayload};

const GROUPS: &str = "groups";

pub(super) async fn list(
    api: &Api,
    account: Account,
    id: &str,
    request: &PageRequest,
) -> Result<Page<RemoteGroup>, ProviderError> {
    let offset = Offset::of(GROUPS, request)?;
    let call = group(api, id)?.then(["subgroups"]);
    // By id, which nobody can change in between.
    let call = call.query("order_by", "id").query("sort", "asc").query("all_available", "true");
    let answer = api.client.send(account, offset.ask(call)).await?;
    let groups: Vec<GroupPayload<'_>> = answer.page(Resource::Repositories)?;
    Ok(Page {
        items: groups.into_iter().map(GroupPayload::into_group).collect(),
        next: offset.position(GROUPS, &answer)?,
    })
}
