//! Reports before they are files.

use lodge_services::{Report, ReportFormat};

use crate::{Teaching, TeachingError};

/// What is written, and what to call it.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The name of its file without the ending: letters and digits of ASCII, and
    /// `-`.
    pub(super) name: String,
    /// What is written.
    pub(super) report: Report,
}

impl Draft {
    /// What its file is called: the name has one dot.
    pub fn file_name(&self, format: ReportFormat) -> String {
        format!("{}.{}", self.name, format.extension())
    }
}

impl Teaching {
    /// A draft as a file.
    ///
    /// # Errors
    ///
    /// [`TeachingError::Unwritable`] when such a file cannot hold so much.
    pub async fn write(
        &self,
        draft: Draft,
        format: ReportFormat,
    ) -> Result<Vec<u8>, TeachingError> {
        Ok(self.reports.render(draft.report, format).await?)
    }
}
