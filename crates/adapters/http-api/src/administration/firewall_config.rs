//! `GET` and `POST /v1/security/firewall/config`

use std::time::Duration;

use actix_web::{
    HttpResponse,
    http::{StatusCode, header},
};
use lodge_access::FirewallSettings;
use lodge_firewall::Rules;
use lodge_gateway::administration::FirewallChange;
use lodge_kernel::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    administration::{admin::Admin, page::One},
    body::RawBody,
    problem::{ErrorBody, Problem},
    views::Time,
};

/// What the firewall blocks beyond what is built in.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FirewallConfigView {
    /// Whether `blockedPatterns` count at this moment.
    enabled: bool,
    /// When they count again by themselves.
    disabled_until: Option<Time>,
    /// What an administrator added.
    blocked_patterns: Vec<String>,
    /// What always counts, besides the masks of secrets.
    built_in_patterns: &'static [&'static str],
    /// Also in the header `ETag`.
    version: u64,
    changed_at: Option<Time>,
}

fn answer(settings: FirewallSettings, now: Timestamp, request_id: String) -> HttpResponse {
    let disabled_until = settings.suspended_until.filter(|end| now < *end);
    let etag = format!("\"{}\"", settings.version);
    let data = FirewallConfigView {
        enabled: disabled_until.is_none(),
        disabled_until: disabled_until.map(Time::from),
        blocked_patterns: settings.patterns,
        built_in_patterns: Rules::floor(),
        version: settings.version,
        changed_at: settings.changed_at.map(Time::from),
    };
    let mut response = HttpResponse::Ok();
    response.insert_header((header::ETAG, etag)).json(One { data, request_id })
}

/// What the firewall blocks beyond what is built in.
#[utoipa::path(
    get,
    path = "/v1/security/firewall/config",
    tag = "Administration",
    security(("admin_key" = ["firewall:read"])),
    responses(
        (status = 200, description = "The settings; `ETag` is their version", body = One<FirewallConfigView>),
        (status = 401, description = "No admin key, or one that has ended", body = ErrorBody),
        (status = 403, description = "The admin key is not for this", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "http.firewall.show_config", skip_all)]
pub(crate) async fn show(admin: Admin) -> Result<HttpResponse, Problem> {
    let gateway = &admin.surface.gateway;
    let settings = gateway.firewall_settings().await;
    let settings = settings.map_err(|error| Problem::storage(&error))?;
    Ok(answer(settings, gateway.now(), admin.request_id()?))
}

/// What changes.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct FirewallConfigBody {
    /// `false` switches `blockedPatterns` off for a while, `true` on again;
    /// what is built in always counts. As it was when absent.
    enabled: Option<bool>,
    /// With `enabled: false`: 1 to 86,400 seconds, 3,600 when absent.
    disabled_for_seconds: Option<u32>,
    /// All further patterns, at most 500 of 256 bytes. As they were when
    /// absent.
    blocked_patterns: Option<Vec<String>>,
    /// Why: 1 to 500 characters, for the audit trail.
    reason: String,
}

/// Changes what the firewall blocks beyond what is built in. Every process
/// follows within 200 milliseconds.
#[utoipa::path(
    post,
    path = "/v1/security/firewall/config",
    tag = "Administration",
    security(("admin_key" = ["firewall:write"])),
    params(("If-Match" = String, Header, description = "The `ETag` of the settings that were looked at")),
    request_body = FirewallConfigBody,
    responses(
        (status = 200, description = "The settings", body = One<FirewallConfigView>),
        (status = 400, description = "The body cannot be used", body = ErrorBody),
        (status = 401, description = "No admin key, or one that has ended", body = ErrorBody),
        (status = 403, description = "The admin key is not for this", body = ErrorBody),
        (status = 412, description = "Somebody else has changed them since", body = ErrorBody),
        (status = 428, description = "`If-Match` is missing", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "http.firewall.change_config", skip_all)]
pub(crate) async fn change(admin: Admin, body: RawBody) -> Result<HttpResponse, Problem> {
    let given = admin.request.headers().get(header::IF_MATCH).and_then(|it| it.to_str().ok());
    let given = given.ok_or_else(|| {
        Problem::invalid("send the `ETag` of the settings that you looked at in `If-Match`")
            .with_status(StatusCode::PRECONDITION_REQUIRED)
    })?;
    let seen = given.trim().strip_prefix('"').and_then(|it| it.strip_suffix('"'));
    let seen = seen.and_then(|it| it.parse().ok()).ok_or_else(|| {
        Problem::invalid("`If-Match` is not an `ETag` of these settings")
            .with_status(StatusCode::PRECONDITION_FAILED)
    })?;
    let body: FirewallConfigBody = body.json().await?;
    let change = FirewallChange {
        seen,
        enabled: body.enabled,
        suspension: body.disabled_for_seconds.map(|it| Duration::from_secs(it.into())),
        patterns: body.blocked_patterns,
        reason: body.reason,
    };
    let gateway = &admin.surface.gateway;
    let changed = gateway.change_firewall(admin.by, change).await;
    let changed = changed.map_err(|error| Problem::firewall(&error))?;
    Ok(answer(changed, gateway.now(), admin.request_id()?))
}
