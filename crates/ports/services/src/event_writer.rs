//! What an event looks like to an app.

use lodge_firewall::Tally;
use lodge_forge::Event;
use lodge_kernel::{SubscriptionId, Timestamp};

/// Writes the bodies of deliveries, in the words of the unified API.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait EventWriter: Send + Sync {
    /// The body for an event that has passed the firewall.
    fn event(
        &self,
        subscription: SubscriptionId,
        event: &Event,
        tally: &Tally,
        at: Timestamp,
    ) -> String;

    /// The body that asks an app to prove that it wants to be called: it must
    /// say `challenge` in its answer.
    fn challenge(&self, subscription: SubscriptionId, challenge: &str, at: Timestamp) -> String;
}
