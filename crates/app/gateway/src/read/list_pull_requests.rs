//! One page of pull requests.

use lodge_access::{Grant, Permission};
use lodge_forge::{PullRequest, PullRequestState, Resource};
use lodge_provider::PullRequestFilter;

use crate::{
    Gateway,
    read::{Answer, Ask, Paging, ReadError},
};

impl Gateway {
    /// One page of pull requests, open ones when `state` does not say.
    ///
    /// # Errors
    ///
    /// What can be refused here is refused before the host hears of it.
    pub async fn list_pull_requests(
        &self,
        grant: &Grant,
        ask: Ask<'_>,
        state: Option<&str>,
        paging: Paging<'_>,
    ) -> Result<Answer<Vec<PullRequest>>, ReadError> {
        let approved =
            self.approve(grant, Permission::ReadPullRequests, Resource::PullRequests, ask)?;
        let word = state.unwrap_or("open");
        let state = match word {
            "open" => Some(PullRequestState::Open),
            "merged" => Some(PullRequestState::Merged),
            "closed" => Some(PullRequestState::Closed),
            "all" => None,
            _ => {
                return Err(ReadError::invalid("`state` is `open`, `merged`, `closed` or `all`"));
            }
        };
        let filters = [("state", word)];
        let listing = self.page(approved, "pull-requests.list", &filters, paging)?;
        let (host, reference) = (listing.approved.host, listing.approved.reference());
        let filter = PullRequestFilter { state };
        let page = host.list_pull_requests(reference, filter, listing.page.clone()).await;
        self.close(&listing, page)
    }
}
