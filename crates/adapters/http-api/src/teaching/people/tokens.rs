//! `GET` and `POST /api/v1/users/me/tokens`, and `DELETE …/{tokenId}`

use std::time::Duration;

use actix_web::http::StatusCode;
use lodge_courses::{PersonalToken, TokenScopes, token::USUAL_LIFE};
use lodge_teaching::people::tokens::TokenDraft;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    body::RawBody,
    teaching::{
        caller::Teacher,
        once::once,
        problem::{Refusal, RefusalBody},
        respond::{Answer, MOST_JSON, Many, One, Reply, json_bytes, parse},
    },
    views::Time,
};

/// A token of the caller's, without its text.
#[derive(Serialize, ToSchema)]
pub(crate) struct PersonalTokenView {
    id: String,
    name: String,
    /// `courses:read`, `courses:write`, `admin`.
    scopes: Vec<&'static str>,
    created_at: Time,
    expires_at: Time,
    /// To the minute.
    last_used_at: Option<Time>,
}

impl From<PersonalToken> for PersonalTokenView {
    fn from(it: PersonalToken) -> Self {
        Self {
            id: it.id.to_string(),
            name: it.name,
            scopes: it.scopes.names().collect(),
            created_at: it.created_at.into(),
            expires_at: it.expires_at.into(),
            last_used_at: it.last_used_at.map(Time::from),
        }
    }
}

/// A new token with its text.
#[derive(Serialize, ToSchema)]
pub(crate) struct MadeTokenView {
    #[serde(flatten)]
    shown: PersonalTokenView,
    /// The token, `sggpt_…`, for `Authorization: Bearer …`. Shown once.
    token: String,
}

/// A token that is to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PersonalTokenBody {
    /// What it is for: 1 to 100 characters.
    name: String,
    /// `courses:read`, `courses:write`, `admin`: a larger one includes the
    /// smaller ones.
    scopes: Vec<String>,
    /// 1 to 366; 90 when absent.
    expires_in_days: Option<u32>,
}

/// The caller's live tokens, all on one page.
#[utoipa::path(
    get,
    path = "/api/v1/users/me/tokens",
    tag = "Courses",
    security(("teacher_token" = []), ("user_session" = [])),
    responses(
        (status = 200, description = "Every token", body = Many<PersonalTokenView>),
        (status = 401, description = "No token or session, or one that has ended", body = RefusalBody),
        (status = 403, description = "The credential is for less, or nobody's", body = RefusalBody),
    ),
)]
#[tracing::instrument(name = "http.tokens.list", skip_all)]
pub(crate) async fn list(teacher: Teacher) -> Answer {
    let tokens = teacher.teaching().list_tokens(&teacher.caller).await?;
    teacher.whole::<_, PersonalTokenView>(tokens)
}

/// Makes a token for a program of the caller's. Its text is shown once.
#[utoipa::path(
    post,
    path = "/api/v1/users/me/tokens",
    tag = "Courses",
    security(("teacher_token" = []), ("user_session" = [])),
    request_body = PersonalTokenBody,
    responses(
        (status = 201, description = "The token", body = One<MadeTokenView>),
        (status = 400, description = "The body cannot be read", body = RefusalBody),
        (status = 401, description = "No token or session, or one that has ended", body = RefusalBody),
        (status = 403, description = "The credential is for less, or nobody's", body = RefusalBody),
        (status = 409, description = "There are 50 already", body = RefusalBody),
        (status = 422, description = "A field cannot be used", body = RefusalBody),
    ),
)]
#[tracing::instrument(name = "http.tokens.make", skip_all)]
pub(crate) async fn make(teacher: Teacher, body: RawBody) -> Answer {
    let bytes = json_bytes(body, MOST_JSON).await?;
    once(teacher, bytes, |teacher, bytes| async move {
        let body: PersonalTokenBody = parse(&bytes)?;
        let scopes = TokenScopes::parse(body.scopes.iter().map(String::as_str));
        let scopes = scopes.map_err(|error| Refusal::field("scopes", error.to_string()))?;
        let days = body.expires_in_days;
        let life = days.map_or(USUAL_LIFE, |days| Duration::from_hours(u64::from(days) * 24));
        let draft = TokenDraft { name: body.name, scopes, life };
        let made = teacher.teaching().make_token(&teacher.caller, draft).await?;
        let token = made.secret.expose().to_owned();
        let view = MadeTokenView { shown: made.token.into(), token };
        teacher.one(StatusCode::CREATED, view)
    })
    .await
}

/// Ends a token of the caller's at once.
#[utoipa::path(
    delete,
    path = "/api/v1/users/me/tokens/{tokenId}",
    tag = "Courses",
    security(("teacher_token" = []), ("user_session" = [])),
    params(("tokenId" = String, Path, description = "The token's id, `pat_…`")),
    responses(
        (status = 204, description = "It has ended"),
        (status = 401, description = "No token or session, or one that has ended", body = RefusalBody),
        (status = 403, description = "The credential is for less, or nobody's", body = RefusalBody),
        (status = 404, description = "There is none", body = RefusalBody),
    ),
)]
#[tracing::instrument(name = "http.tokens.end", skip_all)]
pub(crate) async fn end(teacher: Teacher) -> Answer {
    let id = teacher.segment("tokenId", "token of yours")?;
    teacher.teaching().end_token(&teacher.caller, id).await?;
    Ok(Reply::empty().send())
}
