//! What a merge request changes.

use lodge_forge::{Diff, Resource};
use lodge_provider::{ProviderError, RepositoryRef};

use crate::{
    api::Api,
    diff,
    payload::{filled, pull_request::MergeRequestPayload},
};

pub(crate) async fn read(
    api: &Api,
    repository: &RepositoryRef,
    number: u64,
) -> Result<Diff, ProviderError> {
    let number = number.to_string();
    let call = api.get(repository, ["merge_requests"])?.then([number.as_str()]);
    let call = call.missing("pull request");
    let answer = api.ask(repository, call.clone()).await?;
    let request: MergeRequestPayload<'_> = answer.json(Resource::PullRequestDiff)?;
    let call = call.then(["diffs"]);
    let mut diff = diff::collect(api, repository, &call, Resource::PullRequestDiff).await?;
    let more = request.changes_count.is_some_and(|it| it.ends_with('+'));
    if more && diff.truncated.is_none() {
        diff.truncated = Some("the host does not tell all files".to_owned());
    }
    if let Some(refs) = request.diff_refs {
        (diff.base_sha, diff.head_sha) = (filled(refs.base_sha), filled(refs.head_sha));
    }
    Ok(diff)
}
