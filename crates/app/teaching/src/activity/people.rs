//! Whom facts name: students, by what they go by at hosts. Worked out whenever
//! something is shown, so that what a student goes by from now on counts for
//! what happened before, too.

use std::collections::BTreeMap;

use lodge_activity::{Actor, ActorId};
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
pub struct People {
    known: BTreeMap<ActorId, (KnownActor, Option<StudentId>)>,
    students: BTreeMap<StudentId, Student>,
}

/// What identities are looked up by: kind, host, and the value in lower case.
type Key = (IdentityKind, Option<ProviderName>, String);

/// Who goes by what.
pub(crate) struct Goes(BTreeMap<Key, StudentId>);

impl Goes {
    /// By what students go, and their addresses.
    pub(crate) fn by<'a>(
        identities: impl IntoIterator<Item = &'a (StudentId, Identity)>,
        students: impl IntoIterator<Item = &'a Student>,
    ) -> Self {
        let addresses = students.into_iter().filter_map(|it| {
            let email = it.email.as_ref()?.to_lowercase();
            Some(((IdentityKind::Email, None, email), it.id))
        });
        let others = identities
            .into_iter()
            .map(|(id, it)| ((it.kind, it.host.clone(), it.key()), *id));
        Self(addresses.chain(others).collect())
    }

    /// Who `actor` is at `host`: by the id of the account, by the address, by
    /// the account's name.
    pub(crate) fn who(&self, host: &ProviderName, actor: &Actor) -> Option<StudentId> {
        let find = |kind, host: Option<&ProviderName>, text: &Option<String>| {
            let key = (kind, host.cloned(), text.as_ref()?.to_lowercase());
            self.0.get(&key).copied()
        };
        find(IdentityKind::HostUser, Some(host), &actor.host_user)
            .or_else(|| find(IdentityKind::Email, None, &actor.email))
            .or_else(|| find(IdentityKind::Username, Some(host), &actor.username))
            .or_else(|| find(IdentityKind::Username, None, &actor.username))
    }
}

impl People {
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
        let identities = work.students().identities_of_course(tenant, course).await?;
        let actors = work.activity().actors(tenant, course).await?;
        let goes = Goes::by(&identities, &students);
        let known = actors.into_iter().map(|it| {
            let student = goes.who(&it.host, &it.actor).filter(|_| !it.erased);
            (it.id, (it, student))
        });
        Ok(Self {
            known: known.collect(),
            students: students.into_iter().map(|it| (it.id, it)).collect(),
        })
    }

    /// The student whom a fact names so.
    pub fn student(&self, id: ActorId) -> Option<StudentId> {
        self.known.get(&id)?.1
    }

    /// The actors that are `student`.
    pub fn actors_of(&self, student: StudentId) -> impl Iterator<Item = ActorId> {
        let own = move |(id, (_, of)): (&ActorId, &(KnownActor, Option<StudentId>))| {
            (*of == Some(student)).then_some(*id)
        };
        self.known.iter().filter_map(own)
    }

    /// Those who are no student as far as anybody knows, by host and name.
    pub fn unmapped(&self) -> Vec<&KnownActor> {
        let unknown = |(actor, student): &&(KnownActor, Option<StudentId>)| {
            student.is_none() && !actor.erased
        };
        let mut found: Vec<_> = self.known.values().filter(unknown).map(|(it, _)| it).collect();
        found.sort_by(|one, other| (&one.host, &one.actor).cmp(&(&other.host, &other.actor)));
        found
    }

    /// Whom a fact names so, as `seen` by somebody in the course.
    pub fn doer(&self, id: ActorId, seen: &Standing) -> Doer {
        let Some((known, student)) = self.known.get(&id) else { return Doer::default() };
        let is_own = student.is_some() && *student == seen.student;
        let hidden = seen.student.is_some()
            && !is_own
            && !seen.course.settings.privacy.students_see_names;
        let row = student.and_then(|it| self.students.get(&it));
        if hidden || known.erased || row.is_some_and(|it| it.state == StudentState::Erased) {
            return Doer { student: *student, ..Doer::default() };
        }
        let name = row.map(|it| it.name.clone()).filter(|it| !it.is_empty());
        Doer {
            student: *student,
            name: name.or_else(|| known.actor.name.clone()),
            username: known.actor.username.clone(),
            email: known.actor.email.clone().filter(|_| seen.student.is_none()),
        }
    }
}
