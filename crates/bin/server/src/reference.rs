//! Documentation that is made from the code.

use lodge_http_api::openapi::{Page, document};

use crate::print;

/// `gitlodge openapi`
pub(crate) fn openapi() -> anyhow::Result<()> {
    print::line(&document_text()?)
}

/// The document of everything that is served: endpoints and pages.
pub(crate) fn document_text() -> anyhow::Result<String> {
    let pages: Vec<_> = lodge_web::ROUTES
        .iter()
        .map(|it| Page {
            method: it.method,
            path: it.path,
            summary: it.summary,
            text: it.details.map(|it| it.text),
            parameters: it.details.map(|it| it.parameters).unwrap_or_default(),
        })
        .collect();
    Ok(serde_json::to_string_pretty(&document(&pages))?)
}
