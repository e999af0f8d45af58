//! Reports that say what they are of, and nothing else.

use async_trait::async_trait;
use lodge_services::{RenderError, Report, ReportFormat, ReportRenderer};

/// Writes the format and the report as Rust shows it. What is titled
/// [`TOO_LARGE`](Self::TOO_LARGE) cannot be written.
#[derive(Clone, Copy, Debug, Default)]
pub struct PlainReports;

impl PlainReports {
    /// The title of what cannot be written.
    pub const TOO_LARGE: &'static str = "too large";
}

#[async_trait]
impl ReportRenderer for PlainReports {
    async fn render(&self, report: Report, format: ReportFormat) -> Result<Vec<u8>, RenderError> {
        if report.title == Self::TOO_LARGE {
            let problem = "there is too much of it".to_owned();
            return Err(RenderError { format, problem });
        }
        Ok(format!("{format} {report:#?}").into_bytes())
    }
}
