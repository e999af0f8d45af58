//! The journal: every read, who made it, and what was held back.

use std::{borrow::Cow, time::Duration};

use lodge_forge::{ProviderName, RepositoryId};
use lodge_kernel::{
    AuthorizationId, ClientId, ConnectionId, CustomerId, RequestId, TenantId, Timestamp, TokenId,
};

use crate::Permission;

/// One read by an app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsageRow {
    /// The request, and the row's own id.
    pub request: RequestId,
    /// When it came in, which is when its id was made: to the millisecond.
    pub at: Timestamp,
    /// The app's organisation.
    pub tenant: TenantId,
    /// The app.
    pub client: ClientId,
    /// The token.
    pub token: TokenId,
    /// The approval, when there was one.
    pub authorization: Option<AuthorizationId>,
    /// The customer, when there was one.
    pub customer: Option<CustomerId>,
    /// The account it was read through.
    pub connection: Option<ConnectionId>,
    /// The host.
    pub provider: Option<ProviderName>,
    /// The repository.
    pub repository: Option<RepositoryId>,
    /// The operation's name, for example `commits.list`.
    pub endpoint: Cow<'static, str>,
    /// The HTTP status of the answer.
    pub status: u16,
    /// The canonical error code of a refusal or failure.
    pub error_code: Option<Cow<'static, str>>,
    /// From the request's head to the answer's.
    pub duration: Duration,
    /// What was asked of hosts for it.
    pub upstream: Upstream,
    /// The scope that it needs.
    pub scope: Option<Permission>,
    /// Items in the answer.
    pub items: u32,
    /// Size of the answer's body.
    pub bytes: u64,
    /// Files and entries that the firewall held back.
    pub withheld: u32,
    /// Secrets that the firewall masked.
    pub masked: u32,
    /// The rules of the firewall by which files were held back, each once, for
    /// example `F1`.
    pub rules: Vec<String>,
}

/// What one read asked of hosts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Upstream {
    /// Requests that were sent, repeated ones too.
    pub calls: u32,
    /// How many of them a host answered with "not modified", at no cost of the
    /// account's budget where the host says so.
    pub confirmed: u32,
    /// Answers that came from a request which another read had sent already.
    pub shared: u32,
    /// For how long at least one was awaited.
    pub waited: Duration,
}

/// Requests from `from` on and before `to`, by the time in their ids, which has
/// milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UsageWindow {
    /// The first instant.
    pub from: Timestamp,
    /// The first instant after it.
    pub to: Timestamp,
}

/// Which rows of the journal are meant; `None` for all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsageFilter {
    /// When they came.
    pub window: UsageWindow,
    /// One app.
    pub client: Option<ClientId>,
    /// One customer.
    pub customer: Option<CustomerId>,
    /// One operation.
    pub endpoint: Option<String>,
    /// One host.
    pub provider: Option<ProviderName>,
    /// One repository, of any host.
    pub repository: Option<RepositoryId>,
    /// Only those that were refused or failed.
    pub failed: bool,
}

impl UsageFilter {
    /// Everything of `window`.
    pub const fn all(window: UsageWindow) -> Self {
        Self {
            window,
            client: None,
            customer: None,
            endpoint: None,
            provider: None,
            repository: None,
            failed: false,
        }
    }
}

/// Whose reads are added up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UsageOf {
    /// Everybody's.
    All,
    /// Those of one app.
    Client(ClientId),
    /// What was read of one customer, who belongs to one app.
    Customer(CustomerId),
}

/// Sums over some rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct UsageSums {
    /// How many reads.
    pub requests: u64,
    /// How many of them were refused or failed: status 400 and above.
    pub errors: u64,
    /// Items in the answers.
    pub items: u64,
    /// Bytes of the answers.
    pub bytes: u64,
    /// Files and entries that the firewall held back.
    pub withheld: u64,
    /// Secrets that it masked.
    pub masked: u64,
    /// Requests to hosts.
    pub upstream_calls: u64,
}

impl UsageSums {
    /// As how many bytes one read counts at most: no answer has more, and a
    /// number that is nonsense does not spoil a sum.
    pub const MOST_BYTES: u64 = 1 << 40;

