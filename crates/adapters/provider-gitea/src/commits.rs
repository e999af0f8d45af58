//! Commits of a branch, pinned to the commit that the first page began with.

use lodge_forge::{Commit, Resource};
use lodge_pagination::{Page, PageRequest, Position};
use lodge_provider::{ProviderError, RepositoryRef};
use lodge_provider_kit::{Answer, Marks, Read};

use crate::{
    branches,
    dialect::NO_COMMITS,
    instance::{Instance, listed},
    paging::Spot,
    payload::commit::CommitPayload,
};

const KIND: &str = "commits";

pub(crate) async fn list(
    instance: &Instance,
    at: &RepositoryRef,
    branch: Option<&str>,
    request: &PageRequest,
) -> Result<Page<Commit>, ProviderError> {
    let spot = Spot::of(KIND, request)?;
    let head = match (Read::of(KIND, request.from.as_ref())?, branch) {
        (Some(read), _) => Some(read.text("head")?.to_owned()),
        // The listing itself would take a tag or any other revision.
        (None, Some(branch)) => Some(branches::head(instance, at, branch).await?),
        (None, None) => None,
    };
    let Some(answer) = ask(instance, at, head.as_deref(), spot).await? else {
        return Ok(Page::empty());
    };
    let items: Vec<Commit> = answer.understood(|answer| {
        let items = listed::<CommitPayload<'_>>(answer, Resource::Commits)?;
        Ok(items.into_iter().map(CommitPayload::into_commit).collect())
    })?;
    // The default branch is the first commit that it was asked for.
    let head = head.or_else(|| items.first().map(|it| it.sha.clone()));
    let more = instance.goes_on(at.account, spot, &answer, items.len()).await?;
    let (items, next) = spot.turn(items, request.limit, more);
    Ok(Page { items, next: mark(next, head)? })
}

fn mark(next: Option<Spot>, head: Option<String>) -> Result<Option<Position>, ProviderError> {
    let (Some(next), Some(head)) = (next, head) else { return Ok(None) };
    Ok(Some(next.mark(Marks::of(KIND)?.with("head", head)?)?.done()))
}

/// One page of the commits that `head` reaches; `None` in a repository
/// without commits.
pub(crate) async fn ask(
    instance: &Instance,
    at: &RepositoryRef,
    head: Option<&str>,
    spot: Spot,
) -> Result<Option<Answer>, ProviderError> {
    // Statistics, signatures and files are worked out commit by commit, and
    // cost the server more than everything else.
    let answer = instance.ask(at, |it| {
        let call = it.then(["commits"]).query_if("sha", head);
        let call = call.query("stat", "false").query("verification", "false");
        spot.ask(call.query("files", "false"), "limit").missing("commits")
    });
    match answer.await {
        Ok(answer) => Ok(Some(answer)),
        Err(error) => match error.cause() {
            ProviderError::NotFound { what } if *what == NO_COMMITS => Ok(None),
            _ => Err(error),
        },
    }
}
