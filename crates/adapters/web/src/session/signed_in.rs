//! Who is signed in.

use std::{fmt, future::Future, pin::Pin};

use actix_web::{
    FromRequest, HttpRequest, HttpResponse, ResponseError, dev::Payload, http::StatusCode,
    web::Data,
};
use lodge_gateway::{
    Person, Visitor,
    people::{Caller, SessionError},
};

use super::{cookie, return_to};
use crate::{answer, problem::Problem, site::Site};

type Later<T> = Pin<Box<dyn Future<Output = Result<T, Away>>>>;

/// What the forms of a session carry against other sites.
#[derive(Clone, Debug)]
pub(crate) struct CsrfToken(String);

impl CsrfToken {
    /// That of the session `text`.
    pub(crate) fn of(site: &Site, session: &str) -> Self {
        Self(site.gateway.form_token(session))
    }
}

impl fmt::Display for CsrfToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Somebody who is signed in, in one of their organisations.
pub(crate) struct SignedIn {
    pub(crate) site: Data<Site>,
    pub(crate) visitor: Visitor,
    pub(crate) csrf: CsrfToken,
    pub(crate) request: HttpRequest,
}

/// Somebody who is signed in, whether or not they belong to an organisation.
pub(crate) struct SignedInPerson {
    pub(crate) site: Data<Site>,
    pub(crate) person: Person,
    pub(crate) csrf: CsrfToken,
    pub(crate) request: HttpRequest,
}

impl FromRequest for SignedInPerson {
    type Error = Away;
    type Future = Later<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let site = request.app_data::<Data<Site>>().cloned();
            let site = site.ok_or_else(|| Away::from(Problem::broken(&fmt::Error)))?;
            let Some(session) = cookie::session(&site, &request) else {
                return Err(Away::to_login(&request));
            };
            match site.gateway.person(session).await {
                Ok(person) => {
                    let csrf = CsrfToken::of(&site, session);
                    Ok(Self { site, person, csrf, request })
                }
                Err(SessionError::Storage(error)) => Err(Problem::from(error).into()),
                Err(_) => Err(Away::to_login(&request)),
            }
        })
    }
}

impl FromRequest for SignedIn {
    type Error = Away;
    type Future = Later<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let person = SignedInPerson::from_request(request, payload);
        Box::pin(async move {
            let SignedInPerson { site, person, csrf, request } = person.await?;
            // Their own page says what to do about it.
            let visitor = person.visits().map_err(|_nowhere| Away::to("/app/account"))?;
            Ok(Self { site, visitor, csrf, request })
        })
    }
}

/// Where the person's request comes from.
pub(crate) fn caller(site: &Site, request: &HttpRequest) -> Caller {
    let agent = request.headers().get(actix_web::http::header::USER_AGENT);
    Caller {
        address: site.address(request),
        agent: agent.and_then(|it| it.to_str().ok()).map(ToOwned::to_owned),
    }
}

/// The page is not shown: the browser goes elsewhere, or sees what is wrong.
#[derive(Debug)]
pub(crate) enum Away {
    /// To this path of ours.
    To(String),
    /// Nowhere.
    Problem(Problem),
}

impl Away {
    /// To a path of ours.
    pub(crate) fn to(path: &str) -> Self {
        Self::To(path.to_owned())
    }

    /// To the login page, and back to what was asked for. A form cannot be sent
    /// again, so that its page is where it leads back to.
    fn to_login(request: &HttpRequest) -> Self {
        let asked = request.uri().path_and_query().map_or("/", |it| it.as_str());
        let back = if request.method().is_safe() { asked } else { return_to::HOME };
        Self::To(return_to::login(return_to::path(Some(back))))
    }
}

impl From<Problem> for Away {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

impl From<lodge_storage::StorageError> for Away {
    fn from(error: lodge_storage::StorageError) -> Self {
        Self::Problem(error.into())
    }
}

impl fmt::Display for Away {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::To(path) => write!(f, "the browser goes to {path}"),
            Self::Problem(problem) => problem.fmt(f),
        }
    }
}

impl ResponseError for Away {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::To(_) => StatusCode::SEE_OTHER,
            Self::Problem(problem) => problem.status_code(),
        }
    }

    fn error_response(&self) -> HttpResponse {
        match self {
            Self::To(path) => answer::see_other(path).finish(),
            Self::Problem(problem) => problem.error_response(),
        }
    }
}
