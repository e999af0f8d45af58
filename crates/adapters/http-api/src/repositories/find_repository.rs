//! `GET /v1/repositories/{provider}/{repoId}`

use actix_web::HttpResponse;

use crate::{
    caller::{Bearer, ReadRepositories},
    problem::{ErrorBody, Problem},
    views::{RepositoryView, Single},
};

/// This endpoint takes no query.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct NoQuery {}

/// One repository.
#[utoipa::path(
    get,
    path = "/v1/repositories/{provider}/{repoId}",
    tag = "Reading",
    security(("access_token" = ["read:repositories"])),
    params(
        ("provider" = String, Path, description = "The provider's name"),
        ("repoId" = String, Path, description = "The repository's id, as `/v1/repositories` gives it"),
    ),
    responses(
        (status = 200, description = "As asked", body = Single<RepositoryView>),
        (status = 400, description = "The request, its limit or its cursor cannot be used", body = ErrorBody),
        (status = 401, description = "No token, or one that has ended", body = ErrorBody),
        (status = 403, description = "Not approved", body = ErrorBody),
        (status = 404, description = "Not there", body = ErrorBody),
        (status = 429, description = "Too many requests", body = ErrorBody),
        (status = 501, description = "The provider has nothing like it", body = ErrorBody),
        (status = 503, description = "The provider cannot be reached", body = ErrorBody),
        (status = 504, description = "The provider did not answer in time", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "http.repositories.find", skip_all)]
pub(crate) async fn handler(caller: Bearer<ReadRepositories>) -> Result<HttpResponse, Problem> {
    let NoQuery {} = caller.query().await?;
    let read = caller.gateway().find_repository(&caller.grant, caller.ask()).await;
    caller.object(read, |it, _| RepositoryView::from(it)).await
}
