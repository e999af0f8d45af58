//! `GET` and `DELETE /v1/account/sessions`, `DELETE /v1/account/sessions/{sessionId}`

use actix_web::{HttpResponse, http::StatusCode};
use serde::Serialize;
use utoipa::ToSchema;

use super::view::{SessionView, id_of, private};
use crate::{
    caller::{SignedIn, arrival},
    problem::{Code, ErrorBody, Problem},
};

const MISSING: &str = "you have no such session";

/// A person's sessions.
#[derive(Serialize, ToSchema)]
pub(crate) struct SessionsView {
    data: Vec<SessionView>,
    request_id: String,
}

/// The person's live sessions, newest first, at most 100.
#[utoipa::path(
    get,
    path = "/v1/account/sessions",
    tag = "People",
    security(("user_session" = [])),
    responses(
        (status = 200, description = "The sessions", body = SessionsView),
        (status = 401, description = "No session, or one that has ended", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "http.people.list_sessions", skip_all)]
pub(crate) async fn list(caller: SignedIn) -> Result<HttpResponse, Problem> {
    let person = &caller.person;
    let all = caller.surface.gateway.sessions(person).await;
    let all = all.map_err(|error| Problem::storage(&error))?;
    Ok(private(StatusCode::OK).json(SessionsView {
        data: all.iter().map(|it| SessionView::new(it, &person.session)).collect(),
        request_id: arrival(&caller.request)?.id.to_string(),
    }))
}

/// Ends all of the person's sessions but this one.
#[utoipa::path(
    delete,
    path = "/v1/account/sessions",
    tag = "People",
    security(("user_session" = [])),
    responses(
        (status = 204, description = "They have ended"),
        (status = 401, description = "No session, or one that has ended", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "http.people.end_other_sessions", skip_all)]
pub(crate) async fn end_others(caller: SignedIn) -> Result<HttpResponse, Problem> {
    let ended = caller.surface.gateway.end_other_sessions(&caller.person).await;
    ended.map_err(|error| Problem::storage(&error))?;
    Ok(HttpResponse::NoContent().finish())
}

/// Ends one of the person's sessions.
#[utoipa::path(
    delete,
    path = "/v1/account/sessions/{sessionId}",
    tag = "People",
    security(("user_session" = [])),
    params(("sessionId" = String, Path, description = "The session")),
    responses(
        (status = 204, description = "It has ended"),
        (status = 401, description = "No session, or one that has ended", body = ErrorBody),
        (status = 404, description = "The person has no such session", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "http.people.end_session", skip_all)]
pub(crate) async fn end(caller: SignedIn) -> Result<HttpResponse, Problem> {
    let id = id_of(&caller.request, "sessionId", MISSING)?;
    let ended = caller.surface.gateway.end_session(&caller.person, id).await;
    if !ended.map_err(|error| Problem::storage(&error))? {
        return Err(Problem::new(Code::ResourceNotFound, MISSING));
    }
    Ok(HttpResponse::NoContent().finish())
}
