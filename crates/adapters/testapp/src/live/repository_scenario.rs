//! `GET /testapp/live/repository-scenario`

use actix_web::{
    HttpRequest, HttpResponse,
    http::StatusCode,
    web::{Data, Query},
};
use serde::Deserialize;

use crate::{
    answer,
    live::{
        endpoint_suite::below,
        probe::{Check, Report, admit},
    },
    state::TestApp,
};

/// Which repository. The contract has two names for its id.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Which {
    provider: Option<String>,
    repo_id: Option<String>,
    repository_id: Option<String>,
}

/// Everything of one repository, and what must be refused beside it.
#[tracing::instrument(name = "testapp.repository_scenario", skip_all)]
pub(crate) async fn handler(
    request: HttpRequest,
    app: Data<TestApp>,
    which: Query<Which>,
) -> HttpResponse {
    let token = match admit(&app, &request) {
        Ok(token) => token,
        Err(refusal) => return *refusal,
    };
    let which = which.into_inner();
    let Some((provider, id)) = which.provider.zip(which.repo_id.or(which.repository_id)) else {
        return answer::refuse(
            StatusCode::BAD_REQUEST,
            "INVALID_REQUEST",
            "`provider` and `repoId` say which repository",
            "fix_request",
        );
    };
    // One segment of a path each, whatever was typed in.
    let segment =
        |it: &str| url::form_urlencoded::byte_serialize(it.as_bytes()).collect::<String>();
    let base = format!("/v1/repositories/{}/{}", segment(&provider), segment(&id));
    let mut checks = Vec::new();
    below(&app, &token, "Reads", &base, &mut checks).await;

    let mut facts = vec![("Repository".to_owned(), format!("{id} at {provider}"))];
    let first = format!("{base}/commits?limit=1");
    let page = app.read(&token, &first).await;
    checks.push(Check::of("A page of one commit", &first, &page));
    if let Some(cursor) = page.text("/page_info/next_cursor") {
        let next = format!("{first}&cursor={}", segment(cursor));
        checks.push(Check::of("The page after it", &next, &app.read(&token, &next).await));
        let other = format!("{base}/branches?cursor={}", segment(cursor));
        let said = app.read(&token, &other).await;
        let as_it = (400, "INVALID_CURSOR");
        checks.push(Check::refused("Its cursor elsewhere", &other, &said, as_it));
        facts.push(("Commits".to_owned(), "more than one page".to_owned()));
    }
    let far = format!("{base}/commits?limit=101");
    let said = app.read(&token, &far).await;
    checks.push(Check::refused("A limit of 101", &far, &said, (400, "INVALID_LIMIT")));
    let summary = Report::count(&checks);
    Report { title: "One repository", summary, facts, checks }.answer(&request)
}
