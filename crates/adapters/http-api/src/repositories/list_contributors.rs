//! `GET /v1/repositories/{provider}/{repoId}/contributors`

use actix_web::HttpResponse;

use crate::{
    caller::{Bearer, PageQuery, ReadAuthors},
    problem::{ErrorBody, Problem},
    views::{Collection, ContributorView},
};

/// Contributors, the most active first.
#[utoipa::path(
    get,
    path = "/v1/repositories/{provider}/{repoId}/contributors",
    tag = "Reading",
    security(("access_token" = ["read:authors"])),
    params(
        ("provider" = String, Path, description = "The provider's name"),
        ("repoId" = String, Path, description = "The repository's id, as `/v1/repositories` gives it"),
        ("limit" = Option<u8>, Query, description = "How many items: 1 to 100, 25 when absent"),
        ("cursor" = Option<String>, Query, description = "`page_info.next_cursor` of the page before"),
    ),
    responses(
        (status = 200, description = "One page", body = Collection<ContributorView>),
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
#[tracing::instrument(name = "http.contributors.list", skip_all)]
pub(crate) async fn handler(caller: Bearer<ReadAuthors>) -> Result<HttpResponse, Problem> {
    let query: PageQuery = caller.query().await?;
    let read =
        caller.gateway().list_contributors(&caller.grant, caller.ask(), query.paging()).await;
    caller.list::<_, ContributorView>(read).await
}
