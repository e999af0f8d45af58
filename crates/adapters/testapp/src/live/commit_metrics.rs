//! `GET /testapp/live/commit-metrics`

use std::collections::BTreeSet;

use actix_web::{HttpRequest, HttpResponse, web::Data};
use serde_json::Value;

use crate::{
    live::probe::{Check, Report, admit},
    state::TestApp,
};

/// How many repositories are counted.
const MOST: usize = 10;

/// The newest hundred commits of each repository, counted.
#[tracing::instrument(name = "testapp.commit_metrics", skip_all)]
pub(crate) async fn handler(request: HttpRequest, app: Data<TestApp>) -> HttpResponse {
    let token = match admit(&app, &request) {
        Ok(token) => token,
        Err(refusal) => return *refusal,
    };
    let list = app.read(&token, "/v1/repositories?limit=100").await;
    let mut checks = vec![Check::of("Repositories", "/v1/repositories", &list)];
    let mut facts = Vec::new();
    for repository in list.items().iter().take(MOST) {
        let text = |name: &str| repository.get(name).and_then(Value::as_str).unwrap_or_default();
        let path =
            format!("/v1/repositories/{}/{}/commits?limit=100", text("provider"), text("id"));
        let said = app.read(&token, &path).await;
        let authors: BTreeSet<_> =
            said.items().iter().filter_map(|it| it.pointer("/author/name")?.as_str()).collect();
        if said.is_good() {
            let found = format!("{} commits by {} people", said.items().len(), authors.len());
            facts.push((format!("{} ({})", text("full_name"), text("provider")), found));
        }
        checks.push(Check::of(text("full_name"), &path, &said));
    }
    let summary = format!(
        "The newest 100 commits of {} of {} repositories. {}",
        facts.len(),
        list.items().len(),
        Report::count(&checks)
    );
    Report { title: "Commit metrics", summary, facts, checks }.answer(&request)
}
