//! `POST /v1/connections/manual`

use actix_web::HttpResponse;
use lodge_gateway::connections::{NewOwner, TokenDraft};
use lodge_kernel::{SecretString, Timestamp};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    administration::admin::Admin,
    body::RawBody,
    connections::connection_view::ConnectionAnswer,
    problem::{ErrorBody, Problem},
};

/// An account, its token, and whose it will be: a customer's id, or an app and
/// what it calls the customer.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct ManualConnectionBody {
    /// One of /v1/providers.
    provider: String,
    /// A token that was made at the provider.
    #[schema(value_type = String, format = Password)]
    access_token: SecretString,
    /// When the token ends, if anybody knows.
    expires_at: Option<String>,
    /// `cust_…`
    customer_id: Option<String>,
    /// `client_…`
    client_id: Option<String>,
    /// What the app calls the customer.
    customer_ref: Option<String>,
}

/// Connects an account by a token that was made at its provider, after the
/// provider said whose it is.
#[utoipa::path(
    post,
    path = "/v1/connections/manual",
    tag = "Administration",
    security(("admin_key" = ["connections:write"])),
    request_body = ManualConnectionBody,
    responses(
        (status = 403, description = "The admin key is not for this", body = ErrorBody),
        (status = 201, description = "The connection", body = ConnectionAnswer),
        (status = 400, description = "The body cannot be used", body = ErrorBody),
        (status = 401, description = "The provider does not take the token; or there is no admin key", body = ErrorBody),
        (status = 404, description = "No such customer or app", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "http.connections.connect_with_token", skip_all)]
pub(crate) async fn handler(admin: Admin, body: RawBody) -> Result<HttpResponse, Problem> {
    let body: ManualConnectionBody = body.json().await?;
    let expires_at = body.expires_at.as_deref().map(Timestamp::parse).transpose();
    let draft = TokenDraft {
        owner: owner(&body)?,
        provider: body.provider,
        token: body.access_token,
        expires_at: expires_at.map_err(|error| Problem::invalid(error.to_string()))?,
    };
    let gateway = &admin.surface.gateway;
    let connected = gateway.connect_with_token(admin.by, draft).await;
    let connected =
        connected.map_err(|error| Problem::connect_with_token(&error, gateway.now()))?;
    let details = gateway.find_connection(connected.id).await;
    Ok(HttpResponse::Created().json(ConnectionAnswer {
        data: details.map_err(|error| Problem::manage_connection(&error))?.into(),
        request_id: admin.request_id()?,
    }))
}

fn owner(body: &ManualConnectionBody) -> Result<NewOwner, Problem> {
    let invalid = |error: lodge_kernel::ParseIdError| Problem::invalid(error.to_string());
    match (&body.customer_id, &body.client_id, &body.customer_ref) {
        (Some(customer), None, None) => customer.parse().map(NewOwner::Customer).map_err(invalid),
        (None, Some(client), Some(reference)) => {
            let client = client.parse().map_err(invalid)?;
            Ok(NewOwner::Reference { client, reference: reference.clone() })
        }
        _ => Err(Problem::invalid("send `customerId`, or `clientId` and `customerRef`")),
    }
}
