//! `POST /v1/security/firewall/test`

use actix_web::{HttpRequest, HttpResponse, web::Data};
use lodge_firewall::Finding;
use lodge_gateway::read::try_firewall::{Trial, TrialFile};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    Surface,
    body::RawBody,
    caller::{Developer, arrival},
    problem::{ErrorBody, Problem},
    views::{DiffFileView, FirewallView, Single},
};

/// What is to be tried: at most 64 KiB in all.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FirewallTestBody {
    /// Any text: a message, a log, a file.
    text: Option<String>,
    /// Paths of files.
    #[serde(default)]
    paths: Vec<String>,
    /// Files of a diff.
    #[serde(default)]
    files: Vec<FirewallTestFile>,
}

/// One file of a diff.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct FirewallTestFile {
    path: String,
    /// Before a rename.
    previous_path: Option<String>,
    /// Unified hunks, from `@@` on.
    patch: Option<String>,
}

/// What would leave.
#[derive(Serialize, ToSchema)]
pub(crate) struct FirewallTestView {
    /// The text with its secrets masked. The masks are other ones than those
    /// of your organisation.
    text: Option<String>,
    /// What was masked in the text.
    findings: Vec<FindingView>,
    paths: Vec<JudgedPathView>,
    files: Vec<DiffFileView>,
}

/// One place of a text that was masked.
#[derive(Serialize, ToSchema)]
struct FindingView {
    /// The rule of docs/firewall.md.
    rule: String,
    /// The word in the mask.
    kind: &'static str,
    /// Counted from 1.
    line: usize,
}

/// What would become of a file by its path.
#[derive(Serialize, ToSchema)]
struct JudgedPathView {
    path: String,
    blocked: bool,
    /// The rule of docs/firewall.md.
    rule: Option<String>,
}

/// What the firewall would do to a text, to paths, or to the files of a diff. Nothing is kept.
#[utoipa::path(
    post,
    path = "/v1/security/firewall/test",
    tag = "Developers",
    security(("user_session" = [])),
    request_body = FirewallTestBody,
    responses(
        (status = 200, description = "What would leave", body = Single<FirewallTestView>),
        (status = 400, description = "The body cannot be used", body = ErrorBody),
        (status = 401, description = "No session, or one that has ended", body = ErrorBody),
        (status = 413, description = "The body is larger than 64 KiB", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "http.firewall.test", skip_all)]
pub(crate) async fn handler(developer: Developer, body: RawBody) -> Result<HttpResponse, Problem> {
    tried(&developer.surface, &developer.request, body).await
}

/// The same on the admin listener, for the operator.
pub(crate) async fn admin(
    surface: Data<Surface>,
    request: HttpRequest,
    body: RawBody,
) -> Result<HttpResponse, Problem> {
    tried(&surface, &request, body).await
}

async fn tried(
    surface: &Surface,
    request: &HttpRequest,
    body: RawBody,
) -> Result<HttpResponse, Problem> {
    let body: FirewallTestBody = body.json().await?;
    let files = body.files.into_iter().map(|it| TrialFile {
        path: it.path,
        previous_path: it.previous_path,
        patch: it.patch,
    });
    let trial = Trial { text: body.text, paths: body.paths, files: files.collect() };
    let tried = surface.gateway.try_firewall(trial);
    let paths = tried.paths.into_iter().map(|(path, rule)| JudgedPathView {
        path,
        blocked: rule.is_some(),
        rule: rule.map(|it| it.to_string()),
    });
    Ok(HttpResponse::Ok().json(Single {
        data: FirewallTestView {
            text: tried.text,
            findings: tried.findings.into_iter().map(FindingView::from).collect(),
            paths: paths.collect(),
            files: tried.files.into_iter().map(DiffFileView::from).collect(),
        },
        firewall: FirewallView::new(surface.gateway.rules().version(), &tried.tally),
        request_id: arrival(request)?.id.to_string(),
    }))
}

impl From<Finding> for FindingView {
    fn from(it: Finding) -> Self {
        Self { rule: it.rule.to_string(), kind: it.rule.kind(), line: it.line }
    }
}
