//! Identical questions that are under way at the same time are asked once.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use futures_util::{
    FutureExt as _,
    future::{BoxFuture, Shared, WeakShared},
};
use lodge_provider::{Counter, ProviderError};

use crate::{Answer, memory::Question};

type Outcome = Result<Answer, Arc<ProviderError>>;
type Flight = BoxFuture<'static, Outcome>;

/// Flights that nobody waits for any more are swept away above this many.
const SWEEP: usize = 1024;

/// The questions that are under way.
#[derive(Default)]
pub(crate) struct Flights(Mutex<HashMap<Question, WeakShared<Flight>>>);

impl Flights {
    /// The answer to `question`: of the flight that is under way, else of
    /// `ask`. Who waits no longer just goes; the last one ends the flight.
    pub(crate) async fn join(
        &self,
        question: Question,
        ask: impl Future<Output = Result<Answer, ProviderError>> + Send + 'static,
        counter: &Counter,
    ) -> Result<Answer, ProviderError> {
        let (flight, joined) = self.flight(question, ask);
        let _wait = joined.then(|| counter.share());
        flight.await.map_err(|shared| match Arc::try_unwrap(shared) {
            Ok(only) => only,
            Err(shared) => again(&shared),
        })
    }

    /// The flight of `question`, and whether it was under way.
    fn flight(
        &self,
        question: Question,
        ask: impl Future<Output = Result<Answer, ProviderError>> + Send + 'static,
    ) -> (Shared<Flight>, bool) {
        let mut flights = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // One that has ended is not joined: what it says may be old by now.
        let under_way = flights.get(&question).and_then(WeakShared::upgrade);
        if let Some(flight) = under_way.filter(|it| it.peek().is_none()) {
            return (flight, true);
        }
        if flights.len() >= SWEEP {
            flights.retain(|_, it| it.upgrade().is_some_and(|it| it.peek().is_none()));
        }
        let flight = ask.map(|outcome| outcome.map_err(Arc::new)).boxed().shared();
        if let Some(weak) = flight.downgrade() {
            flights.insert(question, weak);
        }
        (flight, false)
    }
}

/// The same error for another one who waited.
fn again(error: &ProviderError) -> ProviderError {
    use ProviderError as E;
    match error {
        E::Unsupported { resource } => E::Unsupported { resource: *resource },
        E::RepositoryNotFound => E::RepositoryNotFound,
        E::NotFound { what } => E::NotFound { what },
        E::Invalid { problem } => E::Invalid { problem: problem.clone() },
        E::Position => E::Position,
        E::InstallationNotFound => E::InstallationNotFound,
        E::Forbidden => E::Forbidden,
        E::InsufficientScope => E::InsufficientScope,
        E::CredentialsRefused => E::CredentialsRefused,
        E::RateLimited { retry_at } => E::RateLimited { retry_at: *retry_at },
        E::TimedOut => E::TimedOut,
        E::Malformed { resource, source } => {
            E::Malformed { resource: *resource, source: source.to_string().into() }
        }
        E::Answered { status, request_id, cause } => E::Answered {
            status: *status,
            request_id: request_id.clone(),
            cause: Box::new(again(cause)),
        },
        E::Unreachable { retry_at, source } => {
            E::Unreachable { retry_at: *retry_at, source: source.to_string().into() }
        }
        // The port may learn further errors before this list does.
        other => E::Unreachable { retry_at: None, source: other.to_string().into() },
    }
}
