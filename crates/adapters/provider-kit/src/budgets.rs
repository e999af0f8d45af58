//! How much each account may still ask. What its host said last is kept, and
//! a little is left over, so that a person who works with the same account is
//! not locked out by us.

use std::time::Duration;

use lodge_kernel::{ConnectionId, Timestamp};
use lodge_provider::{Account, Budget, ProviderError};
use moka::sync::Cache;

/// Accounts whose budget is known. One is forgotten an hour after its last
/// answer: no host's window is longer.
const ACCOUNTS: u64 = 100_000;
/// One request in fifty is left to others.
const HEAD_ROOM: u64 = 50;

/// The newest budget of each account.
#[derive(Debug)]
pub(crate) struct Budgets(Cache<ConnectionId, Budget>);

impl Budgets {
    pub(crate) fn new() -> Self {
        let cache = Cache::builder().max_capacity(ACCOUNTS).time_to_idle(Duration::from_hours(1));
        Self(cache.build())
    }

    /// What is known of the account.
    pub(crate) fn of(&self, account: Account) -> Option<Budget> {
        self.0.get(&account.connection)
    }

    /// The account may ask once more.
    pub(crate) fn check(&self, account: Account, now: Timestamp) -> Result<(), ProviderError> {
        let Some(budget) = self.of(account) else { return Ok(()) };
        if let Some(retry_at) = budget.paused_until.filter(|until| *until > now) {
            return Err(ProviderError::RateLimited { retry_at });
        }
        let (Some(remaining), Some(retry_at)) = (budget.remaining, budget.resets_at) else {
            return Ok(());
        };
        let kept = budget.limit.map_or(0, |limit| limit / HEAD_ROOM);
        if remaining <= kept && retry_at > now {
            return Err(ProviderError::RateLimited { retry_at });
        }
        Ok(())
    }

    /// What an answer said. A pause goes on until it ends.
    pub(crate) fn note(&self, account: Account, said: Budget) {
        let before = self.of(account).unwrap_or_default();
        let paused_until = said.paused_until.max(before.paused_until);
        self.0.insert(account.connection, Budget { paused_until, ..said });
    }

    /// The host said "too often".
    pub(crate) fn pause(&self, account: Account, until: Timestamp) {
        let before = self.of(account).unwrap_or_default();
        let paused_until = before.paused_until.max(Some(until));
        self.0.insert(account.connection, Budget { paused_until, ..before });
    }
}
