//! Pull requests.

use lodge_forge::{PullRequest, PullRequestState, Resource};
use lodge_pagination::{Page, PageRequest};
use lodge_provider::{ProviderError, PullRequestFilter, RepositoryRef};
use lodge_provider_kit::{Marks, Read};

use crate::{
    azure::{Azure, all},
    payload::{List, pull_request::PullRequestPayload},
    place::Place,
};

const KIND: &str = "pull requests";

impl Azure {
    pub(crate) async fn list_pull_requests(
        &self,
        repository: &RepositoryRef,
        filter: PullRequestFilter,
        page: &PageRequest,
    ) -> Result<Page<PullRequest>, ProviderError> {
        let place = Place::of(repository)?;
        let skip: usize = match Read::of(KIND, page.from.as_ref())? {
            Some(read) => read.number("skip")?,
            None => 0,
        };
        let status = match filter.state {
            None => "all",
            Some(PullRequestState::Open) => "active",
            Some(PullRequestState::Merged) => "completed",
            Some(PullRequestState::Closed) => "abandoned",
        };
        let limit = page.limit.get();
        let call = self
            .git(&place, ["pullrequests"])
            .query("searchCriteria.status", status)
            .query("$skip", skip.to_string())
            // One more than wanted says whether there is another page.
            .query("$top", (limit + 1).to_string());
        let answer = self.client.send(place.account, call).await?;
        let mut told: List<PullRequestPayload<'_>> = answer.json(Resource::PullRequests)?;
        let more = told.value.len() > limit;
        told.value.truncate(limit);
        let items = told.value.into_iter().map(|it| self.pull_request(&place, it)).collect();
        let next = if more {
            Some(Marks::of(KIND)?.with("skip", (skip + limit).to_string())?.done())
        } else {
            None
        };
        Ok(Page { items: all(items).await?, next })
    }

    /// The same pull request with its whole description.
    async fn pull_request(
        &self,
        place: &Place,
        listed: PullRequestPayload<'_>,
    ) -> Result<PullRequest, ProviderError> {
        if !listed.is_cut() {
            return Ok(self.unified(place, listed));
        }
        let number = listed.pull_request_id.to_string();
        let call = self.git(place, ["pullrequests", &number]);
        let answer = self.part(place, call, "pull request").await?;
        let told: PullRequestPayload<'_> = answer.json(Resource::PullRequests)?;
        Ok(self.unified(place, told))
    }

    fn unified(&self, place: &Place, told: PullRequestPayload<'_>) -> PullRequest {
        let page = told.repository.as_ref().and_then(|it| self.sites.page(&place.organization, it));
        told.into_pull_request(&place.organization, page.as_deref())
    }
}
