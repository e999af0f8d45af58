//! Bodies that hosts deliver, read as JSON.

use serde::Deserialize;
use serde_json::error::Category;

/// A body is not what is read from it. Where, and nothing of its text: that may
/// be a secret, or about a person, and errors go into logs and answers.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what}, at line {line}, column {column}")]
pub struct Unreadable {
    what: &'static str,
    line: usize,
    column: usize,
}

impl From<serde_json::Error> for Unreadable {
    fn from(error: serde_json::Error) -> Self {
        let what = match error.classify() {
            Category::Syntax | Category::Io => "it is no JSON",
            Category::Data => "the JSON is of another form",
            Category::Eof => "the JSON ends too early",
        };
        Self { what, line: error.line(), column: error.column() }
    }
}

/// Reads `body`.
///
/// # Errors
///
/// [`Unreadable`] when it is no JSON, or of another form than `T`.
pub fn read_json<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, Unreadable> {
    Ok(serde_json::from_slice(body)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_says_where_it_is_and_nothing_of_the_text() {
        for (body, said) in [
            ("[\n  7, \"s3cret\"]", "the JSON is of another form, at line 2, column "),
            ("[7, s3cret]", "it is no JSON, at line 1, column "),
            ("[7, 8", "the JSON ends too early, at line 1, column "),
        ] {
            let error = read_json::<Vec<u8>>(body.as_bytes()).unwrap_err().to_string();
            assert!(error.starts_with(said), "{error}");
            assert!(!error.contains("s3cret"), "{error}");
        }
    }
}
