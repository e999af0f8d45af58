//! A course's choices as a file, for another installation or another year.

use lodge_courses::{Act, Document, configuration};
use lodge_kernel::CourseId;

use crate::{Caller, Teaching, TeachingError, standing::standing};

impl Teaching {
    /// What [`configuration::read`] reads again: how a course is set, without
    /// anybody in it.
    ///
    /// # Errors
    ///
    /// [`TeachingError`].
    #[tracing::instrument(name = "teaching.export_course", skip_all)]
    pub async fn export_course(
        &self,
        caller: &Caller,
        id: CourseId,
    ) -> Result<(String, Document), TeachingError> {
        let mut work = self.storage.read().await?;
        let known = standing(&mut *work, caller, id).await?;
        known.may(Act::ManageCourse)?;
        let course = known.course;
        let document = configuration::write(&course.details, &course.settings);
        Ok((course.details.code, document))
    }
}
