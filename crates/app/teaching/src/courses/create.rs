//! New courses: made, copied, or read from a file. Who makes one is its
//! teacher.

use lodge_access::{Action, Role, Tenant};
use lodge_courses::{Act, Course, CourseState, Details, Settings, Staff, StaffRole, TokenScope};
use lodge_kernel::{CourseId, TenantId};
use lodge_storage::UnitOfWork;

use crate::{Caller, Teaching, TeachingError, standing::standing};

/// What the organisation is called that the first course makes, or the first
/// hook.
const FIRST_ORGANISATION: &str = "Courses";

/// What becomes another in a copy of a course.
#[derive(Clone, Debug)]
pub struct Copy {
    /// What is said of the new one; its zone and whether it syncs are those of
    /// the old one.
    pub details: Details,
    /// The staff comes with it.
    pub with_staff: bool,
}

impl Teaching {
    /// Makes a course.
    ///
    /// # Errors
    ///
    /// [`TeachingError::Invalid`], [`TeachingError::Taken`] for its code,
    /// [`TeachingError::Viewer`], [`TeachingError::Scope`].
    #[tracing::instrument(name = "teaching.create_course", skip_all)]
    pub async fn create_course(
        &self,
        caller: &Caller,
        details: Details,
        settings: Settings,
    ) -> Result<Course, TeachingError> {
        let details = details.checked()?;
        let mut work = self.storage.begin().await?;
        let tenant = self.maker(&mut *work, caller).await?;
        let course = self.add_course(&mut *work, (tenant, caller), details, settings).await?;
        self.tell_made(&mut *work, caller, &course).await?;
        work.commit().await?;
        Ok(course)
    }

    /// Makes a course with the settings of another, and without its students.
    ///
    /// # Errors
    ///
    /// As [`create_course`](Self::create_course), and those of [`standing`].
    #[tracing::instrument(name = "teaching.clone_course", skip_all)]
    pub async fn clone_course(
        &self,
        caller: &Caller,
        id: CourseId,
        copy: Copy,
    ) -> Result<Course, TeachingError> {
        let mut work = self.storage.begin().await?;
        let known = standing(&mut *work, caller, id).await?;
        known.may(Act::ManageCourse)?;
        let tenant = self.maker(&mut *work, caller).await?;
        let old = known.course;
        let Details { time_zone, auto_sync, .. } = old.details;
        let details = Details { time_zone, auto_sync, ..copy.details }.checked()?;
        let new = self.add_course(&mut *work, (tenant, caller), details, old.settings).await?;
        if copy.with_staff {
            let everybody = work.staff().of_course(tenant, id).await?;
            for (staff, _) in everybody {
                work.staff().put(&Staff { course: new.id, ..staff }).await?;
            }
        }
        self.tell_made(&mut *work, caller, &new).await?;
        work.commit().await?;
        Ok(new)
    }

    /// The organisation in which the caller may make a course: their
    /// [`home`](Self::home).
    pub(crate) async fn maker(
        &self,
        work: &mut dyn UnitOfWork,
        caller: &Caller,
    ) -> Result<TenantId, TeachingError> {
        caller.check_scope(TokenScope::CoursesWrite)?;
        match caller {
            Caller::Person(person) if person.role == Role::Viewer => Err(TeachingError::Viewer),
            _ => self.home(work, caller).await,
        }
    }

    /// The caller's organisation. What is made first in an installation without
    /// one makes it. The caller may make something.
    pub(crate) async fn home(
        &self,
        work: &mut dyn UnitOfWork,
        caller: &Caller,
    ) -> Result<TenantId, TeachingError> {
        if let Ok(known) = caller.tenant() {
            return Ok(known);
        }
        // Somebody else may have made one meanwhile.
        if let Some(known) = work.tenants().list(None, 1).await?.first() {
            return Ok(known.id);
        }
        let id = TenantId::fresh(&*self.clock, &*self.entropy);
        let name = FIRST_ORGANISATION.to_owned();
        work.tenants().add(&Tenant { id, name, created_at: self.now() }).await?;
        self.audit(work, (id, caller), Action::TenantCreated, |it| it.to(id)).await?;
        Ok(id)
    }

    /// Adds a course; whoever makes it is its teacher.
    pub(crate) async fn add_course(
        &self,
        work: &mut dyn UnitOfWork,
        (tenant, caller): (TenantId, &Caller),
        details: Details,
        settings: Settings,
    ) -> Result<Course, TeachingError> {
        let now = self.now();
        let course = Course {
            id: CourseId::fresh(&*self.clock, &*self.entropy),
            tenant,
            details,
            settings,
            state: CourseState::Active,
            revision: 1,
            created_at: now,
            updated_at: now,
        };
        let added = work.courses().add(&course).await;
        added.map_err(TeachingError::taken("course code", &course.details.code))?;
        if let Caller::Person(person) = caller {
            let (course, user, role) = (course.id, person.user, StaffRole::Teacher);
            let teacher = Staff { tenant, course, user, role, created_at: now };
            work.staff().put(&teacher).await?;
        }
        Ok(course)
    }

    async fn tell_made(
        &self,
        work: &mut dyn UnitOfWork,
        caller: &Caller,
        course: &Course,
    ) -> Result<(), TeachingError> {
        let (id, code) = (course.id, &course.details.code);
        let made = Action::CourseMade;
        Ok(self.audit(work, (course.tenant, caller), made, |it| it.to(id).because(code)).await?)
    }
}
