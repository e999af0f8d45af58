//! What a course's source has at its host: teams with their projects.

use std::collections::{BTreeMap, BTreeSet};

use lodge_activity::Actor;
use lodge_forge::ProviderName;
use lodge_provider::{
    Account, Community, CourseHost, Depth, Located, RemoteGroup, RemoteMember, RemoteProject,
};
use lodge_teams::{CourseSource, Origin, SourceKind};

use super::{
    account::account_of,
    reader::{SyncError, all, ask},
};
use crate::jobs::JobContext;

/// A team as its host has it: a group, or a project by itself.
#[derive(Clone, Debug)]
pub(super) struct RemoteTeam {
    pub(super) host: ProviderName,
    pub(super) account: Account,
    /// What the team is at its host. A project's id could be a group's, too.
    pub(super) remote_id: String,
    pub(super) name: String,
    pub(super) path: String,
    pub(super) web_url: Option<String>,
    /// The group's id; `None` for a project by itself.
    pub(super) group: Option<String>,
    pub(super) projects: Vec<RemoteProject>,
}

impl RemoteTeam {
    fn of_group(source: &CourseSource, it: RemoteGroup, projects: Vec<RemoteProject>) -> Self {
        Self {
            host: source.host.clone(),
            account: account_of(source),
            remote_id: it.id.clone(),
            name: it.name,
            path: it.path,
            web_url: it.web_url,
            group: Some(it.id),
            projects,
        }
    }

    fn of_project(source: &CourseSource, it: RemoteProject) -> Self {
        Self {
            host: source.host.clone(),
            account: account_of(source),
            remote_id: format!("project:{}", it.id),
            name: it.name.clone(),
            path: it.path.clone(),
            web_url: it.web_url.clone(),
            group: None,
            projects: vec![it],
        }
    }

    /// Where the team comes from.
    pub(super) fn origin(&self) -> Origin {
        Origin {
            host: self.host.clone(),
            remote_id: self.remote_id.clone(),
            web_url: self.web_url.clone(),
        }
    }
}

/// The teams of a source: complete, or an error.
pub(super) async fn read(
    job: &JobContext,
    host: &dyn CourseHost,
    source: &CourseSource,
) -> Result<Vec<RemoteTeam>, SyncError> {
    let account = account_of(source);
    if source.kind == SourceKind::Project {
        let located = ask(job, || host.locate(account, &source.address)).await?;
        return Ok(match located {
            Located::Project(it) => vec![RemoteTeam::of_project(source, it)],
            // The address belongs to something else by now.
            Located::Group(_) => Vec::new(),
        });
    }
    let group = &*source.remote_id;
    let mut teams = Vec::new();
    let groups = all(job, |page| host.list_groups(account, group, page)).await?;
    for it in groups {
        let id = &*it.id;
        let projects = all(job, |page| host.list_projects(account, id, Depth::All, page)).await?;
        teams.push(RemoteTeam::of_group(source, it, projects));
    }
    let direct = all(job, |page| host.list_projects(account, group, Depth::Direct, page)).await?;
    teams.extend(direct.into_iter().map(|it| RemoteTeam::of_project(source, it)));
    Ok(teams)
}

/// Everybody in a team.
#[derive(Debug, Default)]
pub(super) struct People {
    /// Those who work in it, each once.
    pub(super) students: Vec<Actor>,
    /// The host's ids of all, also of those who run it.
    pub(super) all: BTreeSet<String>,
}

/// Who is in a team: the members of its group and of its projects. Who runs a
/// part of it is none of its students.
pub(super) async fn people(
    job: &JobContext,
    host: &dyn CourseHost,
    team: &RemoteTeam,
) -> Result<People, SyncError> {
    let group = team.group.clone().map(Community::Group);
    let projects = team.projects.iter().map(|it| Community::Project(it.id.clone()));
    let mut found: BTreeMap<(u8, String), RemoteMember> = BTreeMap::new();
    for community in group.into_iter().chain(projects) {
        let of = &community;
        let listed = all(job, |page| host.list_members(team.account, of, page)).await?;
        for it in listed.into_iter().filter(|it| !it.bot) {
            let Some(key) = key(&it.actor) else { continue };
            let known = found.entry(key).or_insert_with(|| it.clone());
            known.maintains |= it.maintains;
        }
    }
    let all = found.values().filter_map(|it| it.actor.host_user.clone()).collect();
    let students = found.into_values().filter(|it| !it.maintains).map(|it| it.actor);
    Ok(People { students: students.collect(), all })
}

/// What somebody is told from others by. A folder has no accounts: addresses
/// are all that it knows.
fn key(actor: &Actor) -> Option<(u8, String)> {
    let texts = [&actor.host_user, &actor.username, &actor.email];
    (0..).zip(texts).find_map(|(kind, it)| Some((kind, it.as_ref()?.to_lowercase())))
}
