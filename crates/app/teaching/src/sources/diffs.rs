//! What commits changed is read from the host once.

use lodge_activity::{ChangedFile, Changes, Fact, FactKey, FactKind};
use lodge_forge::Diff;
use lodge_provider::{GitProvider, ProviderError, RepositoryRef};
use lodge_storage::StorageError;
use lodge_teams::Project;

use super::{
    course_job::TURNS,
    reader::{SyncError, ask},
};
use crate::jobs::JobContext;

/// How many commits of a project are read in one sync. The next one goes on.
const MOST: usize = 2_000;
/// How many are written in one unit of work.
const BATCH: usize = 50;
/// After how many commits that the host does not give the others are left for the
/// next sync.
const MOST_SKIPPED: usize = 5;

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
    let (mut count, mut skipped) = (0, 0);
    let mut problem: Option<SyncError> = None;
    for hashes in unread.chunks(BATCH) {
        if skipped > MOST_SKIPPED {
            break;
        }
        let mut read = Vec::new();
        for sha in hashes {
            let diff = ask(job, || host.commit_diff(repository.clone(), sha.clone())).await;
            let changes = match diff {
                Ok(diff) => changes(diff),
                // It was pushed away since, or is too broken to be read: it is
                // not asked for again and again.
                Err(SyncError::Host(error)) => match error.cause() {
                    ProviderError::NotFound { .. } | ProviderError::Malformed { .. } => {
                        Changes::default()
                    }
                    // The next sync asks for this one again; the others go on.
                    ProviderError::Forbidden
                    | ProviderError::Invalid { .. }
                    | ProviderError::Unreachable { .. }
                    | ProviderError::TimedOut => {
                        problem = problem.or(Some(error.into()));
                        skipped += 1;
                        if skipped > MOST_SKIPPED {
                            break;
                        }
                        continue;
                    }
                    _ => {
                        problem = Some(error.into());
                        skipped = MOST_SKIPPED + 1;
                        break;
                    }
                },
                Err(error) => return Err(error),
            };
            read.push((sha.clone(), changes));
        }
        read.sort_by(|(one, _), (other, _)| one.cmp(other));
        count += read.len();
        keep(job, project, &read).await?;
    }
    match problem {
        Some(problem) => Err(problem),
        None => Ok(count),
    }
}

/// Keeps what was read; begun anew when somebody else was in the way.
async fn keep(
    job: &JobContext,
    project: &Project,
    read: &[(String, Changes)],
) -> Result<(), StorageError> {
    let mut turn = 1;
    loop {
        match kept(job, project, read).await {
            Err(StorageError::Conflict(_)) if turn < TURNS => turn += 1,
            other => return other,
        }
    }
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
