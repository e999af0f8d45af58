//! What an event comes to in the terms of courses: for hosts whose webhooks
//! are read in the unified words, and that courses are not brought in from.

use lodge_activity::{
    Actor, Commit, Fact, MergeRequest, MergeRequestState, Milestone, MilestoneKind,
};
use lodge_forge::{
    Deployment, DeploymentState, Event, PullRequest, PullRequestState, PushedCommit, Release,
    Subject,
};
use lodge_kernel::Timestamp;

/// What `event` tells, which came at `received_at`: commits, a merge request,
/// a tag, a release or a deployment. Nothing of results of CI, which hosts cut
/// into runs in ways of their own.
pub fn facts_of(event: Event, received_at: Timestamp) -> Vec<Fact<Actor>> {
    let at = event.occurred_at.unwrap_or(received_at);
    let one = match event.subject {
        Subject::Push(push) => {
            return push.commits.into_iter().filter_map(commit).map(Fact::Commit).collect();
        }
        Subject::PullRequest(it) => merge_request(*it).map(Fact::MergeRequest),
        Subject::Tag(it) => Some(Fact::Milestone(Milestone {
            kind: MilestoneKind::Tag,
            id: it.name.clone(),
            name: it.name,
            removed: it.after.is_none(),
            sha: it.after,
            status: None,
            by: event.actor.map(account),
            at,
        })),
        Subject::Release(it) => Some(Fact::Milestone(release(*it, at))),
        Subject::Deployment(it) => Some(Fact::Milestone(deployment(*it, at))),
        Subject::Check(_) | Subject::Repository => None,
    };
    one.into_iter().collect()
}

/// The account with this name.
fn account(login: String) -> Actor {
    Actor { username: Some(login), ..Actor::default() }
}

/// The text, but no more than `most` bytes of it.
fn cut(mut text: String, most: usize) -> String {
    text.truncate(text.floor_char_boundary(most));
    text
}

/// `None` when nobody says when.
fn commit(it: PushedCommit) -> Option<Commit<Actor>> {
    let author = it.author?;
    Some(Commit {
        sha: it.sha,
        parents: None,
        message: cut(it.message, Commit::<Actor>::LONGEST),
        authored_at: author.date?,
        author: Actor {
            host_user: None,
            username: author.user,
            email: author.email,
            name: author.name,
        },
        // The paths that are told come without lines.
        changes: None,
        web_url: None,
    })
}

/// `None` when nobody says when.
fn merge_request(it: PullRequest) -> Option<MergeRequest<Actor>> {
    let created_at = it.created_at?;
    let state = match it.state {
        PullRequestState::Open => MergeRequestState::Opened,
        PullRequestState::Merged => MergeRequestState::Merged,
        PullRequestState::Closed => MergeRequestState::Closed,
    };
    let (mut labels, mut reviewers) = (it.labels, it.reviewers);
    labels.sort_unstable();
    reviewers.sort_unstable();
    let ended = it.closed_at.filter(|_| state == MergeRequestState::Closed);
    Some(MergeRequest {
        number: it.number,
        title: it.title,
        description: it.body.map(|it| cut(it, MergeRequest::<Actor>::LONGEST)),
        author: it.author.map(account),
        state,
        draft: it.draft == Some(true),
        source_branch: it.source.branch,
        target_branch: it.target.branch,
        labels,
        assignees: Vec::new(),
        reviewers: reviewers.into_iter().map(account).collect(),
        head_sha: it.source.sha,
        merged_by: None,
        created_at,
        updated_at: it.updated_at.unwrap_or(created_at),
        merged_at: it.merged_at,
        closed_at: ended,
        web_url: it.web_url,
    })
}

fn release(it: Release, at: Timestamp) -> Milestone<Actor> {
    Milestone {
        kind: MilestoneKind::Release,
        id: it.tag.clone(),
        name: it.name.unwrap_or(it.tag),
        sha: None,
        status: None,
        removed: false,
        by: it.author.map(account),
        at: it.published_at.unwrap_or(at),
    }
}

fn deployment(it: Deployment, at: Timestamp) -> Milestone<Actor> {
    Milestone {
        kind: MilestoneKind::Deployment,
        id: it.id,
        name: it.environment,
        sha: it.sha,
        status: Some(status(it.state).to_owned()),
        removed: false,
        by: it.creator.map(account),
        at: it.updated_at.unwrap_or(at),
    }
}

const fn status(state: DeploymentState) -> &'static str {
    match state {
        DeploymentState::Pending => "pending",
        DeploymentState::Queued => "queued",
        DeploymentState::Running => "running",
        DeploymentState::Success => "success",
        DeploymentState::Failure => "failure",
        DeploymentState::Cancelled => "cancelled",
        DeploymentState::Inactive => "inactive",
        DeploymentState::Blocked => "blocked",
    }
}
