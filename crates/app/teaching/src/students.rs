//! Students of a course, what they go by, and their being forgotten.

use lodge_access::{Action, Actor, parse_email};
use lodge_courses::{Act, TokenScope, course::parse_name};
use lodge_kernel::{CourseId, StudentId, UserId};
use lodge_storage::{Listing, StorageError, UnitOfWork};
use lodge_teams::{
    Identity, Student, StudentState,
    student::{MOST_IDENTITIES, parse_word},
};

use crate::{
    Caller, Expected, Standing, Teaching, TeachingError,
    activity::Everybody,
    courses::staff::{Who, member},
    evaluation::decide::forget_notes,
    reports::shelf::forget_reports,
    standing::{standing, standing_for},
};

/// What becomes another of a student. `None` stays; `Some(None)` is taken away.
#[derive(Clone, Debug, Default)]
pub struct StudentChange {
    /// The number that the school gave.
    pub number: Option<Option<String>>,
    /// The name.
    pub name: Option<String>,
    /// The address.
    pub email: Option<Option<String>>,
    /// The account of the person here.
    pub user: Option<Option<UserId>>,
    /// Whether the student takes the course.
    pub state: Option<StudentState>,
}

/// What was erased of a student.
#[derive(Clone, Debug)]
pub struct Erased {
    /// What is left.
    pub student: Student,
    /// How many things the student went by.
    pub identities: u64,
}

impl Teaching {
    /// Students of a course.
    ///
    /// # Errors
    ///
    /// [`TeachingError`].
    #[tracing::instrument(name = "teaching.list_students", skip_all)]
    pub async fn list_students(
        &self,
        caller: &Caller,
        course: CourseId,
        state: Option<StudentState>,
        listing: &Listing<StudentId>,
    ) -> Result<Vec<Student>, TeachingError> {
        let mut work = self.storage.read().await?;
        let known = standing(&mut *work, caller, course).await?;
        known.may(Act::SeeEverybody)?;
        let found = work.students().list(known.course.tenant, course, state, listing).await?;
        Ok(found)
    }

    /// One student, with what they go by. Students see themselves only.
    ///
    /// # Errors
    ///
    /// [`TeachingError`].
    #[tracing::instrument(name = "teaching.find_student", skip_all)]
    pub async fn find_student(
        &self,
        caller: &Caller,
        id: StudentId,
    ) -> Result<(Student, Vec<Identity>), TeachingError> {
        let mut work = self.storage.read().await?;
        let (student, _) = seen_student(&mut *work, caller, id).await?;
        let identities = work.students().identities(student.tenant, id).await?;
        Ok((student, identities))
    }

    /// Changes a student.
    ///
    /// # Errors
    ///
    /// [`TeachingError`].
    #[tracing::instrument(name = "teaching.update_student", skip_all)]
    pub async fn update_student(
        &self,
        caller: &Caller,
        id: StudentId,
        expected: &Expected,
        change: StudentChange,
    ) -> Result<Student, TeachingError> {
        let mut work = self.storage.begin().await?;
        let student = open_student(&mut *work, caller, id).await?;
        expected.check(student.revision)?;
        if let Some(Some(user)) = change.user {
            member(&mut *work, student.tenant, Who::Id(user)).await?;
        }
        let changed = changed(&student, change)?;
        if changed == student {
            return Ok(student);
        }
        let changed = changed.changed(self.now());
        let written = work.students().update(&changed).await;
        let what = "number, address or account of a student";
        if !written.map_err(TeachingError::taken(what, &changed.name))? {
            return Err(TeachingError::Stale { revision: changed.revision });
        }
        work.commit().await?;
        Ok(changed)
    }

    /// Adds something that a student goes by at hosts.
    ///
    /// # Errors
    ///
    /// [`TeachingError`].
    #[tracing::instrument(name = "teaching.identify_student", skip_all)]
    pub async fn identify_student(
        &self,
        caller: &Caller,
        id: StudentId,
        identity: &Identity,
    ) -> Result<(), TeachingError> {
        let mut work = self.storage.begin().await?;
        let student = open_student(&mut *work, caller, id).await?;
        // The row is written first: who is erased at the same time gets nothing
        // that stays.
        self.write_student(&mut *work, student.clone()).await?;
        if work.students().identities(student.tenant, id).await?.len() >= MOST_IDENTITIES {
            return Err(TeachingError::Blocked("a student goes by at most 50 names and addresses"));
        }
        let added = work.students().identify(&student, identity).await;
        added.map_err(TeachingError::taken("identity", &identity.value))?;
        Ok(work.commit().await?)
    }

    /// Takes something away that a student goes by.
    ///
    /// # Errors
    ///
    /// [`TeachingError`].
    #[tracing::instrument(name = "teaching.forget_identity", skip_all)]
    pub async fn forget_identity(
        &self,
        caller: &Caller,
        id: StudentId,
        identity: &Identity,
    ) -> Result<(), TeachingError> {
        let mut work = self.storage.begin().await?;
        let student = open_student(&mut *work, caller, id).await?;
        if !work.students().forget_identity(student.tenant, id, identity).await? {
            return Err(TeachingError::NotFound("identity"));
        }
        Ok(work.commit().await?)
    }

