//! What happens in course projects, and whoever does it.

use std::collections::BTreeSet;

use async_trait::async_trait;
use lodge_activity::{ActorId, Fact, FactKey};
use lodge_kernel::{CourseId, ProjectId, TenantId};
use lodge_storage::{ActivityRepository, FactFilter, FactPlace, KnownActor, StorageError};

use super::{Rows, actors, facts};

#[async_trait]
impl ActivityRepository for Rows<'_> {
    #[tracing::instrument(name = "db.activity.tell", level = "debug", skip_all, fields(batch.len = told.len()))]
    async fn tell(
        &mut self,
        tenant: TenantId,
        project: ProjectId,
        told: &[Fact<ActorId>],
    ) -> Result<Vec<FactKey>, StorageError> {
        facts::tell(self.conn, tenant, project, told).await
    }

    #[tracing::instrument(name = "db.activity.list", level = "debug", skip_all)]
    async fn list(
        &mut self,
        tenant: TenantId,
        filter: &FactFilter,
        after: Option<&FactPlace>,
        limit: usize,
    ) -> Result<Vec<(FactPlace, Fact<ActorId>)>, StorageError> {
        facts::list(self.conn, tenant, filter, after, limit).await
    }

    async fn find(
        &mut self,
        tenant: TenantId,
        project: ProjectId,
        key: &FactKey,
    ) -> Result<Option<Fact<ActorId>>, StorageError> {
        facts::find(self.conn, tenant, project, key).await
    }

    async fn unread_commits(
        &mut self,
        tenant: TenantId,
        project: ProjectId,
        limit: usize,
    ) -> Result<Vec<String>, StorageError> {
        facts::unread_commits(self.conn, tenant, project, limit).await
    }

    #[tracing::instrument(name = "db.activity.meet", level = "debug", skip_all, fields(batch.len = told.len()))]
    async fn meet(
        &mut self,
        tenant: TenantId,
        course: CourseId,
        told: &[KnownActor],
    ) -> Result<(), StorageError> {
        actors::meet(self.conn, tenant, course, told).await
    }

    async fn actors(
        &mut self,
        tenant: TenantId,
        course: CourseId,
    ) -> Result<Vec<KnownActor>, StorageError> {
        actors::all(self.conn, tenant, course).await
    }

    async fn erased_among(
        &mut self,
        tenant: TenantId,
        course: CourseId,
        asked: &[ActorId],
    ) -> Result<BTreeSet<ActorId>, StorageError> {
        actors::erased_among(self.conn, tenant, course, asked).await
    }

    async fn erase_actors(
        &mut self,
        tenant: TenantId,
        course: CourseId,
        erased: &[ActorId],
    ) -> Result<u64, StorageError> {
        actors::erase(self.conn, tenant, course, erased).await
    }
}
