//! Where courses are brought in from, and how far they are kept up.

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
    /// Writes when a source was last brought in to its end, and nothing else: the
    /// rest may be another by now.
    async fn note_synced(
        &mut self,
        source: &CourseSource,
        at: Timestamp,
    ) -> Result<(), StorageError>;
    /// Writes whether the sources of a course are kept up by themselves, and
    /// nothing else.
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
    /// (whatever the source says) and are not archived, and that were last
    /// brought in before `before` or never: longest ago first, at most `limit`.
    async fn due(
        &mut self,
        before: Timestamp,
        limit: usize,
    ) -> Result<Vec<CourseSource>, StorageError>;

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
    /// [`StorageError::Orphan`] when the project has none, or another one by now.
    async fn update_hook(&mut self, hook: &ProjectHook) -> Result<(), StorageError>;
    /// Removes this webhook of a project. `false` when it has none, or another
    /// one by now.
    async fn remove_hook(
        &mut self,
        tenant: TenantId,
        project: ProjectId,
        hook: HookId,
    ) -> Result<bool, StorageError>;
}
