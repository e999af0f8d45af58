//! History, pinned to the commit that its first page begins with.

use lodge_forge::{Commit, Resource};
use lodge_pagination::{Page, PageRequest};
use lodge_provider::{ProviderError, RepositoryRef};
use lodge_provider_kit::{Marks, Read};

use crate::{
    api::Api,
    branches,
    paging::{Offset, with_skip},
    payload::{commit::CommitPayload, filled},
};

const COMMITS: &str = "commits";

pub(crate) async fn list(
    api: &Api,
    repository: &RepositoryRef,
    branch: Option<&str>,
    request: &PageRequest,
) -> Result<Page<Commit>, ProviderError> {
    let pinned = match (Read::of(COMMITS, request.from.as_ref())?, branch) {
        (Some(read), _) => Some(read.text("head")?.to_owned()),
        (None, Some(branch)) => Some(branches::head(api, repository, branch).await?),
        (None, None) => None,
    };
    let offset = Offset::of(COMMITS, request)?;
    let call = api.get(repository, ["repository", "commits"])?.missing("commit");
    let call = offset.ask(call.query_if("ref_name", pinned.as_ref()));
    let answer = match api.ask(repository, call).await {
        Ok(answer) => answer,
        Err(error) if pinned.is_none() => {
            return api.absolve(repository, error, Page::empty()).await;
        }
        Err(error) => return Err(error),
    };
    let items: Vec<Commit> = answer.understood(|answer| {
        let commits: Vec<CommitPayload<'_>> = answer.page(Resource::Commits)?;
        Ok(commits.into_iter().filter_map(CommitPayload::into_commit).collect())
    })?;
    let head = pinned.or_else(|| items.first().map(|it| it.sha.clone()));
    // GitLab does not count, and offers a next page after every full one.
    let next = match (head, offset.next(&answer)) {
        (Some(head), Some(skip)) => {
            Some(with_skip(Marks::of(COMMITS)?.with("head", head)?, skip)?.done())
        }
        _ => None,
    };
    Ok(Page { items, next })
}

/// The commit that a branch, a tag or a hash leads to; the default branch
/// when nobody says. `None` when there are no commits.
pub(crate) async fn resolve(
    api: &Api,
    repository: &RepositoryRef,
    reference: Option<&str>,
) -> Result<Option<String>, ProviderError> {
    const MISSING: &str = "ref";
    let commits = api.get(repository, ["repository", "commits"])?.missing(MISSING);
    let Some(reference) = reference else {
        let answer = match api.ask(repository, commits.query("per_page", "1")).await {
            Ok(answer) => answer,
            Err(error) => return api.absolve(repository, error, None).await,
        };
        let newest: Vec<CommitPayload<'_>> = answer.page(Resource::Commits)?;
        return Ok(newest.into_iter().next().and_then(|it| filled(it.id)));
    };
    let call = commits.then([reference]).query("stats", "false");
    let answer = api.ask(repository, call).await?;
    let commit: CommitPayload<'_> = answer.json(Resource::Commits)?;
    filled(commit.id).map(Some).ok_or(ProviderError::NotFound { what: MISSING })
}
