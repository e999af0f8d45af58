//! What two tellings of one fact come to.
//!
//! Webhooks come twice, out of order and not at all; listings come late and
//! know more. So tellings of a fact stand in one order, and the greatest
//! counts: by the instant of the change, to the second, since webhooks are no
//! finer; within a second by how far along the thing stands; then by how much
//! is told; then by all the rest, so that no two different ones are equal.
//! Of a commit nothing ever changes, and each part is taken from whoever knows
//! it.

use crate::{ActorId, Commit, Fact};

type Kept = Fact<ActorId>;

pub(crate) fn merged(one: Kept, other: Kept) -> Kept {
    if one.key() != other.key() {
        return one;
    }
    match (one, other) {
        (Fact::Commit(one), Fact::Commit(other)) => Fact::Commit(joined(one, other)),
        (one, other) if (rank(&one), &one) < (rank(&other), &other) => other,
        (one, _) => one,
    }
}

/// Second of the change, how far along it stands, how much is told.
fn rank(it: &Kept) -> (i64, u8, usize) {
    let (at, stage, told) = match it {
        Fact::Commit(it) => (it.authored_at, 0, 0),
        Fact::MergeRequest(it) => (
            it.updated_at,
            it.state as u8,
            usize::from(it.author.is_some())
                + usize::from(it.description.is_some())
                + usize::from(it.head_sha.is_some())
                + usize::from(it.merged_by.is_some())
                + usize::from(it.merged_at.is_some())
                + usize::from(it.closed_at.is_some())
                + usize::from(it.web_url.is_some())
                + it.labels.len()
                + it.assignees.len()
                + it.reviewers.len(),
        ),
        Fact::Approval(it) => (it.at, u8::from(it.approved), 0),
        Fact::Note(it) => (
            it.updated_at,
            it.resolved.map_or(0, |settled| 1 + u8::from(settled)),
            usize::from(it.thread.is_some()) + usize::from(it.path.is_some()),
        ),
        Fact::Issue(it) => (
            it.updated_at,
            it.state as u8,
            usize::from(it.author.is_some())
                + usize::from(it.description.is_some())
                + usize::from(it.closed_at.is_some())
                + usize::from(it.due_at.is_some())
                + usize::from(it.web_url.is_some())
                + it.labels.len()
                + it.assignees.len(),
        ),
        Fact::Pipeline(it) => (
            it.updated_at,
            it.status as u8,
            usize::from(it.by.is_some())
                + usize::from(it.started_at.is_some())
                + usize::from(it.finished_at.is_some())
                + usize::from(it.coverage.is_some())
                + usize::from(it.web_url.is_some()),
        ),
        Fact::CiJob(it) => (
            it.finished_at.or(it.started_at).unwrap_or(it.created_at),
            it.status as u8,
            usize::from(it.by.is_some())
                + usize::from(it.stage.is_some())
                + usize::from(it.coverage.is_some()),
        ),
        Fact::Milestone(it) => (
            it.at,
            u8::from(it.removed),
            usize::from(it.by.is_some())
                + usize::from(it.sha.is_some())
                + usize::from(it.status.is_some()),
        ),
    };
    (at.as_micros().div_euclid(1_000_000), stage, told)
}

fn joined(one: Commit<ActorId>, other: Commit<ActorId>) -> Commit<ActorId> {
    Commit {
        sha: one.sha,
        parents: one.parents.max(other.parents),
        message: one.message.max(other.message),
        author: one.author.max(other.author),
        authored_at: one.authored_at.max(other.authored_at),
        changes: one.changes.max(other.changes),
        web_url: one.web_url.max(other.web_url),
    }
}
