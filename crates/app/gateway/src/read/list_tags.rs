//! One page of tags.

use lodge_access::{Grant, Permission};
use lodge_forge::{Resource, Tag};

use crate::{
    Gateway,
    read::{Answer, Ask, Paging, ReadError},
};

impl Gateway {
    /// One page of tags.
    ///
    /// # Errors
    ///
    /// What can be refused here is refused before the host hears of it.
    pub async fn list_tags(
        &self,
        grant: &Grant,
        ask: Ask<'_>,
        paging: Paging<'_>,
    ) -> Result<Answer<Vec<Tag>>, ReadError> {
        let approved = self.approve(grant, Permission::ReadTags, Resource::Tags, ask)?;
        let listing = self.page(approved, "tags.list", &[], paging)?;
        let reference = listing.approved.reference();
        let page = listing.approved.host.list_tags(reference, listing.page.clone()).await;
        self.close(&listing, page)
    }
}
