//! Deliveries of hosts to courses, and the doors they come by.

use std::time::Duration;

use async_trait::async_trait;
use lodge_forge::ProviderName;
use lodge_intake::{Attempt, Hook, Intake, Kind, Tally};
use lodge_kernel::{Digest, HookId, IntakeId, ProjectId, TenantId, Timestamp};

use crate::StorageError;

/// Doors for deliveries.
#[async_trait]
pub trait HookRepository: Send {
    /// Adds a new one.
    ///
    /// MUST return [`StorageError::Duplicate`] when its id is taken, or when
    /// its secret opens another hook, be it with the newest or with the one
    /// before that is still good.
    async fn add(&mut self, hook: &Hook) -> Result<(), StorageError>;
    /// Finds one. `None` when there is none.
    async fn find(&mut self, id: HookId) -> Result<Option<Hook>, StorageError>;
    /// Finds the one that this secret opens at `now`. Whose newest it is MUST
    /// come before whose former it is, and one that has ended MUST open
    /// nothing.
    async fn find_by_secret(
        &mut self,
        digest: Digest,
        now: Timestamp,
    ) -> Result<Option<Hook>, StorageError>;
    /// Those of an organisation, oldest first: at most `limit` after `after`.
    async fn of_tenant(
        &mut self,
        tenant: TenantId,
        after: Option<HookId>,
        limit: usize,
    ) -> Result<Vec<Hook>, StorageError>;
    /// Writes secrets and time of a known one. MUST be a
    /// [`StorageError::Conflict`], with nothing changed, when its newest secret
    /// is not that of `from` any more, and a [`StorageError::Duplicate`] as
    /// with [`add`](Self::add).
    async fn update(&mut self, from: &Hook, to: &Hook) -> Result<(), StorageError>;
    /// Removes one. `false` when there was none.
    async fn remove(&mut self, tenant: TenantId, id: HookId) -> Result<bool, StorageError>;
}

/// What became of a delivery that was to be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// It is kept.
    New,
    /// It was there already, under this id.
    Repeated(IntakeId),
}

/// Which of those that wait are taken up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// Those that nobody has taken up since they came, or were replayed.
    First,
    /// Those that somebody has: a try failed, or ended whoever made it.
    Again,
}

/// Which deliveries are meant. `None`, or no project, leaves a part open.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IntakeFilter {
    /// The name of a state.
    pub state: Option<&'static str>,
    /// The kind.
    pub kind: Option<Kind>,
    /// Noted with one of these course projects.
    pub projects: Vec<ProjectId>,
    /// The repository that they name: its host, and the host's id of it.
    pub repository: Option<(ProviderName, String)>,
    /// Those that came then or later.
    pub since: Option<Timestamp>,
    /// Those that came before then.
    pub until: Option<Timestamp>,
}

/// Where deliveries are left to be kept: those that come together become
/// durable together.
#[async_trait]
pub trait IntakeLog: Send + Sync {
    /// Keeps a delivery with its parcel. When it returns, a power cut cannot
    /// lose it.
    ///
    /// # Errors
    ///
    /// [`StorageError`] when it cannot be kept; whoever sent it sends it again.
    async fn keep(&self, intake: Intake, parcel: String) -> Result<Kept, StorageError>;
}

/// Deliveries.
#[async_trait]
pub trait IntakeRepository: Send {
    /// Keeps those that are new, each with its parcel, and counts them as
    /// received; answers for each, in the order of `deliveries`. Of those with
    /// one key in one organisation MUST keep one, however many come at the same
    /// time, in this list or elsewhere.
    async fn receive(&mut self, deliveries: &[(Intake, String)])
    -> Result<Vec<Kept>, StorageError>;
    /// Takes up to `limit` pending ones of this turn whose time has come, counts
    /// the try and lets nobody else take them until `lease` is over. Two that
    /// claim at once MUST get different ones.
    async fn claim(
        &mut self,
        turn: Turn,
        now: Timestamp,
        lease: Duration,
        limit: usize,
    ) -> Result<Vec<Intake>, StorageError>;
    /// The parcel of a delivery, as it was kept.
    async fn parcel(
        &mut self,
        tenant: TenantId,
        id: IntakeId,
    ) -> Result<Option<String>, StorageError>;
    /// Writes states and projects of those that were claimed, notes how the
    /// tries went, and counts. Answers those that do not wait any more, or that
    /// somebody has taken up since: of them MUST nothing be changed. A unit of
    /// work does it once, at its end: several at once take the numbers in one
    /// order, and never wait for each other in a circle.
    async fn settle(
        &mut self,
        settled: &[(Intake, Attempt)],
    ) -> Result<Vec<IntakeId>, StorageError>;
    /// Takes note that something happened in a course project at `at`. An
    /// earlier instant MUST NOT replace a later one.
    async fn note_activity(
        &mut self,
        tenant: TenantId,
        project: ProjectId,
        at: Timestamp,
    ) -> Result<(), StorageError>;
    /// When something last happened in a course project. `None` when nothing
    /// was heard of it.
    async fn last_activity(
        &mut self,
        tenant: TenantId,
        project: ProjectId,
    ) -> Result<Option<Timestamp>, StorageError>;
    /// Finds one of an organisation. `None` when there is none.
    async fn find(
        &mut self,
        tenant: TenantId,
        id: IntakeId,
    ) -> Result<Option<Intake>, StorageError>;
    /// How its tries went, oldest first.
    async fn attempts(
        &mut self,
        tenant: TenantId,
        id: IntakeId,
    ) -> Result<Vec<Attempt>, StorageError>;
    /// Those of an organisation that are meant, newest first: at most `limit`
    /// before `before`.
    async fn newest(
        &mut self,
        tenant: TenantId,
        filter: &IntakeFilter,
        before: Option<IntakeId>,
        limit: usize,
    ) -> Result<Vec<Intake>, StorageError>;
    /// How many are meant, before `before`.
    async fn count(
        &mut self,
        tenant: TenantId,
        filter: &IntakeFilter,
        before: Option<IntakeId>,
    ) -> Result<u64, StorageError>;
    /// Writes the states and the tries of those that have ended, each from what
    /// it was to what it is, and counts: a replay, or a dead letter that is
    /// discarded. Answers those that are not any more as they were: of them MUST
    /// nothing be changed. A unit of work does it once, as
    /// [`settle`](Self::settle).
    async fn change(&mut self, steps: &[(Intake, Intake)]) -> Result<Vec<IntakeId>, StorageError>;
    /// What must add up: of an organisation, or of all.
    async fn tally(&mut self, tenant: Option<TenantId>) -> Result<Tally, StorageError>;
    /// When the oldest came that waits: of an organisation, or of all.
    async fn oldest_pending(
        &mut self,
        tenant: Option<TenantId>,
    ) -> Result<Option<Timestamp>, StorageError>;
    /// Removes up to `limit` that were processed or ignored and came before
    /// `before`, with what is kept beside them. They stay counted. One that
    /// somebody replays at the same time MUST stay, with all that is beside it.
    async fn forget(&mut self, before: Timestamp, limit: usize) -> Result<u64, StorageError>;
}
