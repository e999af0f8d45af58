//! `GET /metrics`

use std::sync::atomic::Ordering;

use actix_web::{HttpRequest, HttpResponse, web::Data};
use lodge_access::AdminScope;

use crate::{
    Surface,
    administration::admin::{ADMIN_KEY, authenticate},
    caller::bearer_text,
    problem::{Code, ErrorBody, Problem},
};

const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// What is counted, on the admin listener.
pub(crate) async fn admin(surface: Data<Surface>) -> Result<HttpResponse, Problem> {
    let backlog = surface.gateway.event_backlog().await;
    match backlog {
        Ok(backlog) => surface.metrics.waits(&backlog),
        // The other figures are wanted most when the database is away.
        Err(error) => tracing::warn!(%error, "what waits cannot be counted"),
    }
    match surface.teaching.job_depth().await {
        Ok(depth) => surface.metrics.jobs(&depth, surface.gateway.clock.now()),
        Err(error) => tracing::warn!(%error, "jobs cannot be counted"),
    }
    match surface.teaching.intake_of_all().await {
        Ok((tally, lag)) => surface.metrics.intake.stands(&tally, lag),
        Err(error) => tracing::warn!(%error, "what hosts delivered cannot be counted"),
    }
    let failed = surface.teaching.workshop.failed.load(Ordering::Relaxed);
    surface.metrics.process(failed, surface.gateway.storage.connections());
    let text = surface.metrics.text().map_err(|error| Problem::internal(&error))?;
    Ok(HttpResponse::Ok().content_type(OPEN_METRICS).body(text))
}

/// What is counted, for a scraper with the token that the operator chose, or
/// with an admin key.
#[utoipa::path(
    get,
    path = "/metrics",
    tag = "Operations",
    security(("metrics_token" = []), ("admin_key" = ["metrics:read"])),
    responses(
        (status = 200, description = "OpenMetrics text", content_type = "application/openmetrics-text", body = String),
        (status = 401, description = "No token, or another", body = ErrorBody),
        (status = 404, description = "The operator chose no token", body = ErrorBody),
    ),
)]
pub(crate) async fn handler(
    request: HttpRequest,
    surface: Data<Surface>,
) -> Result<HttpResponse, Problem> {
    if request.headers().contains_key(ADMIN_KEY) && !surface.admin.confined {
        authenticate(&surface, &request, AdminScope::MetricsRead).await?;
        return admin(surface).await;
    }
    let Some(token) = &surface.metrics_token else {
        return Err(Problem::new(Code::ResourceNotFound, "There is nothing here."));
    };
    // Digests are compared, so that the time taken tells nothing of the token.
    let keys = &surface.gateway.keys;
    let given = bearer_text(&request)?;
    if keys.digest(given.as_bytes()) != keys.digest(token.as_bytes()) {
        return Err(Problem::new(Code::InvalidCredentials, "This is not the metrics token."));
    }
    admin(surface).await
}
