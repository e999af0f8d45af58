//! `GET /v1/me`

use actix_web::HttpResponse;

use crate::{
    caller::{Bearer, ReadProfile},
    problem::{ErrorBody, Problem},
    views::{Collection, ProfileView},
};

/// What the query may hold.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Query {
    provider: Option<String>,
}

/// The profiles of the connected accounts.
#[utoipa::path(
    get,
    path = "/v1/me",
    tag = "Reading",
    security(("access_token" = ["read:profile"])),
    params(("provider" = Option<String>, Query, description = "Of this provider only")),
    responses(
        (status = 200, description = "One profile for each connected account", body = Collection<ProfileView>),
        (status = 400, description = "The request, its limit or its cursor cannot be used", body = ErrorBody),
        (status = 401, description = "No token, or one that has ended", body = ErrorBody),
        (status = 403, description = "Not approved", body = ErrorBody),
        (status = 404, description = "Not there", body = ErrorBody),
        (status = 410, description = "The cursor is too old", body = ErrorBody),
        (status = 429, description = "Too many requests", body = ErrorBody),
        (status = 501, description = "The provider has nothing like it", body = ErrorBody),
        (status = 503, description = "The provider cannot be reached", body = ErrorBody),
        (status = 504, description = "The provider did not answer in time", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "http.me", skip_all)]
pub(crate) async fn handler(caller: Bearer<ReadProfile>) -> Result<HttpResponse, Problem> {
    let query: Query = caller.query().await?;
    let read = caller.gateway().read_profiles(&caller.grant, query.provider.as_deref()).await;
    caller.list::<_, ProfileView>(read).await
}
