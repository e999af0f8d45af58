//! Pull requests.

use lodge_forge::{PullRequest, PullRequestState, Resource};
use lodge_pagination::{Page, PageRequest};
use lodge_provider::{ProviderError, PullRequestFilter, RepositoryRef};

use crate::{
    instance::{Instance, listed},
    paging::Spot,
    payload::pull_request::PullRequestPayload,
};

const KIND: &str = "pull_requests";
/// What a 404 of the listing says is not there: a repository may have the
/// whole kind switched off.
const SWITCHED_OFF: &str = "list of pull requests";

pub(crate) async fn list(
    instance: &Instance,
    at: &RepositoryRef,
    filter: PullRequestFilter,
    request: &PageRequest,
) -> Result<Page<PullRequest>, ProviderError> {
    let spot = Spot::of(KIND, request)?;
    // A merged one is a closed one here.
    let state = match filter.state {
        None => "all",
        Some(PullRequestState::Open) => "open",
        Some(PullRequestState::Merged | PullRequestState::Closed) => "closed",
    };
    let answer = instance.ask(at, |it| {
        let call = it.then(["pulls"]).query("state", state);
        spot.ask(call, "limit").missing(SWITCHED_OFF)
    });
    let Some(answer) = unless_switched_off(answer.await, SWITCHED_OFF)? else {
        return Ok(Page::empty());
    };
    let items = answer.understood(|answer| {
        let items = listed::<PullRequestPayload<'_>>(answer, Resource::PullRequests)?;
        Ok(items.into_iter().map(PullRequestPayload::into_pull_request).collect())
    })?;
    let mut page = instance.page(KIND, at.account, (spot, request), &answer, items).await?;
    page.items.retain(|it| filter.state.is_none_or(|state| it.state == state));
    Ok(page)
}

/// `answer`; `None` when the repository is there and this kind of thing, which
/// `what` names, is not.
pub(crate) fn unless_switched_off<T>(
    answer: Result<T, ProviderError>,
    what: &str,
) -> Result<Option<T>, ProviderError> {
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(error) => match error.cause() {
            ProviderError::NotFound { what: missing } if *missing == what => Ok(None),
            _ => Err(error),
        },
    }
}
