//! Who was made a member of a group or a project itself.

use lodge_forge::Resource;
use lodge_pagination::{Page, PageRequest};
use lodge_provider::{Account, Community, ProviderError, RemoteMember, RepositoryRef};

use super::group;
use crate::{api::Api, paging::Offset, payload::course::member::MemberPayload};

const MEMBERS: &str = "members";

pub(super) async fn list(
    api: &Api,
    account: Account,
    of: &Community,
    request: &PageRequest,
) -> Result<Page<RemoteMember>, ProviderError> {
    let offset = Offset::of(MEMBERS, request)?;
    // Not `members/all`: that has the teachers of every group above.
    let call = match of {
        Community::Group(id) => group(api, id)?.then(["members"]),
        Community::Project(id) => {
            api.get(&RepositoryRef { account, id: id.clone() }, ["members"])?
        }
    };
    let answer = api.client.send(account, offset.ask(call)).await?;
    let members: Vec<MemberPayload<'_>> = answer.page(Resource::Repositories)?;
    Ok(Page {
        items: members.into_iter().map(MemberPayload::into_member).collect(),
        next: offset.position(MEMBERS, &answer)?,
    })
}
