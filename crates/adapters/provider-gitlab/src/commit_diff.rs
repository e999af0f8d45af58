//! What one commit changed, compared with its first parent.

use lodge_forge::{Diff, Resource};
use lodge_provider::{ProviderError, RepositoryRef};

use crate::{
    api::Api,
    diff, hash,
    payload::{commit::CommitPayload, filled},
};

const MISSING: &str = "commit";

pub(crate) async fn read(
    api: &Api,
    repository: &RepositoryRef,
    commit: &str,
) -> Result<Diff, ProviderError> {
    // GitLab would take the name of a branch as well.
    let segments = ["repository", "commits", commit];
    let call = api.get(repository, segments)?.missing(MISSING);
    if !hash::is_whole(commit) {
        api.ask(repository, api.get(repository, [])?).await?;
        return Err(ProviderError::NotFound { what: MISSING });
    }
    let answer = api.ask(repository, call.clone()).await?;
    let commit: CommitPayload<'_> = answer.json(Resource::CommitDiff)?;
    let mut diff =
        diff::collect(api, repository, &call.then(["diff"]), Resource::CommitDiff).await?;
    if let Some(stats) = commit.stats().filter(|_| diff.truncated.is_some()) {
        // The host counts what it leaves out, too.
        (diff.totals.additions, diff.totals.deletions) = (stats.additions, stats.deletions);
    }
    diff.base_sha = commit.parent_ids.into_iter().flatten().next().map(String::from);
    diff.head_sha = filled(commit.id);
    Ok(diff)
}
