//! What commits changed is read from the host once.

use lodge_activity::{ChangedFile, Changes, Fact, FactKey, FactKind};
use lodge_forge::Diff;
use lodge_provider::{GitProvider, ProviderError, RepositoryRef};
use lodge_teams::Project;

use super::reader::{SyncError, ask};
use crate::jobs::JobContext;

/// How many commits of a project are read in one sync. The next one goes on.
const MOST: usize = 2_000;
/// How many are written in one unit of work.
const BATCH: usize = 50;

/// Reads the commits that nobody has read; answers how many.
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
    for hashes in unread.chunks(BATCH) {
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
                    _ => return Err(error.into()),
                },
                Err(error) => return Err(error),
            };
            read.push((sha.clone(), changes));
        }
        read.sort_by(|(one, _), (other, _)| one.cmp(other));
        let mut work = storage.begin().await?;
        let mut told = Vec::new();
        for (sha, changes) in read {
            let key = FactKey { kind: FactKind::Commit, id: sha };
            let known = work.activity().find(project.tenant, project.id, &key).await?;
            if let Some(Fact::Commit(mut commit)) = known {
                commit.changes = Some(changes);
                told.push(Fact::Commit(commit));
            }
        }
        work.activity().tell(project.tenant, project.id, &told).await?;
        work.commit().await?;
    }
    Ok(unread.len())
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
