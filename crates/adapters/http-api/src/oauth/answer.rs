//! Who is let in, and errors in the shape that the caller speaks: RFC 6749 for
//! forms, canonical for JSON.

use actix_web::{
    HttpResponse, ResponseError as _,
    http::{StatusCode, header},
};
use lodge_gateway::oauth::{ClientCredentials, OAuthError, OAuthErrorCode};
use serde::{Serialize, de::DeserializeOwned};
use utoipa::ToSchema;

use crate::{
    Surface,
    body::{OAuthBody, OAuthBodyProblem, RawBody},
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

/// What a request is told that goes no further. In a box: it is large, and
/// rare.
pub(crate) struct Said(Box<HttpResponse>);

impl Said {
    /// The answer.
    pub(crate) fn answer(self) -> HttpResponse {
        *self.0
    }
}

impl From<HttpResponse> for Said {
    fn from(answer: HttpResponse) -> Self {
        Self(answer.into())
    }
}

/// The middleware writes what is left out here.
impl From<Problem> for Said {
    fn from(problem: Problem) -> Self {
        problem.error_response().into()
    }
}

/// Lets a request in, unless its address has sent too many, and reads its
/// body.
pub(crate) async fn open<T: DeserializeOwned>(
    surface: &Surface,
    body: RawBody,
) -> Result<OAuthBody<T>, Said> {
    admit(surface, &body)?;
    body.oauth().await.map_err(unreadable)
}

/// Lets a request in, unless its address has sent too many.
pub(crate) fn admit(surface: &Surface, body: &RawBody) -> Result<(), Said> {
    match &surface.doors {
        Some(doors) => {
            let admitted = doors.admit(body.request());
            admitted.map_err(|wait| too_many(surface, body.is_form(), wait))
        }
        None => Ok(()),
    }
}

/// The credentials of a request, unless the app has sent too many.
pub(crate) fn client(
    surface: &Surface,
    form: bool,
    basic: Option<ClientCredentials>,
    id: Option<String>,
    secret: Option<String>,
) -> Result<ClientCredentials, Said> {
    let credentials = credentials(basic, id, secret).map_err(|error| refused(form, &error))?;
    if let Some(doors) = &surface.doors {
        let admitted = doors.admit_client(&credentials);
        admitted.map_err(|wait| too_many(surface, form, wait))?;
    }
    Ok(credentials)
}

/// The answer to one request too many. RFC 6749 has no word for it; this is
/// the nearest that it has anywhere (4.1.2.1).
fn too_many(surface: &Surface, form: bool, seconds: u64) -> Said {
    surface.metrics.limited();
    let message = "Too many requests came from this address, or of this app: wait, then go on.";
    if form {
        let body = OAuthErrorBody {
            error: "temporarily_unavailable",
            error_description: message.to_owned(),
        };
        return HttpResponse::TooManyRequests()
            .insert_header((header::RETRY_AFTER, seconds))
            .json(body)
            .into();
    }
    let problem = Problem::new(Code::RateLimited, message);
    Problem { retry_after: Some(seconds), ..problem }.into()
}

/// The answer to a body that cannot be read.
fn unreadable(error: OAuthBodyProblem) -> Said {
    if error.form {
        let status = error.problem.status();
        rfc(status, OAuthErrorCode::InvalidRequest, &error.problem.message).into()
    } else {
        error.problem.into()
    }
}

/// The answer to a request that was refused.
pub(crate) fn refused(form: bool, error: &OAuthError) -> Said {
    let problem = Problem::oauth(error);
    if !form {
        return problem.into();
    }
    let OAuthError::Refused { code, description } = error else {
        // Standard clients expect `error` to be a text, whatever happened.
        let body = OAuthErrorBody {
            error: "temporarily_unavailable",
            error_description: problem.message.clone(),
        };
        return HttpResponse::build(problem.status()).json(body).into();
    };
    if *code != OAuthErrorCode::InvalidClient {
        return rfc(StatusCode::BAD_REQUEST, *code, description).into();
    }
    let mut response = rfc(StatusCode::UNAUTHORIZED, *code, description);
    let challenge = header::HeaderValue::from_static("Basic realm=\"gitlodge\"");
    response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
    response.into()
}

fn rfc(status: StatusCode, code: OAuthErrorCode, description: &str) -> HttpResponse {
    // RFC 6749, 5.2 allows neither quotes nor backslashes in a description.
    let description = description.replace(['"', '\\'], "'");
    HttpResponse::build(status)
        .json(OAuthErrorBody { error: code.name(), error_description: description })
}

/// The credentials of the body or of HTTP Basic, but not of both
/// (RFC 6749, 2.3).
fn credentials(
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
