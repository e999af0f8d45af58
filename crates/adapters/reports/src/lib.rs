//! Writes reports as files.
//!
//! Reading order: [`Reports`], `clean` (what is taken out of texts), `table`
//! (every content as rows and columns), then one file a format.

mod clean;
mod csv;
mod html;
mod json;
mod markdown;
mod pdf;
mod table;
mod xlsx;

use lodge_services::{RenderError, Report, ReportFormat, ReportRenderer};

/// Writes reports in every format.
#[derive(Clone, Copy, Debug, Default)]
pub struct Reports;

impl ReportRenderer for Reports {
    fn render(&self, report: &Report, format: ReportFormat) -> Result<Vec<u8>, RenderError> {
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
}
