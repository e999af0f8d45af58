//! A course at a glance.

use lodge_activity::{CiStatus, Fact, FactKind};
use lodge_courses::{Act, CourseContents};
use lodge_kernel::{CourseId, Timestamp};
use lodge_storage::{FactFilter, KnownActor, Listing, Place, ProjectFilter};
use lodge_teams::{CourseSource, OriginState, ProjectSync};

use super::{Everybody, work::all};
use crate::{Caller, Teaching, TeachingError, projects::known_project, standing::standing};

/// How many projects are read in one step.
const STEP: usize = 200;
/// The most runs that are counted.
const MOST_RUNS: usize = 50_000;
/// How many people are named whom nobody knows.
const MOST_UNKNOWN: usize = 200;

/// A course at a glance.
pub struct CourseSummary {
    /// What is in it.
    pub contents: CourseContents,
    /// Projects that their hosts have no more.
    pub gone: u64,
    /// Projects whose last sync did not come to its end.
    pub with_problems: u64,
    /// When something last happened in it, as far as anybody told.
    pub last_activity_at: Option<Timestamp>,
    /// Where it was brought in from.
    pub sources: Vec<CourseSource>,
    /// Runs of continuous integration that have ended, and those that went well.
    pub runs: (u64, u64),
    /// People whom nobody knows: give a student what they go by.
    pub unmapped: Vec<KnownActor>,
    /// How many there are.
    pub unmapped_all: usize,
}

/// How far a project is kept up.
#[derive(Clone, Debug, Default)]
pub struct ProjectState {
    /// When something last happened in it, as far as anybody told.
    pub last_activity_at: Option<Timestamp>,
    /// How far it is kept up.
    pub sync: Option<ProjectSync>,
}

impl Teaching {
    /// A course at a glance, for those who see everybody in it.
    ///
    /// # Errors
    ///
    /// [`TeachingError`].
    #[tracing::instrument(name = "teaching.summarise_course", skip_all)]
    pub async fn summarise_course(
        &self,
        caller: &Caller,
        id: CourseId,
    ) -> Result<CourseSummary, TeachingError> {
        let mut work = self.storage.read().await?;
        let known = standing(&mut *work, caller, id).await?;
        known.may(Act::SeeEverybody)?;
        let tenant = known.course.tenant;
        let contents = work.courses().contents(tenant, id).await?;
        let sources = work.sources().of_course(tenant, id).await?;
        let everybody = Everybody::of_course(&mut *work, tenant, id).await?;
        let (mut gone, mut with_problems, mut last) = (0, 0, None);
        let (mut projects, mut after) = (Vec::new(), None);
        loop {
            let listing = Listing { after: after.take(), ..Listing::first(STEP) };
            let filter = ProjectFilter::default();
            let page = work.projects().list(tenant, id, filter, &listing).await?;
            for it in &page {
                gone += u64::from(it.state == OriginState::Gone);
                let sync = work.sources().sync_of(tenant, it.id).await?;
                with_problems += u64::from(sync.is_some_and(|it| it.problem.is_some()));
                last = last.max(work.intake().last_activity(tenant, it.id).await?);
                projects.push(it.id);
            }
            match page.last() {
                Some(it) if page.len() == STEP => {
                    after = Some(Place { name: String::new(), id: it.id });
                }
                _ => break,
            }
        }
        let (mut runs, mut newest) = (Vec::new(), Vec::new());
        // No projects would mean those of every course.
        if !projects.is_empty() {
            let any = FactFilter { projects, ..FactFilter::default() };
            newest = work.activity().list(tenant, &any, None, 1).await?;
            let kinds = vec![FactKind::Pipeline];
            runs = all(&mut *work, tenant, &FactFilter { kinds, ..any }, MOST_RUNS).await?;
        }
        let told = newest.first().map(|(place, _)| place.at.min(self.now()));
        let ended = |it: &Fact<_>| match it {
            Fact::Pipeline(it) if it.status.has_ended() => Some(it.status),
            _ => None,
        };
        let ended: Vec<_> =
            runs.iter().filter_map(ended).filter(|it| *it != CiStatus::Skipped).collect();
        let well = ended.iter().filter(|it| **it == CiStatus::Success).count();
        let unmapped = everybody.unmapped();
        Ok(CourseSummary {
            contents,
            gone,
            with_problems,
            last_activity_at: last.max(told),
            sources,
            runs: (count(ended.len()), count(well)),
            unmapped_all: unmapped.len(),
            unmapped: unmapped.into_iter().take(MOST_UNKNOWN).cloned().collect(),
        })
    }

    /// How far a project that the caller sees is kept up.
    ///
    /// # Errors
    ///
    /// [`TeachingError`].
    pub async fn project_state(
        &self,
        caller: &Caller,
        id: lodge_kernel::ProjectId,
    ) -> Result<ProjectState, TeachingError> {
        let mut work = self.storage.read().await?;
        let project = known_project(&mut *work, caller, id).await?;
        let told = work.intake().last_activity(project.tenant, id).await?;
        let any = FactFilter { projects: vec![id], ..FactFilter::default() };
        let newest = work.activity().list(project.tenant, &any, None, 1).await?;
        // A commit may be dated later than it is.
        let newest = newest.first().map(|(place, _)| place.at.min(self.now()));
        let sync = work.sources().sync_of(project.tenant, id).await?;
        Ok(ProjectState { last_activity_at: told.max(newest), sync })
    }
}

fn count(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(u64::MAX)
}
