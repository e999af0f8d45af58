//! What all sources of a course have at their hosts. One that cannot be read
//! does not stop the others.

use std::collections::BTreeSet;

use lodge_courses::Course;
use lodge_forge::ProviderName;
use lodge_provider::{Account, ProviderError};
use lodge_storage::StorageError;
use lodge_teams::{CourseSource, Project};

use super::{
    account::{account_of, sources_of},
    locate::NOT_OWN,
    reader::SyncError,
    summary::Summary,
    tree::{self, RemoteTeam},
};
use crate::jobs::{JobContext, JobError};

/// What the sources of a course have.
#[derive(Debug, Default)]
pub(super) struct Listed {
    /// Each source that was read to its end, with its teams.
    pub(super) read: Vec<(CourseSource, Vec<RemoteTeam>)>,
    /// The hosts of those that were not.
    broken: BTreeSet<ProviderName>,
    /// Why one was not that may be another time. `None` when there is none such.
    pub(super) later: Option<String>,
}

impl Listed {
    /// Reads the sources of a course; an error when none of them can be read.
    pub(super) async fn of(
        job: &JobContext,
        course: &Course,
        summary: &mut Summary,
    ) -> Result<Self, JobError> {
        let mut work = job.teaching.storage.read().await?;
        let (sources, refused) = sources_of(&mut *work, course.tenant, course.id).await?;
        drop(work);
        let mut failed: Vec<_> =
            refused.into_iter().map(|it| (it, JobError::Never(NOT_OWN.to_owned()))).collect();
        let mut listed = Self::default();
        for source in sources {
            match one(job, &source).await {
                Ok(teams) => listed.read.push((source, teams)),
                Err(error @ (JobError::Never(_) | JobError::Later(_))) => {
                    failed.push((source, error));
                }
                Err(error) => return Err(error),
            }
        }
        let reasons: Vec<_> = failed.iter().map(|(it, error)| (it, error.to_string())).collect();
        note_failures(job, &reasons).await?;
        if listed.read.is_empty() {
            // What may go well another time counts more than what never will.
            failed.sort_by_key(|(_, error)| !matches!(error, JobError::Later(_)));
            return match failed.into_iter().next() {
                Some((_, error)) => Err(error),
                None => Ok(listed),
            };
        }
        for (source, error) in failed {
            let reason = error.to_string();
            if matches!(error, JobError::Later(_)) {
                listed.later.get_or_insert_with(|| reason.clone());
            }
            job.log(&format!("{}: {reason}", source.address)).await?;
            summary.teams.failed.push((source.address, reason));
            listed.broken.insert(source.host);
        }
        Ok(listed)
    }

    /// The teams of all.
    pub(super) fn teams(&self) -> Vec<RemoteTeam> {
        self.read.iter().flat_map(|(_, teams)| teams.clone()).collect()
    }

    /// Those that were read to their end.
    pub(super) fn sources(&self) -> impl Iterator<Item = &CourseSource> {
        self.read.iter().map(|(it, _)| it)
    }

    /// The account of a host, where one sees all that the course has of it. `None`
    /// where there are several, and where a source was not read: nobody knows what
    /// the others have.
    pub(super) fn account_of(&self, host: &ProviderName) -> Option<Account> {
        let mut accounts = self.sources().filter(|it| it.host == *host).map(account_of);
        let first = accounts.next().filter(|_| !self.broken.contains(host))?;
        accounts.all(|it| it == first).then_some(first)
    }

    /// The source in which `project` was listed. `None` for one that stands below
    /// none: it was added by hand, and no account is for it.
    pub(super) fn source_of(&self, project: &Project) -> Option<&CourseSource> {
        let origin = &project.origin;
        let has = |it: &RemoteTeam| {
            it.host == origin.host
                && it.projects.iter().any(|it| it.id.as_str() == origin.remote_id)
        };
        self.read.iter().find(|(_, teams)| teams.iter().any(has)).map(|(it, _)| it)
    }

    /// Hosts that had something, and of which a source answers with nothing.
    pub(super) fn empty(&self, is_empty: fn(&[RemoteTeam]) -> bool) -> BTreeSet<ProviderName> {
        let read = self.read.iter();
        let empty = read.filter(|(it, teams)| it.synced_at.is_some() && is_empty(teams));
        empty.map(|(it, _)| it.host.clone()).collect()
    }
}

/// Takes note that sources of one course could not be brought in, and why.
pub(super) async fn note_failures(
    job: &JobContext,
    failed: &[(&CourseSource, String)],
) -> Result<(), StorageError> {
    let Some((first, _)) = failed.first() else { return Ok(()) };
    let mut work = job.teaching.storage.begin().await?;
    let now = work.sources().of_course(first.tenant, first.course).await?;
    for source in now {
        let known = failed
            .iter()
            .find(|(it, _)| it.host == source.host && it.remote_id == source.remote_id);
        if let Some((_, reason)) = known {
            work.sources().note_outcome(&source.failed(reason, job.teaching.now())).await?;
        }
    }
    work.commit().await
}

/// What one source has: complete, or an error.
async fn one(job: &JobContext, source: &CourseSource) -> Result<Vec<RemoteTeam>, JobError> {
    let host = job.teaching.workshop.hosts.courses(&source.host);
    let missing = || JobError::Never(format!("there is no host `{}` here", source.host));
    let host = host.ok_or_else(missing)?;
    match tree::read(job, &**host, source).await {
        Ok(teams) => Ok(teams),
        Err(error) => Err(whole(error, &source.address)),
    }
}

/// Why nothing can be brought in from `address`.
fn whole(error: SyncError, address: &str) -> JobError {
    if let SyncError::Host(host) = &error
        && matches!(host.cause(), ProviderError::RepositoryNotFound | ProviderError::Forbidden)
    {
        return JobError::Never(format!(
            "the account sees nothing at {address} any more: let it in at the host, or correct \
             the address. Nothing was changed"
        ));
    }
    // Whoever waits for these waits for ever.
    let lasts = matches!(&error, SyncError::Host(host) if matches!(
        host.cause(),
        ProviderError::Unsupported { .. }
            | ProviderError::Invalid { .. }
            | ProviderError::InsufficientScope
            | ProviderError::InstallationNotFound
    ));
    match error.of_one() {
        Ok(problem) if lasts => JobError::Never(format!("{address}: {problem}")),
        Ok(problem) => JobError::Later(format!("{address}: {problem}")),
        Err(error) => error,
    }
}
