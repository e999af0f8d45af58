//! The commits of every branch, the newest first.
//!
//! `since` of GitLab's is about when a commit was made, not when it came: what
//! somebody commits on Monday and pushes on Friday would never be seen by who
//! asks for the days since Tuesday. So all are listed.

use lodge_activity::{Actor, Commit};
use lodge_forge::Resource;
use lodge_pagination::{Page, PageRequest};
use lodge_provider::{ProviderError, RepositoryRef};

use super::unless_off;
use crate::{api::Api, paging::Offset, payload::course::commit::CommitPayload};

const COMMITS: &str = "all_commits";

pub(super) async fn list(
    api: &Api,
    repository: &RepositoryRef,
    request: &PageRequest,
) -> Result<Page<Commit<Actor>>, ProviderError> {
    let offset = Offset::of(COMMITS, request)?;
    let call = api.get(repository, ["repository", "commits"])?.missing("commit");
    let answer = match unless_off(api.ask(repository, offset.ask(call.query("all", "true"))).await)
    {
        Ok(Some(answer)) => answer,
        // Guests may not read the repository, and it may be switched off, while
        // the rest of the project is there.
        Ok(None) => return Ok(Page::empty()),
        Err(error) => return api.absolve(repository, error, Page::empty()).await,
    };
    let commits: Vec<CommitPayload<'_>> = answer.page(Resource::Commits)?;
    // GitLab does not count, and offers a next page after every full one.
    let next = if commits.is_empty() { None } else { offset.position(COMMITS, &answer)? };
    Ok(Page { items: commits.into_iter().filter_map(CommitPayload::into_commit).collect(), next })
}
