//! One project is brought up to date with its host.

use std::time::Duration;

use lodge_activity::{Actor, Fact, MergeRequest, Subject};
use lodge_forge::RepositoryId;
use lodge_kernel::Timestamp;
use lodge_provider::{Account, CourseHost, ProviderError, RepositoryRef};
use lodge_storage::StorageError;
use lodge_teams::{CourseSource, Project, ProjectSync};

use super::{
    account::account_of,
    actors::{CHUNK, of_project},
    diffs, kept,
    reader::{Pages, SyncError, ask},
};
use crate::jobs::JobContext;

/// How far a reading goes back behind the one before: hosts list a change a
/// while after it has happened.
const OVERLAP: Duration = Duration::from_mins(5);

/// How a project is read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reading<'a> {
    /// From which source: through the account of that one.
    pub(super) source: &'a CourseSource,
    /// Everything, rather than what has changed.
    pub(super) full: bool,
    /// What was read to its end since then is not read again. `None` where it is,
    /// whatever was read before.
    pub(super) asked_at: Option<Timestamp>,
}

/// What came of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Learned {
    /// Facts that are new, or changed.
    pub(super) facts: usize,
    /// Commits of which it was read what they changed.
    pub(super) read: usize,
}

/// Brings a project up to date. What keeps it from that is noted beside it.
#[tracing::instrument(name = "teaching.sync_project", skip_all, fields(project.id = %project.id))]
pub(super) async fn sync(
    job: &JobContext,
    project: &Project,
    reading: Reading<'_>,
) -> Result<Learned, SyncError> {
    let storage = &job.teaching.storage;
    let before = storage.read().await?.sources().sync_of(project.tenant, project.id).await?;
    let began_at = job.teaching.now();
    let none = || ProjectSync {
        tenant: project.tenant,
        project: project.id,
        source: String::new(),
        read_since: None,
        synced_at: None,
        problem: None,
    };
    let before = before.unwrap_or_else(none);
    let read_since = before.read_since.filter(|_| before.problem.is_none());
    let is_done = read_since.zip(reading.asked_at).is_some_and(|(read, asked)| read > asked);
    let since = before.read_since.filter(|_| !reading.full).map(|it| it.minus(OVERLAP));
    let mut is_listed = is_done;
    let account = account_of(reading.source);
    let outcome = read(job, project, account, since, &mut is_listed).await;
    // What was listed is not listed again, whatever became of what commits changed.
    let is_news = is_listed && !is_done;
    let read_since = if is_news { Some(began_at) } else { before.read_since };
    let source = reading.source.remote_id.clone();
    let before = ProjectSync { source, read_since, ..before };
    let after = match &outcome {
        Ok(_) => ProjectSync { synced_at: Some(job.teaching.now()), problem: None, ..before },
        Err(SyncError::Job(_)) if !is_news => return outcome,
        Err(SyncError::Job(_)) => before,
        Err(error) => ProjectSync { problem: Some(error.to_string()), ..before },
    };
    let mut work = storage.begin().await?;
    work.sources().put_sync(&after).await?;
    work.commit().await?;
    outcome
}

async fn read(
    job: &JobContext,
    project: &Project,
    account: Account,
    since: Option<Timestamp>,
    is_listed: &mut bool,
) -> Result<Learned, SyncError> {
    let hosts = &job.teaching.workshop.hosts;
    let name = &project.origin.host;
    let (host, provider) = hosts.courses(name).zip(hosts.get(name)).ok_or_else(unknown_host)?;
    let id = RepositoryId::parse(&project.origin.remote_id);
    let id = id.map_err(|_not_an_id| ProviderError::RepositoryNotFound)?;
    let repository = RepositoryRef { account, id };
    let mut facts = 0;
    if !*is_listed {
        let mut teller = Teller { job, project, waiting: Vec::new(), told: 0 };
        listings(job, &**host, &repository, since, &mut teller).await?;
        teller.flush().await?;
        facts = teller.told;
        if since.is_none() {
            // Webhooks may have told of it before it was known here.
            facts += kept::from_before(job, project).await?.changed;
        }
        *is_listed = true;
    }
    let read = diffs::read(job, &**provider, &repository, project).await?;
    Ok(Learned { facts, read })
}

