//! Releases, the newest first.

use lodge_forge::{Release, Resource};
use lodge_pagination::{Page, PageRequest};
use lodge_provider::{ProviderError, RepositoryRef};

use crate::{api::Api, paging::Offset, payload::release::ReleasePayload};

const RELEASES: &str = "releases";

pub(crate) async fn list(
    api: &Api,
    repository: &RepositoryRef,
    request: &PageRequest,
) -> Result<Page<Release>, ProviderError> {
    let offset = Offset::of(RELEASES, request)?;
    let call = api.get(repository, ["releases"])?;
    let call = call.query("order_by", "released_at").query("sort", "desc");
    let answer = api.ask(repository, offset.ask(call)).await?;
    let items = answer.understood(|answer| {
        let releases: Vec<ReleasePayload<'_>> = answer.page(Resource::Releases)?;
        Ok(releases.into_iter().filter_map(ReleasePayload::into_release).collect())
    })?;
    Ok(Page { items, next: offset.position(RELEASES, &answer)? })
}
