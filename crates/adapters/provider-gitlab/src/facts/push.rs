//! Push Hook and Tag Push Hook.

use lodge_activity::{Actor, Commit, Fact, Milestone, MilestoneKind};
use lodge_kernel::Timestamp;
use lodge_provider_kit::Text;
use serde::Deserialize;

use super::Facts;
use crate::payload::{Time, actor::ActorPayload, cut, event::something, filled};

#[derive(Debug, Deserialize)]
struct PushPayload<'a> {
    #[serde(borrow, rename = "ref")]
    reference: Option<Text<'a>>,
    #[serde(borrow)]
    after: Option<Text<'a>>,
    /// The commit, where `after` is a tag object.
    #[serde(borrow)]
    checkout_sha: Option<Text<'a>>,
    /// The newest 20.
    #[serde(borrow)]
    commits: Option<Vec<CommitPayload<'a>>>,
    user_id: Option<u64>,
    #[serde(borrow)]
    user_username: Option<Text<'a>>,
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
    url: Option<Text<'a>>,
    #[serde(borrow)]
    author: Option<AuthorPayload<'a>>,
}

#[derive(Debug, Deserialize)]
struct AuthorPayload<'a> {
    #[serde(borrow)]
    name: Option<Text<'a>>,
    /// `[REDACTED]` for an address that its owner does not show.
    #[serde(borrow)]
    email: Option<Text<'a>>,
}

pub(super) fn commits(body: &[u8]) -> Result<Facts, serde_json::Error> {
    let payload: PushPayload<'_> = serde_json::from_slice(body)?;
    let commits = payload.commits.into_iter().flatten();
    Ok(commits.filter_map(CommitPayload::into_commit).map(Fact::Commit).collect())
}

/// GitLab does not say when a tag came or went: it is when it was told.
pub(super) fn tag(body: &[u8], at: Timestamp) -> Result<Facts, serde_json::Error> {
    let payload: PushPayload<'_> = serde_json::from_slice(body)?;
    let reference = payload.reference.as_deref();
    let Some(name) = reference.and_then(|it| it.strip_prefix("refs/tags/")) else {
        return Ok(Vec::new());
    };
    let after = something(payload.after);
    let who = ActorPayload::of(payload.user_id, payload.user_username);
    Ok(vec![Fact::Milestone(Milestone {
        kind: MilestoneKind::Tag,
        id: name.to_owned(),
        name: name.to_owned(),
        removed: after.is_none(),
        sha: something(payload.checkout_sha).or(after),
        status: None,
        by: who.into_actor(),
        at,
    })])
}

impl CommitPayload<'_> {
    /// `None` when there is no hash, or no time.
    fn into_commit(self) -> Option<Commit<Actor>> {
        let (name, email) = self.author.map_or((None, None), |it| (it.name, it.email));
        Some(Commit {
            sha: filled(self.id)?,
            parents: None,
            message: cut(self.message, Commit::<Actor>::LONGEST),
            author: Actor {
                email: filled(email.filter(|it| &**it != "[REDACTED]")),
                name: filled(name),
                ..Actor::default()
            },
            authored_at: self.timestamp.0?,
            // The paths that it tells come without lines.
            changes: None,
            web_url: filled(self.url),
        })
    }
}
