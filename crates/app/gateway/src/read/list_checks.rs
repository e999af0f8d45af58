//! One page of results of CI.

use lodge_access::{Grant, Permission};
use lodge_forge::{Check, Resource};
use lodge_provider::CheckFilter;

use crate::{
    Gateway,
    read::{Answer, Ask, Paging, ReadError, list_tree::one_reference},
};

impl Gateway {
    /// One page of the results of CI for a commit, tag or branch.
    ///
    /// # Errors
    ///
    /// What can be refused here is refused before the host hears of it.
    pub async fn list_checks(
        &self,
        grant: &Grant,
        ask: Ask<'_>,
        reference: Option<&str>,
        branch: Option<&str>,
        paging: Paging<'_>,
    ) -> Result<Answer<Vec<Check>>, ReadError> {
        let approved = self.approve(grant, Permission::ReadChecks, Resource::Checks, ask)?;
        let reference = one_reference(reference, branch)?;
        let filters = Vec::from_iter(reference.map(|it| ("ref", it)));
        let listing = self.page(approved, "checks.list", &filters, paging)?;
        let host = listing.approved.host;
        let filter = CheckFilter { reference: reference.map(str::to_owned) };
        let page =
            host.list_checks(listing.approved.reference(), filter, listing.page.clone()).await;
        self.close(&listing, page)
    }
}
