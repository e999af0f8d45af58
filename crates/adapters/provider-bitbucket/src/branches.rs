//! Branches.

use lodge_forge::{Branch, Resource};
use lodge_pagination::{Page, PageRequest};
use lodge_provider::{ProviderError, RepositoryRef};
use lodge_provider_kit::{Marks, Read};

use crate::{
    host::Bitbucket,
    payload::{branch::BranchPayload, page::PagePayload},
    step::Step,
};

const KIND: &str = "branches";
/// The most items of a page here.
const MOST: usize = 100;

impl Bitbucket {
    /// Which branch is the default one is asked for the first page, and goes
    /// along.
    pub(crate) async fn branches(
        &self,
        repository: &RepositoryRef,
        page: &PageRequest,
    ) -> Result<Page<Branch>, ProviderError> {
        let (step, default) = match Read::of(KIND, page.from.as_ref())? {
            Some(read) => (Step::read(read)?, Some(read.bytes("default")?)),
            None => (Step::first(page.limit, MOST), None),
        };
        let call = self.below(repository, ["refs", "branches"])?.query("sort", "name");
        let asked = self.client.send(repository.account, step.dress(call));
        let (answer, default) = if let Some(known) = default {
            (asked.await?, String::from_utf8(known).ok())
        } else {
            let (answer, default) = tokio::join!(asked, self.default_branch(repository));
            (answer?, default?)
        };
        let payload: PagePayload<'_, BranchPayload<'_>> = answer.json(Resource::Branches)?;
        let marks = Marks::of(KIND)?
            .with_bytes("default", default.as_deref().unwrap_or_default().as_bytes())?;
        step.page(page.limit, payload, marks, |it| it.into_branch(default.as_deref()))
    }
}
