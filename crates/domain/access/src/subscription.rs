//! Telling an app what happens in a repository.
//!
//! A [`Subscription`] is an app's wish. A host's webhook arrives as a
//! [`HookDelivery`], is kept before it is answered, and becomes
//! [`EventDelivery`]s: what the app may see of it, written once and delivered
//! until the app has taken it.

use std::time::Duration;

use lodge_forge::{EventKind, ProviderName, RepositoryId};
use lodge_kernel::{
    AuthorizationId, ClientId, ConnectionId, Digest, EventDeliveryId, HookDeliveryId, Sealed,
    SubscriptionId, TenantId, Timestamp,
};

use crate::Permission;

/// Where a subscription stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SubscriptionState {
    /// Events are delivered.
    Active,
    /// The app asked for a rest: events are dropped.
    Paused,
    /// The app ended it, its address is gone, or the approval was taken back.
    Ended,
}

impl SubscriptionState {
    /// The word in answers and in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Paused => "paused",
            Self::Ended => "ended",
        }
    }

    /// The state of that name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Active, Self::Paused, Self::Ended].into_iter().find(|it| it.name() == name)
    }
}

/// An app's wish to hear of what happens in one repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscription {
    /// The id.
    pub id: SubscriptionId,
    /// The organisation.
    pub tenant: TenantId,
    /// The app.
    pub client: ClientId,
    /// Under which approval. What it no longer allows is not delivered.
    pub authorization: AuthorizationId,
    /// Through which account the webhook was made.
    pub connection: ConnectionId,
    /// The host.
    pub provider: ProviderName,
    /// The repository.
    pub repository: RepositoryId,
    /// Where the app wants to be told.
    pub callback_url: String,
    /// What it wants to be told, without repetitions.
    pub events: Vec<EventKind>,
    /// Where it stands.
    pub state: SubscriptionState,
    /// What deliveries to the app are signed with.
    pub secret: Sealed,
    /// Digest of the last part of the address that the host delivers to.
    pub hook_digest: Digest,
    /// What the host proves its deliveries with.
    pub hook_secret: Sealed,
    /// The host's ids of the webhook.
    pub hook_ids: Vec<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

impl Subscription {
    /// What an app must be allowed to read before it is told of `event`.
    pub const fn needs(event: EventKind) -> Permission {
        match event {
            EventKind::Push => Permission::ReadCommits,
            EventKind::Tag => Permission::ReadTags,
            EventKind::PullRequestOpened
            | EventKind::PullRequestUpdated
            | EventKind::PullRequestMerged
            | EventKind::PullRequestClosed => Permission::ReadPullRequests,
            EventKind::CheckUpdated => Permission::ReadChecks,
            EventKind::ReleasePublished => Permission::ReadReleases,
            EventKind::DeploymentUpdated => Permission::ReadDeployments,
            EventKind::RepositoryUpdated => Permission::ReadRepositories,
        }
    }
}

/// Where a delivery stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeliveryState {
    /// It will be tried at its time.
    Waiting,
    /// It was taken.
    Done,
    /// It was given up, and can be replayed.
    Dead,
}

impl DeliveryState {
    /// The word in answers and in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Done => "delivered",
            Self::Dead => "dead",
        }
    }

    /// The state of that name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Waiting, Self::Done, Self::Dead].into_iter().find(|it| it.name() == name)
    }
}

/// How often something was tried, and when it is tried next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attempts {
    /// How often.
    pub made: u32,
    /// When it may be tried next. While somebody tries, it lies ahead, so that
    /// nobody else does; who dies while trying is replaced then.
    pub next_at: Timestamp,
}

impl Attempts {
    /// The waits of Standard Webhooks' example schedule: three days in all.
    const WAITS: [Duration; 9] = [
        Duration::from_secs(5),
        Duration::from_mins(5),
        Duration::from_mins(30),
        Duration::from_hours(2),
        Duration::from_hours(5),
        Duration::from_hours(10),
        Duration::from_hours(14),
        Duration::from_hours(20),
        Duration::from_hours(24),
    ];

    /// Not tried yet, and wanted at once.
    pub const fn none(now: Timestamp) -> Self {
        Self { made: 0, next_at: now }
    }

    /// When to try again after a failure; `None` when it is to be given up.
    /// `jitter` is a random byte: many that failed together do not come back
    /// together.
    pub fn after_failure(self, now: Timestamp, jitter: u8) -> Option<Timestamp> {
        let index = usize::try_from(self.made.saturating_sub(1)).ok()?;
        let wait = Self::WAITS.get(index)?;
        Some(now.plus(*wait + *wait * u32::from(jitter) / 1024))
    }
}

/// A webhook that a host delivered, kept until it is understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HookDelivery {
    /// The id.
    pub id: HookDeliveryId,
    /// The organisation.
    pub tenant: TenantId,
    /// To whom it came.
    pub subscription: SubscriptionId,
    /// Digest of what is the same in its repetitions.
    pub key: Digest,
    /// Headers and body, sealed: they have not passed the firewall.
    pub sealed: String,
    /// Where it stands.
    pub state: DeliveryState,
    /// How often it was tried to understand it.
    pub attempts: Attempts,
    /// When it came.
    pub received_at: Timestamp,
}

/// An event on its way to an app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventDelivery {
    /// The id, the same in every attempt.
    pub id: EventDeliveryId,
    /// The organisation.
    pub tenant: TenantId,
    /// To whom it goes.
    pub subscription: SubscriptionId,
    /// What it tells.
    pub event: EventKind,
    /// The body, as it passed the firewall.
    pub body: String,
    /// Where it stands.
    pub state: DeliveryState,
    /// How often it was tried.
    pub attempts: Attempts,
    /// What the app answered last.
    pub last_status: Option<u16>,
    /// Why the last attempt failed, in plain words.
    pub last_problem: Option<String>,
    /// When the event came.
    pub created_at: Timestamp,
    /// When the app took it.
    pub delivered_at: Option<Timestamp>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delivery_is_tried_for_three_days_and_then_given_up() {
        let begin = Timestamp::from_seconds(0);
        let mut attempts = Attempts::none(begin);
        let mut tries = 0;
        loop {
            attempts.made += 1;
            tries += 1;
            let Some(next) = attempts.after_failure(attempts.next_at, 255) else { break };
            assert!(next > attempts.next_at);
            attempts.next_at = next;
        }
        assert_eq!(tries, 10);
        let whole = attempts.next_at.since(begin);
        assert!(whole > Duration::from_hours(72) && whole < Duration::from_hours(100), "{whole:?}");
    }
}
