//! `GET /v1/platform/audit`

use actix_web::HttpResponse;
use lodge_access::{Action, AuditEntry};
use lodge_kernel::hex;
use lodge_storage::AuditFilter;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    administration::{
        admin::Admin,
        page::{Listing, Place, maybe_id},
    },
    problem::{ErrorBody, Problem},
    views::Time,
};

/// One entry of the audit trail.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AuditView {
    id: String,
    at: Time,
    /// The organisation, or `installation`.
    chain: String,
    /// The place in its chain, counted from 1.
    sequence: u64,
    /// Who did it: an id, `operator`, `system` or `stranger`.
    actor: String,
    /// What was done; docs/audit.md has the list.
    action: &'static str,
    subject: Option<String>,
    reason: Option<String>,
    /// Where the request came from.
    network: Option<String>,
    request_id: Option<String>,
    /// `done` or `refused`.
    outcome: &'static str,
    /// Covers the entry and all before it.
    hash: String,
}

impl From<AuditEntry> for AuditView {
    fn from(it: AuditEntry) -> Self {
        let event = it.event;
        Self {
            id: event.id.to_string(),
            at: event.at.into(),
            chain: event.chain.to_string(),
            sequence: it.sequence,
            actor: event.actor.to_string(),
            action: event.action.name(),
            subject: event.subject,
            reason: event.reason,
            network: event.network,
            request_id: event.request.map(|it| it.to_string()),
            outcome: event.outcome.name(),
            hash: hex::encode(&it.hash.0),
        }
    }
}

/// The query.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ListQuery {
    chain: Option<String>,
    action: Option<String>,
    limit: Option<String>,
    cursor: Option<String>,
}

/// The audit trail, newest first.
#[utoipa::path(
    get,
    path = "/v1/platform/audit",
    tag = "Administration",
    security(("admin_key" = ["audit:read"])),
    params(
        ("chain" = Option<String>, Query, description = "Of this organisation only, or `installation`"),
        ("action" = Option<String>, Query, description = "This action only, for example `app.deleted`"),
        ("limit" = Option<u8>, Query, description = "How many items: 1 to 100, 25 when absent"),
        ("cursor" = Option<String>, Query, description = "`page_info.next_cursor` of the page before"),
    ),
    responses(
        (status = 200, description = "One page", body = Listing<AuditView>),
        (status = 400, description = "The query cannot be used", body = ErrorBody),
        (status = 401, description = "No admin key, or one that has ended", body = ErrorBody),
        (status = 403, description = "The admin key is not for this", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "http.platform.list_audit", skip_all)]
pub(crate) async fn list(admin: Admin) -> Result<HttpResponse, Problem> {
    let query: ListQuery = admin.query()?;
    let place = Place::parse(query.limit.as_deref(), query.cursor.as_deref())?;
    let unknown = || Problem::invalid("`action` is not one of docs/audit.md");
    let action = query.action.map(|it| Action::parse(&it).ok_or_else(unknown)).transpose()?;
    let filter = AuditFilter { chain: maybe_id(query.chain.as_deref())?, action };
    let found = admin.surface.gateway.list_audit(filter, place.after, place.ask()).await;
    let found = found.map_err(|error| Problem::storage(&error))?;
    let (found, page_info) = place.page(found, |it| it.event.id.to_string());
    let data = found.into_iter().map(AuditView::from).collect();
    Ok(HttpResponse::Ok().json(Listing { data, page_info, request_id: admin.request_id()? }))
}
