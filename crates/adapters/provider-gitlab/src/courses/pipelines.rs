//! Runs of CI, the oldest first.
//!
//! GitLab's list has neither who set a run off, nor when it began and ended,
//! nor its coverage, without which there is no duration, no time to repair and
//! no trend. So each run of a page that has ended is asked for by itself. It
//! will not change any more, and with `since` it comes once; a page is short,
//! so that it costs no more questions than a budget of 2,000 a minute bears
//! beside other work.

use lodge_activity::{Actor, Pipeline};
use lodge_forge::Resource;
use lodge_kernel::Timestamp;
use lodge_pagination::{Limit, Page, PageRequest};
use lodge_provider::{ProviderError, RepositoryRef};

use super::{changed, unless_off};
use crate::{api::Api, paging::Offset, payload::course::pipeline::PipelinePayload};

const PIPELINES: &str = "pipelines";
/// How long a page is at most.
const MOST: &str = "25";

pub(super) async fn list(
    api: &Api,
    repository: &RepositoryRef,
    since: Option<Timestamp>,
    request: &PageRequest,
) -> Result<Page<Pipeline<Actor>>, ProviderError> {
    let most = Limit::parse(Some(MOST)).unwrap_or_default();
    let limit = if request.limit.get() > most.get() { most } else { request.limit };
    let short = PageRequest { from: request.from.clone(), limit };
    let offset = Offset::of(PIPELINES, &short)?;
    let call = changed(api.get(repository, ["pipelines"])?, since);
    let call = call.query("order_by", "id").query("sort", "asc");
    let answer = unless_off(api.ask(repository, offset.ask(call)).await)?;
    let Some(answer) = answer else { return Ok(Page::empty()) };
    let listed: Vec<PipelinePayload<'_>> = answer.page(Resource::Checks)?;
    let mut items = Vec::with_capacity(listed.len());
    for pipeline in listed.into_iter().filter_map(PipelinePayload::into_pipeline) {
        let whole = if pipeline.status.has_ended() {
            one(api, repository, &pipeline.id).await?
        } else {
            None
        };
        items.push(whole.unwrap_or(pipeline));
    }
    Ok(Page { items, next: offset.position(PIPELINES, &answer)? })
}

/// The pipeline `id`. `None` when it was removed since it was listed.
async fn one(
    api: &Api,
    repository: &RepositoryRef,
    id: &str,
) -> Result<Option<Pipeline<Actor>>, ProviderError> {
    let call = api.get(repository, ["pipelines", id])?.missing("pipeline");
    let answer = match api.ask(repository, call).await {
        Ok(answer) => answer,
        Err(error) if matches!(error.cause(), ProviderError::NotFound { .. }) => return Ok(None),
        Err(error) => return Err(error),
    };
    let payload: PipelinePayload<'_> = answer.json(Resource::Checks)?;
    Ok(payload.into_pipeline())
}
