//! One page of releases.

use lodge_access::{Grant, Permission};
use lodge_forge::{Release, Resource};

use crate::{
    Gateway,
    read::{Answer, Ask, Paging, ReadError},
};

impl Gateway {
    /// One page of releases.
    ///
    /// # Errors
    ///
    /// What can be refused here is refused before the host hears of it.
    pub async fn list_releases(
        &self,
        grant: &Grant,
        ask: Ask<'_>,
        paging: Paging<'_>,
    ) -> Result<Answer<Vec<Release>>, ReadError> {
        let approved = self.approve(grant, Permission::ReadReleases, Resource::Releases, ask)?;
        let listing = self.page(approved, "releases.list", &[], paging)?;
        let reference = listing.approved.reference();
        let page = listing.approved.host.list_releases(reference, listing.page.clone()).await;
        self.close(&listing, page)
    }
}
