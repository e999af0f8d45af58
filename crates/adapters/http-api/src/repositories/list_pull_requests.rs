//! `GET /v1/repositories/{provider}/{repoId}/pull-requests`

use actix_web::HttpResponse;
use lodge_gateway::read::Paging;

use crate::{
    caller::{Bearer, ReadPullRequests},
    problem::{ErrorBody, Problem},
    views::{Collection, PullRequestView},
};

/// What the query may hold.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Query {
    state: Option<String>,
    limit: Option<String>,
    cursor: Option<String>,
}

/// Pull requests, which GitLab calls merge requests.
#[utoipa::path(
    get,
    path = "/v1/repositories/{provider}/{repoId}/pull-requests",
    tag = "Reading",
    security(("access_token" = ["read:pull-requests"])),
    params(
        ("provider" = String, Path, description = "The provider's name"),
        ("repoId" = String, Path, description = "The repository's id, as `/v1/repositories` gives it"),
        ("state" = Option<String>, Query, description = "`open` (when absent), `merged`, `closed` or `all`"),
        ("limit" = Option<u8>, Query, description = "How many items: 1 to 100, 25 when absent"),
        ("cursor" = Option<String>, Query, description = "`page_info.next_cursor` of the page before"),
    ),
    responses(
        (status = 200, description = "One page", body = Collection<PullRequestView>),
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
#[tracing::instrument(name = "http.pull_requests.list", skip_all)]
pub(crate) async fn handler(caller: Bearer<ReadPullRequests>) -> Result<HttpResponse, Problem> {
    let query: Query = caller.query().await?;
    let read = {
        let paging = Paging { limit: query.limit.as_deref(), cursor: query.cursor.as_deref() };
        caller
            .gateway()
            .list_pull_requests(&caller.grant, caller.ask(), query.state.as_deref(), paging)
            .await
    };
    caller.list::<_, PullRequestView>(read).await
}
