//! What happens in course projects, and whoever does it.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use lodge_activity::{Actor, ActorId, Fact, FactKey};
use lodge_kernel::{CourseId, ProjectId, TenantId};
use lodge_storage::{ActivityRepository, FactFilter, FactPlace, KnownActor, StorageError};

use super::{
    Rows,
    tables::{Tables, if_owned},
};

impl Tables {
    pub(super) fn has_project(&self, tenant: TenantId, id: ProjectId) -> bool {
        self.projects.get(&id).is_some_and(|it| it.tenant == tenant)
    }

    fn facts_of(
        &self,
        tenant: TenantId,
        id: ProjectId,
    ) -> impl Iterator<Item = (&FactKey, &Fact<ActorId>)> {
        let known = self.facts.get(&id).filter(|_| self.has_project(tenant, id));
        known.into_iter().flatten()
    }
}

fn is_meant(filter: &FactFilter, it: &Fact<ActorId>) -> bool {
    (filter.kinds.is_empty() || filter.kinds.contains(&it.kind()))
        && filter.since.is_none_or(|since| it.at() >= since)
        && filter.until.is_none_or(|until| it.at() < until)
}

fn blank(it: &mut KnownActor) {
    it.actor = Actor::default();
    it.erased = true;
}

#[async_trait]
impl ActivityRepository for Rows<'_> {
    async fn tell(
        &mut self,
        tenant: TenantId,
        project: ProjectId,
        told: &[Fact<ActorId>],
    ) -> Result<Vec<FactKey>, StorageError> {
        let tables = self.0.change()?;
        if_owned(tables.has_project(tenant, project), "fact")?;
        let known = tables.facts.entry(project).or_default();
        let before = known.clone();
        for fact in told {
            let key = fact.key();
            let merged = match known.remove(&key) {
                Some(known) => known.merged(fact.clone()),
                None => fact.clone(),
            };
            known.insert(key, merged);
        }
        let changed = known.iter().filter(|(key, it)| before.get(*key) != Some(*it));
        Ok(changed.map(|(key, _)| key.clone()).collect())
    }

    async fn list(
        &mut self,
        tenant: TenantId,
        filter: &FactFilter,
        after: Option<&FactPlace>,
        limit: usize,
    ) -> Result<Vec<(FactPlace, Fact<ActorId>)>, StorageError> {
        let mut all = BTreeMap::new();
        for project in &filter.projects {
            for (key, it) in self.0.tables.facts_of(tenant, *project) {
                let place = FactPlace { at: it.at(), project: *project, key: key.clone() };
                if is_meant(filter, it) && after.is_none_or(|after| place < *after) {
                    all.insert(place, it.clone());
                }
            }
        }
        Ok(all.into_iter().rev().take(limit).collect())
    }

    async fn find(
        &mut self,
        tenant: TenantId,
        project: ProjectId,
        key: &FactKey,
    ) -> Result<Option<Fact<ActorId>>, StorageError> {
        let mut all = self.0.tables.facts_of(tenant, project);
        Ok(all.find(|(known, _)| *known == key).map(|(_, it)| it.clone()))
    }

    async fn unread_commits(
        &mut self,
        tenant: TenantId,
        project: ProjectId,
        limit: usize,
    ) -> Result<Vec<String>, StorageError> {
        let commits = self.0.tables.facts_of(tenant, project).filter_map(|(_, it)| match it {
            Fact::Commit(it) if it.changes.is_none() => Some((it.authored_at, it.sha.clone())),
            _ => None,
        });
        let mut unread: Vec<_> = commits.collect();
        unread.sort();
        Ok(unread.into_iter().rev().take(limit).map(|(_, sha)| sha).collect())
    }

    async fn meet(
        &mut self,
        tenant: TenantId,
        course: CourseId,
        actors: &[KnownActor],
    ) -> Result<(), StorageError> {
        let tables = self.0.change()?;
        if_owned(actors.is_empty() || tables.has_course(tenant, course), "actor")?;
        for told in actors {
            if tables.never_met.contains(&(course, told.id)) {
                continue;
            }
            let known = tables.actors.entry((course, told.id)).or_insert_with(|| told.clone());
            if known.erased || told.erased {
                blank(known);
                continue;
            }
            let (known, told) = (&mut known.actor, told.actor.clone());
            known.host_user = told.host_user.or(known.host_user.take());
            known.username = told.username.or(known.username.take());
            known.email = told.email.or(known.email.take());
            known.name = told.name.or(known.name.take());
        }
        Ok(())
    }

    async fn actors(
        &mut self,
        tenant: TenantId,
        course: CourseId,
    ) -> Result<Vec<KnownActor>, StorageError> {
        let tables = &self.0.tables;
        let of = |(in_course, _): &(CourseId, ActorId)| {
            *in_course == course && tables.has_course(tenant, course)
        };
        Ok(tables.actors.iter().filter(|(key, _)| of(key)).map(|(_, it)| it.clone()).collect())
    }

    async fn erased_among(
        &mut self,
        tenant: TenantId,
        course: CourseId,
        actors: &[ActorId],
    ) -> Result<BTreeSet<ActorId>, StorageError> {
        let tables = &self.0.tables;
        let is_erased = |id: &ActorId| {
            let key = (course, *id);
            tables.never_met.contains(&key) || tables.actors.get(&key).is_some_and(|it| it.erased)
        };
        let is_there = tables.has_course(tenant, course);
        Ok(actors.iter().copied().filter(|it| is_there && is_erased(it)).collect())
    }

    async fn erase_actors(
        &mut self,
        tenant: TenantId,
        course: CourseId,
        actors: &[ActorId],
    ) -> Result<u64, StorageError> {
        let tables = self.0.change()?;
        if !tables.has_course(tenant, course) {
            return Ok(0);
        }
        let mut erased = BTreeSet::new();
        for id in actors {
            let key = (course, *id);
            if let Some(it) = tables.actors.get_mut(&key) {
                blank(it);
                erased.insert(key);
            } else {
                tables.never_met.insert(key);
            }
        }
        Ok(u64::try_from(erased.len()).unwrap_or(u64::MAX))
    }
}
