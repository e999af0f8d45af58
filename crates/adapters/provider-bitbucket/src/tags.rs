//! Tags.

use lodge_forge::{Resource, Tag};
use lodge_pagination::{Page, PageRequest};
use lodge_provider::{ProviderError, RepositoryRef};
use lodge_provider_kit::{Marks, Read};

use crate::{
    host::Bitbucket,
    payload::{page::PagePayload, tag::TagPayload},
    step::Step,
};

const KIND: &str = "tags";
/// The most items of a page here.
const MOST: usize = 100;

impl Bitbucket {
    pub(crate) async fn tags(
        &self,
        repository: &RepositoryRef,
        page: &PageRequest,
    ) -> Result<Page<Tag>, ProviderError> {
        let step = match Read::of(KIND, page.from.as_ref())? {
            Some(read) => Step::read(read)?,
            None => Step::first(page.limit, MOST),
        };
        let call = self.below(repository, ["refs", "tags"])?.query("sort", "name");
        let answer = self.client.send(repository.account, step.dress(call)).await?;
        let payload: PagePayload<'_, TagPayload<'_>> = answer.json(Resource::Tags)?;
        step.page(page.limit, payload, Marks::of(KIND)?, TagPayload::into_tag)
    }
}
