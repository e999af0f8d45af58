//! What an event comes to in the terms of courses: for hosts whose webhooks
//! are read in the unified words, and that courses are not brought in from.

mod bounds;

use lodge_activity::{
    Actor, CiStatus, Commit, Fact, MergeRequest, MergeRequestState, Milestone, MilestoneKind,
    Pipeline,
};
use lodge_forge::{
    Check, CheckConclusion, CheckStatus, Deployment, DeploymentState, Event, EventKind,
    PullRequest, PullRequestState, PushedCommit, Release, Subject,
};
use lodge_kernel::Timestamp;

pub use bounds::bounded;

/// What `event` tells, which came at `received_at`: commits, a merge request,
/// a tag, a release or a deployment. Nothing of results of CI, which hosts cut
/// into runs in ways of their own: see [`run_of`].
pub fn facts_of(event: Event, received_at: Timestamp) -> Vec<Fact<Actor>> {
    let at = event.occurred_at.unwrap_or(received_at);
    let one = match event.subject {
        Subject::Push(push) => {
            let commits = push.commits.into_iter().filter_map(commit).map(Fact::Commit);
            return commits.filter_map(bounded).collect();
        }
        Subject::PullRequest(it) => merge_request(*it, event.occurred_at)
            .map(|it| ended(it, event.kind, event.occurred_at, event.actor.map(account)))
            .map(Fact::MergeRequest),
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
    one.and_then(bounded).into_iter().collect()
}

/// The run that `check` is the result of, known by `id` and set off by `by`,
/// as it stood at `at`. `None` when nobody says when.
pub fn run_of(
    check: Check,
    id: String,
    by: Option<Actor>,
    at: Option<Timestamp>,
) -> Option<Fact<Actor>> {
    let created_at = check.started_at.or(check.completed_at).or(at)?;
    let status = ci_status(check.status, check.conclusion);
    let finished_at = check.completed_at.filter(|_| status.has_ended());
    bounded(Fact::Pipeline(Pipeline {
        id,
        sha: check.sha,
        reference: check.reference.unwrap_or_default(),
        status,
        by,
        created_at,
        updated_at: created_at.max(at.max(finished_at).unwrap_or(created_at)),
        started_at: check.started_at,
        finished_at,
        coverage: None,
        web_url: check.url,
    }))
}

const fn ci_status(status: CheckStatus, conclusion: Option<CheckConclusion>) -> CiStatus {
    use CheckConclusion as C;
    match (status, conclusion) {
        (CheckStatus::Queued, _) | (_, Some(C::ActionRequired)) => CiStatus::Pending,
        (CheckStatus::Running, _) => CiStatus::Running,
        (CheckStatus::Completed, Some(C::Success)) => CiStatus::Success,
        (CheckStatus::Completed, Some(C::Failure | C::TimedOut)) => CiStatus::Failed,
        (CheckStatus::Completed, Some(C::Cancelled)) => CiStatus::Canceled,
        // What says neither counts for nothing.
        (CheckStatus::Completed, Some(C::Skipped | C::Neutral) | None) => CiStatus::Skipped,
    }
}

/// The account with this name.
pub fn account(login: String) -> Actor {
    Actor { username: Some(login), ..Actor::default() }
}

/// `None` when nobody says when.
fn commit(it: PushedCommit) -> Option<Commit<Actor>> {
    let author = it.author?;
    Some(Commit {
        sha: it.sha,
        parents: None,
        message: it.message,
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

/// `it` as an event of `kind` leaves it, which was at `at` and somebody's
/// doing: hosts that do not keep when and by whom one ended say it in the event
/// that ended it, and in no other. One that has not ended so did not end by it:
/// some hosts prove what they say of it, and not what they call the event.
fn ended(
    it: MergeRequest<Actor>,
    kind: EventKind,
    at: Option<Timestamp>,
    by: Option<Actor>,
) -> MergeRequest<Actor> {
    match (kind, it.state) {
        (EventKind::PullRequestMerged, MergeRequestState::Merged) => {
            MergeRequest { merged_at: it.merged_at.or(at), merged_by: by, ..it }
        }
        (EventKind::PullRequestClosed, MergeRequestState::Closed) => {
            MergeRequest { closed_at: it.closed_at.or(at), ..it }
        }
        _ => it,
    }
}

/// `None` when nobody says when. `told_at` is when the host told it.
fn merge_request(it: PullRequest, told_at: Option<Timestamp>) -> Option<MergeRequest<Actor>> {
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
        description: it.body,
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
        updated_at: it.updated_at.or(told_at).unwrap_or(created_at),
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

#[cfg(test)]
mod tests {
    use lodge_forge::CheckKind;

    use super::*;

    const NOON: Timestamp = Timestamp::from_seconds(1_795_000_000);

    fn a_check(status: CheckStatus, conclusion: Option<CheckConclusion>) -> Check {
        Check {
            id: "7".to_owned(),
            kind: CheckKind::Build,
            name: "test".to_owned(),
            status,
            conclusion,
            traits: Vec::new(),
            sha: "0afc".to_owned(),
            reference: None,
            started_at: None,
            completed_at: Some(NOON),
            summary: None,
            url: None,
            app: None,
        }
    }

    fn run(check: Check) -> Option<Pipeline<Actor>> {
        match run_of(check, "7".to_owned(), None, None) {
            Some(Fact::Pipeline(it)) => Some(it),
            _ => None,
        }
    }

    #[test]
    fn a_run_stands_as_its_result_says() {
        use CheckConclusion as C;
        let done = CheckStatus::Completed;
        for (status, conclusion, told, ended) in [
            (CheckStatus::Queued, None, CiStatus::Pending, false),
            (CheckStatus::Running, None, CiStatus::Running, false),
            (done, Some(C::ActionRequired), CiStatus::Pending, false),
            (done, Some(C::Success), CiStatus::Success, true),
            (done, Some(C::Failure), CiStatus::Failed, true),
            (done, Some(C::TimedOut), CiStatus::Failed, true),
            (done, Some(C::Cancelled), CiStatus::Canceled, true),
            (done, Some(C::Skipped), CiStatus::Skipped, true),
            (done, Some(C::Neutral), CiStatus::Skipped, true),
            (done, None, CiStatus::Skipped, true),
        ] {
            let it = run(a_check(status, conclusion)).unwrap();
            assert_eq!((it.status, it.finished_at.is_some()), (told, ended), "{conclusion:?}");
            assert_eq!((it.created_at, it.updated_at), (NOON, NOON));
        }
    }

    #[test]
    fn a_result_without_a_time_or_a_commit_is_no_run() {
        let done = || a_check(CheckStatus::Completed, Some(CheckConclusion::Success));
        assert_eq!(run(Check { completed_at: None, ..done() }), None);
        assert_eq!(run(Check { sha: String::new(), ..done() }), None);
    }
}
