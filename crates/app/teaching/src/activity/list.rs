//! Commits, merge requests, issues and pipelines of a project.

use lodge_activity::{ActorId, Fact, FactKind};
use lodge_courses::Act;
use lodge_kernel::{ProjectId, StudentId, Timestamp};
use lodge_storage::{FactFilter, FactPlace, UnitOfWork};

use super::{Doer, Everybody};
use crate::{
    Caller, Standing, Teaching, TeachingError,
    projects::{as_project, known_project},
    teams::seen_team,
};

/// How many facts are looked at in one step, and in how many steps at the most:
/// more than a project has.
const STEPS: (usize, usize) = (500, 400);

/// Which facts of a project are meant.
#[derive(Clone, Debug)]
pub struct FactQuery {
    /// The kind.
    pub kind: FactKind,
    /// By this student: who wrote, opened or set off.
    pub student: Option<StudentId>,
    /// By who goes by this name at the host.
    pub username: Option<String>,
    /// Standing so, in the word of the kind.
    pub state: Option<String>,
    /// That happened then or later.
    pub since: Option<Timestamp>,
    /// That happened before then.
    pub until: Option<Timestamp>,
}

/// A fact as the caller sees it.
#[derive(Clone, Debug)]
pub struct SeenFact {
    /// Where it stands in lists.
    pub place: FactPlace,
    /// The fact.
    pub fact: Fact<Doer>,
}

/// Where a page begins, and how long it is.
#[derive(Clone, Debug)]
pub struct FactPage {
    /// After this one.
    pub after: Option<FactPlace>,
    /// At most so many.
    pub limit: usize,
}

impl Teaching {
    /// Facts of one kind of a project, newest first. Students see those of their
    /// own team.
    ///
    /// # Errors
    ///
    /// [`TeachingError`].
    #[tracing::instrument(name = "teaching.list_facts", skip_all)]
    pub async fn list_facts(
        &self,
        caller: &Caller,
        id: ProjectId,
        query: &FactQuery,
        page: FactPage,
    ) -> Result<Vec<SeenFact>, TeachingError> {
        let mut work = self.storage.read().await?;
        let project = known_project(&mut *work, caller, id).await?;
        let seen = seen_team(&mut *work, caller, project.team).await;
        let (_, known) = seen.map_err(as_project)?;
        known.may(Act::See)?;
        let everybody = Everybody::of_course(&mut *work, project.tenant, project.course).await?;
        let filter = FactFilter {
            projects: vec![id],
            kinds: vec![query.kind],
            since: query.since,
            until: query.until,
        };
        chosen(&mut *work, (&known, &everybody), &filter, query, page).await
    }
}

async fn chosen(
    work: &mut dyn UnitOfWork,
    (known, everybody): (&Standing, &Everybody),
    filter: &FactFilter,
    query: &FactQuery,
    FactPage { mut after, limit }: FactPage,
) -> Result<Vec<SeenFact>, TeachingError> {
    let mut found = Vec::new();
    let (step, steps) = STEPS;
    let step = if query.narrows() { step } else { limit };
    for _ in 0..steps {
        let tenant = known.course.tenant;
        let some = work.activity().list(tenant, filter, after.as_ref(), step).await?;
        let is_last = some.len() < step;
        after = some.last().map(|(place, _)| place.clone()).or(after);
        for (place, fact) in some {
            if query.fits(&fact, (known, everybody)) && found.len() < limit {
                let fact = fact.map(&mut |id| everybody.doer(id, known));
                found.push(SeenFact { place, fact });
            }
        }
        if is_last || found.len() >= limit {
            break;
        }
    }
    Ok(found)
}

impl FactQuery {
    /// Asks for more than the database chooses by.
    const fn narrows(&self) -> bool {
        self.student.is_some() || self.username.is_some() || self.state.is_some()
    }

    fn fits(&self, fact: &Fact<ActorId>, (known, everybody): (&Standing, &Everybody)) -> bool {
        let by = fact.author().copied();
        let student = |it: StudentId| by.and_then(|by| everybody.people.student(by)) == Some(it);
        // What the caller does not see, they cannot find out by asking either.
        let username = |it: &String| {
            let doer = by.map(|by| everybody.doer(by, known));
            doer.and_then(|it| it.username).is_some_and(|name| name.eq_ignore_ascii_case(it))
        };
        self.student.is_none_or(student)
            && self.username.as_ref().is_none_or(username)
            && self.state.as_deref().is_none_or(|it| state(fact) == Some(it))
    }
}

/// How it stands, in its kind's word.
const fn state(fact: &Fact<ActorId>) -> Option<&'static str> {
    match fact {
        Fact::MergeRequest(it) => Some(it.state.name()),
        Fact::Issue(it) => Some(it.state.name()),
        Fact::Pipeline(it) => Some(it.status.name()),
        Fact::CiJob(it) => Some(it.status.name()),
        Fact::Commit(_) | Fact::Approval(_) | Fact::Note(_) | Fact::Milestone(_) => None,
    }
}
