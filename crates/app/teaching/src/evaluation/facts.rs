//! What a team did, at full length: checks read what people wrote.

use lodge_activity::{ActorId, Fact, FactKind, People};
use lodge_checks::{Record, as_of};
use lodge_kernel::{CourseId, ProjectId, StudentId, TenantId, Timestamp};
use lodge_storage::{FactFilter, Listing, ProjectFilter, StorageError, UnitOfWork};
use lodge_teams::{Project, Student, StudentState, Team};

use crate::activity::work::all;

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
    pub(super) projects: Vec<(Project, Vec<Fact<ActorId>>)>,
    /// There is more than is judged at once, and what is oldest is left out.
    pub(super) truncated: bool,
    students: Vec<StudentId>,
}

impl TeamFacts {
    pub(super) async fn read(work: &mut dyn UnitOfWork, team: Team) -> Result<Self, StorageError> {
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
            projects.push((project, facts));
        }
        let students = members.iter().map(|it| it.id).collect();
        let truncated = left == 0 || projects.len() == MOST_PROJECTS;
        Ok(Self { team, members, projects, truncated, students })
    }

    /// The same, tied together.
    pub(super) fn record<'a>(&'a self, people: &'a People) -> Record<'a> {
        let facts = |(project, facts): &'a (Project, Vec<Fact<ActorId>>)| (project.id, &**facts);
        Record::of(&self.students, people, self.projects.iter().map(facts))
    }

    /// The facts as they stood at an instant, by project.
    pub(super) fn as_of(&self, at: Timestamp) -> Vec<(ProjectId, Vec<Fact<ActorId>>)> {
        let facts = |(project, facts): &(Project, Vec<Fact<ActorId>>)| {
            (project.id, facts.iter().filter_map(|it| as_of(it, at)).collect())
        };
        self.projects.iter().map(facts).collect()
    }

    /// Those who are judged.
    pub(super) fn students(&self) -> &[StudentId] {
        &self.students
    }

    /// When something last happened in its projects, or `None`.
    pub(super) fn last_at(&self, now: Timestamp) -> Option<Timestamp> {
        let all = self.projects.iter().flat_map(|(_, facts)| facts);
        // A commit may be dated later than it is.
        all.map(|it| it.at().min(now)).max()
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
