//! One page of tags.

use lodge_forge::{Resource, Tag};
use lodge_pagination::{Page, PageRequest};
use lodge_provider::{ProviderError, RepositoryRef};

use crate::{api::Api, payload::tag::TagPayload};

pub(crate) async fn list(
    api: &Api,
    repository: &RepositoryRef,
    page: &PageRequest,
) -> Result<Page<Tag>, ProviderError> {
    let call = api.of(repository, &["tags"])?;
    api.list(repository.account, Resource::Tags, call, page, |answer| {
        let payload: Vec<TagPayload<'_>> = answer.page(Resource::Tags)?;
        Ok(payload.into_iter().map(Tag::from).collect())
    })
    .await
}
