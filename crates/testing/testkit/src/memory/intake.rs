//! Deliveries to courses, and the doors they come by.

use std::{collections::BTreeMap, time::Duration};

use async_trait::async_trait;
use lodge_intake::{Attempt, Change, Hook, Intake, State, Tally};
use lodge_kernel::{Digest, HookId, IntakeId, ProjectId, TenantId, Timestamp};
use lodge_storage::{HookRepository, IntakeFilter, IntakeRepository, Kept, StorageError, Turn};

use super::{
    Rows,
    tables::{Tables, if_owned, unless_there},
};

/// The newest secret of `it` opens another hook.
fn is_taken(tables: &Tables, it: &Hook) -> bool {
    let mut others = tables.hooks.values().filter(|other| other.id != it.id);
    others.any(|other| other.is_opened_by(it.secret.digest, it.updated_at))
}

#[async_trait]
impl HookRepository for Rows<'_> {
    async fn add(&mut self, it: &Hook) -> Result<(), StorageError> {
        let tables = self.0.change()?;
        unless_there(tables.hooks.contains_key(&it.id) || is_taken(tables, it), "hook")?;
        if_owned(tables.tenants.contains_key(&it.tenant), "hook")?;
        tables.hooks.insert(it.id, it.clone());
        Ok(())
    }

    async fn find(&mut self, id: HookId) -> Result<Option<Hook>, StorageError> {
        Ok(self.0.tables.hooks.get(&id).cloned())
    }

    async fn find_by_secret(
        &mut self,
        digest: Digest,
        now: Timestamp,
    ) -> Result<Option<Hook>, StorageError> {
        Ok(Hook::opened_by(self.0.tables.hooks.values().cloned(), digest, now))
    }

    async fn of_tenant(
        &mut self,
        tenant: TenantId,
        after: Option<HookId>,
        limit: usize,
    ) -> Result<Vec<Hook>, StorageError> {
        let meant = |it: &&Hook| it.tenant == tenant && after.is_none_or(|after| it.id > after);
        Ok(self.0.tables.hooks.values().filter(meant).take(limit).cloned().collect())
    }

    async fn update(&mut self, from: &Hook, to: &Hook) -> Result<(), StorageError> {
        let tables = self.0.change()?;
        unless_there(is_taken(tables, to), "hook")?;
        let known = tables.hooks.get_mut(&to.id);
        let known = known.ok_or(StorageError::Orphan { entity: "hook" })?;
        if known.secret.digest != from.secret.digest {
            return Err(StorageError::Conflict("the secret is not the one that was read".into()));
        }
        known.secret.clone_from(&to.secret);
        known.previous.clone_from(&to.previous);
        known.updated_at = to.updated_at;
        Ok(())
    }

    async fn remove(&mut self, tenant: TenantId, id: HookId) -> Result<bool, StorageError> {
        let hooks = &mut self.0.change()?.hooks;
        let there = hooks.get(&id).is_some_and(|it| it.tenant == tenant);
        Ok(there && hooks.remove(&id).is_some())
    }
}

fn meant(tenant: TenantId, filter: &IntakeFilter, it: &Intake) -> bool {
    it.tenant == tenant
        && filter.state.is_none_or(|state| it.state.name() == state)
        && filter.kind.is_none_or(|kind| it.kind == kind)
        && (filter.projects.is_empty()
            || it.project.is_some_and(|id| filter.projects.contains(&id)))
        && filter
            .repository
            .as_ref()
            .is_none_or(|(host, id)| it.source == *host && it.repository.as_ref() == Some(id))
        && filter.since.is_none_or(|since| it.id >= IntakeId::earliest(since))
        && filter.until.is_none_or(|until| it.id < IntakeId::earliest(until))
}

fn count(tables: &mut Tables, tenant: TenantId, change: Change) {
    tables.tallies.entry(tenant).or_default().apply(change);
}

/// Those that wait: of an organisation, or of all.
fn pending(
    all: &BTreeMap<IntakeId, Intake>,
    tenant: Option<TenantId>,
) -> impl Iterator<Item = &Intake> {
    all.values().filter(move |it| {
        it.state.next_at().is_some() && tenant.is_none_or(|tenant| it.tenant == tenant)
    })
}

