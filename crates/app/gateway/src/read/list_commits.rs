//! One page of the history of a branch.

use lodge_access::{Grant, Permission};
use lodge_forge::{Commit, Resource};

use crate::{
    Gateway,
    read::{Answer, Ask, Paging, ReadError},
};

impl Gateway {
    /// One page of the history of `branch`, or of the default branch.
    ///
    /// # Errors
    ///
    /// What can be refused here is refused before the host hears of it.
    pub async fn list_commits(
        &self,
        grant: &Grant,
        ask: Ask<'_>,
        branch: Option<&str>,
        paging: Paging<'_>,
    ) -> Result<Answer<Vec<Commit>>, ReadError> {
        let approved = self.approve(grant, Permission::ReadCommits, Resource::Commits, ask)?;
        let filters: &[_] = &branch.map(|it| ("branch", it)).into_iter().collect::<Vec<_>>();
        let listing = self.page(approved, "commits.list", filters, paging)?;
        let reference = listing.approved.reference();
        let branch = branch.map(str::to_owned);
        let page =
            listing.approved.host.list_commits(reference, branch, listing.page.clone()).await;
        self.close(&listing, page)
    }
}
