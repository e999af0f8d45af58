//! Pull requests, newest first.

use lodge_forge::{PullRequest, PullRequestState, Resource};
use lodge_pagination::{Page, PageRequest};
use lodge_provider::{ProviderError, PullRequestFilter, RepositoryRef};
use lodge_provider_kit::{Marks, Read};

use crate::{
    host::Bitbucket,
    payload::{page::PagePayload, pull_request::PullRequestPayload},
    step::Step,
};

const KIND: &str = "pull_requests";
/// The most items of a page here: a larger page is refused, whatever the
/// documentation says.
const MOST: usize = 50;

impl Bitbucket {
    pub(crate) async fn pull_requests(
        &self,
        repository: &RepositoryRef,
        filter: PullRequestFilter,
        page: &PageRequest,
    ) -> Result<Page<PullRequest>, ProviderError> {
        let step = match Read::of(KIND, page.from.as_ref())? {
            Some(read) => Step::read(read)?,
            None => Step::first(page.limit, MOST),
        };
        let call = self.below(repository, ["pullrequests"])?.query("sort", "-created_on");
        // Without a state only the open ones are told.
        let call = states(filter.state).iter().fold(call, |call, it| call.query("state", it));
        let answer = self.client.send(repository.account, step.dress(call)).await?;
        let payload: PagePayload<'_, PullRequestPayload<'_>> =
            answer.json(Resource::PullRequests)?;
        step.page(page.limit, payload, Marks::of(KIND)?, |it| {
            it.into_pull_request(repository.id.as_str())
        })
    }
}

fn states(state: Option<PullRequestState>) -> &'static [&'static str] {
    match state {
        None => &["OPEN", "MERGED", "DECLINED", "SUPERSEDED"],
        Some(PullRequestState::Open) => &["OPEN"],
        Some(PullRequestState::Merged) => &["MERGED"],
        Some(PullRequestState::Closed) => &["DECLINED", "SUPERSEDED"],
    }
}
