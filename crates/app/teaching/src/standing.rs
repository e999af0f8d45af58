//! What somebody is in a course: asked at every object, not at every route.

use lodge_courses::{Act, Course, CourseRole, CourseState, TokenScope};
use lodge_kernel::{CourseId, StudentId};
use lodge_storage::UnitOfWork;
use lodge_teams::StudentState;

use crate::{Caller, TeachingError};

/// A caller in a course that they may see.
#[derive(Clone, Debug)]
pub struct Standing {
    /// The course.
    pub course: Course,
    /// What the caller is there.
    pub role: CourseRole,
    /// Which student, where the caller is one.
    pub student: Option<StudentId>,
}

/// What the caller is in the course `id`. To be asked before anything of the
/// course is shown or changed.
///
/// # Errors
///
/// [`TeachingError::Scope`]; [`TeachingError::NotFound`] for who is nothing
/// there.
pub async fn standing(
    work: &mut dyn UnitOfWork,
    caller: &Caller,
    id: CourseId,
) -> Result<Standing, TeachingError> {
    caller.check_scope(TokenScope::CoursesRead)?;
    let unknown = || TeachingError::NotFound("course");
    let tenant = caller.tenant()?;
    let course = work.courses().find(tenant, id).await?.ok_or_else(unknown)?;
    let person = match caller {
        Caller::Bootstrap { .. } => {
            return Ok(Standing { course, role: CourseRole::Teacher, student: None });
        }
        Caller::Person(person) if person.is_admin() => {
            return Ok(Standing { course, role: CourseRole::Admin, student: None });
        }
        Caller::Person(person) => person,
    };
    if let Some(staff) = work.staff().find(tenant, id, person.user).await? {
        return Ok(Standing { course, role: staff.role.into(), student: None });
    }
    let student = work.students().find_by_user(tenant, id, person.user).await?;
    let takes = student.filter(|it| it.state == StudentState::Active);
    let student = takes.ok_or_else(unknown)?.id;
    Ok(Standing { course, role: CourseRole::Student, student: Some(student) })
}

impl Standing {
    /// Checks the role against the one table of [`CourseRole::may`].
    ///
    /// # Errors
    ///
    /// [`TeachingError::Denied`].
    pub const fn may(&self, act: Act) -> Result<(), TeachingError> {
        if self.role.may(act) {
            Ok(())
        } else {
            Err(TeachingError::Denied { role: self.role, act })
        }
    }

    /// As [`may`](Self::may), and checks that the credential is for changes and
    /// the course is not archived.
    ///
    /// # Errors
    ///
    /// [`TeachingError::Denied`], [`TeachingError::Scope`],
    /// [`TeachingError::Blocked`].
    pub fn may_change(&self, caller: &Caller, act: Act) -> Result<(), TeachingError> {
        self.may(act)?;
        caller.check_scope(TokenScope::CoursesWrite)?;
        match self.course.state {
            CourseState::Active => Ok(()),
            CourseState::Archived => Err(TeachingError::Blocked(
                "the course is archived, and can only be read: unarchive it first",
            )),
        }
    }
}

/// As [`standing`], for a `what` of the course: who is nothing there is told of
/// the `what` only.
pub(crate) async fn standing_for(
    work: &mut dyn UnitOfWork,
    caller: &Caller,
    id: CourseId,
    what: &'static str,
) -> Result<Standing, TeachingError> {
    standing(work, caller, id).await.map_err(|error| match error {
        TeachingError::NotFound(_) => TeachingError::NotFound(what),
        other => other,
    })
}
