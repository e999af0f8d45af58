//! One page of contributors.

use lodge_access::{Grant, Permission};
use lodge_forge::{Contributor, Resource};

use crate::{
    Gateway,
    read::{Answer, Ask, Paging, ReadError},
};

impl Gateway {
    /// One page of contributors.
    ///
    /// # Errors
    ///
    /// What can be refused here is refused before the host hears of it.
    pub async fn list_contributors(
        &self,
        grant: &Grant,
        ask: Ask<'_>,
        paging: Paging<'_>,
    ) -> Result<Answer<Vec<Contributor>>, ReadError> {
        let approved = self.approve(grant, Permission::ReadAuthors, Resource::Contributors, ask)?;
        let listing = self.page(approved, "contributors.list", &[], paging)?;
        let reference = listing.approved.reference();
        let page = listing.approved.host.list_contributors(reference, listing.page.clone()).await;
        self.close(&listing, page)
    }
}
