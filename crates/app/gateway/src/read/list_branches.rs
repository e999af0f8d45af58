//! One page of branches.

use lodge_access::{Grant, Permission};
use lodge_forge::{Branch, Resource};

use crate::{
    Gateway,
    read::{Answer, Ask, Paging, ReadError},
};

impl Gateway {
    /// One page of branches.
    ///
    /// # Errors
    ///
    /// What can be refused here is refused before the host hears of it.
    pub async fn list_branches(
        &self,
        grant: &Grant,
        ask: Ask<'_>,
        paging: Paging<'_>,
    ) -> Result<Answer<Vec<Branch>>, ReadError> {
        let approved = self.approve(grant, Permission::ReadBranches, Resource::Branches, ask)?;
        let listing = self.page(approved, "branches.list", &[], paging)?;
        let reference = listing.approved.reference();
        let page = listing.approved.host.list_branches(reference, listing.page.clone()).await;
        self.close(&listing, page)
    }
}
