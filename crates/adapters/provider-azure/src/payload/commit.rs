//! `GitCommitRef` and `GitCommit`, from `GET …/commits`,
//! `POST …/commitsbatch` and `GET …/commits/{id}`.
//!
//! Source: <https://learn.microsoft.com/rest/api/azure/devops/git/commits>, API
//! version 7.1. Lists cut the comment and leave out the parents.

use lodge_forge::{Commit, Signature};
use lodge_provider_kit::{Author, Few};
use serde::Deserialize;

use super::{LinksPayload, Text};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CommitPayload<'a> {
    #[serde(borrow)]
    pub(crate) commit_id: Text<'a>,
    #[serde(borrow)]
    comment: Option<Text<'a>>,
    comment_truncated: Option<bool>,
    #[serde(borrow)]
    author: Option<UserDatePayload<'a>>,
    #[serde(borrow)]
    pub(crate) committer: Option<UserDatePayload<'a>>,
    #[serde(borrow)]
    pub(crate) parents: Option<Few<Text<'a>, 1_000>>,
    #[serde(borrow)]
    pub(crate) tree_id: Option<Text<'a>>,
    #[serde(borrow)]
    remote_url: Option<Text<'a>>,
    #[serde(borrow, rename = "_links")]
    links: Option<LinksPayload<'a>>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct UserDatePayload<'a> {
    #[serde(borrow)]
    pub(crate) name: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) email: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) date: Option<Text<'a>>,
}

impl UserDatePayload<'_> {
    pub(crate) fn into_signature(self) -> Signature {
        Signature {
            name: self.name.and_then(Text::filled),
            email: self.email.and_then(Text::filled),
            date: self.date.and_then(|it| it.instant()),
            user: None,
        }
    }
}

impl CommitPayload<'_> {
    /// Message and parents are all there.
    pub(crate) fn is_whole(&self) -> bool {
        self.parents.is_some() && self.comment_truncated != Some(true)
    }

    /// Who wrote it. No account of the host is told.
    pub(crate) fn into_author(self) -> Author {
        let (name, email) = self.author.map_or((None, None), |it| (it.name, it.email));
        Author {
            name: name.map(Text::into_owned),
            email: email.map(Text::into_owned),
            ..Author::default()
        }
    }

    pub(crate) fn into_commit(self) -> Commit {
        let message = self.comment.map(Text::into_owned).unwrap_or_default();
        let page = self.links.and_then(LinksPayload::web);
        Commit {
            sha: self.commit_id.into_owned(),
            title: message.lines().next().unwrap_or_default().to_owned(),
            message,
            author: self.author.map(UserDatePayload::into_signature),
            committer: self.committer.map(UserDatePayload::into_signature),
            parents: self.parents.unwrap_or_default().into_iter().map(Text::into_owned).collect(),
            stats: None,
            verified: None,
            web_url: page.or_else(|| self.remote_url.and_then(Text::filled)),
        }
    }
}
