//! How files are sent: to be kept, and never run.

use actix_web::{HttpResponse, http::header};
use lodge_services::ReportFormat;
use lodge_teaching::reports::Draft;

use crate::teaching::{caller::Teacher, problem::Refusal, respond::Answer};

/// What a browser may do with a page of ours that it was told to keep: show it.
const HARMLESS: &str = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:";

/// A file called `name`, which has nothing but letters and digits of ASCII, `-`
/// and `.`.
pub(crate) fn file(name: &str, format: ReportFormat, body: Vec<u8>) -> HttpResponse {
    HttpResponse::Ok()
        .content_type(format.media_type())
        .insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .insert_header((header::CONTENT_SECURITY_POLICY, HARMLESS))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((header::CACHE_CONTROL, "private, no-store"))
        .insert_header((header::VARY, "Authorization, Cookie"))
        .body(body)
}

/// A draft as a file.
pub(crate) async fn draft(teacher: &Teacher, draft: Draft, format: ReportFormat) -> Answer {
    let name = draft.file_name(format);
    let body = teacher.teaching().write(draft, format).await?;
    Ok(file(&name, format, body))
}

/// The format of that name, of those that a route has.
pub(crate) fn format(name: &str, formats: &[ReportFormat]) -> Result<ReportFormat, Refusal> {
    let found = ReportFormat::parse(name).filter(|it| formats.contains(it));
    found.ok_or_else(|| {
        let names: Vec<_> = formats.iter().map(|it| it.name()).collect();
        Refusal::invalid(format!("`format` is one of {}", names.join(", ")))
    })
}
