//! Results of CI on one commit.

use lodge_forge::{Check, Resource};
use lodge_pagination::{Page, PageRequest};
use lodge_provider::{ProviderError, RepositoryRef};
use lodge_provider_kit::{Marks, Read};

use crate::{
    host::Bitbucket,
    payload::{check::StatusPayload, page::PagePayload},
    step::Step,
};

const KIND: &str = "checks";
/// The most items of a page here.
const MOST: usize = 100;

impl Bitbucket {
    /// The listing stays with the commit that `reference` led to first.
    pub(crate) async fn checks(
        &self,
        repository: &RepositoryRef,
        reference: Option<&str>,
        page: &PageRequest,
    ) -> Result<Page<Check>, ProviderError> {
        let (sha, step) = match (Read::of(KIND, page.from.as_ref())?, reference) {
            (Some(read), _) => (read.text("commit")?.to_owned(), Step::read(read)?),
            (None, reference) => {
                let sha = match reference {
                    Some(reference) => Some(self.resolve(repository, reference).await?),
                    None => self.default_head(repository).await?,
                };
                let Some(sha) = sha else { return Ok(Page::empty()) };
                (sha, Step::first(page.limit, MOST))
            }
        };
        let call = self.below(repository, ["commit", &sha, "statuses"])?.missing("ref");
        let answer = self.part(repository, step.dress(call)).await?;
        let payload: PagePayload<'_, StatusPayload<'_>> = answer.json(Resource::Checks)?;
        let marks = Marks::of(KIND)?.with("commit", sha.as_str())?;
        step.page(page.limit, payload, marks, |it| it.into_check(sha.clone()))
    }
}
