//! Writes reports as files.
//!
//! Reading order: [`Reports`], [`write()`], `clean` (what is taken out of texts), `table`
//! (every content as rows and columns), then one file a format.

mod clean;
mod csv;
mod html;
mod json;
mod markdown;
mod pdf;
mod table;
mod xlsx;

use std::sync::Arc;

use async_trait::async_trait;
use lodge_services::{RenderError, Report, ReportFormat, ReportRenderer};
use tokio::{sync::Semaphore, task::spawn_blocking};

/// How many files are written at once; the others wait.
const AT_ONCE: usize = 2;

/// Writes reports in every format.
#[derive(Clone, Debug)]
pub struct Reports(Arc<Semaphore>);

impl Default for Reports {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(AT_ONCE)))
    }
}

#[async_trait]
impl ReportRenderer for Reports {
    async fn render(&self, report: Report, format: ReportFormat) -> Result<Vec<u8>, RenderError> {
        let broken = |problem: String| RenderError { format, problem };
        let permit = Arc::clone(&self.0).acquire_owned().await;
        let permit = permit.map_err(|error| broken(error.to_string()))?;
        let written = spawn_blocking(move || {
            let written = write(&report, format);
            drop(permit);
            written
        });
        written.await.map_err(|error| broken(error.to_string()))?
    }
}

/// The file. It takes time.
///
/// # Errors
///
/// [`RenderError`] when such a file cannot hold so much.
pub fn write(report: &Report, format: ReportFormat) -> Result<Vec<u8>, RenderError> {
    let report = clean::report(report);
    let written = match format {
        ReportFormat::Json => json::write(&report).map_err(|it| it.to_string()),
        ReportFormat::Csv => csv::write(&report).map_err(|it| it.to_string()),
        ReportFormat::Xlsx => xlsx::write(&report).map_err(|it| it.to_string()),
        ReportFormat::Markdown => Ok(markdown::write(&report).into_bytes()),
        ReportFormat::Html => html::write(&report).map_err(|it| it.to_string()),
        ReportFormat::Pdf => pdf::write(&report),
    };
    written.map_err(|problem| RenderError { format, problem })
}
