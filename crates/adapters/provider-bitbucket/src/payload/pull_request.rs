//! `pullrequest`, from `GET …/pullrequests` and `GET …/pullrequests/{id}`.
//!
//! Source: <https://developer.atlassian.com/cloud/bitbucket/rest/api-group-pullrequests/>,
//! API 2.0. Commits are told by the first 12 digits of their hash, reviewers
//! by few answers, and the time of a merge by none.

use lodge_forge::{PullRequest, PullRequestSide, PullRequestState};
use lodge_kernel::Timestamp;
use lodge_provider_kit::{Few, Text};
use serde::Deserialize;

use super::{
    commit::HashPayload,
    link::LinksPayload,
    profile::AccountPayload,
    repository::{NamePayload, bare},
};

#[derive(Debug, Deserialize)]
pub(crate) struct PullRequestPayload<'a> {
    id: u64,
    #[serde(borrow)]
    title: Option<Text<'a>>,
    description: Option<Text<'a>>,
    summary: Option<RenderedPayload<'a>>,
    state: Text<'a>,
    draft: Option<bool>,
    author: Option<AccountPayload<'a>>,
    pub(crate) source: SidePayload<'a>,
    pub(crate) destination: SidePayload<'a>,
    merge_commit: Option<HashPayload<'a>>,
    reviewers: Option<Few<AccountPayload<'a>, 1_000>>,
    comment_count: Option<u64>,
    created_on: Option<Text<'a>>,
    updated_on: Option<Text<'a>>,
    links: Option<LinksPayload<'a>>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct SidePayload<'a> {
    #[serde(borrow)]
    branch: Option<NamePayload<'a>>,
    pub(crate) commit: Option<HashPayload<'a>>,
    repository: Option<IdPayload<'a>>,
}

#[derive(Debug, Deserialize)]
struct IdPayload<'a> {
    #[serde(borrow)]
    uuid: Option<Text<'a>>,
}

#[derive(Debug, Deserialize)]
struct RenderedPayload<'a> {
    #[serde(borrow)]
    raw: Option<Text<'a>>,
}

impl SidePayload<'_> {
    fn repository(&self) -> Option<&str> {
        self.repository.as_ref()?.uuid.as_deref().map(bare)
    }

    fn into_side(self, other: Option<&str>) -> PullRequestSide {
        let repository_id = self.repository().map(str::to_owned);
        PullRequestSide {
            // A branch that is gone has no name.
            branch: self.branch.and_then(|it| it.name).map(Into::into).unwrap_or_default(),
            sha: self.commit.map(|it| it.hash.into()),
            repository_id: repository_id.filter(|it| Some(it.as_str()) != other),
        }
    }
}

impl PullRequestPayload<'_> {
    pub(crate) fn updated_at(&self) -> Option<Timestamp> {
        self.updated_on.as_ref().and_then(Text::instant)
    }

    /// Who opened it, and who is to review it.
    pub(crate) fn accounts(&self) -> impl Iterator<Item = &AccountPayload<'_>> {
        let reviewers = self.reviewers.iter().flat_map(|it| it.iter());
        self.author.iter().chain(reviewers)
    }

    /// `home` is the repository that the number is unique in.
    pub(crate) fn into_pull_request(self, home: &str) -> PullRequest {
        let summary = self.summary.and_then(|it| it.raw);
        let reviewers = self.reviewers.unwrap_or_default();
        let target = self.destination.repository().unwrap_or(home).to_owned();
        let updated_at = self.updated_on.as_ref().and_then(Text::instant);
        let (state, nuance) = match &*self.state {
            "OPEN" => (PullRequestState::Open, None),
            "MERGED" => (PullRequestState::Merged, None),
            // Declined, superseded, and what may be added.
            other => (PullRequestState::Closed, Some(other.to_ascii_lowercase())),
        };
        PullRequest {
            id: format!("{home}/{}", self.id),
            number: self.id,
            title: self.title.map(Into::into).unwrap_or_default(),
            body: summary.or(self.description).and_then(Text::filled),
            state,
            native_state: self.state.into(),
            draft: self.draft,
            author: self.author.and_then(|it| it.known_as()),
            source: self.source.into_side(Some(&target)),
            target: self.destination.into_side(Some(&target)),
            labels: Vec::new(),
            reviewers: reviewers.iter().filter_map(AccountPayload::known_as).collect(),
            merged_at: None,
            closed_at: None,
            created_at: self.created_on.and_then(|it| it.instant()),
            updated_at,
            merge_commit_sha: self.merge_commit.map(|it| it.hash.into()),
            comments_count: self.comment_count,
            traits: nuance.into_iter().collect(),
            web_url: self.links.and_then(|mut it| it.web_url()),
        }
    }
}
