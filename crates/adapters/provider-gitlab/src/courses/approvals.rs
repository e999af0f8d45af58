//! Who approves of a merge request.

use lodge_activity::{Actor, Approval, MergeRequest};
use lodge_forge::Resource;
use lodge_provider::{ProviderError, RepositoryRef};

use super::unless_off;
use crate::{api::Api, payload::course::approvals::ApprovalsPayload};

pub(super) async fn read(
    api: &Api,
    repository: &RepositoryRef,
    merge_request: &MergeRequest<Actor>,
) -> Result<Vec<Approval<Actor>>, ProviderError> {
    let number = merge_request.number.to_string();
    let call = api.get(repository, ["merge_requests", &number, "approvals"])?;
    let answer = unless_off(api.ask(repository, call.missing("merge request")).await)?;
    let Some(answer) = answer else { return Ok(Vec::new()) };
    let payload: ApprovalsPayload<'_> = answer.json(Resource::PullRequests)?;
    // Later than a word that was taken back before: the one who is listed approves.
    let changed_at = merge_request.created_at.max(merge_request.updated_at);
    Ok(payload.into_approvals(merge_request.number, changed_at))
}
