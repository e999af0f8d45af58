//! What a teacher chooses for a course.

use lodge_courses::{Act, Course, Settings};
use lodge_kernel::CourseId;

use crate::{Caller, Expected, Teaching, TeachingError, standing::standing};

impl Teaching {
    /// A course with its settings, for those who see everybody.
    ///
    /// # Errors
    ///
    /// [`TeachingError`].
    #[tracing::instrument(name = "teaching.find_settings", skip_all)]
    pub async fn find_settings(
        &self,
        caller: &Caller,
        id: CourseId,
    ) -> Result<Course, TeachingError> {
        let mut work = self.storage.read().await?;
        let known = standing(&mut *work, caller, id).await?;
        known.may(Act::SeeEverybody)?;
        Ok(known.course)
    }

    /// Replaces the settings of a course.
    ///
    /// # Errors
    ///
    /// [`TeachingError`].
    #[tracing::instrument(name = "teaching.replace_settings", skip_all)]
    pub async fn replace_settings(
        &self,
        caller: &Caller,
        id: CourseId,
        expected: &Expected,
        settings: Settings,
    ) -> Result<Course, TeachingError> {
        let mut work = self.storage.begin().await?;
        let known = standing(&mut *work, caller, id).await?;
        known.may_change(caller, Act::ManageCourse)?;
        expected.check(known.course.revision)?;
        let course = Course { settings, ..known.course }.changed(self.now());
        self.write_course(&mut *work, caller, &course, "settings").await?;
        work.commit().await?;
        Ok(course)
    }
}
