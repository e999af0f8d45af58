//! `GET /v1/repositories/{provider}/{repoId}/pull-requests/{pullRequestId}/diff`

use actix_web::HttpResponse;

use crate::{
    caller::{Bearer, ReadDiffs},
    problem::{ErrorBody, Problem},
    repositories::diff_format::{DiffQuery, present},
    views::{DiffView, Single},
};

/// What a pull request changes. Blocked files are withheld, secrets masked.
#[utoipa::path(
    get,
    path = "/v1/repositories/{provider}/{repoId}/pull-requests/{pullRequestId}/diff",
    tag = "Reading",
    security(("access_token" = ["read:diffs"])),
    params(
        ("provider" = String, Path, description = "The provider's name"),
        ("repoId" = String, Path, description = "The repository's id, as `/v1/repositories` gives it"),
        ("pullRequestId" = u64, Path, description = "The number"),
        ("format" = Option<String>, Query, description = "`json` (when absent) or `patch`"),
    ),
    responses(
        (status = 200, description = "As asked", body = Single<DiffView>),
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
#[tracing::instrument(name = "http.pull_requests.diff", skip_all)]
pub(crate) async fn handler(caller: Bearer<ReadDiffs>) -> Result<HttpResponse, Problem> {
    let query: DiffQuery = caller.query().await?;
    let patch = caller.noted(query.is_patch()).await?;
    let number = caller.segment("pullRequestId");
    let read = caller.gateway().pull_request_diff(&caller.grant, caller.ask(), number).await;
    present(&caller, read, patch).await
}
