//! Contributors, counted from commits: the host counts none.

use lodge_forge::{Contributor, Resource};
use lodge_pagination::{Page, PageRequest};
use lodge_provider::{ProviderError, RepositoryRef};
use lodge_provider_kit::{Author, Marks, Read};

use crate::{
    azure::Azure,
    payload::{List, commit::CommitPayload},
    place::Place,
};

const KIND: &str = "authors";
/// How many commits are asked for at once. The host allows more.
const AT_A_TIME: usize = 500;

impl Azure {
    pub(crate) async fn list_contributors(
        &self,
        repository: &RepositoryRef,
        page: &PageRequest,
    ) -> Result<Page<Contributor>, ProviderError> {
        let place = Place::of(repository)?;
        let head = || self.head(&place, None);
        let authors = |head: String, page: PageRequest| self.authors(&place, head, page);
        self.people.list(repository, page, head, authors).await
    }

    async fn authors(
        &self,
        place: &Place,
        head: String,
        page: PageRequest,
    ) -> Result<Page<Author>, ProviderError> {
        let skip = match Read::of(KIND, page.from.as_ref())? {
            Some(read) => read.number("skip")?,
            None => 0,
        };
        let answer = self.history(place, &head, skip, AT_A_TIME).await?;
        let told: List<CommitPayload<'_>> = answer.json(Resource::Contributors)?;
        let next = if told.value.len() == AT_A_TIME {
            let skip = (skip + AT_A_TIME).to_string();
            Some(Marks::of(KIND)?.with("skip", skip)?.done())
        } else {
            None
        };
        let items = told.value.into_iter().map(CommitPayload::into_author).collect();
        Ok(Page { items, next })
    }
}
