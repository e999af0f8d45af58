//! Where courses are brought in from, and how far projects are kept up.

use std::{collections::BTreeMap, time::Duration};

use async_trait::async_trait;
use lodge_courses::CourseState;
use lodge_kernel::{CourseId, ProjectId, TenantId, Timestamp};
use lodge_storage::{ProjectHook, SourceRepository, StorageError};
use lodge_teams::{CourseSource, Project, ProjectSync};

use super::{
    Rows,
    tables::{Tables, if_owned, unless_there},
};

const HOOK: &str = "webhook of a project";

impl Tables {
    /// Removes projects with all that stands beside them; answers whether there
    /// were any.
    pub(super) fn remove_projects(&mut self, meant: impl Fn(&Project) -> bool) -> bool {
        let before = self.projects.len();
        self.projects.retain(|_, it| !meant(it));
        let there = &self.projects;
        self.facts.retain(|id, _| there.contains_key(id));
        self.syncs.retain(|id, _| there.contains_key(id));
        self.project_hooks.retain(|id, _| there.contains_key(id));
        self.activity.retain(|(_, id), _| there.contains_key(id));
        self.projects.len() < before
    }
}

#[async_trait]
impl SourceRepository for Rows<'_> {
    async fn put(&mut self, it: &CourseSource) -> Result<(), StorageError> {
        let tables = self.0.change()?;
        if_owned(tables.has_course(it.tenant, it.course), "source of a course")?;
        let key = (it.course, it.host.clone(), it.remote_id.clone());
        let created_at = tables.sources.get(&key).map_or(it.created_at, |it| it.created_at);
        tables.sources.insert(key, CourseSource { created_at, ..it.clone() });
        Ok(())
    }

    async fn note_outcome(&mut self, it: &CourseSource) -> Result<(), StorageError> {
        let key = (it.course, it.host.clone(), it.remote_id.clone());
        let known = self.0.change()?.sources.get_mut(&key);
        if let Some(known) = known.filter(|known| known.tenant == it.tenant) {
            (known.synced_at, known.tried_at) = (it.synced_at, it.tried_at);
            known.failure.clone_from(&it.failure);
        }
        Ok(())
    }

    async fn keep_up(
        &mut self,
        tenant: TenantId,
        course: CourseId,
        auto_sync: bool,
    ) -> Result<(), StorageError> {
        let all = self.0.change()?.sources.values_mut();
        all.filter(|it| it.tenant == tenant && it.course == course)
            .for_each(|it| it.auto_sync = auto_sync);
        Ok(())
    }

    async fn of_course(
        &mut self,
        tenant: TenantId,
        course: CourseId,
    ) -> Result<Vec<CourseSource>, StorageError> {
        let meant = |it: &&CourseSource| it.tenant == tenant && it.course == course;
        let mut all: Vec<_> = self.0.tables.sources.values().filter(meant).cloned().collect();
        all.sort_by_key(|it| it.created_at);
        Ok(all)
    }

    async fn due(
        &mut self,
        now: Timestamp,
        after: Duration,
        limit: usize,
    ) -> Result<Vec<CourseSource>, StorageError> {
        let tables = &self.0.tables;
        let meant = |it: &&CourseSource| {
            let course = tables.courses.get(&it.course);
            course.is_some_and(|it| it.details.auto_sync && it.state == CourseState::Active)
                && it.synced_at.is_none_or(|at| at < now.minus(after))
                && it.failure.as_ref().is_none_or(|it| it.retry_at <= now)
        };
        let mut all: Vec<_> = tables.sources.values().filter(meant).cloned().collect();
        all.sort_by_key(|it| (it.tried_at, it.created_at, it.tenant));
        all.truncate(limit);
        Ok(all)
    }

    async fn note_tries(
        &mut self,
        tried: &[CourseSource],
        at: Timestamp,
    ) -> Result<(), StorageError> {
        let sources = &mut self.0.change()?.sources;
        for it in tried {
            let key = (it.course, it.host.clone(), it.remote_id.clone());
            if let Some(known) = sources.get_mut(&key).filter(|known| known.tenant == it.tenant) {
                known.tried_at = Some(at);
            }
        }
        Ok(())
    }

    async fn put_sync(&mut self, it: &ProjectSync) -> Result<(), StorageError> {
        let tables = self.0.change()?;
        if_owned(tables.has_project(it.tenant, it.project), "sync of a project")?;
        tables.syncs.insert(it.project, it.clone());
        Ok(())
    }

    async fn sync_of(
        &mut self,
        tenant: TenantId,
        project: ProjectId,
    ) -> Result<Option<ProjectSync>, StorageError> {
        Ok(self.0.tables.syncs.get(&project).filter(|it| it.tenant == tenant).cloned())
    }

    async fn add_hook(&mut self, it: &ProjectHook) -> Result<(), StorageError> {
        let tables = self.0.change()?;
        unless_there(tables.project_hooks.contains_key(&it.project), HOOK)?;
        if_owned(tables.has_project(it.tenant, it.project), HOOK)?;
        tables.project_hooks.insert(it.project, it.clone());
        Ok(())
    }

    async fn hook_of(
        &mut self,
        tenant: TenantId,
        project: ProjectId,
    ) -> Result<Option<ProjectHook>, StorageError> {
        Ok(self.0.tables.project_hooks.get(&project).filter(|it| it.tenant == tenant).cloned())
    }

    async fn update_hook(
        &mut self,
        from: &ProjectHook,
        to: &ProjectHook,
    ) -> Result<(), StorageError> {
        let hooks = &mut self.0.change()?.project_hooks;
        let known = meant(hooks, from)?.ok_or(StorageError::Orphan { entity: HOOK })?;
        known.remote_ids.clone_from(&to.remote_ids);
        Ok(())
    }

    async fn remove_hook(&mut self, hook: &ProjectHook) -> Result<bool, StorageError> {
        let hooks = &mut self.0.change()?.project_hooks;
        Ok(meant(hooks, hook)?.is_some() && hooks.remove(&hook.project).is_some())
    }
}

/// The webhook that was read as `it`. `None` when the project has none, or
/// another one by now.
fn meant<'a>(
    hooks: &'a mut BTreeMap<ProjectId, ProjectHook>,
    it: &ProjectHook,
) -> Result<Option<&'a mut ProjectHook>, StorageError> {
    let known = hooks.get_mut(&it.project);
    let known = known.filter(|known| known.tenant == it.tenant && known.hook == it.hook);
    if known.as_ref().is_some_and(|known| known.remote_ids != it.remote_ids) {
        return Err(StorageError::Conflict("the ids are not those that were read".into()));
    }
    Ok(known)
}
