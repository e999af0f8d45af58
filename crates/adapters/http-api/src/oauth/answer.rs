//! Errors in the shape that the caller speaks: RFC 6749 for forms, canonical
//! for JSON.

use actix_web::{
    HttpResponse,
    http::{StatusCode, header},
};
use lodge_gateway::oauth::{ClientCredentials, OAuthError, OAuthErrorCode};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    body::OAuthBodyProblem,
    problem::{Code, Problem},
};

/// An error of RFC 6749, 5.2.
#[derive(Serialize, ToSchema)]
pub(crate) struct OAuthErrorBody {
    /// The code of the RFC.
    error: &'static str,
    /// What was wrong and what to do.
    error_description: String,
}

/// The answer to a body that cannot be read.
pub(crate) fn unreadable(error: OAuthBodyProblem) -> Result<HttpResponse, Problem> {
    if error.form {
        let status = error.problem.status();
        Ok(rfc(status, OAuthErrorCode::InvalidRequest, &error.problem.message))
    } else {
        Err(error.problem)
    }
}

/// The answer to a request that was refused.
pub(crate) fn refused(form: bool, error: &OAuthError) -> Result<HttpResponse, Problem> {
    let problem = Problem::oauth(error);
    if !form {
        return Err(problem);
    }
    let OAuthError::Refused { code, description } = error else {
        // Standard clients expect `error` to be a text, whatever happened.
        return Ok(HttpResponse::build(problem.status()).json(OAuthErrorBody {
            error: "temporarily_unavailable",
            error_description: problem.message,
        }));
    };
    if *code != OAuthErrorCode::InvalidClient {
        return Ok(rfc(StatusCode::BAD_REQUEST, *code, description));
    }
    let mut response = rfc(StatusCode::UNAUTHORIZED, *code, description);
    let challenge = header::HeaderValue::from_static("Basic realm=\"gitlodge\"");
    response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
    Ok(response)
}

fn rfc(status: StatusCode, code: OAuthErrorCode, description: &str) -> HttpResponse {
    // RFC 6749, 5.2 allows neither quotes nor backslashes in a description.
    let description = description.replace(['"', '\\'], "'");
    HttpResponse::build(status)
        .json(OAuthErrorBody { error: code.name(), error_description: description })
}

/// The credentials of the body or of HTTP Basic, but not of both
/// (RFC 6749, 2.3).
pub(crate) fn credentials(
    basic: Option<ClientCredentials>,
    id: Option<String>,
    secret: Option<String>,
) -> Result<ClientCredentials, OAuthError> {
    match (basic, id, secret) {
        (Some(basic), None, None) => Ok(basic),
        (Some(basic), Some(id), None) if basic.id == id => Ok(basic),
        (None, Some(id), Some(secret)) => Ok(ClientCredentials { id, secret }),
        (Some(_), _, _) => Err(OAuthError::Refused {
            code: OAuthErrorCode::InvalidRequest,
            description: "send the credentials in the body or by HTTP Basic, not both".to_owned(),
        }),
        (None, _, _) => Err(OAuthError::Refused {
            code: OAuthErrorCode::InvalidClient,
            description: "client_id and client_secret are missing".to_owned(),
        }),
    }
}

/// A canonical answer where a client must authenticate.
pub(crate) fn client_required() -> Problem {
    let message = "Send a developer's session as Bearer, or the app's credentials by HTTP Basic.";
    Problem::new(Code::AuthRequired, message)
}
