//! Documentation that is made from the code.

use std::sync::LazyLock;

use lodge_http_api::openapi::{self, Page};
use serde::Serialize;
use serde_json::Value;

use crate::print;

/// `gitlodge openapi`
pub(crate) fn openapi() -> anyhow::Result<()> {
    print::line(document_once())
}

/// The document of everything that is served: endpoints and pages.
fn written() -> impl Serialize {
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
    openapi::document(&pages)
}

/// It, for who looks something up in it.
pub(crate) fn document() -> Value {
    serde_json::json!(written())
}

/// Its text, written once in a process.
pub(crate) fn document_once() -> &'static str {
    static TEXT: LazyLock<String> = LazyLock::new(|| {
        serde_json::to_string_pretty(&written()).unwrap_or_else(|error| {
            tracing::error!(%error, "the OpenAPI document cannot be written");
            String::new()
        })
    });
    &TEXT
}
