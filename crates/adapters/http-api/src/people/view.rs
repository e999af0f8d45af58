//! A person, a session and a member, as answers show them.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header},
};
use lodge_access::{Membership, Role, Session, Tenant, User};
use lodge_gateway::people::{Caller, LoggedIn};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    Surface,
    caller::arrival,
    problem::{Code, Problem},
    views::Time,
};

/// A person.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct UserView {
    id: String,
    email: String,
    name: Option<String>,
}

impl From<&User> for UserView {
    fn from(it: &User) -> Self {
        Self { id: it.id.to_string(), email: it.email.clone(), name: it.name.clone() }
    }
}

/// A person's place in an organisation.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct MembershipView {
    tenant_id: String,
    tenant_name: String,
    /// `owner`, `admin`, `developer` or `viewer`.
    role: &'static str,
    since: Time,
}

impl From<&(Membership, Tenant)> for MembershipView {
    fn from((membership, tenant): &(Membership, Tenant)) -> Self {
        Self {
            tenant_id: tenant.id.to_string(),
            tenant_name: tenant.name.clone(),
            role: membership.role.name(),
            since: membership.created_at.into(),
        }
    }
}

/// A session.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct SessionView {
    id: String,
    /// The organisation that it is in.
    tenant_id: Option<String>,
    /// What the program called itself.
    agent: Option<String>,
    created_at: Time,
    /// When it was last used, to within five minutes.
    last_seen_at: Time,
    /// When it ends if it is not used any more.
    expires_at: Time,
    /// It is the one of this request.
    current: bool,
}

impl SessionView {
    pub(super) fn new(it: &Session, current: &Session) -> Self {
        Self {
            id: it.id.to_string(),
            tenant_id: it.tenant.map(|it| it.to_string()),
            agent: it.agent.clone(),
            created_at: it.created_at.into(),
            last_seen_at: it.seen_at.into(),
            expires_at: it.ends_at().into(),
            current: it.id == current.id,
        }
    }
}

/// Somebody who has come in.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct LoggedInView {
    user: UserView,
    session: SessionView,
    /// The session's token, for `Authorization: Bearer …`. Shown once.
    session_token: String,
    request_id: String,
}

/// Answers with a new session.
pub(super) fn logged_in(
    request: &HttpRequest,
    status: StatusCode,
    it: &LoggedIn,
) -> Result<HttpResponse, Problem> {
    Ok(private(status).json(LoggedInView {
        user: (&it.user).into(),
        session: SessionView::new(&it.session, &it.session),
        session_token: it.token.expose().to_owned(),
        request_id: arrival(request)?.id.to_string(),
    }))
}

/// An answer that nobody keeps.
pub(super) fn private(status: StatusCode) -> actix_web::HttpResponseBuilder {
    let mut response = HttpResponse::build(status);
    response.insert_header((header::CACHE_CONTROL, "no-store"));
    response
}

/// Where a request comes from.
pub(super) fn caller(surface: &Surface, request: &HttpRequest) -> Caller {
    let agent = request.headers().get(header::USER_AGENT);
    let address = match &surface.doors {
        Some(doors) => doors.address(request),
        None => request.peer_addr().map(|it| it.ip()),
    };
    let agent = agent.and_then(|it| it.to_str().ok()).map(ToOwned::to_owned);
    Caller { address, agent }
}

/// An id in the path. What is none is not there.
pub(super) fn id_of<T: std::str::FromStr>(
    request: &HttpRequest,
    name: &str,
    missing: &'static str,
) -> Result<T, Problem> {
    let text = request.match_info().get(name).unwrap_or_default();
    text.parse().map_err(|_not_an_id| Problem::new(Code::ResourceNotFound, missing))
}

/// The role of that name.
pub(super) fn role(text: &str) -> Result<Role, Problem> {
    Role::parse(text).ok_or_else(|| {
        Problem::invalid("`role` is one of `owner`, `admin`, `developer` and `viewer`")
    })
}
