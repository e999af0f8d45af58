//! What a team did, at full length: checks read what people wrote.

use lodge_activity::{ActorId, Fact, FactKind, People};
use lodge_checks::{Record, Source, as_of};
use lodge_forge::ProviderName;
use lodge_kernel::{CourseId, StudentId, TenantId, Timestamp};
use lodge_storage::{FactFilter, Listing, ProjectFilter, StorageError, UnitOfWork};
use lodge_teams::{Project, Student, StudentState, Team};

use crate::{
    Standing, Teaching,
    activity::{Everybody, Period, Work, work::all},
};

/// The kinds that are judged.
const KINDS: [FactKind; 6] = [
    FactKind::Commit,
    FactKind::MergeRequest,
    FactKind::Approval,
    FactKind::Note,
    FactKind::Issue,
    FactKind::Pipeline,
];
/// The most facts of a team that are judged: the newest of each project, ten
/// times what a large team has.
const MOST: usize = 50_000;
/// The most projects of a team that are judged.
const MOST_PROJECTS: usize = 200;

/// A team with what it did.
pub(super) struct TeamFacts {
    pub(super) team: Team,
    /// Those who take the course; who dropped it is judged no more.
    pub(super) members: Vec<Student>,
    pub(super) projects: Vec<ProjectFacts>,
    /// There is more than is judged at once, and what is oldest is left out.
    pub(super) truncated: bool,
    students: Vec<StudentId>,
}

/// A project with what happened in it.
pub(super) struct ProjectFacts {
    pub(super) project: Project,
    pub(super) facts: Vec<Fact<ActorId>>,
    /// Of what its host never tells.
    silent_on: Vec<FactKind>,
}

impl ProjectFacts {
    fn source(&self) -> Source<'_> {
        Source { project: self.project.id, facts: &self.facts, silent_on: &self.silent_on }
    }

    fn as_of(&self, at: Timestamp) -> Self {
        let facts = self.facts.iter().filter_map(|it| as_of(it, at)).collect();
        Self { project: self.project.clone(), facts, silent_on: self.silent_on.clone() }
    }
}

impl TeamFacts {
    async fn read(
        work: &mut dyn UnitOfWork,
        team: Team,
        silent_on: impl Fn(&ProviderName) -> Vec<FactKind>,
    ) -> Result<Self, StorageError> {
        let (tenant, course) = (team.tenant, team.course);
        let mut members = work.teams().members(tenant, team.id).await?;
        members.retain(|it| it.state == StudentState::Active);
        let filter = ProjectFilter { team: Some(team.id), ..ProjectFilter::default() };
        let listing = Listing::first(MOST_PROJECTS);
        let found = work.projects().list(tenant, course, filter, &listing).await?;
        let (mut projects, mut left) = (Vec::new(), MOST);
        for project in found {
            let (projects_of, kinds) = (vec![project.id], KINDS.to_vec());
            let filter = FactFilter { projects: projects_of, kinds, ..FactFilter::default() };
            let facts = all(work, tenant, &filter, left).await?;
            left = left.saturating_sub(facts.len());
            let silent_on = silent_on(&project.origin.host);
            projects.push(ProjectFacts { project, facts, silent_on });
        }
        let students = members.iter().map(|it| it.id).collect();
        let truncated = left == 0 || projects.len() == MOST_PROJECTS;
        Ok(Self { team, members, projects, truncated, students })
    }

    /// The same, tied together.
    pub(super) fn record<'a>(&'a self, people: &'a People) -> Record<'a> {
        Record::of(&self.students, people, self.projects.iter().map(ProjectFacts::source))
    }

    /// The same as it stood at an instant.
    pub(super) fn as_of(&self, at: Timestamp) -> Self {
        Self {
            team: self.team.clone(),
            members: self.members.clone(),
            projects: self.projects.iter().map(|it| it.as_of(at)).collect(),
            truncated: self.truncated,
            students: self.students.clone(),
        }
    }

    /// The same to be counted, as somebody in the course sees it.
    pub(super) fn into_work(self, known: Standing, everybody: Everybody) -> Work {
        let projects = self.projects.into_iter().map(|it| (it.project, it.facts));
        Work {
            known,
            everybody,
            members: self.students,
            projects: projects.collect(),
            period: Period::default(),
            truncated: self.truncated,
        }
    }

    /// When something last happened in its projects, or `None`.
    pub(super) fn last_at(&self, now: Timestamp) -> Option<Timestamp> {
        let all = self.projects.iter().flat_map(|it| &it.facts);
        // A commit may be dated later than it is.
        all.map(|it| it.at().min(now)).max()
    }
}

impl Teaching {
    /// What a team did.
    pub(super) async fn team_facts(
        &self,
        work: &mut dyn UnitOfWork,
        team: Team,
    ) -> Result<TeamFacts, StorageError> {
        TeamFacts::read(work, team, |host| self.silent_on(host)).await
    }

    /// Of what a host never tells, however courses hear from it. A host that is
    /// not there any more might have told of anything.
    fn silent_on(&self, host: &ProviderName) -> Vec<FactKind> {
        let asked = self.workshop.hosts.courses(host).map(|it| it.silent_on());
        let delivers = self.intake.schemes.find(host.as_str()).map(|(_, it)| it.silent_on());
        match (asked, delivers) {
            (Some(one), Some(other)) => {
                one.iter().filter(|it| other.contains(it)).copied().collect()
            }
            (Some(silent), None) | (None, Some(silent)) => silent.to_vec(),
            (None, None) => Vec::new(),
        }
    }
}

/// The teams of a course, by name.
pub(super) async fn teams(
    work: &mut dyn UnitOfWork,
    tenant: TenantId,
    course: CourseId,
) -> Result<Vec<Team>, StorageError> {
    let mut teams = work.teams().all(tenant, course).await?;
    teams.sort_by_key(|it| (it.name_key(), it.id));
    Ok(teams)
}
