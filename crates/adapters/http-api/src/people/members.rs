//! `GET /v1/members`, `PATCH` and `DELETE /v1/members/{userId}`

use actix_web::{HttpResponse, http::StatusCode};
use lodge_access::{Membership, User};
use lodge_kernel::UserId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::view::{UserView, id_of, private, role};
use crate::{
    body::RawBody,
    caller::{Developer, PageQuery, arrival},
    problem::{Code, ErrorBody, Problem},
    query::{limit, query},
    views::{PageInfo, Time},
};

const MISSING: &str = "there is no such member in this organisation";

/// A member.
#[derive(Serialize, ToSchema)]
pub(crate) struct MemberView {
    user: UserView,
    /// `owner`, `admin`, `developer` or `viewer`.
    role: &'static str,
    since: Time,
}

impl From<&(Membership, User)> for MemberView {
    fn from((membership, user): &(Membership, User)) -> Self {
        let Membership { role, created_at, .. } = membership;
        Self { user: user.into(), role: role.name(), since: (*created_at).into() }
    }
}

/// The members of an organisation.
#[derive(Serialize, ToSchema)]
pub(crate) struct MembersView {
    data: Vec<MemberView>,
    page_info: PageInfo,
    request_id: String,
}

/// Another role.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RoleBody {
    /// `owner`, `admin`, `developer` or `viewer`.
    role: String,
}

/// The members of the session's organisation.
#[utoipa::path(
    get,
    path = "/v1/members",
    tag = "People",
    security(("user_session" = [])),
    params(
        ("limit" = Option<u8>, Query, description = "How many items: 1 to 100, 25 when absent"),
        ("cursor" = Option<String>, Query, description = "`page_info.next_cursor` of the page before"),
    ),
    responses(
        (status = 200, description = "One page", body = MembersView),
        (status = 400, description = "The limit or the cursor cannot be used", body = ErrorBody),
        (status = 401, description = "No session, or one that has ended", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "http.people.list_members", skip_all)]
pub(crate) async fn list(developer: Developer) -> Result<HttpResponse, Problem> {
    let query: PageQuery = query(&developer.request)?;
    let limit = limit(query.limit.as_deref())?;
    let after = query.cursor.as_deref().map(str::parse::<UserId>).transpose();
    let after = after.map_err(|_not_an_id| {
        Problem::new(Code::InvalidCursor, "the cursor does not belong to this request")
    })?;
    let (gateway, visitor) = (&developer.surface.gateway, &developer.visitor);
    let all = gateway.members(visitor, after, limit.get() + 1).await;
    let all = all.map_err(|error| Problem::storage(&error))?;
    let has_next_page = all.len() > limit.get();
    let shown = || all.iter().take(limit.get());
    let last = shown().next_back().filter(|_| has_next_page);
    let next_cursor = last.map(|(_, user)| user.id.to_string());
    Ok(private(StatusCode::OK).json(MembersView {
        data: shown().map(MemberView::from).collect(),
        page_info: PageInfo { limit: limit.get(), has_next_page, next_cursor },
        request_id: arrival(&developer.request)?.id.to_string(),
    }))
}

/// Gives a member another role. Owners make and unmake owners; one stays.
#[utoipa::path(
    patch,
    path = "/v1/members/{userId}",
    tag = "People",
    security(("user_session" = [])),
    params(("userId" = String, Path, description = "The person")),
    request_body = RoleBody,
    responses(
        (status = 204, description = "The member has the role"),
        (status = 400, description = "The last owner stays one", body = ErrorBody),
        (status = 401, description = "No session, or one that has ended", body = ErrorBody),
        (status = 403, description = "The role of who asks does not allow it", body = ErrorBody),
        (status = 404, description = "There is no such member", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "http.people.change_role", skip_all)]
pub(crate) async fn change(developer: Developer, body: RawBody) -> Result<HttpResponse, Problem> {
    let user = id_of(&developer.request, "userId", MISSING)?;
    let body: RoleBody = body.json().await?;
    let role = role(&body.role)?;
    let changed = developer.surface.gateway.change_role(&developer.visitor, user, role).await;
    changed.map_err(|error| Problem::member(&error))?;
    Ok(HttpResponse::NoContent().finish())
}

/// Removes a member; anybody may go themself. The last owner stays.
#[utoipa::path(
    delete,
    path = "/v1/members/{userId}",
    tag = "People",
    security(("user_session" = [])),
    params(("userId" = String, Path, description = "The person")),
    responses(
        (status = 204, description = "The member is gone"),
        (status = 400, description = "The last owner stays", body = ErrorBody),
        (status = 401, description = "No session, or one that has ended", body = ErrorBody),
        (status = 403, description = "The role of who asks does not allow it", body = ErrorBody),
        (status = 404, description = "There is no such member", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "http.people.remove_member", skip_all)]
pub(crate) async fn remove(developer: Developer) -> Result<HttpResponse, Problem> {
    let user = id_of(&developer.request, "userId", MISSING)?;
    let removed = developer.surface.gateway.remove_member(&developer.visitor, user).await;
    removed.map_err(|error| Problem::member(&error))?;
    Ok(HttpResponse::NoContent().finish())
}
