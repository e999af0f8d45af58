//! `GET /health/ready`

use std::time::Duration;

use actix_web::{HttpResponse, web::Data};
use lodge_storage::{StorageError, StoreState};
use lodge_teaching::Lag;
use serde::Serialize;
use tokio::time::timeout;
use utoipa::ToSchema;

use crate::Surface;

/// How long the database may take to answer.
const PATIENCE: Duration = Duration::from_secs(1);
/// How long work may wait for a worker before somebody should look.
const LATE: Duration = Duration::from_mins(5);
/// After so many failures in a row a host is told of.
const FAILURES: u32 = 3;

/// Whether this process should be sent requests.
#[derive(Serialize, ToSchema)]
pub(crate) struct ReadyView {
    /// `ready`; `degraded` when it serves and something beside it should be
    /// mended; `not-ready`.
    status: &'static str,
    version: &'static str,
    checks: Vec<CheckView>,
}

/// One thing that was looked at.
#[derive(Serialize, ToSchema)]
pub(crate) struct CheckView {
    /// `process`, `store`, `migrations`, `jobs`, `deliveries`, or `host:` and
    /// the name of a host.
    name: String,
    ok: bool,
    /// What is wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<String>,
    /// What to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    mend: Option<&'static str>,
    /// Requests cannot be served while it is so.
    #[serde(skip)]
    is_grave: bool,
}

impl CheckView {
    fn well(name: &str) -> Self {
        let name = name.to_owned();
        Self { name, ok: true, problem: None, mend: None, is_grave: false }
    }

    fn wrong(name: &str, problem: String, mend: &'static str) -> Self {
        Self { ok: false, problem: Some(problem), mend: Some(mend), ..Self::well(name) }
    }

    fn grave(self) -> Self {
        Self { is_grave: true, ..self }
    }
}

/// Whether this process should be sent requests: for a balancer, and for people,
/// whom it tells what to do. Hosts are not asked; it tells how they answered
/// last.
#[utoipa::path(
    get,
    path = "/health/ready",
    tag = "Discovery",
    responses(
        (status = 200, description = "It serves", body = ReadyView),
        (status = 503, description = "Requests should go elsewhere", body = ReadyView),
    ),
)]
pub(crate) async fn handler(surface: Data<Surface>) -> HttpResponse {
    let mut checks = vec![process(&surface)];
    match timeout(PATIENCE, ask(&surface)).await {
        Ok(Ok((state, lag))) => {
            checks.extend([CheckView::well("store"), migrations(&state)]);
            let mend = "look at the log of the workers, and at `docs/operating.md`";
            checks.push(late("jobs", "the oldest job that is due", lag.jobs, mend));
            checks.push(late("deliveries", "the oldest delivery", lag.deliveries, mend));
        }
        Ok(Err(error)) => {
            tracing::warn!(%error, "not ready: the database cannot be asked");
            checks.push(silent("the database cannot be asked".to_owned()));
        }
        Err(_late) => checks.push(silent(format!("no answer within {PATIENCE:?}"))),
    }
    checks.extend(hosts(&surface));
    let status = match (checks.iter().all(|it| it.ok), checks.iter().any(|it| it.is_grave)) {
        (_, true) => "not-ready",
        (true, false) => "ready",
        (false, false) => "degraded",
    };
    let mut response = match status {
        "not-ready" => HttpResponse::ServiceUnavailable(),
        _ => HttpResponse::Ok(),
    };
    response.json(ReadyView { status, version: env!("CARGO_PKG_VERSION"), checks })
}

async fn ask(surface: &Surface) -> Result<(StoreState, Lag), StorageError> {
    let state = surface.gateway.storage.state().await?;
    Ok((state, surface.teaching.lag().await?))
}

fn process(surface: &Surface) -> CheckView {
    if !surface.readiness.is_stopping() {
        return CheckView::well("process");
    }
    let mend = "send requests to another process; this one answers those that it has";
    CheckView::wrong("process", "it was told to stop".to_owned(), mend).grave()
}

fn silent(problem: String) -> CheckView {
    let mend = "see that the database runs and can be reached, `gitlodge doctor` says how";
    CheckView::wrong("store", problem, mend).grave()
}

fn migrations(state: &StoreState) -> CheckView {
    if !state.missing.is_empty() {
        let problem = format!("missing: {}", state.missing.join(", "));
        return CheckView::wrong("migrations", problem, "run `gitlodge migrate`").grave();
    }
    if state.unknown.is_empty() {
        return CheckView::well("migrations");
    }
    // An older process goes on while a newer one takes over.
    let problem = format!("a newer Gitlodge was here, unknown: {}", state.unknown.join(", "));
    CheckView::wrong("migrations", problem, "update this process, too")
}

fn late(name: &str, what: &str, lag: Duration, mend: &'static str) -> CheckView {
    if lag < LATE {
        return CheckView::well(name);
    }
    let problem =
        format!("{what} waits for {} s, and {} s are the most", lag.as_secs(), LATE.as_secs());
    CheckView::wrong(name, problem, mend)
}

fn hosts(surface: &Surface) -> impl Iterator<Item = CheckView> {
    surface.gateway.providers.iter().map(|it| {
        let (host, name) = (it.name(), format!("host:{}", it.name()));
        let failures = surface.metrics.hosts.failures(&host);
        if failures < FAILURES {
            return CheckView::well(&name);
        }
        let problem = format!("it failed {failures} times in a row");
        CheckView::wrong(&name, problem, "run `gitlodge doctor`, which asks it")
    })
}
