//! Tags.

use lodge_forge::{Resource, Tag};
use lodge_pagination::{Page, PageRequest};
use lodge_provider::{ProviderError, RepositoryRef};

use crate::{
    instance::{Instance, listed},
    paging::Spot,
    payload::tag::TagPayload,
};

const KIND: &str = "tags";

pub(crate) async fn list(
    instance: &Instance,
    at: &RepositoryRef,
    request: &PageRequest,
) -> Result<Page<Tag>, ProviderError> {
    let spot = Spot::of(KIND, request)?;
    let answer = instance.ask(at, |it| spot.ask(it.then(["tags"]), "limit")).await?;
    let items = answer.understood(|answer| {
        let items = listed::<TagPayload<'_>>(answer, Resource::Tags)?;
        Ok(items.into_iter().map(TagPayload::into_tag).collect())
    })?;
    instance.page(KIND, at.account, (spot, request), &answer, items).await
}

/// The commit that a tag leads to.
pub(crate) async fn head(
    instance: &Instance,
    at: &RepositoryRef,
    tag: &str,
) -> Result<String, ProviderError> {
    // The route takes everything after it, slashes included.
    let answer =
        instance.ask(at, |it| it.then(["tags"]).then(tag.split('/')).missing("ref")).await?;
    Ok(answer.json::<TagPayload<'_>>(Resource::Tags)?.commit.sha.into())
}
