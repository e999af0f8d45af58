//! What a host has no more is marked so, once the host has said it twice: it is
//! missing in a complete listing, and is not there when it is asked for.

use std::collections::BTreeSet;

use lodge_courses::Course;
use lodge_forge::RepositoryId;
use lodge_provider::{Account, ProviderError, RepositoryRef};
use lodge_storage::{Listing, Place, ProjectFilter};
use lodge_teams::{OriginState, Project, Team};

use super::{
    account::{account_of, source_of},
    listed::Listed,
    reader::{SyncError, ask},
    summary::Summary,
    tree::RemoteTeam,
};
use crate::jobs::{JobContext, JobError};

const PAGE: usize = 200;

/// Marks teams and projects of a course that their hosts have no more.
pub(super) async fn mark(
    job: &JobContext,
    course: &Course,
    listed: &Listed,
    summary: &mut Summary,
) -> Result<(), JobError> {
    let remote = listed.teams();
    let mut kept = BTreeSet::new();
    let empty = listed.empty(|teams| teams.iter().all(|it| it.projects.is_empty()));
    for project in missing_projects(job, course, &remote).await? {
        if empty.contains(&project.origin.host) {
            kept.insert(project.origin.host);
            continue;
        }
        let mut work = job.teaching.storage.read().await?;
        let sync = work.sources().sync_of(course.tenant, project.id).await?;
        drop(work);
        // What was added by hand is missing nowhere, and what a source has that was
        // not read nobody knows.
        let source = source_of(listed.sources(), &project.origin.host, sync.as_ref());
        let Some(account) = source.map(account_of) else { continue };
        job.check()?;
        if is_gone(job, &project, account).await? {
            let changed = Project { state: OriginState::Gone, ..project };
            let changed = changed.changed(job.teaching.now());
            let mut work = job.teaching.storage.begin().await?;
            // Who has changed it meanwhile is told the next time.
            summary.projects.gone += u32::from(work.projects().update(&changed).await?);
            work.commit().await?;
        }
    }
    let empty = listed.empty(<[_]>::is_empty);
    for team in missing_teams(job, course, &remote).await? {
        if let Some(host) = team.origin.as_ref().map(|it| &it.host).filter(|it| empty.contains(*it))
        {
            kept.insert(host.clone());
            continue;
        }
        let Some(account) = account_of_team(job, listed, &team).await? else { continue };
        job.check()?;
        if team_is_gone(job, &team, account).await? {
            let changed = Team { state: OriginState::Gone, ..team };
            let changed = changed.changed(job.teaching.now());
            let mut work = job.teaching.storage.begin().await?;
            summary.teams.gone += u32::from(work.teams().update(&changed).await?);
            work.commit().await?;
        }
    }
    // That somebody has removed everything is less likely than that the account
    // does not see it any more.
    for host in kept {
        summary.remarks.push(format!(
            "{host}: a source has nothing any more, so nothing is marked as gone: check its \
             account",
        ));
    }
    Ok(())
}

async fn missing_teams(
    job: &JobContext,
    course: &Course,
    remote: &[RemoteTeam],
) -> Result<Vec<Team>, JobError> {
    let mut work = job.teaching.storage.read().await?;
    let mut teams = work.teams().all(course.tenant, course.id).await?;
    teams.retain(|team| {
        let is_there = |origin: &lodge_teams::Origin| {
            remote.iter().any(|it| it.host == origin.host && it.remote_id == origin.remote_id)
        };
        team.state == OriginState::Active && team.origin.as_ref().is_some_and(|it| !is_there(it))
    });
    Ok(teams)
}

async fn missing_projects(
    job: &JobContext,
    course: &Course,
    remote: &[RemoteTeam],
) -> Result<Vec<Project>, JobError> {
    let mut work = job.teaching.storage.read().await?;
    let filter = ProjectFilter { state: Some(OriginState::Active), ..ProjectFilter::default() };
    let (mut missing, mut after) = (Vec::new(), None);
    loop {
        let listing = Listing { after: after.take(), ..Listing::first(PAGE) };
        let page = work.projects().list(course.tenant, course.id, filter, &listing).await?;
        let last = page.last().map(|it| it.id).filter(|_| page.len() == PAGE);
        missing.extend(page.into_iter().filter(|project| {
            let there = |it: &RemoteTeam| {
                it.host == project.origin.host
                    && it.projects.iter().any(|it| it.id.as_str() == project.origin.remote_id)
            };
            !remote.iter().any(there)
        }));
        let Some(id) = last else { return Ok(missing) };
        after = Some(Place { name: String::new(), id });
    }
}

/// The account that sees a team: that of the sources of its projects. `None`
/// where they are several, or were not read.
async fn account_of_team(
    job: &JobContext,
    listed: &Listed,
    team: &Team,
) -> Result<Option<Account>, JobError> {
    let Some(origin) = &team.origin else { return Ok(None) };
    let mut work = job.teaching.storage.read().await?;
    let filter = ProjectFilter { team: Some(team.id), ..ProjectFilter::default() };
    let listing = Listing::first(PAGE);
    let projects = work.projects().list(team.tenant, team.course, filter, &listing).await?;
    let mut known = None;
    for project in projects.iter().filter(|it| it.origin.host == origin.host) {
        let Some(sync) = work.sources().sync_of(team.tenant, project.id).await? else { continue };
        let source = source_of(listed.sources(), &origin.host, Some(&sync));
        let account = source.map(account_of);
        if account.is_none() || known.is_some_and(|it| Some(it) != account) {
            return Ok(None);
        }
        known = account;
    }
    Ok(known.or_else(|| listed.account_of(&origin.host)))
}

async fn is_gone(job: &JobContext, project: &Project, account: Account) -> Result<bool, JobError> {
    let host = job.teaching.workshop.hosts.get(&project.origin.host);
    let id = RepositoryId::parse(&project.origin.remote_id);
    let Some((host, id)) = host.zip(id.ok()) else { return Ok(false) };
    let repository = RepositoryRef { account, id };
    said(ask(job, || host.find_repository(repository.clone())).await)
}

async fn team_is_gone(job: &JobContext, team: &Team, account: Account) -> Result<bool, JobError> {
    let Some(origin) = &team.origin else { return Ok(false) };
    let host = job.teaching.workshop.hosts.courses(&origin.host);
    match (host, &origin.web_url) {
        (Some(host), Some(address)) => said(ask(job, || host.locate(account, address)).await),
        // A folder has no address to ask for.
        (Some(_), None) => Ok(true),
        (None, _) => Ok(false),
    }
}

/// Whether the host said that it is not there. What it does not answer stays as
/// it is.
fn said<T>(answer: Result<T, SyncError>) -> Result<bool, JobError> {
    match answer {
        Ok(_) => Ok(false),
        Err(SyncError::Host(error))
            if matches!(error.cause(), ProviderError::RepositoryNotFound) =>
        {
            Ok(true)
        }
        Err(error) => error.of_one().map(|_| false),
    }
}
