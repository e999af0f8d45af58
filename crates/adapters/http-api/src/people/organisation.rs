//! `POST /v1/account/organisation`

use actix_web::HttpResponse;
use lodge_kernel::TenantId;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    body::RawBody,
    caller::SignedIn,
    problem::{Code, ErrorBody, Problem},
};

/// Where the session goes.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct OrganisationBody {
    /// One of the person's organisations.
    tenant_id: String,
}

/// Moves this session into another of the person's organisations.
#[utoipa::path(
    post,
    path = "/v1/account/organisation",
    tag = "People",
    security(("user_session" = [])),
    request_body = OrganisationBody,
    responses(
        (status = 204, description = "The session is there"),
        (status = 401, description = "No session, or one that has ended", body = ErrorBody),
        (status = 404, description = "The person does not belong there", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "http.people.enter_organisation", skip_all)]
pub(crate) async fn handler(signed_in: SignedIn, body: RawBody) -> Result<HttpResponse, Problem> {
    let body: OrganisationBody = body.json().await?;
    let missing = || Problem::new(Code::ResourceNotFound, "you belong to no such organisation");
    let tenant: TenantId = body.tenant_id.parse().map_err(|_not_an_id| missing())?;
    let entered = signed_in.surface.gateway.enter_organisation(&signed_in.person, tenant).await;
    if !entered.map_err(|error| Problem::storage(&error))? {
        return Err(missing());
    }
    Ok(HttpResponse::NoContent().finish())
}
