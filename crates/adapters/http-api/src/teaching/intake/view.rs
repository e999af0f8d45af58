//! Events of courses as JSON.

use std::collections::BTreeMap;

use lodge_intake::{Attempt, Hook, Intake};
use lodge_teaching::intake::{EventDetail, Numbers};
use serde::Serialize;
use utoipa::ToSchema;

/// One delivery.
#[derive(Serialize, ToSchema)]
pub(crate) struct EventView {
    id: String,
    /// `pending`, `processed`, `ignored` or `dead`.
    status: &'static str,
    /// Why it was ignored or given up.
    reason: Option<String>,
    /// `push`, `tag`, `merge_request`, `note`, `issue`, `pipeline`, `job`, `release`, `deployment`
    /// or `other`.
    r#type: &'static str,
    /// The host's own word for that.
    event: String,
    /// The host.
    source: String,
    /// By which hook it came; `null` for the installation's own secret.
    hook_id: Option<String>,
    project_id: Option<String>,
    /// The host's id of the repository.
    repository_id: Option<String>,
    path: Option<String>,
    received_at: String,
    ended_at: Option<String>,
    /// When it is taken up next, while it is pending.
    next_at: Option<String>,
    /// How often it was taken up.
    attempts: u32,
}

impl From<&Intake> for EventView {
    fn from(it: &Intake) -> Self {
        Self {
            id: it.id.to_string(),
            status: it.state.name(),
            reason: it.state.reason().map(|it| it.as_str().to_owned()),
            r#type: it.kind.name(),
            event: it.event.clone(),
            source: it.source.to_string(),
            hook_id: it.door.map(|it| it.to_string()),
            project_id: it.project.map(|it| it.to_string()),
            repository_id: it.repository.clone(),
            path: it.path.clone(),
            received_at: it.received_at.to_string(),
            ended_at: it.state.ended_at().map(|it| it.to_string()),
            next_at: it.state.next_at().map(|it| it.to_string()),
            attempts: it.tries.made,
        }
    }
}

/// One delivery with what is beside it.
#[derive(Serialize, ToSchema)]
pub(crate) struct EventDetailView {
    #[serde(flatten)]
    event: EventView,
    /// The headers that say what it is. None that proved it is kept.
    headers: BTreeMap<String, String>,
    /// The body as it came, in which what looks like a secret is masked. `null` when its keys were
    /// rotated away.
    body: Option<String>,
    /// How its tries went, oldest first.
    tries: Vec<TryView>,
}

/// One try.
#[derive(Serialize, ToSchema)]
pub(crate) struct TryView {
    number: u32,
    began_at: String,
    ended_at: String,
    /// `processed`, `ignored` or `failed`.
    outcome: &'static str,
    reason: Option<String>,
}

impl From<&Attempt> for TryView {
    fn from(it: &Attempt) -> Self {
        Self {
            number: it.number,
            began_at: it.began_at.to_string(),
            ended_at: it.ended_at.to_string(),
            outcome: it.outcome.name(),
            reason: it.outcome.reason().map(|it| it.as_str().to_owned()),
        }
    }
}

impl From<EventDetail> for EventDetailView {
    fn from(it: EventDetail) -> Self {
        Self {
            event: EventView::from(&it.intake),
            headers: it.headers.into_iter().collect(),
            body: it.body,
            tries: it.attempts.iter().map(TryView::from).collect(),
        }
    }
}

/// How intake is doing. `received` is `processed` + `ignored` + `dead` + `pending` at all times.
#[derive(Serialize, ToSchema)]
pub(crate) struct NumbersView {
    received: u64,
    processed: u64,
    ignored: u64,
    dead: u64,
    pending: u64,
    /// They add up. Where they do not, something was lost or counted twice.
    balanced: bool,
    /// How long the oldest that is pending has waited, in seconds.
    lag_seconds: f64,
    /// How many came in the last five minutes.
    received_lately: u64,
}

impl From<Numbers> for NumbersView {
    fn from(it: Numbers) -> Self {
        Self {
            received: it.tally.received,
            processed: it.tally.processed,
            ignored: it.tally.ignored,
            dead: it.tally.dead,
            pending: it.tally.pending,
            balanced: it.tally.adds_up(),
            lag_seconds: it.lag.as_secs_f64(),
            received_lately: it.lately,
        }
    }
}

/// One door for deliveries.
#[derive(Serialize, ToSchema)]
pub(crate) struct HookView {
    id: String,
    name: String,
    /// The host.
    host: String,
    /// What the host delivers to.
    url: String,
    /// Until when the secret before is good, too.
    previous_until: Option<String>,
    created_at: String,
    updated_at: String,
    /// The secret: shown when it is made, and never again.
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
}

impl HookView {
    /// `hook`, below the address `issuer`, with its secret where it is new.
    pub(crate) fn new(hook: &Hook, issuer: &str, secret: Option<String>) -> Self {
        Self {
            id: hook.id.to_string(),
            name: hook.name.clone(),
            host: hook.source.to_string(),
            url: format!("{issuer}/api/v1/webhooks/{}?hook={}", hook.source, hook.id),
            previous_until: hook.previous.as_ref().map(|it| it.until.to_string()),
            created_at: hook.created_at.to_string(),
            updated_at: hook.updated_at.to_string(),
            secret,
        }
    }
}
