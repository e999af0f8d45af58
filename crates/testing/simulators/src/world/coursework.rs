//! What students leave behind beside commits, invented from the repository:
//! issues, remarks, approvals and runs of CI.

use std::time::Duration;

use lodge_forge::PullRequestState;
use lodge_kernel::Timestamp;

use super::WorldRepository;

/// How many of the newest commits had a run of CI.
const RUNS: usize = 30;

/// An issue: one for each pull request, which takes its work in.
#[derive(Clone, Debug)]
pub struct WorldIssue {
    /// The number.
    pub number: u64,
    /// The title.
    pub title: String,
    /// Who wrote it and does it.
    pub login: String,
    /// When it was written.
    pub created_at: Timestamp,
    /// When it was closed: when its pull request was taken in.
    pub closed_at: Option<Timestamp>,
}

/// A remark.
#[derive(Clone, Debug)]
pub struct WorldNote {
    /// The id.
    pub id: u64,
    /// The thread.
    pub thread: String,
    /// Who wrote it.
    pub login: String,
    /// What it says.
    pub body: String,
    /// The host wrote it by itself.
    pub system: bool,
    /// It asks for something, and whether that is settled.
    pub resolved: Option<bool>,
    /// When.
    pub at: Timestamp,
}

/// A run of CI.
#[derive(Clone, Debug)]
pub struct WorldRun {
    /// The id.
    pub id: u64,
    /// The commit.
    pub sha: String,
    /// It failed.
    pub failed: bool,
    /// When it was made; it began 5 s and ended 65 s later.
    pub created_at: Timestamp,
}

impl WorldRepository {
    /// Every issue, oldest number first.
    pub async fn issues(&self) -> Vec<WorldIssue> {
        issues(self).await
    }

    /// What was remarked on a pull request, and on the issue of that number.
    /// `None` when there is no such one.
    pub async fn notes(&self, number: u64) -> Option<Vec<WorldNote>> {
        notes(self, number).await
    }

    /// Runs of CI of the newest commits, oldest first.
    pub async fn runs(&self) -> Vec<WorldRun> {
        runs(self).await
    }
}

/// One for each pull request, a day before it.
async fn issues(repository: &WorldRepository) -> Vec<WorldIssue> {
    let all = repository.pull_requests().await.into_iter();
    let issues = all.map(|it| WorldIssue {
        number: it.number,
        title: format!("Wanted: {}", it.source.branch),
        login: it.author.unwrap_or_default(),
        created_at: it.created_at.unwrap_or(Timestamp::EPOCH).minus(Duration::from_hours(24)),
        closed_at: it.merged_at,
    });
    issues.collect()
}

/// What was remarked on the pull request `number`: a thread of two remarks that
/// is settled when the work is taken in, and one that the host wrote.
async fn notes(repository: &WorldRepository, number: u64) -> Option<Vec<WorldNote>> {
    let all = repository.pull_requests().await;
    let found = all.into_iter().find(|it| it.number == number)?;
    let opened = found.created_at.unwrap_or(Timestamp::EPOCH);
    let taken = found.state == PullRequestState::Merged;
    let first = repository.number * 100_000 + number * 10;
    let note = |nth: u64, thread: u64, login: &str, body: &str| WorldNote {
        id: first + nth,
        thread: format!("{:040x}", first + thread),
        login: login.to_owned(),
        body: body.to_owned(),
        system: false,
        resolved: Some(taken),
        at: opened.plus(Duration::from_mins(nth * 10)),
    };
    let author = found.author.unwrap_or_default();
    let system =
        WorldNote { system: true, resolved: None, ..note(2, 2, &author, "added 1 commit") };
    Some(vec![
        note(1, 1, "bo", "Should this not have a test?"),
        note(3, 1, &author, "It has one now, in the same file."),
        system,
        WorldNote { resolved: None, ..note(4, 4, "bo", "Fine with me.") },
    ])
}

/// The newest commits of the default branch, the oldest of them first.
async fn runs(repository: &WorldRepository) -> Vec<WorldRun> {
    let Some(head) = repository.head().await else { return Vec::new() };
    let history = repository.history(&head);
    let newest = history.iter().take(RUNS).rev();
    let runs = (1..).zip(newest).map(|(nth, commit)| WorldRun {
        id: repository.number * 10_000 + nth,
        sha: commit.sha.clone(),
        failed: commit.sha.starts_with(['0', '1', '2', '3']),
        created_at: commit.committer.as_ref().and_then(|it| it.date).unwrap_or(Timestamp::EPOCH),
    });
    runs.collect()
}
