//! Push Hook and Tag Push Hook.

use lodge_forge::{EventKind, Push, PushedCommit, Signature, Subject, TagMove};
use lodge_provider_kit::Text;
use serde::Deserialize;

use super::{Time, Told, filled, something};
use crate::payload::{commit::signature, plain};

#[derive(Debug, Deserialize)]
struct PushPayload<'a> {
    #[serde(borrow, rename = "ref")]
    reference: Option<Text<'a>>,
    #[serde(borrow)]
    before: Option<Text<'a>>,
    #[serde(borrow)]
    after: Option<Text<'a>>,
    /// The commit, where `after` is a tag object.
    #[serde(borrow)]
    checkout_sha: Option<Text<'a>>,
    /// An annotated tag's.
    #[serde(borrow)]
    message: Option<Text<'a>>,
    /// The newest 20.
    #[serde(borrow)]
    commits: Option<Vec<CommitPayload<'a>>>,
    total_commits_count: Option<u64>,
}

#[derive(Debug, Deserialize)]
struct CommitPayload<'a> {
    #[serde(borrow)]
    id: Option<Text<'a>>,
    #[serde(borrow)]
    message: Option<Text<'a>>,
    #[serde(default)]
    timestamp: Time,
    #[serde(borrow)]
    author: Option<AuthorPayload<'a>>,
    #[serde(borrow)]
    added: Option<Vec<Text<'a>>>,
    #[serde(borrow)]
    modified: Option<Vec<Text<'a>>>,
    #[serde(borrow)]
    removed: Option<Vec<Text<'a>>>,
}

#[derive(Debug, Deserialize)]
struct AuthorPayload<'a> {
    #[serde(borrow)]
    name: Option<Text<'a>>,
    /// `[REDACTED]` for an address that its owner does not show.
    #[serde(borrow)]
    email: Option<Text<'a>>,
}

pub(super) fn branch(body: &[u8]) -> Result<Told, serde_json::Error> {
    let payload: PushPayload<'_> = serde_json::from_slice(body)?;
    let Some(branch) = name(payload.reference.as_deref(), "refs/heads/") else { return Ok(None) };
    let commits = payload.commits.into_iter().flatten();
    let push = Push {
        branch,
        before: something(payload.before),
        after: something(payload.after),
        commits: commits.filter_map(CommitPayload::into_commit).collect(),
        total_commits: payload.total_commits_count,
        forced: None,
    };
    Ok(Some((EventKind::Push, None, Subject::Push(push))))
}

pub(super) fn tag(body: &[u8]) -> Result<Told, serde_json::Error> {
    let payload: PushPayload<'_> = serde_json::from_slice(body)?;
    let Some(name) = name(payload.reference.as_deref(), "refs/tags/") else { return Ok(None) };
    let after = something(payload.after);
    let tag = TagMove {
        name,
        before: something(payload.before),
        after: after.map(|it| something(payload.checkout_sha).unwrap_or(it)),
        message: filled(payload.message),
    };
    Ok(Some((EventKind::Tag, None, Subject::Tag(tag))))
}

fn name(reference: Option<&str>, folder: &str) -> Option<String> {
    reference?.strip_prefix(folder).map(str::to_owned)
}

impl CommitPayload<'_> {
    fn into_commit(self) -> Option<PushedCommit> {
        let paths =
            |paths: Option<Vec<Text<'_>>>| paths.into_iter().flatten().map(String::from).collect();
        Some(PushedCommit {
            sha: filled(self.id)?,
            message: plain(self.message),
            author: self.author.and_then(|it| it.into_signature(self.timestamp)),
            added: paths(self.added),
            modified: paths(self.modified),
            removed: paths(self.removed),
        })
    }
}

impl AuthorPayload<'_> {
    fn into_signature(self, date: Time) -> Option<Signature> {
        signature(self.name, self.email.filter(|it| &**it != "[REDACTED]"), date)
    }
}
