//! `GET /projects/:id/repository/commits` and `…/commits/:sha`.
//!
//! Source: <https://docs.gitlab.com/api/commits/>, API v4.

use lodge_forge::{Commit, CommitStats, Signature};
use lodge_provider_kit::{Few, Text};
use serde::Deserialize;

use super::{Time, filled, plain};

#[derive(Debug, Deserialize)]
pub(crate) struct CommitPayload<'a> {
    #[serde(borrow)]
    pub(crate) id: Option<Text<'a>>,
    #[serde(borrow)]
    title: Option<Text<'a>>,
    #[serde(borrow)]
    message: Option<Text<'a>>,
    #[serde(borrow)]
    author_name: Option<Text<'a>>,
    #[serde(borrow)]
    author_email: Option<Text<'a>>,
    #[serde(default)]
    authored_date: Time,
    #[serde(borrow)]
    committer_name: Option<Text<'a>>,
    #[serde(borrow)]
    committer_email: Option<Text<'a>>,
    #[serde(default)]
    committed_date: Time,
    #[serde(borrow)]
    pub(crate) parent_ids: Option<Few<Text<'a>, 1_000>>,
    stats: Option<StatsPayload>,
    #[serde(borrow)]
    web_url: Option<Text<'a>>,
}

#[derive(Debug, Deserialize)]
struct StatsPayload {
    additions: Option<u64>,
    deletions: Option<u64>,
}

impl CommitPayload<'_> {
    /// Changed lines, of files whose patch is not told too.
    pub(crate) fn stats(&self) -> Option<CommitStats> {
        let stats = self.stats.as_ref()?;
        Some(CommitStats { additions: stats.additions?, deletions: stats.deletions? })
    }

    /// `None` when there is no hash.
    pub(crate) fn into_commit(self) -> Option<Commit> {
        let stats = self.stats();
        let message = plain(self.message);
        Some(Commit {
            sha: filled(self.id)?,
            // GitLab's own title is cut after 80 characters.
            title: match message.lines().next() {
                Some(first) => first.to_owned(),
                None => plain(self.title),
            },
            message,
            author: signature(self.author_name, self.author_email, self.authored_date),
            committer: signature(self.committer_name, self.committer_email, self.committed_date),
            parents: self.parent_ids.into_iter().flatten().map(String::from).collect(),
            stats,
            verified: None,
            web_url: filled(self.web_url),
        })
    }
}

/// `None` when nothing of it is told.
pub(crate) fn signature(
    name: Option<Text<'_>>,
    email: Option<Text<'_>>,
    date: Time,
) -> Option<Signature> {
    let (name, email, date) = (filled(name), filled(email), date.0);
    let told = name.is_some() || email.is_some() || date.is_some();
    told.then_some(Signature { name, email, date, user: None })
}
