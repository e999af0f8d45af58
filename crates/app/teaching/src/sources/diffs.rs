//! What commits changed is read from the host once.

use std::collections::VecDeque;

use lodge_activity::{ChangedFile, Changes, Fact, FactKey, FactKind};
use lodge_forge::Diff;
use lodge_provider::{GitProvider, ProviderError, RepositoryRef};
use lodge_storage::StorageError;
use lodge_teams::Project;

use super::reader::{SyncError, ask};
use crate::jobs::JobContext;

/// How many commits of a project are read in one sync. The next one goes on.
const MOST: usize = 2_000;
/// How many are written in one unit of work.
const BATCH: usize = 50;
/// After how many in a row that the host does not give it goes on elsewhere, and
/// the second time leaves the others for the next sync.
const MOST_IN_A_ROW: usize = 5;
/// After how many that the host does not give, in a row or not, the others are
/// left for the next sync: a host may take its time for each.
const MOST_SKIPPED: usize = 50;

/// Reads the commits that nobody has read; answers how many. What could be read
/// is kept, whatever became of the others.
pub(super) async fn read(
    job: &JobContext,
    host: &dyn GitProvider,
    repository: &RepositoryRef,
    project: &Project,
) -> Result<usize, SyncError> {
    let storage = &job.teaching.storage;
    let mut work = storage.read().await?;
    let unread = work.activity().unread_commits(project.tenant, project.id, MOST).await?;
    drop(work);
    let (mut rest, mut read) = (VecDeque::from(unread), Vec::new());
    let (mut count, mut skipped, mut in_a_row, mut moved) = (0, 0, 0, false);
    let mut problem: Option<SyncError> = None;
    while let Some(sha) = rest.pop_front() {
        match asked(job, host, repository, &sha).await {
            Ok(changes) => {
                in_a_row = 0;
                read.push((sha, changes));
            }
            // The next sync asks for this one again; the others go on.
            Err(SyncError::Host(error)) if is_of_one(error.cause()) => {
                problem = problem.or(Some(error.into()));
                skipped += 1;
                in_a_row += 1;
                let is_enough = in_a_row > MOST_IN_A_ROW;
                if skipped > MOST_SKIPPED || is_enough && moved {
                    break;
                }
                if is_enough {
                    // Those that are never given come first in each sync: the
                    // ones behind them get their turn all the same.
                    rest.rotate_left(somewhere(job, rest.len()));
                    (in_a_row, moved) = (0, true);
                }
            }
            Err(SyncError::Host(error)) => {
                problem = Some(error.into());
                break;
            }
            Err(error) => return Err(error),
        }
        if read.len() == BATCH {
            count += keep(job, project, std::mem::take(&mut read)).await?;
        }
    }
    count += keep(job, project, read).await?;
    match problem {
        Some(problem) => Err(problem),
        None => Ok(count),
    }
}

/// What a commit changed.
async fn asked(
    job: &JobContext,
    host: &dyn GitProvider,
    repository: &RepositoryRef,
    sha: &str,
) -> Result<Changes, SyncError> {
    // What takes the host too long does so each time: it is asked for once.
    let patiently = || {
        let diff = host.commit_diff(repository.clone(), sha.to_owned());
        async move {
            match diff.await {
                Err(error) if matches!(error.cause(), ProviderError::TimedOut) => Ok(Err(error)),
                Err(error) => Err(error),
                Ok(diff) => Ok(Ok(diff)),
            }
        }
    };
    match ask(job, patiently).await.and_then(|it| it.map_err(SyncError::from)) {
        Ok(diff) => Ok(changes(diff)),
        // It was pushed away since, or is too broken to be read: it is not asked
        // for again and again.
        Err(SyncError::Host(error))
            if matches!(
                error.cause(),
                ProviderError::NotFound { .. } | ProviderError::Malformed { .. }
            ) =>
        {
            Ok(Changes::default())
        }
        Err(error) => Err(error),
    }
}

/// It may be the trouble of one commit alone.
const fn is_of_one(cause: &ProviderError) -> bool {
    matches!(
        cause,
        ProviderError::Forbidden
            | ProviderError::Invalid { .. }
            | ProviderError::Unreachable { .. }
            | ProviderError::TimedOut
    )
}

/// A place among `len`, another one each time.
fn somewhere(job: &JobContext, len: usize) -> usize {
    let mut bytes = [0; 4];
    job.teaching.entropy.fill(&mut bytes);
    let any = usize::try_from(u32::from_le_bytes(bytes)).unwrap_or_default();
    any.checked_rem(len).unwrap_or_default()
}

/// Keeps what was read, and answers how much; begun anew when somebody else was
/// in the way.
async fn keep(
    job: &JobContext,
    project: &Project,
    mut read: Vec<(String, Changes)>,
) -> Result<usize, SyncError> {
    if read.is_empty() {
        return Ok(0);
    }
    read.sort_by(|(one, _), (other, _)| one.cmp(other));
    job.in_turns(|| kept(job, project, &read)).await??;
    Ok(read.len())
}

async fn kept(
    job: &JobContext,
    project: &Project,
    read: &[(String, Changes)],
) -> Result<(), StorageError> {
    let mut work = job.teaching.storage.begin().await?;
    let mut told = Vec::new();
    for (sha, changes) in read {
        let key = FactKey { kind: FactKind::Commit, id: sha.clone() };
        let known = work.activity().find(project.tenant, project.id, &key).await?;
        if let Some(Fact::Commit(mut commit)) = known {
            commit.changes = Some(changes.clone());
            told.push(Fact::Commit(commit));
        }
    }
    work.activity().tell(project.tenant, project.id, &told).await?;
    work.commit().await
}

/// What is kept of a diff: the files, and how many lines.
fn changes(diff: Diff) -> Changes {
    let lines = |n: Option<u64>| n.map(|n| u32::try_from(n).unwrap_or(u32::MAX));
    let all = usize::try_from(diff.totals.files).unwrap_or(usize::MAX).max(diff.files.len());
    let mut files: Vec<_> = diff
        .files
        .into_iter()
        .map(|it| ChangedFile {
            additions: lines(it.additions),
            deletions: lines(it.deletions),
            path: it.path,
        })
        .collect();
    files.sort_unstable();
    files.dedup();
    files.truncate(Changes::MOST);
    let left_out = u32::try_from(all.saturating_sub(files.len())).unwrap_or(u32::MAX);
    Changes { files, left_out }
}
