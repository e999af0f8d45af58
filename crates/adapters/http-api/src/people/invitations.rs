//! `GET` and `POST /v1/invitations`, `DELETE /v1/invitations/{invitationId}`, and
//! `POST /v1/invitations/accept`

use actix_web::{HttpResponse, http::StatusCode};
use lodge_access::Invitation;
use lodge_kernel::SecretString;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::view::{id_of, private, role};
use crate::{
    body::RawBody,
    caller::{Developer, SignedIn, arrival},
    problem::{ErrorBody, Problem},
    views::Time,
};

/// Somebody to be invited.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct InvitationBody {
    /// Only a person with this address can accept.
    email: String,
    /// `owner`, `admin`, `developer` or `viewer`.
    role: String,
}

/// The secret part of an invitation's link.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AcceptBody {
    /// `sggin_…`
    #[schema(value_type = String)]
    token: SecretString,
}

/// An open invitation.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct InvitationView {
    id: String,
    tenant_id: String,
    email: String,
    role: &'static str,
    created_at: Time,
    expires_at: Time,
}

impl From<&Invitation> for InvitationView {
    fn from(it: &Invitation) -> Self {
        Self {
            id: it.id.to_string(),
            tenant_id: it.tenant.to_string(),
            email: it.email.clone(),
            role: it.role.name(),
            created_at: it.created_at.into(),
            expires_at: it.expires_at.into(),
        }
    }
}

/// The open invitations.
#[derive(Serialize, ToSchema)]
pub(crate) struct InvitationsView {
    data: Vec<InvitationView>,
    request_id: String,
}

/// A new invitation.
#[derive(Serialize, ToSchema)]
pub(crate) struct InvitedView {
    invitation: InvitationView,
    /// The link to send. Shown once.
    url: String,
    request_id: String,
}

/// What was accepted.
#[derive(Serialize, ToSchema)]
pub(crate) struct AcceptedView {
    invitation: InvitationView,
    request_id: String,
}

/// The open invitations into the session's organisation, newest first.
#[utoipa::path(
    get,
    path = "/v1/invitations",
    tag = "People",
    security(("user_session" = [])),
    responses(
        (status = 200, description = "At most 100", body = InvitationsView),
        (status = 401, description = "No session, or one that has ended", body = ErrorBody),
        (status = 403, description = "The role does not allow it", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "http.people.list_invitations", skip_all)]
pub(crate) async fn list(developer: Developer) -> Result<HttpResponse, Problem> {
    let all = developer.surface.gateway.invitations(&developer.visitor).await;
    let all = all.map_err(|error| Problem::invite(&error))?;
    Ok(private(StatusCode::OK).json(InvitationsView {
        data: all.iter().map(InvitationView::from).collect(),
        request_id: arrival(&developer.request)?.id.to_string(),
    }))
}

/// Invites somebody by a link, which is good for seven days and once.
#[utoipa::path(
    post,
    path = "/v1/invitations",
    tag = "People",
    security(("user_session" = [])),
    request_body = InvitationBody,
    responses(
        (status = 201, description = "The link", body = InvitedView),
        (status = 400, description = "The body cannot be used, or the person is here", body = ErrorBody),
        (status = 401, description = "No session, or one that has ended", body = ErrorBody),
        (status = 403, description = "The role does not allow it", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "http.people.invite", skip_all)]
pub(crate) async fn create(developer: Developer, body: RawBody) -> Result<HttpResponse, Problem> {
    let body: InvitationBody = body.json().await?;
    let role = role(&body.role)?;
    let surface = &developer.surface;
    let invited = surface.gateway.invite(&developer.visitor, &body.email, role).await;
    let invited = invited.map_err(|error| Problem::invite(&error))?;
    Ok(private(StatusCode::CREATED).json(InvitedView {
        invitation: (&invited.invitation).into(),
        url: format!("{}/app/join/{}", surface.issuer(), invited.secret.expose()),
        request_id: arrival(&developer.request)?.id.to_string(),
    }))
}

/// Withdraws an invitation.
#[utoipa::path(
    delete,
    path = "/v1/invitations/{invitationId}",
    tag = "People",
    security(("user_session" = [])),
    params(("invitationId" = String, Path, description = "The invitation")),
    responses(
        (status = 204, description = "Its link is good for nothing"),
        (status = 401, description = "No session, or one that has ended", body = ErrorBody),
        (status = 403, description = "The role does not allow it", body = ErrorBody),
        (status = 404, description = "There is no such open invitation", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "http.people.withdraw_invitation", skip_all)]
pub(crate) async fn withdraw(developer: Developer) -> Result<HttpResponse, Problem> {
    let missing = "there is no such open invitation in this organisation";
    let id = id_of(&developer.request, "invitationId", missing)?;
    let withdrawn = developer.surface.gateway.withdraw_invitation(&developer.visitor, id).await;
    withdrawn.map_err(|error| Problem::invite(&error))?;
    Ok(HttpResponse::NoContent().finish())
}

/// Accepts an invitation. The session is in the organisation afterwards.
#[utoipa::path(
    post,
    path = "/v1/invitations/accept",
    tag = "People",
    security(("user_session" = [])),
    request_body = AcceptBody,
    responses(
        (status = 200, description = "The person belongs there", body = AcceptedView),
        (status = 400, description = "The link is not good, or for somebody else", body = ErrorBody),
        (status = 401, description = "No session, or one that has ended", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "http.people.accept_invitation", skip_all)]
pub(crate) async fn accept(signed_in: SignedIn, body: RawBody) -> Result<HttpResponse, Problem> {
    use lodge_kernel::ExposeSecret as _;
    let body: AcceptBody = body.json().await?;
    let token = body.token.expose_secret();
    let joined = signed_in.surface.gateway.join(&signed_in.person, token).await;
    let joined = joined.map_err(|error| Problem::join(&error))?;
    Ok(private(StatusCode::OK).json(AcceptedView {
        invitation: (&joined).into(),
        request_id: arrival(&signed_in.request)?.id.to_string(),
    }))
}
