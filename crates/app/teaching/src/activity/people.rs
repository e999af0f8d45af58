//! Whom facts name: students, by what they go by at hosts. Worked out whenever
//! something is shown, so that what a student goes by from now on counts for
//! what happened before, too.

use std::collections::BTreeMap;

use lodge_activity::{ActorId, People, Who};
use lodge_forge::ProviderName;
use lodge_kernel::{CourseId, StudentId, TenantId};
use lodge_storage::{KnownActor, StorageError, UnitOfWork};
use lodge_teams::{Identity, IdentityKind, Student, StudentState};

use crate::Standing;

/// Somebody who did something, as the caller may see them.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Doer {
    /// The student, where it is one.
    pub student: Option<StudentId>,
    /// The name; `None` where the caller does not see it, or the person was
    /// erased.
    pub name: Option<String>,
    /// The account's name at the host.
    pub username: Option<String>,
    /// The address; teachers see it.
    pub email: Option<String>,
}

/// Everybody in a course.
pub struct Everybody {
    /// Who is who.
    pub people: People,
    actors: BTreeMap<ActorId, KnownActor>,
    students: BTreeMap<StudentId, Student>,
}

impl Everybody {
    /// Everybody in a course, as they are now.
    ///
    /// # Errors
    ///
    /// [`StorageError`].
    pub async fn of_course(
        work: &mut dyn UnitOfWork,
        tenant: TenantId,
        course: CourseId,
    ) -> Result<Self, StorageError> {
        let students = work.students().all(tenant, course).await?;
        let mut identities = work.students().identities_of_course(tenant, course).await?;
        let addresses = students.iter().filter_map(|it| {
            let (kind, value) = (IdentityKind::Email, it.email.clone()?);
            Some((it.id, Identity { kind, host: None, value }))
        });
        identities.extend(addresses);
        let actors = work.activity().actors(tenant, course).await?;
        let known = actors.iter().map(|it| (it.id, &it.host, &it.actor));
        Ok(Self {
            people: People::of(known, &identities),
            actors: actors.into_iter().map(|it| (it.id, it)).collect(),
            students: students.into_iter().map(|it| (it.id, it)).collect(),
        })
    }

    /// The actors that are `student`.
    pub fn actors_of(&self, student: StudentId) -> Vec<ActorId> {
        let is_own = |it: &ActorId| self.people.student(*it) == Some(student);
        self.actors.keys().copied().filter(is_own).collect()
    }

    /// The hosts that told of them, each as often as it did.
    pub(crate) fn hosts(&self) -> impl Iterator<Item = &ProviderName> {
        self.actors.values().map(|it| &it.host)
    }

    /// Those who are no student as far as anybody knows, by host and name.
    pub fn unmapped(&self) -> Vec<&KnownActor> {
        let is_unknown = |it: &&KnownActor| !it.erased && self.people.who(it.id) == Who::Unknown;
        let mut found: Vec<_> = self.actors.values().filter(is_unknown).collect();
        found.sort_by(|one, other| (&one.host, &one.actor).cmp(&(&other.host, &other.actor)));
        found
    }

    /// Whom a fact names so, as `seen` by somebody in the course.
    pub fn doer(&self, id: ActorId, seen: &Standing) -> Doer {
        let Some(known) = self.actors.get(&id) else { return Doer::default() };
        let student = self.people.student(id);
        let row = student.and_then(|it| self.students.get(&it));
        if is_hidden(student, seen) || known.erased {
            return Doer { student, ..Doer::default() };
        }
        let name = row.map(|it| it.name.clone()).filter(|it| !it.is_empty());
        Doer {
            student,
            name: name.or_else(|| known.actor.name.clone()),
            username: known.actor.username.clone(),
            email: known.actor.email.clone().filter(|_| seen.student.is_none()),
        }
    }

    /// The name of a student, as `seen` by somebody in the course.
    pub fn name(&self, student: StudentId, seen: &Standing) -> Option<String> {
        let row = self.students.get(&student).filter(|it| it.state != StudentState::Erased)?;
        (!is_hidden(Some(student), seen)).then(|| row.name.clone())
    }
}

/// Students may not see the names of others, where a teacher says so.
fn is_hidden(student: Option<StudentId>, seen: &Standing) -> bool {
    let is_own = student.is_some() && student == seen.student;
    seen.student.is_some() && !is_own && !seen.course.settings.privacy.students_see_names
}
