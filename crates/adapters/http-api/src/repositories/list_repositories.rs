//! `GET /v1/repositories`

use actix_web::HttpResponse;
use lodge_gateway::read::Paging;

use crate::{
    caller::{Bearer, ReadRepositories},
    problem::{ErrorBody, Problem},
    views::{Collection, RepositoryView},
};

/// What the query may hold.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Query {
    provider: Option<String>,
    limit: Option<String>,
    cursor: Option<String>,
}

/// The approved repositories. A page may be short or empty and still have a next one.
#[utoipa::path(
    get,
    path = "/v1/repositories",
    tag = "Reading",
    security(("access_token" = ["read:repositories"])),
    params(
        ("provider" = Option<String>, Query, description = "Of this provider; a cursor needs it where several are connected"),
        ("limit" = Option<u8>, Query, description = "How many items: 1 to 100, 25 when absent"),
        ("cursor" = Option<String>, Query, description = "`page_info.next_cursor` of the page before"),
    ),
    responses(
        (status = 200, description = "One page", body = Collection<RepositoryView>),
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
#[tracing::instrument(name = "http.repositories.list", skip_all)]
pub(crate) async fn handler(caller: Bearer<ReadRepositories>) -> Result<HttpResponse, Problem> {
    let query: Query = caller.query().await?;
    let read = {
        let paging = Paging { limit: query.limit.as_deref(), cursor: query.cursor.as_deref() };
        caller.gateway().list_repositories(&caller.grant, query.provider.as_deref(), paging).await
    };
    caller.list::<_, RepositoryView>(read).await
}
