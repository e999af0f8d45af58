//! `GET /v1/repositories/{provider}/{repoId}/file-tree`

use actix_web::HttpResponse;
use lodge_gateway::read::{Paging, list_tree::TreeQuery};

use crate::{
    caller::{Bearer, ReadFileTree},
    problem::{ErrorBody, Problem},
    views::{Collection, TreeEntryView},
};

/// What the query may hold.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Query {
    #[serde(rename = "ref")]
    reference: Option<String>,
    branch: Option<String>,
    path: Option<String>,
    recursive: Option<String>,
    limit: Option<String>,
    cursor: Option<String>,
}

/// The names of files. Blocked names are left out and counted.
#[utoipa::path(
    get,
    path = "/v1/repositories/{provider}/{repoId}/file-tree",
    tag = "Reading",
    security(("access_token" = ["read:file-tree"])),
    params(
        ("provider" = String, Path, description = "The provider's name"),
        ("repoId" = String, Path, description = "The repository's id, as `/v1/repositories` gives it"),
        ("ref" = Option<String>, Query, description = "A commit, tag or branch; the default branch when absent"),
        ("branch" = Option<String>, Query, description = "A branch"),
        ("path" = Option<String>, Query, description = "Below this folder"),
        ("recursive" = Option<bool>, Query, description = "With everything below"),
        ("limit" = Option<u8>, Query, description = "How many items: 1 to 100, 25 when absent"),
        ("cursor" = Option<String>, Query, description = "`page_info.next_cursor` of the page before"),
    ),
    responses(
        (status = 200, description = "One page", body = Collection<TreeEntryView>),
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
#[tracing::instrument(name = "http.file_tree.list", skip_all)]
pub(crate) async fn handler(caller: Bearer<ReadFileTree>) -> Result<HttpResponse, Problem> {
    let query: Query = caller.query().await?;
    let read = {
        let paging = Paging { limit: query.limit.as_deref(), cursor: query.cursor.as_deref() };
        let tree = TreeQuery {
            reference: query.reference.as_deref(),
            branch: query.branch.as_deref(),
            path: query.path.as_deref(),
            recursive: query.recursive.as_deref(),
        };
        caller.gateway().list_tree(&caller.grant, caller.ask(), tree, paging).await
    };
    caller.list::<_, TreeEntryView>(read).await
}
