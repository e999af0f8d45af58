//! What subscriptions and deliveries look like in JSON.

use lodge_access::{EventDelivery, Subscription, SubscriptionState};
use lodge_forge::EventKind;
use serde::Serialize;
use utoipa::ToSchema;

use crate::views::{PageInfo, Time};

/// An app's wish to be told.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SubscriptionView {
    /// The id.
    pub(crate) id: String,
    provider: String,
    repository_id: String,
    /// The provider's ids of its webhook.
    provider_hook_ids: Vec<String>,
    callback_url: String,
    events: Vec<&'static str>,
    active: bool,
    signature: SignatureView,
    created_at: Time,
    updated_at: Time,
}

/// How deliveries are signed.
#[derive(Debug, Serialize, ToSchema)]
struct SignatureView {
    /// `standard-webhooks`: the headers `webhook-id`, `webhook-timestamp` and
    /// `webhook-signature`.
    scheme: &'static str,
}

impl From<Subscription> for SubscriptionView {
    fn from(it: Subscription) -> Self {
        Self {
            id: it.id.to_string(),
            provider: it.provider.to_string(),
            repository_id: it.repository.to_string(),
            provider_hook_ids: it.hook_ids,
            callback_url: it.callback_url,
            events: it.events.into_iter().map(EventKind::name).collect(),
            active: it.state == SubscriptionState::Active,
            signature: SignatureView { scheme: "standard-webhooks" },
            created_at: it.created_at.into(),
            updated_at: it.updated_at.into(),
        }
    }
}

/// One event on its way to an app.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DeliveryView {
    /// The `webhook-id` of every attempt.
    pub(crate) id: String,
    event: &'static str,
    /// `waiting`, `delivered` or `dead`.
    state: &'static str,
    attempts: u32,
    /// When it is tried next; null unless it is waiting.
    next_attempt_at: Option<Time>,
    /// What the app answered last.
    last_status: Option<u16>,
    /// Why the last attempt failed.
    last_problem: Option<String>,
    created_at: Time,
    delivered_at: Option<Time>,
}

impl From<EventDelivery> for DeliveryView {
    fn from(it: EventDelivery) -> Self {
        let waiting = it.state == lodge_access::DeliveryState::Waiting;
        Self {
            id: it.id.to_string(),
            event: it.event.name(),
            state: it.state.name(),
            attempts: it.attempts.made,
            next_attempt_at: waiting.then(|| it.attempts.next_at.into()),
            last_status: it.last_status,
            last_problem: it.last_problem,
            created_at: it.created_at.into(),
            delivered_at: it.delivered_at.map(Time::from),
        }
    }
}

/// One thing, with the request's id.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct One<T> {
    /// The thing.
    pub(crate) data: T,
    /// Also in the header `x-request-id`.
    pub(crate) request_id: String,
}

/// One page, with the request's id.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Many<T> {
    /// The items.
    pub(crate) data: Vec<T>,
    /// Where the listing goes on.
    pub(crate) page_info: PageInfo,
    /// Also in the header `x-request-id`.
    pub(crate) request_id: String,
}