fn unknown_host() -> ProviderError {
    let problem = "courses cannot be brought in from this host: is it configured still?";
    ProviderError::Invalid { problem: problem.to_owned() }
}

async fn listings(
    job: &JobContext,
    host: &dyn CourseHost,
    repository: &RepositoryRef,
    since: Option<Timestamp>,
    teller: &mut Teller<'_>,
) -> Result<(), SyncError> {
    let mut pages = Pages::new();
    while let Some(page) = pages.next() {
        let ask = ask(job, || host.list_all_commits(repository.clone(), since, page.clone()));
        teller.tell(pages.turn(ask.await?)?, Fact::Commit).await?;
    }
    let mut pages = Pages::new();
    while let Some(page) = pages.next() {
        let ask = ask(job, || host.list_merge_requests(repository.clone(), since, page.clone()));
        let found = pages.turn(ask.await?)?;
        for it in &found {
            beside(job, host, repository, it, teller).await?;
        }
        teller.tell(found, Fact::MergeRequest).await?;
    }
    let mut pages = Pages::new();
    while let Some(page) = pages.next() {
        let ask = ask(job, || host.list_issues(repository.clone(), since, page.clone()));
        let found = pages.turn(ask.await?)?;
        for it in &found {
            notes(job, host, repository, &Subject::Issue(it.number), teller).await?;
        }
        teller.tell(found, Fact::Issue).await?;
    }
    let mut pages = Pages::new();
    while let Some(page) = pages.next() {
        let ask = ask(job, || host.list_pipelines(repository.clone(), since, page.clone()));
        teller.tell(pages.turn(ask.await?)?, Fact::Pipeline).await?;
    }
    Ok(())
}

/// The remarks on a merge request, and who approves of it.
async fn beside(
    job: &JobContext,
    host: &dyn CourseHost,
    repository: &RepositoryRef,
    it: &MergeRequest<Actor>,
    teller: &mut Teller<'_>,
) -> Result<(), SyncError> {
    notes(job, host, repository, &Subject::MergeRequest(it.number), teller).await?;
    let approvals = ask(job, || host.approvals(repository.clone(), it)).await?;
    teller.tell(approvals, Fact::Approval).await
}

async fn notes(
    job: &JobContext,
    host: &dyn CourseHost,
    repository: &RepositoryRef,
    on: &Subject,
    teller: &mut Teller<'_>,
) -> Result<(), SyncError> {
    let mut pages = Pages::new();
    while let Some(page) = pages.next() {
        let ask = ask(job, || host.list_notes(repository.clone(), on, page.clone()));
        teller.tell(pages.turn(ask.await?)?, Fact::Note).await?;
    }
    Ok(())
}

/// Tells facts in chunks, while no host is waited for.
struct Teller<'a> {
    job: &'a JobContext,
    project: &'a Project,
    waiting: Vec<Fact<Actor>>,
    told: usize,
}

impl Teller<'_> {
    async fn tell<T>(
        &mut self,
        found: Vec<T>,
        fact: impl Fn(T) -> Fact<Actor>,
    ) -> Result<(), SyncError> {
        self.waiting.extend(found.into_iter().map(fact));
        while self.waiting.len() >= CHUNK {
            let rest = self.waiting.split_off(CHUNK);
            self.flush().await?;
            self.waiting = rest;
        }
        Ok(())
    }

    async fn flush(&mut self) -> Result<(), SyncError> {
        let facts = std::mem::take(&mut self.waiting);
        if !facts.is_empty() {
            let (job, project) = (self.job, self.project);
            self.told += job.in_turns(|| keep(job, project, &facts)).await??;
        }
        Ok(())
    }
}

async fn keep(
    job: &JobContext,
    project: &Project,
    facts: &[Fact<Actor>],
) -> Result<usize, StorageError> {
    let mut work = job.teaching.storage.begin().await?;
    let mut namer = of_project(&*job.teaching.keys, project);
    let told = namer.tell(&mut *work, project.id, facts.to_vec()).await?;
    work.commit().await?;
    Ok(told)
}
