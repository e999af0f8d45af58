//! Courses: made, seen, changed, put away, copied, forgotten and deleted.

pub mod change;
pub mod configuration;
pub mod create;
pub mod forget;
pub mod settings;
pub mod staff;

use lodge_courses::{Act, Course, CourseState, TokenScope};
use lodge_kernel::CourseId;
use lodge_storage::{CourseFilter, Listing};

use crate::{Caller, Standing, Teaching, TeachingError, standing::standing};

impl Teaching {
    /// The courses that the caller is something in.
    ///
    /// # Errors
    ///
    /// [`TeachingError::Scope`], [`TeachingError::Storage`].
    #[tracing::instrument(name = "teaching.list_courses", skip_all)]
    pub async fn list_courses(
        &self,
        caller: &Caller,
        state: Option<CourseState>,
        listing: &Listing<CourseId>,
    ) -> Result<Vec<Course>, TeachingError> {
        caller.check_scope(TokenScope::CoursesRead)?;
        let Ok(tenant) = caller.tenant() else { return Ok(Vec::new()) };
        let of = match caller {
            Caller::Person(person) if !person.is_admin() => Some(person.user),
            _ => None,
        };
        let mut work = self.storage.read().await?;
        let found = work.courses().list(tenant, CourseFilter { of, state }, listing).await?;
        Ok(found)
    }

    /// One course, and what the caller is in it.
    ///
    /// # Errors
    ///
    /// Those of [`standing`].
    #[tracing::instrument(name = "teaching.find_course", skip_all)]
    pub async fn find_course(
        &self,
        caller: &Caller,
        id: CourseId,
    ) -> Result<Standing, TeachingError> {
        let mut work = self.storage.read().await?;
        let standing = standing(&mut *work, caller, id).await?;
        standing.may(Act::See)?;
        Ok(standing)
    }
}
