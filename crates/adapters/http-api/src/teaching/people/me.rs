//! `GET /api/v1/users/me`

use lodge_teaching::Caller;
use serde::Serialize;
use utoipa::ToSchema;

use crate::teaching::{
    caller::Teacher,
    problem::RefusalBody,
    respond::{Answer, One},
};

/// Who asks.
#[derive(Serialize, ToSchema)]
pub(crate) struct CallerView {
    /// `person`, or `bootstrap` for the token of the environment.
    kind: &'static str,
    /// The person.
    user_id: Option<String>,
    email: Option<String>,
    name: Option<String>,
    /// The organisation that is asked about.
    tenant_id: Option<String>,
    /// What the person is in it: `owner`, `admin`, `developer` or `viewer`.
    organisation_role: Option<&'static str>,
    /// What the credential is for.
    scopes: Vec<&'static str>,
    /// The personal token that was brought.
    token_id: Option<String>,
}

/// Who asks, and with what.
#[utoipa::path(
    get,
    path = "/api/v1/users/me",
    tag = "Courses",
    security(("teacher_token" = []), ("user_session" = [])),
    responses(
        (status = 200, description = "Who asks", body = One<CallerView>),
        (status = 401, description = "No token or session, or one that has ended", body = RefusalBody),
    ),
)]
#[tracing::instrument(name = "http.teaching.me", skip_all)]
pub(crate) async fn handler(teacher: Teacher) -> Answer {
    let view = match &teacher.caller {
        Caller::Bootstrap { tenant } => CallerView {
            kind: "bootstrap",
            user_id: None,
            email: None,
            name: None,
            tenant_id: tenant.map(|it| it.to_string()),
            organisation_role: None,
            scopes: vec!["courses:read", "courses:write"],
            token_id: None,
        },
        Caller::Person(person) => {
            let user = teacher.teaching().user(person.user).await?;
            CallerView {
                kind: "person",
                user_id: Some(person.user.to_string()),
                email: user.as_ref().map(|it| it.email.clone()),
                name: user.and_then(|it| it.name),
                tenant_id: Some(person.tenant.to_string()),
                organisation_role: Some(person.role.name()),
                scopes: person.scopes.names().collect(),
                token_id: person.token.map(|it| it.to_string()),
            }
        }
    };
    Ok(teacher.one(actix_web::http::StatusCode::OK, view)?.send())
}
