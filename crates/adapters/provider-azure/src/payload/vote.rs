//! What reviewers say of a pull request: it stands in the pull request, and is
//! told with each of its changes.
//!
//! Source: <https://learn.microsoft.com/rest/api/azure/devops/git/pull-request-reviewers/list>,
//! API version 7.1.

use lodge_activity::{Actor, Approval};
use lodge_kernel::Timestamp;
use lodge_provider_kit::{Few, account};
use serde::Deserialize;

use super::{IdentityPayload, Text};

/// A vote that approves; 10 does so without suggestions.
const APPROVED_WITH_SUGGESTIONS: i64 = 5;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct VotesPayload<'a> {
    pull_request_id: u64,
    #[serde(borrow)]
    status: Option<Text<'a>>,
    #[serde(borrow)]
    reviewers: Option<Few<ReviewerPayload<'a>, 1_000>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ReviewerPayload<'a> {
    vote: Option<i64>,
    /// It is a group.
    is_container: Option<bool>,
    #[serde(borrow)]
    display_name: Option<Text<'a>>,
    #[serde(borrow)]
    unique_name: Option<Text<'a>>,
}

impl VotesPayload<'_> {
    /// Everybody's word, as it stood at `at`: when it was given is not told.
    /// Nothing of a pull request that has ended, so that a word is not taken for
    /// one that was given afterwards.
    pub(crate) fn into_approvals(self, at: Timestamp) -> Vec<Approval<Actor>> {
        let merge_request = self.pull_request_id;
        let is_open = self.status.as_deref() == Some("active");
        let reviewers = self.reviewers.filter(|_| is_open).unwrap_or_default();
        let words = reviewers.into_iter().filter_map(|it| {
            let (approved, name) = it.into_word()?;
            Some(Approval { merge_request, by: account(name), approved, at })
        });
        words.collect()
    }
}

impl ReviewerPayload<'_> {
    /// `None` for a group. 0 is no word, or one that was taken back.
    fn into_word(self) -> Option<(bool, String)> {
        let vote = self.vote.filter(|_| self.is_container != Some(true))?;
        let (display_name, unique_name) = (self.display_name, self.unique_name);
        let name = IdentityPayload { display_name, unique_name }.name()?;
        Some((vote >= APPROVED_WITH_SUGGESTIONS, name))
    }
}
