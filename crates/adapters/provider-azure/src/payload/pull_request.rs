//! `GitPullRequest`, from `GET …/pullrequests`.
//!
//! Source: <https://learn.microsoft.com/rest/api/azure/devops/git/pull-requests/get-pull-requests>,
//! API version 7.1. Lists cut the description at 400 characters.

use lodge_forge::{PullRequest, PullRequestSide, PullRequestState};
use lodge_provider_kit::Few;
use serde::Deserialize;

use super::{
    IdentityPayload, Text, diff::CommitIdPayload, repository::RepositoryPayload, short_name,
};
use crate::place;

/// How many characters of a description a list tells.
const CUT_AT: usize = 400;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PullRequestPayload<'a> {
    pub(crate) pull_request_id: u64,
    #[serde(borrow)]
    title: Option<Text<'a>>,
    #[serde(borrow)]
    description: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) status: Option<Text<'a>>,
    is_draft: Option<bool>,
    #[serde(borrow)]
    created_by: Option<IdentityPayload<'a>>,
    #[serde(borrow)]
    closed_by: Option<IdentityPayload<'a>>,
    #[serde(borrow)]
    creation_date: Option<Text<'a>>,
    #[serde(borrow)]
    closed_date: Option<Text<'a>>,
    #[serde(borrow)]
    source_ref_name: Option<Text<'a>>,
    #[serde(borrow)]
    target_ref_name: Option<Text<'a>>,
    #[serde(borrow)]
    merge_status: Option<Text<'a>>,
    #[serde(borrow)]
    last_merge_source_commit: Option<CommitIdPayload<'a>>,
    #[serde(borrow)]
    last_merge_target_commit: Option<CommitIdPayload<'a>>,
    #[serde(borrow)]
    last_merge_commit: Option<CommitIdPayload<'a>>,
    #[serde(borrow)]
    labels: Option<Few<LabelPayload<'a>, 1_000>>,
    #[serde(borrow)]
    reviewers: Option<Few<IdentityPayload<'a>, 1_000>>,
    #[serde(borrow)]
    fork_source: Option<ForkPayload<'a>>,
    #[serde(borrow)]
    pub(crate) repository: Option<RepositoryPayload<'a>>,
}

#[derive(Debug, Deserialize)]
struct LabelPayload<'a> {
    #[serde(borrow)]
    name: Option<Text<'a>>,
}

#[derive(Debug, Deserialize)]
struct ForkPayload<'a> {
    #[serde(borrow)]
    repository: Option<RepositoryPayload<'a>>,
}

impl PullRequestPayload<'_> {
    /// The description may go on.
    pub(crate) fn is_cut(&self) -> bool {
        self.description.as_deref().is_some_and(|it| it.chars().count() >= CUT_AT)
    }

    /// What it is now, and the host's word for it.
    pub(crate) fn state(&self) -> PullRequestState {
        match self.status.as_deref() {
            Some("completed") => PullRequestState::Merged,
            Some("abandoned") => PullRequestState::Closed,
            _ => PullRequestState::Open,
        }
    }

    /// Who made it what it is: who ended it, else who opened it if nothing
    /// happened since.
    pub(crate) fn actor(&self) -> Option<String> {
        let by = match self.state() {
            PullRequestState::Open => self.created_by.as_ref(),
            _ => self.closed_by.as_ref(),
        }?;
        by.name()
    }

    /// The pull request in unified words; `repository_page` is the page of the
    /// repository.
    pub(crate) fn into_pull_request(
        self,
        organization: &str,
        repository_page: Option<&str>,
    ) -> PullRequest {
        let number = self.pull_request_id;
        let state = self.state();
        let closed_at = self.closed_date.as_ref().and_then(Text::instant);
        let merged = state == PullRequestState::Merged;
        let branch =
            |name: Option<Text<'_>>| name.map(|it| short_name(&it).to_owned()).unwrap_or_default();
        let sha = |commit: Option<CommitIdPayload<'_>>| commit.and_then(CommitIdPayload::into_sha);
        let fork = self.fork_source.and_then(|it| it.repository);
        let status = self.status.map(Text::into_owned).unwrap_or_default();
        let mut traits = Vec::new();
        if !["active", "completed", "abandoned"].contains(&status.as_str()) && !status.is_empty() {
            traits.push(status.clone());
        }
        let troubles = ["conflicts", "rejectedByPolicy", "failure"];
        traits
            .extend(self.merge_status.filter(|it| troubles.contains(&&**it)).map(Text::into_owned));
        PullRequest {
            id: number.to_string(),
            number,
            title: self.title.map(Text::into_owned).unwrap_or_default(),
            body: self.description.map(Text::into_owned),
            state,
            native_state: status,
            draft: self.is_draft,
            author: self.created_by.as_ref().and_then(IdentityPayload::name),
            source: PullRequestSide {
                branch: branch(self.source_ref_name),
                sha: sha(self.last_merge_source_commit),
                repository_id: fork
                    .and_then(|it| Some(place::id(organization, &it.id)?.to_string())),
            },
            target: PullRequestSide {
                branch: branch(self.target_ref_name),
                sha: sha(self.last_merge_target_commit),
                repository_id: None,
            },
            labels: self
                .labels
                .unwrap_or_default()
                .into_iter()
                .filter_map(|it| it.name?.filled())
                .collect(),
            reviewers: self
                .reviewers
                .unwrap_or_default()
                .iter()
                .filter_map(IdentityPayload::name)
                .collect(),
            merged_at: closed_at.filter(|_| merged),
            closed_at,
            created_at: self.creation_date.and_then(|it| it.instant()),
            updated_at: None,
            // Of one that is open, it is only a try.
            merge_commit_sha: sha(self.last_merge_commit).filter(|_| merged),
            comments_count: None,
            traits,
            web_url: repository_page.map(|it| format!("{it}/pullrequest/{number}")),
        }
    }
}
