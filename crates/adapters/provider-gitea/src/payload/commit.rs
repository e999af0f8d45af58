//! `Commit`, from `GET /repos/{owner}/{repo}/commits` and `…/git/commits/{sha}`.
//!
//! Source: <https://docs.gitea.com/api/#tag/repository/operation/repoGetAllCommits>.

use lodge_forge::{Commit, CommitStats, Signature};
use lodge_provider_kit::{Author, Few, Text};
use serde::Deserialize;

use super::{filled, profile::UserPayload};

#[derive(Debug, Deserialize)]
pub(crate) struct CommitPayload<'a> {
    #[serde(borrow)]
    sha: Text<'a>,
    #[serde(borrow)]
    html_url: Option<Text<'a>>,
    #[serde(borrow)]
    commit: GitCommitPayload<'a>,
    /// The accounts; `null` for who has none here.
    #[serde(borrow)]
    author: Option<UserPayload<'a>>,
    #[serde(borrow)]
    committer: Option<UserPayload<'a>>,
    #[serde(borrow)]
    parents: Option<Few<ParentPayload<'a>, 1_000>>,
    stats: Option<StatsPayload>,
}

#[derive(Debug, Deserialize)]
struct GitCommitPayload<'a> {
    #[serde(borrow)]
    message: Text<'a>,
    #[serde(borrow)]
    author: Option<GitUserPayload<'a>>,
    #[serde(borrow)]
    committer: Option<GitUserPayload<'a>>,
    verification: Option<VerificationPayload>,
}

#[derive(Debug, Deserialize)]
struct GitUserPayload<'a> {
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow)]
    email: Option<Text<'a>>,
    #[serde(borrow)]
    date: Option<Text<'a>>,
}

#[derive(Debug, Deserialize)]
struct ParentPayload<'a> {
    #[serde(borrow)]
    sha: Text<'a>,
}

#[derive(Debug, Deserialize)]
struct StatsPayload {
    additions: u64,
    deletions: u64,
}

#[derive(Debug, Deserialize)]
struct VerificationPayload {
    verified: Option<bool>,
}

impl CommitPayload<'_> {
    pub(crate) fn into_commit(self) -> Commit {
        let message = String::from(self.commit.message);
        Commit {
            sha: self.sha.into(),
            title: message.lines().next().unwrap_or_default().to_owned(),
            message,
            author: self.commit.author.map(|it| it.into_signature(self.author)),
            committer: self.commit.committer.map(|it| it.into_signature(self.committer)),
            parents: self.parents.unwrap_or_default().into_iter().map(|it| it.sha.into()).collect(),
            stats: self
                .stats
                .map(|it| CommitStats { additions: it.additions, deletions: it.deletions }),
            verified: self.commit.verification.and_then(|it| it.verified),
            web_url: filled(self.html_url),
        }
    }

    /// Who wrote it, to be counted.
    pub(crate) fn into_author(self) -> Author {
        let account = self.author.filter(|it| it.id > 0);
        let (name, email) = match self.commit.author {
            Some(author) => (filled(author.name), filled(author.email)),
            None => (None, None),
        };
        let (login, avatar_url) = match account {
            Some(account) => (account.login.filled(), filled(account.avatar_url)),
            None => (None, None),
        };
        Author { account: login.clone(), login, name, email, avatar_url }
    }
}

impl GitUserPayload<'_> {
    fn into_signature(self, user: Option<UserPayload<'_>>) -> Signature {
        Signature {
            name: filled(self.name),
            email: filled(self.email),
            // A commit may be older than Unix.
            date: self.date.and_then(|it| it.instant()),
            user: user.and_then(UserPayload::into_login),
        }
    }
}
