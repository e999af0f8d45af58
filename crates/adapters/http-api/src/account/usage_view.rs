//! The journal in JSON.

use std::time::Duration;

use lodge_access::{Permission, UsageRow, UsageSums};
use lodge_gateway::usage::UsageError;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    problem::{Code, Problem},
    views::Time,
};

/// One read by an app.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct UsageRowView {
    /// The request's id, and the row's.
    request_id: String,
    at: Time,
    tenant_id: String,
    client_id: String,
    token_id: String,
    authorization_id: Option<String>,
    customer_id: Option<String>,
    connection_id: Option<String>,
    provider: Option<String>,
    repository_id: Option<String>,
    /// The operation, for example `commits.list`.
    endpoint_key: String,
    /// The scope that it needs.
    scope: Option<&'static str>,
    status: u16,
    error_code: Option<String>,
    duration_ms: f64,
    upstream: UpstreamView,
    items: u32,
    bytes: u64,
    firewall: FirewallPart,
}

/// What was asked of hosts.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct UpstreamView {
    /// Requests that were sent, repeated ones too.
    calls: u32,
    /// How many of them were answered with "not modified".
    confirmed: u32,
    /// Answers that another read was waiting for already.
    shared: u32,
    /// For how long at least one was awaited.
    waited_ms: f64,
}

/// What the firewall did.
#[derive(Serialize, ToSchema)]
struct FirewallPart {
    /// Files and entries that were held back.
    withheld: u32,
    /// By which rules.
    rules: Vec<String>,
    /// Secrets that were masked.
    masked: u32,
}

impl From<UsageRow> for UsageRowView {
    fn from(it: UsageRow) -> Self {
        Self {
            request_id: it.request.to_string(),
            at: it.at.into(),
            tenant_id: it.tenant.to_string(),
            client_id: it.client.to_string(),
            token_id: it.token.to_string(),
            authorization_id: it.authorization.map(|it| it.to_string()),
            customer_id: it.customer.map(|it| it.to_string()),
            connection_id: it.connection.map(|it| it.to_string()),
            provider: it.provider.map(|it| it.to_string()),
            repository_id: it.repository.map(|it| it.to_string()),
            endpoint_key: it.endpoint.into_owned(),
            scope: it.scope.map(Permission::scope),
            status: it.status,
            error_code: it.error_code.map(std::borrow::Cow::into_owned),
            duration_ms: millis(it.duration),
            upstream: UpstreamView {
                calls: it.upstream.calls,
                confirmed: it.upstream.confirmed,
                shared: it.upstream.shared,
                waited_ms: millis(it.upstream.waited),
            },
            items: it.items,
            bytes: it.bytes,
            firewall: FirewallPart { withheld: it.withheld, rules: it.rules, masked: it.masked },
        }
    }
}

/// Sums over some reads.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SumsView {
    requests: u64,
    /// Refused or failed: status 400 and above.
    errors: u64,
    items: u64,
    bytes: u64,
    withheld: u64,
    masked: u64,
    upstream_calls: u64,
}

impl From<UsageSums> for SumsView {
    fn from(it: UsageSums) -> Self {
        Self {
            requests: it.requests,
            errors: it.errors,
            items: it.items,
            bytes: it.bytes,
            withheld: it.withheld,
            masked: it.masked,
            upstream_calls: it.upstream_calls,
        }
    }
}

/// Milliseconds, with three decimals.
pub(crate) fn millis(duration: Duration) -> f64 {
    (duration.as_secs_f64() * 1_000_000.0).round() / 1_000.0
}

impl Problem {
    /// The journal cannot be asked like that.
    pub(crate) fn usage(error: &UsageError) -> Self {
        match error {
            UsageError::Invalid { problem } => Self::invalid(problem.as_str()),
            UsageError::NotFound => Self::new(Code::ResourceNotFound, error.to_string()),
            UsageError::Storage(error) => Self::storage(error),
        }
    }
}
