//! `GET|POST /api/v1/gitlab/parse-url`

use actix_web::http::StatusCode;
use lodge_kernel::ConnectionId;
use lodge_provider::Located;
use lodge_teaching::sources::{Address, Preview};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    body::RawBody,
    teaching::{
        caller::Teacher,
        problem::{Refusal, RefusalBody},
        respond::{Answer, MOST_JSON, One, json_bytes, parse},
    },
};

/// Where a course is.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AddressBody {
    /// What stands in a browser's address line, or the path of a folder.
    pub(super) url: String,
    /// The host's name here; found by the address when absent: `local` for a
    /// path, `gitlab` otherwise.
    pub(super) host: Option<String>,
    /// The account that it is read through, which an administrator connected
    /// with a token; the operator's own when absent.
    pub(super) connection_id: Option<String>,
}

impl AddressBody {
    pub(super) fn address(self) -> Result<Address, Refusal> {
        let connection = self.connection_id.as_deref().map(str::parse::<ConnectionId>).transpose();
        let connection = connection
            .map_err(|_not_an_id| Refusal::field("connection_id", "this is `connection_…`"))?;
        Ok(Address { url: self.url, host: self.host, connection })
    }
}

/// What stands at an address.
#[derive(Serialize, ToSchema)]
pub(crate) struct PreviewView {
    /// `group` or `project`.
    kind: &'static str,
    /// The host's name here.
    host: String,
    /// The host's id of it.
    id: String,
    name: String,
    /// Where it stands at the host.
    path: String,
    web_url: Option<String>,
    would_import: WouldImport,
}

/// What would be brought in.
#[derive(Serialize, ToSchema)]
struct WouldImport {
    teams: usize,
    projects: usize,
    /// There are more than these: the first hundred of each were counted.
    more: bool,
}

impl From<Preview> for PreviewView {
    fn from(it: Preview) -> Self {
        let (kind, id, name, path, web_url) = match it.located {
            Located::Group(it) => ("group", it.id, it.name, it.path, it.web_url),
            Located::Project(it) => ("project", it.id.to_string(), it.name, it.path, it.web_url),
        };
        let Preview { teams, projects, more, .. } = it;
        let would_import = WouldImport { teams, projects, more };
        Self { kind, host: it.host.to_string(), id, name, path, web_url, would_import }
    }
}

/// What stands at an address, and what would be brought in. Nothing is made.
#[utoipa::path(
    get,
    path = "/api/v1/gitlab/parse-url",
    tag = "Courses",
    security(("teacher_token" = []), ("user_session" = [])),
    params(
        ("url" = String, Query, description = "What stands in a browser's address line, or the path of a folder"),
        ("host" = Option<String>, Query, description = "The host's name here; found by the address when absent"),
        ("connection_id" = Option<String>, Query, description = "The account; the operator's own when absent"),
    ),
    responses(
        (status = 200, description = "What stands there", body = One<PreviewView>),
        (status = 400, description = "The query cannot be used", body = RefusalBody),
        (status = 401, description = "No token or session, or one that has ended", body = RefusalBody),
        (status = 403, description = "The token is for less", body = RefusalBody),
        (status = 422, description = "The address or the account cannot be used: the message says what to do", body = RefusalBody),
        (status = 503, description = "The host does not answer", body = RefusalBody),
    ),
)]
#[tracing::instrument(name = "http.courses.parse_url", skip_all)]
pub(crate) async fn get(teacher: Teacher) -> Answer {
    let address: AddressBody = teacher.query()?;
    shown(&teacher, address).await
}

/// What stands at an address, and what would be brought in. Nothing is made.
#[utoipa::path(
    post,
    path = "/api/v1/gitlab/parse-url",
    tag = "Courses",
    security(("teacher_token" = []), ("user_session" = [])),
    request_body = AddressBody,
    responses(
        (status = 200, description = "What stands there", body = One<PreviewView>),
        (status = 400, description = "The body cannot be read", body = RefusalBody),
        (status = 401, description = "No token or session, or one that has ended", body = RefusalBody),
        (status = 403, description = "The token is for less", body = RefusalBody),
        (status = 422, description = "The address or the account cannot be used: the message says what to do", body = RefusalBody),
        (status = 503, description = "The host does not answer", body = RefusalBody),
    ),
)]
#[tracing::instrument(name = "http.courses.parse_url", skip_all)]
pub(crate) async fn post(teacher: Teacher, body: RawBody) -> Answer {
    let body = json_bytes(body, MOST_JSON).await?;
    shown(&teacher, parse(&body)?).await
}

async fn shown(teacher: &Teacher, address: AddressBody) -> Answer {
    let address = address.address()?;
    let preview = teacher.teaching().parse_address(&teacher.caller, &address).await?;
    Ok(teacher.one(StatusCode::OK, PreviewView::from(preview))?.send())
}
