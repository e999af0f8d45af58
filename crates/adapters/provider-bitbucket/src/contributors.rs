//! Contributors, counted from the commits of the default branch: Bitbucket
//! does not count them.

use lodge_forge::{Contributor, Resource};
use lodge_pagination::{Page, PageRequest};
use lodge_provider::{ProviderError, RepositoryRef};
use lodge_provider_kit::Author;

use crate::{
    commits::marks,
    host::Bitbucket,
    payload::{commit::CommitPayload, page::PagePayload},
};

impl Bitbucket {
    pub(crate) async fn contributors(
        &self,
        repository: &RepositoryRef,
        page: &PageRequest,
    ) -> Result<Page<Contributor>, ProviderError> {
        let head = || self.default_head(repository);
        let authors = |head, page| self.authors(repository, head, page);
        self.people.list(repository, page, head, authors).await
    }

    async fn authors(
        &self,
        repository: &RepositoryRef,
        head: String,
        page: PageRequest,
    ) -> Result<Page<Author>, ProviderError> {
        let (step, answer) = self.history(repository, &head, &page).await?;
        let payload: PagePayload<'_, CommitPayload<'_>> = answer.json(Resource::Contributors)?;
        step.page(page.limit, payload, marks(&head)?, CommitPayload::into_author)
    }
}
