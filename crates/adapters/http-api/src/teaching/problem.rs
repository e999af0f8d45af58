//! Errors below `/api/v1`: `{"error":{"code","message","details","request_id"}}`.
//!
//! A [`Refusal`] is to these routes what a [`Problem`] is to the gateway's. What
//! the parts that both share refuse comes as a `Problem`, and is said in this
//! shape by the middleware, by its path.

use actix_web::{HttpResponse, ResponseError, body::BoxBody, http::StatusCode};
use lodge_courses::Fault;
use lodge_storage::StorageError;
use lodge_teaching::{CallerError, TeachingError};
use serde::Serialize;
use utoipa::ToSchema;

use crate::problem::Problem;

/// Below this, errors have this shape.
pub(crate) const PREFIX: &str = "/api/v1/";

macro_rules! codes {
    ($($name:ident = $text:literal, $status:ident, $meaning:literal;)+) => {
        /// What was wrong, for programs.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum RefusalCode {
            $(#[doc = $meaning] $name,)+
        }

        impl RefusalCode {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// The code in answers.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => $text,)+ }
            }

            /// The HTTP status.
            pub const fn status(self) -> StatusCode {
                match self { $(Self::$name => StatusCode::$status,)+ }
            }

            /// What it means.
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$name => $meaning,)+ }
            }
        }
    };
}

#[rustfmt::skip]
codes! {
    InvalidRequest       = "invalid_request",        BAD_REQUEST,            "The request cannot be read: `message` names the parameter or the place.";
    Unauthorized         = "unauthorized",           UNAUTHORIZED,           "No token or session, or one that is wrong or has ended.";
    Forbidden            = "forbidden",              FORBIDDEN,              "The caller sees it and may not do this, or the token is for less.";
    NotFound             = "not_found",              NOT_FOUND,              "There is none, or it belongs to somebody else.";
    MethodNotAllowed     = "method_not_allowed",     METHOD_NOT_ALLOWED,     "The path takes other methods: `Allow` lists them.";
    RequestTimeout       = "request_timeout",        REQUEST_TIMEOUT,        "The body did not arrive in time.";
    Conflict             = "conflict",               CONFLICT,               "It does not fit what there is: a code that is taken, a course that is archived, a key that was used for something else.";
    PreconditionFailed   = "precondition_failed",    PRECONDITION_FAILED,    "It has changed since it was read: read it again, and send its `ETag` in `If-Match`.";
    PayloadTooLarge      = "payload_too_large",      PAYLOAD_TOO_LARGE,      "The body is larger than this route takes.";
    UnsupportedMediaType = "unsupported_media_type", UNSUPPORTED_MEDIA_TYPE, "The body is of a kind that this route does not take.";
    Unprocessable        = "unprocessable",          UNPROCESSABLE_ENTITY,   "The request can be read, and fields of it cannot be used: `details` names each.";
    RateLimited          = "rate_limited",           TOO_MANY_REQUESTS,      "Too many requests: wait for the seconds in `Retry-After`.";
    InternalError        = "internal_error",         INTERNAL_SERVER_ERROR,  "Something went wrong here: the cause is in the log under `request_id`.";
    Unavailable          = "unavailable",            SERVICE_UNAVAILABLE,    "The database or a host did not answer: wait for the seconds in `Retry-After`, and try again.";
}

/// How long a host is left alone that does not say how long, in seconds.
const HOST_PAUSE: u64 = 30;

/// One error, without the request's id.
#[derive(Clone, Debug)]
pub(crate) struct Refusal {
    pub(crate) code: RefusalCode,
    pub(crate) message: String,
    pub(crate) details: Vec<Fault>,
    /// In seconds.
    pub(crate) retry_after: Option<u64>,
}

impl Refusal {
    pub(crate) fn new(code: RefusalCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), details: Vec::new(), retry_after: None }
    }

    /// A request that cannot be read.
    pub(crate) fn invalid(message: impl Into<String>) -> Self {
        Self::new(RefusalCode::InvalidRequest, message)
    }

    /// What is in the path, and is nothing of ours.
    pub(crate) fn missing(what: &str) -> Self {
        Self::new(RefusalCode::NotFound, format!("there is no such {what}"))
    }

    /// Fields that cannot be used.
    pub(crate) fn unprocessable(details: Vec<Fault>) -> Self {
        let first = details.first().map(|it| format!("{}: {}", it.field, it.problem));
        let message = first.unwrap_or_else(|| "a field cannot be used".to_owned());
        Self { details, ..Self::new(RefusalCode::Unprocessable, message) }
    }

    /// One field that cannot be used.
    pub(crate) fn field(field: impl Into<String>, problem: impl Into<String>) -> Self {
        Self::unprocessable(vec![Fault { field: field.into(), problem: problem.into() }])
    }

    /// The body of the answer.
    pub(crate) fn body(self, request_id: &str) -> RefusalBody {
        let details = self.details.into_iter();
        RefusalBody {
            error: RefusalDetail {
                code: self.code.name(),
                message: self.message,
                details: details
                    .map(|it| FaultView { field: it.field, problem: it.problem })
                    .collect(),
                request_id: request_id.to_owned(),
            },
        }
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.code.name(), self.message)
    }
}

