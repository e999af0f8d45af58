//! `GET /testapp/live/endpoint-suite`

use actix_web::{HttpRequest, HttpResponse, web::Data};
use serde_json::Value;

use crate::{
    live::probe::{Check, Report, admit},
    state::TestApp,
};

/// How many repositories are sampled.
const SAMPLE: usize = 3;

/// What is read below every repository; nothing stands for itself.
pub(super) const ENDPOINTS: [&str; 10] = [
    "",
    "/branches",
    "/commits",
    "/pull-requests",
    "/contributors",
    "/tags",
    "/releases",
    "/checks",
    "/deployments",
    "/file-tree",
];

/// Every endpoint, over a few repositories.
#[tracing::instrument(name = "testapp.endpoint_suite", skip_all)]
pub(crate) async fn handler(request: HttpRequest, app: Data<TestApp>) -> HttpResponse {
    let token = match admit(&app, &request) {
        Ok(token) => token,
        Err(refusal) => return *refusal,
    };
    let mut checks = Vec::new();
    for path in ["/v1/platform/client/me", "/v1/account/quota", "/v1/me"] {
        checks.push(Check::of("The app and its customer", path, &app.read(&token, path).await));
    }
    let list = app.read(&token, "/v1/repositories?limit=100").await;
    checks.push(Check::of("Repositories", "/v1/repositories", &list));
    for repository in list.items().iter().take(SAMPLE) {
        let text = |name: &str| repository.get(name).and_then(Value::as_str).unwrap_or_default();
        let base = format!("/v1/repositories/{}/{}", text("provider"), text("id"));
        below(&app, &token, text("full_name"), &base, &mut checks).await;
    }
    let summary = Report::count(&checks);
    Report { title: "Every endpoint", summary, facts: Vec::new(), checks }.answer(&request)
}

/// Reads everything below one repository, the diff of its newest commit too.
pub(super) async fn below(
    app: &TestApp,
    token: &str,
    name: &str,
    base: &str,
    checks: &mut Vec<Check>,
) {
    let mut newest = None;
    for endpoint in ENDPOINTS {
        let path = format!("{base}{endpoint}");
        let said = app.read(token, &path).await;
        if endpoint == "/commits" {
            newest = said.text("/data/0/sha").map(str::to_owned);
        }
        checks.push(Check::of(name, &path, &said));
    }
    if let Some(commit) = newest {
        let path = format!("{base}/commits/{commit}/diff");
        checks.push(Check::of(name, &path, &app.read(token, &path).await));
    }
}
