//! Subscriptions that were refused.

use lodge_gateway::events::SubscribeError;

use super::{Code, Problem};
use crate::caller::{Bearer, Needs};

impl<P: Needs> Bearer<P> {
    /// Why an app cannot subscribe, or its subscription cannot be changed.
    pub(crate) fn not_subscribed(&self, error: &SubscribeError) -> Problem {
        let message = error.to_string();
        match error {
            SubscribeError::Read(error) => Problem::read(error, self.gateway().now()),
            SubscribeError::Invalid { .. } | SubscribeError::Challenge { .. } => {
                Problem::invalid(message)
            }
            SubscribeError::NotFound { .. } => Problem::new(Code::ResourceNotFound, message),
            SubscribeError::Storage(error) => Problem::storage(error),
        }
    }
}
