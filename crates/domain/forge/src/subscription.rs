//! Webhooks that a host sends for us.

use lodge_kernel::Timestamp;

/// One webhook at a host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscription {
    /// Our id.
    pub id: String,
    /// The host's id.
    pub provider_hook_id: String,
    /// Where events are delivered to.
    pub callback_url: String,
    /// Unified event names.
    pub events: Vec<String>,
    /// The host sends at present.
    pub active: bool,
    /// When it was made.
    pub created_at: Option<Timestamp>,
}