    /// Erases everything that says who a student is. The row stays, so that the
    /// team's results do. It cannot be undone, and is done in an archived
    /// course, too.
    ///
    /// # Errors
    ///
    /// [`TeachingError`].
    #[tracing::instrument(name = "teaching.erase_student", skip_all)]
    pub async fn erase_student(
        &self,
        caller: &Caller,
        id: StudentId,
    ) -> Result<Erased, TeachingError> {
        let mut work = self.storage.begin().await?;
        let (student, known) = seen_student(&mut *work, caller, id).await?;
        known.may(Act::Erase)?;
        caller.check_scope(TokenScope::CoursesWrite)?;
        if student.state == StudentState::Erased {
            return Ok(Erased { student, identities: 0 });
        }
        let revision = student.revision + 1;
        let erased = self.erase(&mut *work, caller.actor(), student).await?;
        let erased = erased.ok_or(TeachingError::Stale { revision })?;
        work.commit().await?;
        Ok(erased)
    }

    /// Erases everything that says who `student` is, and says in the audit trail
    /// that `by` did: the last step of a unit of work. `None` when somebody has
    /// changed the student meanwhile.
    ///
    /// # Errors
    ///
    /// [`StorageError`]. After it, and after `None`, the unit of work must not
    /// be committed.
    pub(crate) async fn erase(
        &self,
        work: &mut dyn UnitOfWork,
        by: Actor,
        student: Student,
    ) -> Result<Option<Erased>, StorageError> {
        let (tenant, course, id) = (student.tenant, student.course, student.id);
        forget_reports(work, tenant, course).await?;
        // While it is still known what the student goes by.
        let everybody = Everybody::of_course(work, tenant, course).await?;
        let actors = everybody.actors_of(id);
        work.activity().erase_actors(tenant, course, &actors).await?;
        self.forget_before(work, &student, &everybody).await?;
        forget_notes(work, &student).await?;
        let identities = work.students().forget_identities(tenant, id).await?;
        let student = student.erased(self.now());
        if !work.students().update(&student).await? {
            return Ok(None);
        }
        let erased = Action::StudentErased;
        self.audit_as(work, (tenant, by), erased, |it| it.to(id).because(course)).await?;
        Ok(Some(Erased { student, identities }))
    }
}

fn changed(student: &Student, change: StudentChange) -> Result<Student, TeachingError> {
    let invalid =
        |field: &'static str| move |problem: &'static str| TeachingError::invalid(field, problem);
    let mut changed = student.clone();
    if let Some(number) = change.number {
        let number = number.as_deref().map(parse_word).transpose();
        changed.number = number.map_err(invalid("student_number"))?;
    }
    if let Some(name) = change.name {
        changed.name = parse_name(&name).map_err(invalid("name"))?;
    }
    if let Some(email) = change.email {
        let email = email.as_deref().map(parse_email).transpose();
        changed.email =
            email.map_err(|error| TeachingError::invalid("email", error.to_string()))?;
    }
    if let Some(user) = change.user {
        changed.user = user;
    }
    if let Some(state) = change.state {
        if state == StudentState::Erased {
            let problem = "a student is erased by DELETE …/personal-data";
            return Err(TeachingError::invalid("state", problem));
        }
        changed.state = state;
    }
    // Who came from a host may have neither.
    let had_one = student.number.is_some() || student.email.is_some();
    if had_one && changed.number.is_none() && changed.email.is_none() {
        let problem = "a student has a number or an address, by which a roster finds them";
        return Err(TeachingError::invalid("student_number", problem));
    }
    Ok(changed)
}

/// A student whom the caller sees: students see themselves.
pub(crate) async fn seen_student(
    work: &mut dyn UnitOfWork,
    caller: &Caller,
    id: StudentId,
) -> Result<(Student, Standing), TeachingError> {
    let unknown = || TeachingError::NotFound("student");
    let tenant = caller.tenant().map_err(|_nowhere| unknown())?;
    let student = work.students().find(tenant, id).await?.ok_or_else(unknown)?;
    let known = standing_for(work, caller, student.course, "student").await?;
    match known.student {
        Some(own) if own != id => Err(unknown()),
        _ => Ok((student, known)),
    }
}

/// A student whom the caller may change.
async fn open_student(
    work: &mut dyn UnitOfWork,
    caller: &Caller,
    id: StudentId,
) -> Result<Student, TeachingError> {
    let (student, known) = seen_student(work, caller, id).await?;
    known.may_change(caller, Act::ManagePeople)?;
    if student.state == StudentState::Erased {
        return Err(TeachingError::Blocked("this student's personal data was erased"));
    }
    Ok(student)
}
