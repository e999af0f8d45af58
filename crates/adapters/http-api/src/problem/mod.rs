//! From any error to the canonical shape.
//!
//! [`codes`] is the contract's table. The other files turn the errors of the
//! inner rings into a [`Problem`]; each is one exhaustive `match`, so that a
//! new error does not compile until it has a code. The request's id is added
//! by [`crate::middleware`], which alone knows it.

pub mod codes;
mod from_administration;
mod from_connections;
mod from_events;
mod from_oauth;
mod from_people;
mod from_read;

use actix_web::{HttpResponse, ResponseError, body::BoxBody, http::StatusCode};
use serde::Serialize;
use utoipa::ToSchema;

pub use codes::Code;

/// One error, without the request's id.
#[derive(Clone, Debug)]
pub struct Problem {
    /// Its code.
    pub code: Code,
    /// What was wrong, for people.
    pub message: String,
    /// The host that it came from.
    pub provider: Option<String>,
    /// A host's answer is the cause.
    pub from_provider: bool,
    /// What to do, where it is not what the table says.
    pub action: Option<&'static str>,
    /// What a program can act on, where the code alone is not enough.
    pub details: Option<Box<Details>>,
    /// The status, where it is not what the table says.
    pub status: Option<StatusCode>,
    /// When to try again, in seconds.
    pub retry_after: Option<u64>,
    /// What the host says of its answer.
    pub upstream: Option<Box<Upstream>>,
}

/// What a host says of its answer.
#[derive(Clone, Debug)]
pub struct Upstream {
    /// The HTTP status.
    pub status: u16,
    /// The host's id of the request.
    pub request_id: Option<String>,
}

impl Problem {
    /// A problem of this gateway.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            provider: None,
            from_provider: false,
            action: None,
            details: None,
            status: None,
            retry_after: None,
            upstream: None,
        }
    }

    /// A request that makes no sense.
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new(Code::InvalidRequest, message)
    }

    /// The same problem with another thing to do.
    #[must_use]
    pub fn with_action(self, action: &'static str) -> Self {
        Self { action: Some(action), ..self }
    }

    /// The same problem with another status, where HTTP has a truer one.
    #[must_use]
    pub fn with_status(self, status: StatusCode) -> Self {
        Self { status: Some(status), ..self }
    }

    /// Something that must not happen. The cause goes to the log, not to the
    /// caller.
    pub fn internal(cause: &dyn std::error::Error) -> Self {
        tracing::error!(error = chain(cause), "internal error");
        Self::new(
            Code::InternalError,
            "Something went wrong here. Try again, and tell us the request id if it stays.",
        )
    }

    /// The database cannot be reached, or was busy.
    pub fn storage(cause: &lodge_storage::StorageError) -> Self {
        use lodge_storage::StorageError;
        match cause {
            StorageError::Unavailable(_) | StorageError::Conflict(_) => {
                tracing::warn!(error = chain(cause), "storage unavailable");
                let message = "The gateway's own database did not answer. Try again in a moment.";
                Self { retry_after: Some(1), ..Self::new(Code::UpstreamUnavailable, message) }
            }
            other => Self::internal(other),
        }
    }

    /// The status of the answer.
    pub fn status(&self) -> StatusCode {
        self.status.unwrap_or_else(|| self.code.status())
    }

    /// The body of the answer. `issuer` is the public address, where the code is
    /// explained.
    pub fn body(self, request_id: &str, issuer: &str) -> ErrorBody {
        let code = self.code;
        ErrorBody {
            error: ErrorDetail {
                code: code.name(),
                message: self.message,
                source: if self.from_provider { "provider" } else { "gitlodge" },
                provider: self.provider,
                retryable: code.is_retryable(),
                details: self.details,
                user_action_required: code.needs_action(),
                suggested_action: self.action.unwrap_or_else(|| code.suggested_action()),
                upstream_status: self.upstream.as_ref().map(|it| it.status),
                request_id: request_id.to_owned(),
                provider_request_id: self.upstream.and_then(|it| it.request_id),
                retry_after_seconds: self.retry_after,
                documentation_url: format!("{issuer}/docs/errors#{}", code.name()),
            },
        }
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.code.name(), self.message)
    }
}

impl std::error::Error for Problem {}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.status()
    }

    /// Without a body: the middleware writes it, with the request's id.
    fn error_response(&self) -> HttpResponse<BoxBody> {
        let mut response = HttpResponse::new(self.status());
        response.extensions_mut().insert(self.clone());
        response
    }
}

/// The one shape of every JSON error.
#[derive(Debug, Serialize, ToSchema)]
pub struct ErrorBody {
    /// What went wrong.
    pub error: ErrorDetail,
}

/// What went wrong.
#[derive(Debug, Serialize, ToSchema)]
pub struct ErrorDetail {
    /// One of the codes at /v1/platform/capabilities.
    pub code: &'static str,
    /// For people.
    pub message: String,
    /// `gitlodge`, or `provider` when a host's answer is the cause.
    pub source: &'static str,
    /// The host.
    pub provider: Option<String>,
    /// The identical request may succeed later without anybody doing anything.
    pub retryable: bool,
    /// Somebody must change something first.
    pub user_action_required: bool,
    /// What to do next.
    pub suggested_action: &'static str,
    /// The host's HTTP status.
    pub upstream_status: Option<u16>,
    /// Also in the header `x-request-id`.
    pub request_id: String,
    /// The host's id of its answer.
    pub provider_request_id: Option<String>,
    /// When to try again.
    pub retry_after_seconds: Option<u64>,
    /// Where the code is explained.
    pub documentation_url: String,
    /// With `INSUFFICIENT_SCOPE` only.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Details>)]
    pub details: Option<Box<Details>>,
}

/// Which scopes are missing.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Details {
    /// What the request needs.
    pub required_scopes: Vec<&'static str>,
    /// What the token has of it, for the same thing: the repository, where one
    /// was asked for.
    pub granted_scopes: Vec<&'static str>,
}

/// An error with all its causes, on one line.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(it) = cause {
        text.push_str(": ");
        text.push_str(&it.to_string());
        cause = it.source();
    }
    text
}
