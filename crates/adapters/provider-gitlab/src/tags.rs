//! Tags, by name.

use lodge_forge::{Resource, Tag};
use lodge_pagination::{Page, PageRequest};
use lodge_provider::{ProviderError, RepositoryRef};

use crate::{api::Api, paging::Offset, payload::tag::TagPayload};

const TAGS: &str = "tags";

pub(crate) async fn list(
    api: &Api,
    repository: &RepositoryRef,
    request: &PageRequest,
) -> Result<Page<Tag>, ProviderError> {
    let offset = Offset::of(TAGS, request)?;
    let call = api.get(repository, ["repository", "tags"])?;
    let call = call.query("order_by", "name").query("sort", "asc");
    let answer = api.ask(repository, offset.ask(call)).await?;
    let items = answer.understood(|answer| {
        let tags: Vec<TagPayload<'_>> = answer.page(Resource::Tags)?;
        Ok(tags.into_iter().filter_map(TagPayload::into_tag).collect())
    })?;
    Ok(Page { items, next: offset.position(TAGS, &answer)? })
}