#[async_trait]
impl IntakeRepository for Rows<'_> {
    async fn receive(
        &mut self,
        deliveries: &[(Intake, String)],
    ) -> Result<Vec<Kept>, StorageError> {
        let tables = self.0.change()?;
        let mut kept = Vec::new();
        for (it, parcel) in deliveries {
            let same = |other: &&Intake| (other.tenant, other.key) == (it.tenant, it.key);
            if let Some(first) = tables.intake.values().find(same) {
                kept.push(Kept::Repeated(first.id));
                continue;
            }
            tables.intake.insert(it.id, it.clone());
            tables.parcels.insert(it.id, parcel.clone());
            count(tables, it.tenant, Change::received());
            kept.push(Kept::New);
        }
        Ok(kept)
    }

    async fn claim(
        &mut self,
        turn: Turn,
        now: Timestamp,
        lease: Duration,
        limit: usize,
    ) -> Result<Vec<Intake>, StorageError> {
        let all = self.0.change()?.intake.values_mut();
        let ready = all.filter(|it| {
            let first = it.tries.counted() == 0;
            first == (turn == Turn::First) && it.state.next_at().is_some_and(|at| at <= now)
        });
        let mut due: Vec<&mut Intake> = ready.collect();
        due.sort_by_key(|it| it.state.next_at());
        let taken = due.into_iter().take(limit).map(|it| {
            it.tries.made += 1;
            it.state = State::Pending { next_at: now.plus(lease) };
            it.clone()
        });
        let mut taken: Vec<_> = taken.collect();
        taken.sort_by_key(|it| it.id);
        Ok(taken)
    }

    async fn parcel(
        &mut self,
        tenant: TenantId,
        id: IntakeId,
    ) -> Result<Option<String>, StorageError> {
        let known = self.0.tables.intake.get(&id).filter(|it| it.tenant == tenant);
        Ok(known.and_then(|it| self.0.tables.parcels.get(&it.id)).cloned())
    }

    async fn settle(
        &mut self,
        settled: &[(Intake, Attempt)],
    ) -> Result<Vec<IntakeId>, StorageError> {
        let tables = self.0.change()?;
        let mut overtaken = Vec::new();
        for (it, attempt) in settled {
            let theirs = |known: &&mut Intake| {
                known.state.next_at().is_some() && known.tries.made == it.tries.made
            };
            let Some(known) = tables.intake.get_mut(&it.id).filter(theirs) else {
                overtaken.push(it.id);
                continue;
            };
            let change = Change::between(&known.state, &it.state);
            known.state.clone_from(&it.state);
            known.project = it.project;
            tables.attempts.entry(it.id).or_default().push(attempt.clone());
            count(tables, it.tenant, change);
        }
        Ok(overtaken)
    }

    async fn note_activity(
        &mut self,
        tenant: TenantId,
        project: ProjectId,
        at: Timestamp,
    ) -> Result<(), StorageError> {
        let last = self.0.change()?.activity.entry((tenant, project)).or_insert(at);
        *last = at.max(*last);
        Ok(())
    }

    async fn last_activity(
        &mut self,
        tenant: TenantId,
        project: ProjectId,
    ) -> Result<Option<Timestamp>, StorageError> {
        Ok(self.0.tables.activity.get(&(tenant, project)).copied())
    }

    async fn find(
        &mut self,
        tenant: TenantId,
        id: IntakeId,
    ) -> Result<Option<Intake>, StorageError> {
        Ok(self.0.tables.intake.get(&id).filter(|it| it.tenant == tenant).cloned())
    }

    async fn attempts(
        &mut self,
        _tenant: TenantId,
        id: IntakeId,
    ) -> Result<Vec<Attempt>, StorageError> {
        Ok(self.0.tables.attempts.get(&id).cloned().unwrap_or_default())
    }

    async fn newest(
        &mut self,
        tenant: TenantId,
        filter: &IntakeFilter,
        before: Option<IntakeId>,
        limit: usize,
    ) -> Result<Vec<Intake>, StorageError> {
        let all = self.0.tables.intake.values().rev();
        let all = all.filter(|it| meant(tenant, filter, it));
        let all = all.filter(|it| before.is_none_or(|before| it.id < before));
        Ok(all.take(limit).cloned().collect())
    }

    async fn count(
        &mut self,
        tenant: TenantId,
        filter: &IntakeFilter,
        before: Option<IntakeId>,
    ) -> Result<u64, StorageError> {
        let all = self.0.tables.intake.values().filter(|it| meant(tenant, filter, it));
        let all = all.filter(|it| before.is_none_or(|before| it.id < before));
        Ok(u64::try_from(all.count()).unwrap_or(u64::MAX))
    }

    async fn change(&mut self, steps: &[(Intake, Intake)]) -> Result<Vec<IntakeId>, StorageError> {
        let tables = self.0.change()?;
        let mut overtaken = Vec::new();
        for (from, to) in steps {
            let same = |known: &&mut Intake| {
                known.state.name() == from.state.name() && known.tries == from.tries
            };
            let Some(known) = tables.intake.get_mut(&to.id).filter(same) else {
                overtaken.push(to.id);
                continue;
            };
            let change = Change::between(&known.state, &to.state);
            known.state.clone_from(&to.state);
            known.tries.forgiven = to.tries.forgiven;
            count(tables, to.tenant, change);
        }
        Ok(overtaken)
    }

    async fn tally(&mut self, tenant: Option<TenantId>) -> Result<Tally, StorageError> {
        let tables = &self.0.tables;
        let mut sum = Tally::default();
        let of = |it: &&TenantId| tenant.is_none_or(|tenant| **it == tenant);
        for it in tables.tallies.keys().filter(of).filter_map(|it| tables.tallies.get(it)) {
            sum.received += it.received;
            sum.processed += it.processed;
            sum.ignored += it.ignored;
            sum.dead += it.dead;
        }
        let waiting = pending(&tables.intake, tenant).count();
        sum.pending = u64::try_from(waiting).unwrap_or(u64::MAX);
        Ok(sum)
    }

    async fn oldest_pending(
        &mut self,
        tenant: Option<TenantId>,
    ) -> Result<Option<Timestamp>, StorageError> {
        Ok(pending(&self.0.tables.intake, tenant).map(|it| it.received_at).min())
    }

    async fn forget(&mut self, before: Timestamp, limit: usize) -> Result<u64, StorageError> {
        let tables = self.0.change()?;
        let done = |it: &&Intake| {
            matches!(it.state, State::Processed { .. } | State::Ignored { .. })
                && it.received_at < before
        };
        let mut old: Vec<_> =
            tables.intake.values().filter(done).map(|it| (it.received_at, it.id)).collect();
        old.sort();
        old.truncate(limit);
        for (_, id) in &old {
            tables.intake.remove(id);
            tables.parcels.remove(id);
            tables.attempts.remove(id);
        }
        Ok(u64::try_from(old.len()).unwrap_or(u64::MAX))
    }
}