impl std::error::Error for Refusal {}

impl ResponseError for Refusal {
    fn status_code(&self) -> StatusCode {
        self.code.status()
    }

    /// Without a body: the middleware writes it, with the request's id.
    fn error_response(&self) -> HttpResponse<BoxBody> {
        let mut response = HttpResponse::new(self.code.status());
        response.extensions_mut().insert(self.clone());
        response
    }
}

impl From<Problem> for Refusal {
    fn from(it: Problem) -> Self {
        let status = it.status();
        let known = RefusalCode::ALL.iter().copied().find(|it| it.status() == status);
        // What the gateway says beside: a cursor that is too old (410), a host
        // that failed (502, 504).
        let otherwise = if status.is_server_error() {
            RefusalCode::Unavailable
        } else {
            RefusalCode::InvalidRequest
        };
        let code = known.unwrap_or(otherwise);
        Self { retry_after: it.retry_after, ..Self::new(code, it.message) }
    }
}

impl From<StorageError> for Refusal {
    fn from(error: StorageError) -> Self {
        Problem::storage(&error).into()
    }
}

impl From<CallerError> for Refusal {
    fn from(error: CallerError) -> Self {
        match error {
            CallerError::Unknown | CallerError::Ended => {
                Self::new(RefusalCode::Unauthorized, error.to_string())
            }
            CallerError::Storage(error) => error.into(),
        }
    }
}

impl From<TeachingError> for Refusal {
    fn from(error: TeachingError) -> Self {
        let code = match error {
            TeachingError::NotFound(_) => RefusalCode::NotFound,
            TeachingError::Scope(_)
            | TeachingError::Denied { .. }
            | TeachingError::Closed(_)
            | TeachingError::AdminOnly
            | TeachingError::PersonOnly
            | TeachingError::Viewer => RefusalCode::Forbidden,
            TeachingError::Invalid(faults) => return Self::unprocessable(faults),
            TeachingError::Unwritable(error) => return Self::field("format", error.to_string()),
            TeachingError::Taken { .. }
            | TeachingError::Blocked(_)
            | TeachingError::Hooked { .. } => RefusalCode::Conflict,
            TeachingError::Stale { .. } => RefusalCode::PreconditionFailed,
            TeachingError::Storage(error) => return error.into(),
            TeachingError::Host { wait, .. } => {
                let retry_after = Some(wait.map_or(HOST_PAUSE, |it| it.as_secs().max(1)));
                let refusal = Self::new(RefusalCode::Unavailable, error.to_string());
                return Self { retry_after, ..refusal };
            }
        };
        Self::new(code, error.to_string())
    }
}

/// The one shape of every error below `/api/v1`.
#[derive(Debug, Serialize, ToSchema)]
pub struct RefusalBody {
    /// What went wrong.
    pub error: RefusalDetail,
}

/// What went wrong.
#[derive(Debug, Serialize, ToSchema)]
pub struct RefusalDetail {
    /// One of the codes of `docs/courses.md`.
    pub code: &'static str,
    /// For people.
    pub message: String,
    /// Each field that cannot be used.
    pub details: Vec<FaultView>,
    /// Also in the header `x-request-id`.
    pub request_id: String,
}

/// One field that cannot be used.
#[derive(Debug, Serialize, ToSchema)]
pub struct FaultView {
    /// Where it stands: a name, a JSON path, or `line 17, column 3 (email)`.
    pub field: String,
    /// What is wrong with it.
    pub problem: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documentation_lists_every_code_and_no_other() {
        let docs = include_str!("../../../../../docs/courses.md");
        let table = docs.split("<!-- codes -->").nth(1).unwrap();
        let table = table.split("<!-- /codes -->").next().unwrap();
        let rows: Vec<_> = table.lines().filter(|it| it.starts_with("| `")).collect();
        let row = |it: &RefusalCode| {
            format!("| `{}` | {} | {} |", it.name(), it.status().as_u16(), it.meaning())
        };
        let expected: Vec<_> = RefusalCode::ALL.iter().map(row).collect();
        assert_eq!(rows, expected);
    }
}