    /// Both together.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self {
            requests: self.requests.saturating_add(other.requests),
            errors: self.errors.saturating_add(other.errors),
            items: self.items.saturating_add(other.items),
            bytes: self.bytes.saturating_add(other.bytes),
            withheld: self.withheld.saturating_add(other.withheld),
            masked: self.masked.saturating_add(other.masked),
            upstream_calls: self.upstream_calls.saturating_add(other.upstream_calls),
        }
    }
}

/// What happened in a window.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UsageSummary {
    /// Sums for each slot of time in which there was a read, oldest first.
    pub slots: Vec<(Timestamp, UsageSums)>,
    /// How many reads took how long: the lower ends of [`duration_step`].
    pub durations: Vec<(Duration, u64)>,
    /// The apps with the most reads.
    pub clients: Vec<(ClientId, UsageSums)>,
    /// The operations with the most reads.
    pub endpoints: Vec<(String, UsageSums)>,
    /// The hosts with the most reads.
    pub providers: Vec<(ProviderName, UsageSums)>,
    /// The repositories with the most reads.
    pub repositories: Vec<(ProviderName, RepositoryId, UsageSums)>,
}

impl UsageSummary {
    /// Everything together.
    pub fn totals(&self) -> UsageSums {
        self.slots.iter().fold(UsageSums::default(), |sum, (_, it)| sum.plus(*it))
    }

    /// Within what time `percent` of the reads were answered, to two
    /// significant digits. `None` when there was none.
    pub fn within(&self, percent: u64) -> Option<Duration> {
        let all: u64 = self.durations.iter().map(|(_, count)| count).sum();
        let rank = all.saturating_mul(percent).div_ceil(100).max(1);
        let mut seen = 0_u64;
        self.durations.iter().find_map(|(duration, count)| {
            seen = seen.saturating_add(*count);
            (seen >= rank).then_some(*duration)
        })
    }
}

/// The ends, in microseconds, below which durations are told in steps, and the
/// steps: two significant digits from 1 ms on. From ten seconds on there is one
/// step for all.
pub const DURATION_STEPS: [(i64, i64); 4] =
    [(10_000, 100), (100_000, 1_000), (1_000_000, 10_000), (10_000_000, 100_000)];

/// The step of [`DURATION_STEPS`] that a duration of so many microseconds is
/// in: its lower end.
pub fn duration_step(micros: i64) -> i64 {
    let step = DURATION_STEPS.iter().find(|(end, _)| micros < *end);
    step.map_or(10_000_000, |(_, step)| micros.div_euclid(*step).saturating_mul(*step))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn summary(durations: &[(u64, u64)]) -> UsageSummary {
        let told = durations.iter().map(|(ms, count)| (Duration::from_millis(*ms), *count));
        UsageSummary { durations: told.collect(), ..UsageSummary::default() }
    }

    #[test]
    fn half_of_the_reads_were_answered_within_the_median() {
        let it = summary(&[(1, 50), (2, 45), (900, 5)]);
        assert_eq!(it.within(50), Some(Duration::from_millis(1)));
        assert_eq!(it.within(95), Some(Duration::from_millis(2)));
        assert_eq!(it.within(96), Some(Duration::from_millis(900)));
        assert_eq!(summary(&[(7, 1)]).within(50), Some(Duration::from_millis(7)));
        assert_eq!(summary(&[]).within(50), None);
    }

    #[test]
    fn a_step_is_never_a_tenth_away_from_one_millisecond_on() {
        for (micros, step) in [
            (0, 0),
            (99, 0),
            (1_234, 1_200),
            (10_000, 10_000),
            (99_999, 99_000),
            (123_456, 120_000),
            (9_999_999, 9_900_000),
            (10_000_000, 10_000_000),
            (86_400_000_000, 10_000_000),
        ] {
            assert_eq!(duration_step(micros), step, "{micros}");
        }
    }
}

/// Which rows of a customer's journal are meant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReadFilter {
    /// Of one repository.
    pub repository: Option<(ProviderName, RepositoryId)>,
    /// From this instant on.
    pub from: Option<Timestamp>,
    /// Before this instant.
    pub to: Option<Timestamp>,
}

/// What rows of the journal add up to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReadTotals {
    /// Requests.
    pub requests: u64,
    /// Those that were refused, or failed.
    pub refused: u64,
    /// Files and entries that the firewall held back.
    pub withheld: u64,
    /// Secrets that the firewall masked.
    pub masked: u64,
}
