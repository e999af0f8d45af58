//! `GET /projects/:id/merge_requests` and `…/merge_requests/:iid`.
//!
//! Source: <https://docs.gitlab.com/api/merge_requests/>, API v4. The number
//! that people know is `iid`.

use lodge_forge::{PullRequest, PullRequestSide, PullRequestState};
use lodge_provider_kit::{Few, Text};
use serde::Deserialize;

use super::{Time, filled, plain, profile::PersonPayload};

#[derive(Debug, Deserialize)]
pub(crate) struct MergeRequestPayload<'a> {
    id: u64,
    iid: u64,
    #[serde(borrow)]
    title: Option<Text<'a>>,
    #[serde(borrow)]
    description: Option<Text<'a>>,
    #[serde(borrow)]
    state: Option<Text<'a>>,
    draft: Option<bool>,
    /// The name of `draft` before GitLab 14.8.
    work_in_progress: Option<bool>,
    #[serde(borrow)]
    author: Option<PersonPayload<'a>>,
    #[serde(borrow)]
    reviewers: Option<Few<PersonPayload<'a>, 1_000>>,
    #[serde(borrow)]
    source_branch: Option<Text<'a>>,
    #[serde(borrow)]
    target_branch: Option<Text<'a>>,
    source_project_id: Option<u64>,
    target_project_id: Option<u64>,
    /// The head of the source branch.
    #[serde(borrow)]
    sha: Option<Text<'a>>,
    #[serde(borrow)]
    labels: Option<Few<Text<'a>, 1_000>>,
    #[serde(default)]
    merged_at: Time,
    #[serde(default)]
    closed_at: Time,
    #[serde(default)]
    created_at: Time,
    #[serde(default)]
    updated_at: Time,
    #[serde(borrow)]
    merge_commit_sha: Option<Text<'a>>,
    #[serde(borrow)]
    squash_commit_sha: Option<Text<'a>>,
    user_notes_count: Option<u64>,
    #[serde(borrow)]
    web_url: Option<Text<'a>>,
    /// One merge request alone tells them.
    #[serde(borrow)]
    pub(crate) diff_refs: Option<DiffRefsPayload<'a>>,
    /// `1000+` when there are more than the host tells.
    #[serde(borrow)]
    pub(crate) changes_count: Option<Text<'a>>,
}

/// The commits that a merge request's diff lies between.
#[derive(Debug, Deserialize)]
pub(crate) struct DiffRefsPayload<'a> {
    #[serde(borrow)]
    pub(crate) base_sha: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) head_sha: Option<Text<'a>>,
}

impl MergeRequestPayload<'_> {
    pub(crate) fn into_pull_request(self) -> PullRequest {
        let (state, traits) = state(self.state.as_deref());
        let people = self.reviewers.into_iter().flatten();
        PullRequest {
            id: self.id.to_string(),
            number: self.iid,
            title: plain(self.title),
            body: filled(self.description),
            state,
            native_state: plain(self.state),
            draft: self.draft.or(self.work_in_progress),
            author: self.author.and_then(PersonPayload::called),
            source: PullRequestSide {
                branch: plain(self.source_branch),
                sha: filled(self.sha),
                repository_id: elsewhere(self.source_project_id, self.target_project_id),
            },
            target: PullRequestSide {
                branch: plain(self.target_branch),
                sha: filled(self.diff_refs.and_then(|it| it.base_sha)),
                repository_id: None,
            },
            labels: self.labels.into_iter().flatten().map(String::from).collect(),
            reviewers: people.filter_map(PersonPayload::called).collect(),
            merged_at: self.merged_at.0,
            closed_at: self.closed_at.0,
            created_at: self.created_at.0,
            updated_at: self.updated_at.0,
            merge_commit_sha: filled(self.merge_commit_sha)
                .or_else(|| filled(self.squash_commit_sha)),
            comments_count: self.user_notes_count,
            traits,
            web_url: filled(self.web_url),
        }
    }
}

/// A state in the unified words, and what those cannot say. `locked` is an
/// open one that is being merged.
pub(crate) fn state(word: Option<&str>) -> (PullRequestState, Vec<String>) {
    match word {
        Some("merged") => (PullRequestState::Merged, Vec::new()),
        Some("closed") => (PullRequestState::Closed, Vec::new()),
        Some("opened") | None => (PullRequestState::Open, Vec::new()),
        Some(other) => (PullRequestState::Open, vec![other.to_owned()]),
    }
}

/// The project that a change comes from, when it is a fork.
pub(crate) fn elsewhere(source: Option<u64>, target: Option<u64>) -> Option<String> {
    source.filter(|it| Some(*it) != target).map(|it| it.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> PullRequest {
        serde_json::from_str::<MergeRequestPayload<'_>>(json).unwrap().into_pull_request()
    }

    #[test]
    fn one_that_is_being_merged_is_open_and_locked() {
        let locked = read(r#"{"id":900,"iid":7,"state":"locked"}"#);
        assert_eq!((locked.id.as_str(), locked.number), ("900", 7));
        assert_eq!(locked.state, PullRequestState::Open);
        assert_eq!(
            (locked.native_state.as_str(), locked.traits),
            ("locked", vec!["locked".into()])
        );
    }

    #[test]
    fn the_project_of_a_fork_is_told() {
        let of = |source, target| {
            let ids = format!(r#""source_project_id":{source},"target_project_id":{target}"#);
            read(&format!(r#"{{"id":1,"iid":1,{ids}}}"#)).source.repository_id
        };
        assert_eq!(of("3", "3"), None);
        assert_eq!(of("4", "3").as_deref(), Some("4"));
        assert_eq!(of("null", "3"), None);
    }

    #[test]
    fn the_words_of_old_versions_are_understood() {
        let old = read(r#"{"id":1,"iid":1,"work_in_progress":true,"squash_commit_sha":"abc"}"#);
        assert_eq!((old.draft, old.merge_commit_sha.as_deref()), (Some(true), Some("abc")));
    }
}
