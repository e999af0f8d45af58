//! Where courses are brought in from, and how far they are kept up.

use std::time::Duration;

use async_trait::async_trait;
use lodge_kernel::{CourseId, HookId, ProjectId, TenantId, Timestamp};
use lodge_teams::{CourseSource, ProjectSync};

use crate::StorageError;

/// A webhook of ours at a project's host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProjectHook {
    /// The organisation.
    pub tenant: TenantId,
    /// The project.
    pub project: ProjectId,
    /// The door that it delivers to.
    pub hook: HookId,
    /// The host's ids of it.
    pub remote_ids: Vec<String>,
    /// When it was made.
    pub created_at: Timestamp,
}

/// Where courses are brought in from.
#[async_trait]
pub trait SourceRepository: Send {
    /// Writes where a course is brought in from; a course may have several, by
    /// host and the host's id.
    async fn put(&mut self, source: &CourseSource) -> Result<(), StorageError>;
    /// Writes what became of the last attempt to bring a source in (`synced_at`,
    /// `tried_at`, `failure`), and MUST change nothing else: somebody may have
    /// written the rest meanwhile. One that is not there is left out.
    async fn note_outcome(&mut self, source: &CourseSource) -> Result<(), StorageError>;
    /// Writes whether the sources of a course are kept up by themselves, and MUST
    /// change nothing else.
    async fn keep_up(
        &mut self,
        tenant: TenantId,
        course: CourseId,
        auto_sync: bool,
    ) -> Result<(), StorageError>;
    /// Those of a course, oldest first.
    async fn of_course(
        &mut self,
        tenant: TenantId,
        course: CourseId,
    ) -> Result<Vec<CourseSource>, StorageError>;
    /// Those of every organisation of courses that are kept up by themselves
    /// (whatever the source says) and are not archived, that were not brought in
    /// for `after`, and that are not left alone at `now` because they failed. At
    /// most `limit`: those that were never tried first, then those whose last
    /// attempt is longest ago, whatever came of it.
    async fn due(
        &mut self,
        now: Timestamp,
        after: Duration,
        limit: usize,
    ) -> Result<Vec<CourseSource>, StorageError>;
    /// Takes note that these are tried at `at`, and MUST change nothing else of
    /// them. What is not there any more is left out.
    async fn note_tries(
        &mut self,
        sources: &[CourseSource],
        at: Timestamp,
    ) -> Result<(), StorageError>;

    /// Writes how far a project is kept up.
    async fn put_sync(&mut self, sync: &ProjectSync) -> Result<(), StorageError>;
    /// How far a project is kept up. `None` when it never was.
    async fn sync_of(
        &mut self,
        tenant: TenantId,
        project: ProjectId,
    ) -> Result<Option<ProjectSync>, StorageError>;

    /// Adds the webhook of a project. MUST return [`StorageError::Duplicate`]
    /// when it has one.
    async fn add_hook(&mut self, hook: &ProjectHook) -> Result<(), StorageError>;
    /// The webhook of a project. `None` when it has none.
    async fn hook_of(
        &mut self,
        tenant: TenantId,
        project: ProjectId,
    ) -> Result<Option<ProjectHook>, StorageError>;
    /// Writes the host's ids of a project's webhook. MUST return
    /// [`StorageError::Orphan`] when the project has none, or another one by now,
    /// and [`StorageError::Conflict`], with nothing changed, when its ids are not
    /// those of `from` any more.
    async fn update_hook(
        &mut self,
        from: &ProjectHook,
        to: &ProjectHook,
    ) -> Result<(), StorageError>;
    /// Removes this webhook of a project. `false` when it has none, or another
    /// one by now. MUST return [`StorageError::Conflict`], with nothing changed,
    /// when its ids are not those of `hook` any more.
    async fn remove_hook(&mut self, hook: &ProjectHook) -> Result<bool, StorageError>;
}
