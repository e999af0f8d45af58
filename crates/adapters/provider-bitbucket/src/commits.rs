//! Commits of a branch. Asked without a commit, Bitbucket tells those of all
//! branches: so the branch is resolved first, and the listing stays with that
//! commit.

use lodge_forge::{Commit, Resource};
use lodge_pagination::{Page, PageRequest};
use lodge_provider::{ProviderError, RepositoryRef};
use lodge_provider_kit::{Answer, Marks, Read};

use crate::{
    host::Bitbucket,
    payload::{commit::CommitPayload, page::PagePayload},
    step::Step,
};

const KIND: &str = "commits";
/// The most items of a page here.
const MOST: usize = 100;

impl Bitbucket {
    pub(crate) async fn commits(
        &self,
        repository: &RepositoryRef,
        branch: Option<&str>,
        page: &PageRequest,
    ) -> Result<Page<Commit>, ProviderError> {
        let head = match (Read::of(KIND, page.from.as_ref())?, branch) {
            (Some(read), _) => read.text("head")?.to_owned(),
            (None, Some(branch)) => self.branch_head(repository, branch, "branch").await?,
            (None, None) => match self.default_head(repository).await? {
                Some(head) => head,
                None => return Ok(Page::empty()),
            },
        };
        let (step, answer) = self.history(repository, &head, page).await?;
        let payload: PagePayload<'_, CommitPayload<'_>> = answer.json(Resource::Commits)?;
        step.page(page.limit, payload, marks(&head)?, CommitPayload::into_commit)
    }

    /// The host's page of what `head` reaches, newest first.
    pub(crate) async fn history(
        &self,
        repository: &RepositoryRef,
        head: &str,
        page: &PageRequest,
    ) -> Result<(Step, Answer), ProviderError> {
        let step = match Read::of(KIND, page.from.as_ref())? {
            Some(read) => Step::read(read)?,
            None => Step::first(page.limit, MOST),
        };
        let call = self.below(repository, ["commits", head])?.missing("commit");
        let answer = self.part(repository, step.dress(call)).await?;
        Ok((step, answer))
    }
}

/// The beginning of a position in the history of `head`.
pub(crate) fn marks(head: &str) -> Result<Marks, ProviderError> {
    Marks::of(KIND)?.with("head", head)
}
