//! A course is brought in from a host for the first time.

use lodge_access::{Action, Role};
use lodge_courses::{Act, Course, Details, Settings, TokenScope};
use lodge_jobs::{Job, Queue};
use lodge_kernel::CourseId;
use lodge_provider::Located;
use lodge_teams::{CourseSource, SourceKind};

use super::{Address, order::SyncWish};
use crate::{Caller, Teaching, TeachingError, courses::change::keep_in_step, standing::standing};

/// Into what it is brought.
#[derive(Clone, Debug)]
pub enum ImportInto {
    /// A new course.
    New(Details),
    /// A course that is there; it is kept up by itself from now on if that is
    /// said.
    Course(CourseId, bool),
}

/// A course that is to be brought in.
#[derive(Clone, Debug)]
pub struct ImportWish {
    /// Where it is.
    pub address: Address,
    /// Into what.
    pub into: ImportInto,
}

/// A course that will be brought in.
#[derive(Debug)]
pub struct Imported {
    /// The course.
    pub course: Course,
    /// What does it.
    pub job: Job,
}

impl Teaching {
    /// Brings a course in from a host: says at once what is wrong, and leaves the
    /// rest to a job. When anything is wrong, nothing was made.
    ///
    /// # Errors
    ///
    /// [`TeachingError`]; [`TeachingError::Host`] when the host does not answer.
    #[tracing::instrument(name = "teaching.import_course", skip_all)]
    pub async fn import_course(
        &self,
        caller: &Caller,
        wish: ImportWish,
    ) -> Result<Imported, TeachingError> {
        let into = match wish.into {
            ImportInto::New(details) => ImportInto::New(details.checked()?),
            known @ ImportInto::Course(..) => known,
        };
        // Who may not is told before a host is asked, and the right is asked for
        // again in the unit of work that uses it.
        self.may_import(caller, &into).await?;
        let place = self.locate(caller, &wish.address).await?;
        let mut work = self.storage.begin().await?;
        let is_new = matches!(into, ImportInto::New(_));
        let (course, action) = match into {
            ImportInto::New(details) => {
                let tenant = self.maker(&mut *work, caller).await?;
                let who = (tenant, caller);
                let course = self.add_course(&mut *work, who, details, Settings::default()).await?;
                (course, Action::CourseMade)
            }
            ImportInto::Course(id, auto_sync) => {
                let known = standing(&mut *work, caller, id).await?;
                known.may_change(caller, Act::ManageCourse)?;
                let mut course = known.course;
                if auto_sync && !course.details.auto_sync {
                    course.details.auto_sync = true;
                    course = course.changed(self.now());
                    self.write_course(&mut *work, caller, &course, "auto_sync").await?;
                    keep_in_step(&mut *work, &course).await?;
                }
                (course, Action::CourseChanged)
            }
        };
        let (kind, remote_id) = match &place.located {
            Located::Group(it) => (SourceKind::Group, it.id.clone()),
            Located::Project(it) => (SourceKind::Project, it.id.to_string()),
        };
        let source = CourseSource {
            tenant: course.tenant,
            course: course.id,
            host: place.host,
            connection: wish.address.connection,
            kind,
            remote_id,
            address: wish.address.url.trim().to_owned(),
            auto_sync: course.details.auto_sync,
            created_at: self.now(),
            synced_at: None,
            tried_at: None,
            failure: None,
        };
        work.sources().put(&source).await?;
        let order = SyncWish { queue: Queue::High, ..SyncWish::of(caller, &course) };
        let id = if is_new {
            self.ask_for_sync(&mut *work, order).await?
        } else {
            self.ask_for_import(&mut *work, order, &source).await?
        };
        let job = work.jobs().find(id).await?.ok_or(TeachingError::NotFound("job"))?;
        let (who, address) = ((course.tenant, caller), &source.address);
        self.audit(&mut *work, who, action, |it| it.to(course.id).because(address)).await?;
        work.commit().await?;
        self.job_waits();
        Ok(Imported { course, job })
    }

    async fn may_import(&self, caller: &Caller, into: &ImportInto) -> Result<(), TeachingError> {
        match (into, caller) {
            (ImportInto::New(_), Caller::Person(person)) if person.role == Role::Viewer => {
                Err(TeachingError::Viewer)
            }
            (ImportInto::New(_), _) => caller.check_scope(TokenScope::CoursesWrite),
            (ImportInto::Course(id, _), _) => {
                let mut work = self.storage.read().await?;
                standing(&mut *work, caller, *id).await?.may_change(caller, Act::ManageCourse)
            }
        }
    }
}
