//! Every code, as the `OpenAPI` document lists them.

use askama::Template;
use serde_json::Value;

use super::topic::Topic;
use crate::reference::Prose;

#[derive(Template)]
#[template(path = "docs/errors.html")]
pub(super) struct ErrorsPage<'a> {
    here: &'static str,
    topic: Topic,
    issuer: &'a str,
    codes: Vec<CodeView<'a>>,
}

struct CodeView<'a> {
    code: &'a str,
    status: u64,
    retryable: bool,
    suggested_action: &'a str,
    meaning: &'a str,
    advice: Prose<'a>,
}

pub(super) fn page<'a>(openapi: &'a Value, issuer: &'a str) -> ErrorsPage<'a> {
    let codes = openapi.get("x-error-codes").and_then(Value::as_array);
    let codes = codes.into_iter().flatten().map(|it| {
        let text = |name: &str| it.get(name).and_then(Value::as_str);
        CodeView {
            code: text("code").unwrap_or_default(),
            status: it.get("status").and_then(Value::as_u64).unwrap_or_default(),
            retryable: it.get("retryable").and_then(Value::as_bool).unwrap_or_default(),
            suggested_action: text("suggestedAction").unwrap_or_default(),
            meaning: text("meaning").unwrap_or_default(),
            advice: Prose::of(text("advice")),
        }
    });
    ErrorsPage { here: "docs", topic: Topic::Errors, issuer, codes: codes.collect() }
}
