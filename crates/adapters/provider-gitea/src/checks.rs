//! Results of CI: first the statuses of a commit, then the workflow runs.

use lodge_forge::{Check, Resource};
use lodge_pagination::{Page, PageRequest};
use lodge_provider::{CheckFilter, ProviderError, RepositoryRef};
use lodge_provider_kit::{Marks, Read};

use crate::{
    instance::{Instance, listed},
    paging::{Spot, USUAL_MOST},
    payload::check::{RunPayload, RunsPayload, StatusPayload},
    reference,
};

const KIND: &str = "checks";
const STATUSES: &str = "statuses";
const RUNS: &str = "runs";

pub(crate) async fn list(
    instance: &Instance,
    at: &RepositoryRef,
    filter: &CheckFilter,
    request: &PageRequest,
) -> Result<Page<Check>, ProviderError> {
    let spot = Spot::of(KIND, request)?;
    let (sha, phase) = match Read::of(KIND, request.from.as_ref())? {
        Some(read) => (read.text("sha")?.to_owned(), read.text("phase")?),
        None => match reference::resolve(instance, at, filter.reference.as_deref()).await? {
            Some(sha) => (sha, STATUSES),
            None => return Ok(Page::empty()),
        },
    };
    let (items, next) = match phase {
        STATUSES => statuses(instance, at, &sha, spot, request).await?,
        RUNS => runs(instance, at, &sha, spot, request).await?,
        _ => return Err(ProviderError::Position),
    };
    let next = match (next, phase) {
        (Some(next), phase) => Some((next, phase)),
        (None, STATUSES) => Some((Spot::first(request.limit, USUAL_MOST), RUNS)),
        (None, _) => None,
    };
    let next = match next {
        Some((next, phase)) => {
            let marks = Marks::of(KIND)?.with("sha", sha)?.with("phase", phase)?;
            Some(next.mark(marks)?.done())
        }
        None => None,
    };
    Ok(Page { items, next })
}

type Turn = (Vec<Check>, Option<Spot>);

async fn statuses(
    instance: &Instance,
    at: &RepositoryRef,
    sha: &str,
    spot: Spot,
    request: &PageRequest,
) -> Result<Turn, ProviderError> {
    let call = instance
        .ask(at, |it| spot.ask(it.then(["commits", sha, "statuses"]), "limit").missing("ref"));
    let answer = call.await?;
    let items = listed::<StatusPayload<'_>>(&answer, Resource::Checks)?;
    let items: Vec<Check> = items.into_iter().map(|it| it.into_check(sha)).collect();
    let more = instance.goes_on(at.account, spot, &answer, items.len()).await?;
    Ok(spot.turn(items, request.limit, more))
}

/// The runs of a commit; none where the server has no such route, or the
/// repository no such thing.
async fn runs(
    instance: &Instance,
    at: &RepositoryRef,
    sha: &str,
    spot: Spot,
    request: &PageRequest,
) -> Result<Turn, ProviderError> {
    let call = instance.ask(at, |it| {
        let call = it.then(["actions", "runs"]).query("head_sha", sha);
        spot.ask(call, "limit").missing("list of runs")
    });
    let answer = match call.await {
        Ok(answer) => answer,
        Err(error) => match error.cause() {
            ProviderError::NotFound { .. } | ProviderError::Forbidden => {
                return Ok((Vec::new(), None));
            }
            _ => return Err(error),
        },
    };
    let payload: RunsPayload<'_> = answer.json(Resource::Checks)?;
    let items = payload.workflow_runs.unwrap_or_default();
    let items: Vec<Check> = items.into_iter().filter_map(RunPayload::into_check).collect();
    let more = instance.goes_on(at.account, spot, &answer, items.len()).await?;
    let (mut items, next) = spot.turn(items, request.limit, more);
    // Some servers do not know the filter.
    items.retain(|it| it.sha == sha);
    Ok((items, next))
}
