//! `GET /api/v1/users/`, and `GET`, `PATCH` and `DELETE /api/v1/users/{userId}`

use actix_web::http::StatusCode;
use lodge_access::{Membership, Role, User};
use lodge_gateway::people::{Member, MemberError};
use lodge_kernel::UserId;
use lodge_teaching::Person;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    body::RawBody,
    caller::PageQuery,
    query::limit,
    teaching::{
        caller::Teacher,
        page::Pager,
        problem::{Refusal, RefusalBody, RefusalCode},
        respond::{Answer, MOST_JSON, Many, One, Reply, json_bytes, parse},
    },
    views::Time,
};

/// A person of the organisation.
#[derive(Serialize, ToSchema)]
pub(crate) struct PersonView {
    id: String,
    email: String,
    name: Option<String>,
    /// `owner`, `admin`, `developer` or `viewer`.
    role: &'static str,
    since: Time,
}

impl From<(Membership, User)> for PersonView {
    fn from((membership, user): (Membership, User)) -> Self {
        Self {
            id: user.id.to_string(),
            email: user.email,
            name: user.name,
            role: membership.role.name(),
            since: membership.created_at.into(),
        }
    }
}

/// Another role in the organisation.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PersonBody {
    /// `owner`, `admin`, `developer` or `viewer`.
    role: String,
}

/// The people of the organisation, for its administrators.
#[utoipa::path(
    get,
    path = "/api/v1/users/",
    tag = "Courses",
    security(("teacher_token" = []), ("user_session" = [])),
    params(
        ("limit" = Option<u8>, Query, description = "How many items: 1 to 100, 25 when absent"),
        ("cursor" = Option<String>, Query, description = "`page_info.next_cursor` of the page before"),
    ),
    responses(
        (status = 200, description = "One page", body = Many<PersonView>),
        (status = 400, description = "The query cannot be used", body = RefusalBody),
        (status = 401, description = "No token or session, or one that has ended", body = RefusalBody),
        (status = 403, description = "The caller does not administer the organisation", body = RefusalBody),
    ),
)]
#[tracing::instrument(name = "http.users.list", skip_all)]
pub(crate) async fn list(teacher: Teacher) -> Answer {
    let query: PageQuery = teacher.query()?;
    let limit = limit(query.limit.as_deref())?;
    let pager = Pager::of(&teacher, limit, Vec::new());
    let after = query.cursor.as_deref().map(|it| pager.open::<UserId>(&teacher, it)).transpose()?;
    let after = after.map(|it| it.id);
    let found = teacher.teaching().list_users(&teacher.caller, after, limit.get() + 1).await?;
    pager.many(&teacher, found, |it| (it.1.id.to_string(), String::new()), PersonView::from)
}

/// One person of the organisation. Everybody sees themself.
#[utoipa::path(
    get,
    path = "/api/v1/users/{userId}",
    tag = "Courses",
    security(("teacher_token" = []), ("user_session" = [])),
    params(("userId" = String, Path, description = "The person, `user_…`")),
    responses(
        (status = 200, description = "The person", body = One<PersonView>),
        (status = 401, description = "No token or session, or one that has ended", body = RefusalBody),
        (status = 403, description = "The caller does not administer the organisation", body = RefusalBody),
        (status = 404, description = "There is none", body = RefusalBody),
    ),
)]
#[tracing::instrument(name = "http.users.find", skip_all)]
pub(crate) async fn find(teacher: Teacher) -> Answer {
    let id = teacher.segment("userId", "user")?;
    let found = teacher.teaching().find_user(&teacher.caller, id).await?;
    Ok(teacher.one(StatusCode::OK, PersonView::from(found))?.send())
}

/// Gives a person another role in the organisation. Owners make and unmake
/// owners; one stays.
#[utoipa::path(
    patch,
    path = "/api/v1/users/{userId}",
    tag = "Courses",
    security(("teacher_token" = []), ("user_session" = [])),
    params(("userId" = String, Path, description = "The person, `user_…`")),
    request_body = PersonBody,
    responses(
        (status = 200, description = "The person", body = One<PersonView>),
        (status = 400, description = "The body cannot be read", body = RefusalBody),
        (status = 401, description = "No token or session, or one that has ended", body = RefusalBody),
        (status = 403, description = "The role or the token is for less", body = RefusalBody),
        (status = 404, description = "There is none", body = RefusalBody),
        (status = 409, description = "The last owner stays one", body = RefusalBody),
        (status = 422, description = "There is no such role", body = RefusalBody),
    ),
)]
#[tracing::instrument(name = "http.users.change", skip_all)]
pub(crate) async fn change(teacher: Teacher, body: RawBody) -> Answer {
    let by = administrator(&teacher)?;
    let id: UserId = teacher.segment("userId", "user")?;
    let body: PersonBody = parse(&json_bytes(body, MOST_JSON).await?)?;
    let role = Role::parse(&body.role).ok_or_else(|| {
        Refusal::field("role", "this is `owner`, `admin`, `developer` or `viewer`")
    })?;
    teacher.gateway().change_role(by, id, role).await?;
    let found = teacher.teaching().find_user(&teacher.caller, id).await?;
    Ok(teacher.one(StatusCode::OK, PersonView::from(found))?.send())
}

/// Removes a person from the organisation. The last owner stays.
#[utoipa::path(
    delete,
    path = "/api/v1/users/{userId}",
    tag = "Courses",
    security(("teacher_token" = []), ("user_session" = [])),
    params(("userId" = String, Path, description = "The person, `user_…`")),
    responses(
        (status = 204, description = "They no longer belong to it"),
        (status = 401, description = "No token or session, or one that has ended", body = RefusalBody),
        (status = 403, description = "The role or the token is for less", body = RefusalBody),
        (status = 404, description = "There is none", body = RefusalBody),
        (status = 409, description = "The last owner stays", body = RefusalBody),
    ),
)]
#[tracing::instrument(name = "http.users.remove", skip_all)]
pub(crate) async fn remove(teacher: Teacher) -> Answer {
    let by = administrator(&teacher)?;
    let id = teacher.segment("userId", "user")?;
    teacher.gateway().remove_member(by, id).await?;
    Ok(Reply::empty().send())
}

/// The caller as the gateway's use cases know people.
fn administrator(teacher: &Teacher) -> Result<Member, Refusal> {
    let Person { user, tenant, role, .. } = teacher.caller.administrator()?;
    Ok(Member { user, tenant, role })
}

impl From<MemberError> for Refusal {
    fn from(error: MemberError) -> Self {
        let code = match error {
            MemberError::Denied(_) => RefusalCode::Forbidden,
            MemberError::NotFound => RefusalCode::NotFound,
            MemberError::LastOwner => RefusalCode::Conflict,
            MemberError::Storage(error) => return error.into(),
        };
        Self::new(code, error.to_string())
    }
}
