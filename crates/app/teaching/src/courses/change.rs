//! A course changes, is put away, and is deleted.

use lodge_access::Action;
use lodge_courses::{Act, Course, CourseContents, CourseState, Details, Semester, TokenScope};
use lodge_kernel::CourseId;
use lodge_storage::{StorageError, UnitOfWork};

use crate::{Caller, Expected, Teaching, TeachingError, projects::hooked, standing::standing};

const BUSY: TeachingError =
    TeachingError::Blocked("something was added to the course at the same time: try again");

/// What becomes another; `None` stays.
#[derive(Clone, Debug, Default)]
pub struct CourseChange {
    /// The code.
    pub code: Option<String>,
    /// The name.
    pub name: Option<String>,
    /// The academic year.
    pub academic_year: Option<String>,
    /// The semester.
    pub semester: Option<Semester>,
    /// The time zone.
    pub time_zone: Option<String>,
    /// Whether hosts are asked by themselves.
    pub auto_sync: Option<bool>,
}

impl CourseChange {
    fn of(self, old: Details) -> Details {
        Details {
            code: self.code.unwrap_or(old.code),
            name: self.name.unwrap_or(old.name),
            academic_year: self.academic_year.unwrap_or(old.academic_year),
            semester: self.semester.unwrap_or(old.semester),
            time_zone: self.time_zone.unwrap_or(old.time_zone),
            auto_sync: self.auto_sync.unwrap_or(old.auto_sync),
        }
    }
}

impl Teaching {
    /// Changes a course.
    ///
    /// # Errors
    ///
    /// [`TeachingError`].
    #[tracing::instrument(name = "teaching.update_course", skip_all)]
    pub async fn update_course(
        &self,
        caller: &Caller,
        id: CourseId,
        expected: &Expected,
        change: CourseChange,
    ) -> Result<Course, TeachingError> {
        let mut work = self.storage.begin().await?;
        let known = standing(&mut *work, caller, id).await?;
        known.may_change(caller, Act::ManageCourse)?;
        expected.check(known.course.revision)?;
        let details = change.of(known.course.details.clone()).checked()?;
        let course = Course { details, ..known.course }.changed(self.now());
        self.write_course(&mut *work, caller, &course, "changed").await?;
        keep_in_step(&mut *work, &course).await?;
        work.commit().await?;
        Ok(course)
    }

    /// Puts a course away, or takes it out again. What is in that state stays.
    ///
    /// # Errors
    ///
    /// [`TeachingError`].
    #[tracing::instrument(name = "teaching.archive_course", skip_all)]
    pub async fn set_course_state(
        &self,
        caller: &Caller,
        id: CourseId,
        expected: &Expected,
        state: CourseState,
    ) -> Result<Course, TeachingError> {
        let mut work = self.storage.begin().await?;
        let known = standing(&mut *work, caller, id).await?;
        known.may(Act::ManageCourse)?;
        caller.check_scope(TokenScope::CoursesWrite)?;
        expected.check(known.course.revision)?;
        if known.course.state == state {
            return Ok(known.course);
        }
        let course = Course { state, ..known.course }.changed(self.now());
        self.write_course(&mut *work, caller, &course, state.name()).await?;
        work.commit().await?;
        Ok(course)
    }

    /// Deletes a course with everything in it. `confirmed` is its code, so that
    /// nobody deletes another one by mistake. Answers what went with it.
    ///
    /// # Errors
    ///
    /// [`TeachingError`].
    #[tracing::instrument(name = "teaching.delete_course", skip_all)]
    pub async fn delete_course(
        &self,
        caller: &Caller,
        id: CourseId,
        expected: &Expected,
        confirmed: &str,
    ) -> Result<(Course, CourseContents), TeachingError> {
        let mut work = self.storage.begin().await?;
        let known = standing(&mut *work, caller, id).await?;
        known.may(Act::Erase)?;
        caller.check_scope(TokenScope::CoursesWrite)?;
        expected.check(known.course.revision)?;
        let course = known.course;
        let contents = work.courses().contents(course.tenant, id).await?;
        let hooked = hooked(&mut *work, (course.tenant, id), None).await?;
        if confirmed != course.details.code {
            let CourseContents { teams, students, projects, staff } = contents;
            let mut problem = format!(
                "a course is deleted with its {teams} teams, {students} students, {projects} \
                 projects and {staff} members of staff: say its code, `{}`",
                course.details.code
            );
            if let Some(hooked) = hooked {
                problem.push_str(". Remove the webhooks at hosts before that: ");
                problem.push_str(&hooked);
            }
            return Err(TeachingError::invalid("confirm", problem));
        }
        if let Some(projects) = hooked {
            return Err(TeachingError::Hooked { projects });
        }
        let removed = work.courses().remove(course.tenant, id, course.revision).await;
        if !removed.map_err(TeachingError::gone(BUSY))? {
            return Err(TeachingError::Stale { revision: course.revision + 1 });
        }
        let (tenant, code) = (course.tenant, &course.details.code);
        let deleted = Action::CourseDeleted;
        self.audit(&mut *work, (tenant, caller), deleted, |it| it.to(id).because(code)).await?;
        work.commit().await?;
        Ok((course, contents))
    }

    /// Writes a course that was changed, unless somebody else was faster.
    pub(crate) async fn write_course(
        &self,
        work: &mut dyn UnitOfWork,
        caller: &Caller,
        course: &Course,
        what: &str,
    ) -> Result<(), TeachingError> {
        let written = work.courses().update(course).await;
        let code = &course.details.code;
        if !written.map_err(TeachingError::taken("course code", code))? {
            return Err(TeachingError::Stale { revision: course.revision });
        }
        let (who, changed) = ((course.tenant, caller), Action::CourseChanged);
        self.audit(work, who, changed, |it| it.to(course.id).because(what)).await?;
        Ok(())
    }
}

/// The sources of a course are kept up by themselves when the course is.
pub(crate) async fn keep_in_step(
    work: &mut dyn UnitOfWork,
    course: &Course,
) -> Result<(), StorageError> {
    work.sources().keep_up(course.tenant, course.id, course.details.auto_sync).await
}
