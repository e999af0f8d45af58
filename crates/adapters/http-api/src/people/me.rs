//! `GET /v1/account/me`

use actix_web::{HttpResponse, http::StatusCode};
use serde::Serialize;
use utoipa::ToSchema;

use super::view::{MembershipView, SessionView, UserView, private};
use crate::{
    caller::{SignedIn, arrival},
    problem::{ErrorBody, Problem},
};

/// Who is there.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AccountView {
    user: UserView,
    memberships: Vec<MembershipView>,
    session: SessionView,
    /// A login asks for a code.
    has_authenticator: bool,
    recovery_codes_left: u64,
    request_id: String,
}

/// The person of the session, where they belong, and the session itself.
#[utoipa::path(
    get,
    path = "/v1/account/me",
    tag = "People",
    security(("user_session" = [])),
    responses(
        (status = 200, description = "The person", body = AccountView),
        (status = 401, description = "No session, or one that has ended", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "http.people.me", skip_all)]
pub(crate) async fn handler(caller: SignedIn) -> Result<HttpResponse, Problem> {
    let (gateway, person) = (&caller.surface.gateway, &caller.person);
    let storage = |error| Problem::storage(&error);
    let memberships = gateway.organisations(&person.memberships).await.map_err(storage)?;
    let user = person.user.id;
    Ok(private(StatusCode::OK).json(AccountView {
        user: (&person.user).into(),
        memberships: memberships.iter().map(MembershipView::from).collect(),
        session: SessionView::new(&person.session, &person.session),
        has_authenticator: gateway.has_authenticator(user).await.map_err(storage)?,
        recovery_codes_left: gateway.recovery_codes_left(user).await.map_err(storage)?,
        request_id: arrival(&caller.request)?.id.to_string(),
    }))
}
