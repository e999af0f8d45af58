//! One page of releases, newest first. Drafts are told to who can push.

use lodge_forge::{Release, Resource};
use lodge_pagination::{Page, PageRequest};
use lodge_provider::{ProviderError, RepositoryRef};

use crate::{api::Api, payload::release::ReleasePayload};

pub(crate) async fn list(
    api: &Api,
    repository: &RepositoryRef,
    page: &PageRequest,
) -> Result<Page<Release>, ProviderError> {
    let call = api.of(repository, &["releases"])?;
    api.list(repository.account, Resource::Releases, call, page, |answer| {
        let payload: Vec<ReleasePayload<'_>> = answer.page(Resource::Releases)?;
        Ok(payload.into_iter().map(Release::from).collect())
    })
    .await
}
