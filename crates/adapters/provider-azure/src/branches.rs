//! Branches.

use futures_util::future::try_join;
use lodge_forge::{Branch, Resource};
use lodge_pagination::{Page, PageRequest};
use lodge_provider::{ProviderError, RepositoryRef};

use crate::{
    azure::Azure,
    payload::{List, branch::RefPayload},
    place::Place,
    references::continued,
};

const KIND: &str = "branches";

impl Azure {
    /// A branch does not say that it is the default one; the repository does.
    pub(crate) async fn list_branches(
        &self,
        repository: &RepositoryRef,
        page: &PageRequest,
    ) -> Result<Page<Branch>, ProviderError> {
        let place = Place::of(repository)?;
        let (facts, answer) =
            try_join(self.facts(&place), self.references(&place, "heads/", KIND, page)).await?;
        let told: List<RefPayload<'_>> = answer.json(Resource::Branches)?;
        let default = facts.default_branch.as_deref();
        let branches = told.value.into_iter().map(|it| it.into_branch(default));
        Ok(Page { items: branches.collect(), next: continued(KIND, &answer)? })
    }
}
