//! What a team at a host becomes here, in one unit of work: all of it, or
//! nothing.

use lodge_courses::{Course, course::NAME_MOST};
use lodge_kernel::{ProjectId, TeamId};
use lodge_provider::RemoteProject;
use lodge_storage::{StorageError, UnitOfWork};
use lodge_teams::{Origin, OriginState, Project, Team};

use super::{
    people,
    summary::{Became, Summary},
    tree::{People, RemoteTeam},
};
use crate::Teaching;

/// Brings a team in line with its host, with its projects and its people.
pub(super) async fn keep(
    teaching: &Teaching,
    work: &mut dyn UnitOfWork,
    course: &Course,
    remote: &RemoteTeam,
    people: &People,
    summary: &mut Summary,
) -> Result<(), StorageError> {
    let all = work.teams().all(course.tenant, course.id).await?;
    let (team, became) = keep_team(teaching, work, course, (remote, &all), summary).await?;
    summary.teams.count(became);
    for it in &remote.projects {
        let became = keep_project(teaching, work, &team, (it, &all), remote).await?;
        if let Some(became) = became {
            summary.projects.count(became);
        }
    }
    people::keep(teaching, work, (&team, &remote.host), people, summary).await
}

async fn keep_team(
    teaching: &Teaching,
    work: &mut dyn UnitOfWork,
    course: &Course,
    (remote, all): (&RemoteTeam, &[Team]),
    summary: &mut Summary,
) -> Result<(Team, Became), StorageError> {
    let origin = usable(remote.origin());
    let names = names(remote);
    let same = |it: &&Team| {
        it.origin
            .as_ref()
            .is_some_and(|it| it.host == remote.host && it.remote_id == remote.remote_id)
    };
    let known = all.iter().find(same);
    // A team of the roster that is called so is this team.
    let by_name = || {
        let key = names.first().map(|it| it.to_lowercase());
        all.iter().find(|it| it.origin.is_none() && Some(it.name_key()) == key)
    };
    let free = |name: &String, own: Option<TeamId>| {
        let key = name.to_lowercase();
        !all.iter().any(|it| it.name_key() == key && Some(it.id) != own)
    };
    let now = teaching.now();
    let Some(known) = known.or_else(by_name) else {
        let name = names.iter().find(|it| free(it, None)).or(names.last());
        let team = Team {
            id: TeamId::fresh(&*teaching.clock, &*teaching.entropy),
            tenant: course.tenant,
            course: course.id,
            name: name.cloned().unwrap_or_default(),
            locked: false,
            origin: Some(origin),
            state: OriginState::Active,
            revision: 1,
            created_at: now,
            updated_at: now,
        };
        work.teams().add(&team).await?;
        return Ok((team, Became::Created));
    };
    let name = names.iter().find(|it| free(it, Some(known.id)));
    let name = name.unwrap_or(&known.name).clone();
    if name != known.name && names.first() != Some(&name) {
        let taken = names.first().map(String::as_str).unwrap_or_default();
        summary.remarks.push(format!("{}: the name `{taken}` is taken here", remote.path));
    }
    let team = Team { name, origin: Some(origin), state: OriginState::Active, ..known.clone() };
    if team == *known {
        return Ok((team, Became::Unchanged));
    }
    let team = team.changed(now);
    written(work.teams().update(&team).await?)?;
    Ok((team, Became::Updated))
}

/// What it may be called here, the best first.
fn names(remote: &RemoteTeam) -> Vec<String> {
    let last = remote.path.rsplit('/').next().unwrap_or_default();
    let plain = plain(&remote.name, last);
    let beside = |it: &str| {
        let room = NAME_MOST.saturating_sub(it.chars().count() + 3);
        format!("{} ({it})", plain.chars().take(room).collect::<String>())
    };
    let id: String = remote.remote_id.chars().filter(|it| !it.is_control()).take(60).collect();
    let last: String = last.chars().filter(|it| !it.is_control()).take(60).collect();
    vec![plain.clone(), beside(&last), beside(&id)]
}

/// A name as it is kept.
fn plain(name: &str, otherwise: &str) -> String {
    let clean = |it: &str| -> String {
        let text: String = it.chars().filter(|it| !it.is_control()).collect();
        text.trim().chars().take(NAME_MOST).collect::<String>().trim().to_owned()
    };
    let name = clean(name);
    if name.is_empty() { clean(otherwise) } else { name }
}

/// Without an address that is none.
fn usable(origin: Origin) -> Origin {
    if origin.check().is_ok() { origin } else { Origin { web_url: None, ..origin } }
}

/// `None` when it stays out: its team is locked.
async fn keep_project(
    teaching: &Teaching,
    work: &mut dyn UnitOfWork,
    team: &Team,
    (it, all): (&RemoteProject, &[Team]),
    remote: &RemoteTeam,
) -> Result<Option<Became>, StorageError> {
    let remote_id = it.id.to_string();
    let known = work.projects().of_origin(team.tenant, &remote.host, &remote_id).await?;
    let known = known.into_iter().find(|it| it.course == team.course);
    let web_url = it.web_url.clone();
    let origin = usable(Origin { host: remote.host.clone(), remote_id, web_url });
    let name = plain(&it.name, &it.path);
    let now = teaching.now();
    let Some(known) = known else {
        if team.locked {
            return Ok(None);
        }
        let project = Project {
            id: ProjectId::fresh(&*teaching.clock, &*teaching.entropy),
            tenant: team.tenant,
            course: team.course,
            team: team.id,
            name,
            origin,
            state: OriginState::Active,
            revision: 1,
            created_at: now,
            updated_at: now,
        };
        work.projects().add(&project).await?;
        return Ok(Some(Became::Created));
    };
    let stays = team.locked || all.iter().any(|it| it.id == known.team && it.locked);
    let team = if stays { known.team } else { team.id };
    let project = Project { name, origin, team, state: OriginState::Active, ..known.clone() };
    if project == known {
        return Ok(Some(Became::Unchanged));
    }
    written(work.projects().update(&project.changed(now)).await?)?;
    Ok(Some(Became::Updated))
}

/// Somebody else has changed it at the same time: it is done again.
pub(super) fn written(written: bool) -> Result<(), StorageError> {
    let overtaken = || StorageError::Conflict("somebody else has changed it".into());
    written.then_some(()).ok_or_else(overtaken)
}
