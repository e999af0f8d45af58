//! What happens in course projects, and whoever does it.

use std::collections::BTreeSet;

use async_trait::async_trait;
use lodge_activity::{Actor, ActorId, Fact, FactKey, FactKind};
use lodge_forge::ProviderName;
use lodge_kernel::{CourseId, ProjectId, TenantId, Timestamp};

use crate::StorageError;

/// Which facts of some projects are meant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FactFilter {
    /// Of these projects.
    pub projects: Vec<ProjectId>,
    /// Of these kinds; of every kind when there is none.
    pub kinds: Vec<FactKind>,
    /// That happened at this instant or later ([`Fact::at`]).
    pub since: Option<Timestamp>,
    /// That happened before this instant.
    pub until: Option<Timestamp>,
}

/// Where a fact stands in a listing: the instant it happened, then its project
/// and key, so that no two stand at one place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FactPlace {
    /// When it happened.
    pub at: Timestamp,
    /// In which project.
    pub project: ProjectId,
    /// Which one.
    pub key: FactKey,
}

/// Somebody in a course, as hosts told of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownActor {
    /// What facts name them by.
    pub id: ActorId,
    /// The host that told.
    pub host: ProviderName,
    /// What it told; nothing of it once the person is erased.
    pub actor: Actor,
    /// The person was erased: nothing that a host tells of them is kept again.
    pub erased: bool,
}

/// What happened in course projects.
#[async_trait]
pub trait ActivityRepository: Send {
    /// Tells facts of a project. What is known of one already MUST be merged
    /// with it ([`Fact::merged`]), whoever else tells of it at the same time.
    /// Answers the keys of those that changed.
    async fn tell(
        &mut self,
        tenant: TenantId,
        project: ProjectId,
        facts: &[Fact<ActorId>],
    ) -> Result<Vec<FactKey>, StorageError>;

    /// Facts, newest first, with where each stands: at most `limit` after
    /// `after`.
    async fn list(
        &mut self,
        tenant: TenantId,
        filter: &FactFilter,
        after: Option<&FactPlace>,
        limit: usize,
    ) -> Result<Vec<(FactPlace, Fact<ActorId>)>, StorageError>;

    /// One fact. `None` when nobody told it.
    async fn find(
        &mut self,
        tenant: TenantId,
        project: ProjectId,
        key: &FactKey,
    ) -> Result<Option<Fact<ActorId>>, StorageError>;

    /// The hashes of commits of a project of which nobody knows what they
    /// changed, newest first: at most `limit`.
    async fn unread_commits(
        &mut self,
        tenant: TenantId,
        project: ProjectId,
        limit: usize,
    ) -> Result<Vec<String>, StorageError>;

    /// Takes note of people in a course, each of which is there once. What was
    /// told of one before and is not told now stays. Of one who is erased MUST
    /// nothing be kept.
    async fn meet(
        &mut self,
        tenant: TenantId,
        course: CourseId,
        actors: &[KnownActor],
    ) -> Result<(), StorageError>;

    /// Everybody in a course whom a host has told of, by id.
    async fn actors(
        &mut self,
        tenant: TenantId,
        course: CourseId,
    ) -> Result<Vec<KnownActor>, StorageError>;

    /// Those of these people who are erased in a course, also of whom no host
    /// has told yet.
    async fn erased_among(
        &mut self,
        tenant: TenantId,
        course: CourseId,
        actors: &[ActorId],
    ) -> Result<BTreeSet<ActorId>, StorageError>;

    /// Blanks what was told of these people, for ever. Facts stay, and name
    /// nobody. Of one whom nobody has told of yet, or tells of at the same time,
    /// MUST nothing be kept either. Answers how many were told of before.
    async fn erase_actors(
        &mut self,
        tenant: TenantId,
        course: CourseId,
        actors: &[ActorId],
    ) -> Result<u64, StorageError>;
}
