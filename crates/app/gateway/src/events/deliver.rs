//! Telling apps what happened.

use std::time::Duration;

use futures_util::{StreamExt as _, stream};
use lodge_access::{Attempts, DeliveryState, EventDelivery, SubscriptionState};
use lodge_services::{CallbackAnswer, CallbackError, SignedCall};
use lodge_storage::StorageError;

use crate::{
    Gateway,
    sealing::{self, Place},
};

/// How long one worker has for a batch: longer than the slowest callback.
const LEASE: Duration = Duration::from_mins(1);
/// Callbacks that are called at once.
const AT_ONCE: usize = 16;

impl Gateway {
    /// Tries up to `limit` deliveries whose time has come; answers how many.
    /// Several workers may do it at once.
    ///
    /// # Errors
    ///
    /// [`StorageError`]; what was taken up comes back when its lease is over,
    /// so that an app may be told twice, under the same `webhook-id`.
    pub async fn deliver_events(&self, limit: usize) -> Result<usize, StorageError> {
        let mut work = self.storage.begin().await?;
        let taken = work.outbox().claim(self.now(), LEASE, limit).await?;
        work.commit().await?;
        let count = taken.len();
        let mut tried = stream::iter(taken).map(|it| self.deliver(it)).buffer_unordered(AT_ONCE);
        let mut outcome = Ok(count);
        while let Some(one) = tried.next().await {
            if let Err(error) = one {
                outcome = Err(error);
            }
        }
        outcome
    }

    async fn deliver(&self, delivery: EventDelivery) -> Result<(), StorageError> {
        let mut work = self.storage.read().await?;
        let subscription = work.subscriptions().find(delivery.subscription).await?;
        let Some(subscription) = subscription else { return Ok(()) };
        let place = (subscription.tenant, Place::Callback(subscription.id));
        let vault = self.accounts.vault();
        let secret = sealing::open(vault, &mut *work, place, &subscription.secret).await;
        drop(work);
        let ended = subscription.state == SubscriptionState::Ended;
        let answer = match secret {
            _ if ended => Err(forbidden("the subscription has ended")),
            Ok(secret) => {
                let call = SignedCall {
                    url: subscription.callback_url.clone(),
                    id: delivery.id.to_string(),
                    at: self.now(),
                    secret,
                    body: delivery.body.clone(),
                };
                self.events.callbacks.call(call).await
            }
            // The other deliveries do not wait for one that nobody can sign.
            Err(StorageError::Corrupt { .. }) => {
                Err(forbidden("what it is signed with cannot be opened"))
            }
            Err(error) => return Err(error),
        };
        let gone = matches!(&answer, Ok(CallbackAnswer { status: 410, .. }));
        let settled = self.settled(delivery, answer, ended || gone);
        let mut work = self.storage.begin().await?;
        work.outbox().settle(&settled).await?;
        work.commit().await?;
        if gone && !ended {
            // The app says that nobody is there any more, and will not be.
            if let Err(error) = self.end(subscription).await {
                tracing::warn!(%error, "a subscription that its app left stays");
            }
        }
        Ok(())
    }

    fn settled(
        &self,
        delivery: EventDelivery,
        answer: Result<CallbackAnswer, CallbackError>,
        last: bool,
    ) -> EventDelivery {
        let now = self.now();
        let (status, problem) = match answer {
            Ok(answer) if (200..300).contains(&answer.status) => {
                return EventDelivery {
                    state: DeliveryState::Done,
                    last_status: Some(answer.status),
                    last_problem: None,
                    delivered_at: Some(now),
                    ..delivery
                };
            }
            Ok(answer) => {
                (Some(answer.status), format!("it answered with status {}", answer.status))
            }
            Err(error) => (None, error.to_string()),
        };
        let mut jitter = [0; 1];
        self.entropy.fill(&mut jitter);
        let [jitter] = jitter;
        let again = delivery.attempts.after_failure(now, jitter).filter(|_| !last);
        let attempts = Attempts { next_at: again.unwrap_or(now), ..delivery.attempts };
        EventDelivery {
            state: if again.is_some() { DeliveryState::Waiting } else { DeliveryState::Dead },
            attempts,
            last_status: status,
            last_problem: Some(problem.chars().take(500).collect()),
            ..delivery
        }
    }
}

fn forbidden(problem: &str) -> CallbackError {
    CallbackError::Forbidden { problem: problem.to_owned() }
}
