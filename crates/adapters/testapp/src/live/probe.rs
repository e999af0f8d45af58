//! What the probes share: who may start one, and how one is told.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode};
use askama::Template;
use serde::Serialize;
use serde_json::json;

use crate::{answer, gateway::Said, session::Session, state::TestApp};

/// One read, and how it went.
#[derive(Serialize)]
pub(crate) struct Check {
    /// What was looked at.
    pub(crate) name: String,
    /// What was asked.
    pub(crate) path: String,
    /// The HTTP status; 0 when nobody answered.
    pub(crate) status: u16,
    /// The code of a refusal.
    pub(crate) code: Option<String>,
    /// How many items the page had.
    pub(crate) items: Option<usize>,
    pub(crate) milliseconds: u128,
    /// It is as it should be: an answer, or an honest “this host has no such
    /// thing”.
    pub(crate) good: bool,
    /// By which the request log finds it.
    pub(crate) request_id: Option<String>,
}

impl Check {
    /// A read that should answer.
    pub(crate) fn of(name: &str, path: &str, said: &Said) -> Self {
        let code = said.text("/error/code").map(str::to_owned);
        let unsupported = code.as_deref() == Some("UNSUPPORTED_ENDPOINT");
        let request_id = said.text("/request_id").or_else(|| said.text("/error/request_id"));
        Self {
            name: name.to_owned(),
            path: path.to_owned(),
            status: said.status,
            items: said.body.get("data").and_then(|it| it.as_array()).map(Vec::len),
            milliseconds: said.milliseconds,
            good: said.is_good() || unsupported,
            request_id: request_id.map(str::to_owned),
            code,
        }
    }

    /// A read that should be refused, with this status and code.
    pub(crate) fn refused(name: &str, path: &str, said: &Said, as_it: (u16, &str)) -> Self {
        let check = Self::of(name, path, said);
        let good = (check.status, check.code.as_deref()) == (as_it.0, Some(as_it.1));
        Self { good, ..check }
    }
}

/// What a probe found.
#[derive(Serialize, Template)]
#[template(path = "report.html")]
pub(crate) struct Report {
    pub(crate) title: &'static str,
    /// In a sentence.
    pub(crate) summary: String,
    /// What was counted, each with its name.
    pub(crate) facts: Vec<(String, String)>,
    pub(crate) checks: Vec<Check>,
}

impl Report {
    /// As a page to a person, as JSON to a program.
    pub(crate) fn answer(self, request: &HttpRequest) -> HttpResponse {
        if answer::wants_page(request) {
            return answer::page(StatusCode::OK, &self);
        }
        answer::bare(StatusCode::OK).json(json!({ "data": self }))
    }

    /// How many of the checks are as they should be.
    pub(crate) fn count(checks: &[Check]) -> String {
        let good = checks.iter().filter(|it| it.good).count();
        format!("{good} of {} reads went as they should.", checks.len())
    }
}

/// The token of who may start a probe now; otherwise the refusal.
pub(crate) fn admit(app: &TestApp, request: &HttpRequest) -> Result<String, Box<HttpResponse>> {
    let session = Session::of(app, request);
    let Some((browser, token)) = session.and_then(|it| Some((it.browser, it.token?))) else {
        return Err(Box::new(answer::refuse(
            StatusCode::UNAUTHORIZED,
            "AUTH_REQUIRED",
            "the sandbox has no token: connect it at /testapp first",
            "authenticate",
        )));
    };
    if app.admits(&browser) {
        return Ok(token);
    }
    Err(Box::new(answer::refuse(
        StatusCode::TOO_MANY_REQUESTS,
        "RATE_LIMITED",
        "30 probes a minute can be started: wait a moment",
        "retry_after_delay",
    )))
}
