//! `Commit`, from `GET /repositories/{id}/commits`.
//!
//! Source: <https://docs.github.com/en/rest/commits/commits#list-commits>,
//! API version 2022-11-28.

use lodge_forge::{Commit, Signature};
use lodge_provider_kit::{Few, Text};
use serde::Deserialize;

use super::{
    branch::ShaPayload,
    filled, instant,
    profile::{UserPayload, login},
};

#[derive(Debug, Deserialize)]
pub(crate) struct CommitPayload<'a> {
    #[serde(borrow)]
    sha: Text<'a>,
    commit: GitCommitPayload<'a>,
    author: Option<UserPayload<'a>>,
    committer: Option<UserPayload<'a>>,
    parents: Option<Few<ShaPayload<'a>, 1_000>>,
    html_url: Option<Text<'a>>,
}

#[derive(Debug, Deserialize)]
struct GitCommitPayload<'a> {
    #[serde(borrow)]
    message: Option<Text<'a>>,
    author: Option<SignaturePayload<'a>>,
    committer: Option<SignaturePayload<'a>>,
    verification: Option<VerificationPayload>,
}

#[derive(Debug, Deserialize)]
struct SignaturePayload<'a> {
    #[serde(borrow)]
    name: Option<Text<'a>>,
    email: Option<Text<'a>>,
    date: Option<Text<'a>>,
}

#[derive(Debug, Deserialize)]
struct VerificationPayload {
    verified: Option<bool>,
}

impl From<CommitPayload<'_>> for Commit {
    fn from(it: CommitPayload<'_>) -> Self {
        let message: String = it.commit.message.map(Into::into).unwrap_or_default();
        Self {
            sha: it.sha.into(),
            title: message.lines().next().unwrap_or_default().to_owned(),
            message,
            author: signature(it.commit.author, it.author),
            committer: signature(it.commit.committer, it.committer),
            parents: it.parents.into_iter().flatten().map(|it| it.sha.into()).collect(),
            // Told of a single commit only.
            stats: None,
            verified: it.commit.verification.and_then(|it| it.verified),
            web_url: filled(it.html_url),
        }
    }
}

fn signature(
    git: Option<SignaturePayload<'_>>,
    user: Option<UserPayload<'_>>,
) -> Option<Signature> {
    let git = git?;
    Some(Signature {
        name: filled(git.name),
        email: filled(git.email),
        date: instant(git.date),
        user: login(user),
    })
}
