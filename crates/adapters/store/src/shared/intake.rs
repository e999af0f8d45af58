//! Deliveries to courses.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    time::Duration,
};

use async_trait::async_trait;
use diesel::{
    dsl::{case_when, sql},
    prelude::*,
    sql_types::{BigInt, Bool},
};
use diesel_async::RunQueryDsl;
use lodge_intake::{Attempt, Change, Intake, State, Tally};
use lodge_kernel::{IntakeId, ProjectId, TenantId, Timestamp};
use lodge_storage::{IntakeFilter, IntakeRepository, Kept, StorageError};

use super::{
    Db, Key, Rows,
    intake_counts::{self, is},
    intake_rows::{AttemptRow, ENTITY, ParcelRecord, Row},
    schema::{
        intake, intake_attempts as attempts, intake_effects as effects, intake_parcels as parcels,
        project_activity as activity,
    },
    waiting,
};
use crate::{
    convert::{self, column},
    error::about,
};

/// Those that `filter` means.
fn meant(
    tenant: TenantId,
    filter: &IntakeFilter,
) -> diesel::helper_types::IntoBoxed<'static, intake::table, Db> {
    let mut rows = intake::table.filter(intake::tenant_id.eq(Key::from(tenant))).into_boxed();
    if let Some(state) = filter.state {
        rows = rows.filter(is(state));
    }
    if let Some(kind) = filter.kind {
        rows = rows.filter(intake::kind.eq(kind.name()));
    }
    if let Some(project) = filter.project {
        rows = rows.filter(intake::project_id.eq(Key::from(project)));
    }
    // An id carries the time when its delivery came.
    if let Some(since) = filter.since {
        rows = rows.filter(intake::id.ge(Key::from(IntakeId::earliest(since))));
    }
    if let Some(until) = filter.until {
        rows = rows.filter(intake::id.lt(Key::from(IntakeId::earliest(until))));
    }
    rows
}

/// Somebody else was there in between.
fn overtaken() -> StorageError {
    StorageError::Conflict("the delivery is not as it was".into())
}

#[async_trait]
impl IntakeRepository for Rows<'_> {
    #[tracing::instrument(name = "db.intake.receive", level = "debug", skip_all, fields(batch.len = deliveries.len()))]
    async fn receive(
        &mut self,
        deliveries: &[(Intake, String)],
    ) -> Result<Vec<Kept>, StorageError> {
        let mut new: Vec<Row> = deliveries.iter().map(|(it, _)| Row::from(it)).collect();
        // Two that keep the same ones wait for each other in one direction only.
        new.sort_by(|one, other| (one.tenant_id.0, &one.key).cmp(&(other.tenant_id.0, &other.key)));
        let added = super::super::keep(self.conn, new).await.map_err(about(ENTITY))?;
        let mut added: HashSet<Key> = added.into_iter().collect();
        let first = if added.len() == deliveries.len() {
            HashMap::new()
        } else {
            self.first_of(deliveries).await?
        };
        let mut kept = Vec::new();
        let mut counted: BTreeMap<TenantId, (IntakeId, Change)> = BTreeMap::new();
        let mut sealed = Vec::new();
        for (it, parcel) in deliveries {
            if !added.remove(&Key::from(it.id)) {
                let first = first.get(&(it.tenant, it.key.0.to_vec())).ok_or_else(overtaken)?;
                kept.push(Kept::Repeated(*first));
                continue;
            }
            let entry = counted.entry(it.tenant);
            let (_, change) = entry.or_insert_with(|| (it.id, Change::default()));
            *change += Change::received();
            sealed.push(ParcelRecord {
                tenant_id: it.tenant.into(),
                intake_id: it.id.into(),
                sealed: parcel.clone(),
            });
            kept.push(Kept::New);
        }
        super::super::keep_parcels(self.conn, sealed).await.map_err(about(ENTITY))?;
        for (tenant, (by, change)) in counted {
            intake_counts::count(self.conn, tenant, by, change).await?;
        }
        Ok(kept)
    }

    #[tracing::instrument(name = "db.intake.claim", level = "debug", skip_all)]
    async fn claim(
        &mut self,
        now: Timestamp,
        lease: Duration,
        limit: usize,
    ) -> Result<Vec<Intake>, StorageError> {
        let claim = waiting::claim("intake", State::PENDING, now, lease, limit);
        let rows: Vec<Row> = claim.load(self.conn).await.map_err(about(ENTITY))?;
        let taken = rows.into_iter().map(Intake::try_from);
        let mut taken = taken.collect::<Result<Vec<_>, _>>()?;
        taken.sort_by_key(|it| it.id);
        Ok(taken)
    }

    async fn parcel(
        &mut self,
        tenant: TenantId,
        id: IntakeId,
    ) -> Result<Option<String>, StorageError> {
        parcels::table
            .find((Key::from(tenant), Key::from(id)))
            .select(parcels::sealed)
            .first(self.conn)
            .await
            .optional()
            .map_err(about(ENTITY))
    }

    #[tracing::instrument(name = "db.intake.settle", level = "debug", skip_all)]
    async fn settle(&mut self, it: &Intake, attempt: &Attempt) -> Result<(), StorageError> {
        let row = Row::from(it);
        let rows = diesel::update(intake::table)
            .filter(intake::tenant_id.eq(row.tenant_id))
            .filter(intake::id.eq(row.id))
            .filter(is(State::PENDING))
            .filter(intake::attempts.eq(row.attempts))
            .set((
                intake::project_id.eq(row.project_id),
                intake::state.eq(row.state),
                intake::reason.eq(row.reason),
                intake::ended_at.eq(row.ended_at),
                intake::next_at.eq(row.next_at),
            ))
            .execute(self.conn)
            .await
            .map_err(about(ENTITY))?;
        if rows == 0 {
            return Err(overtaken());
        }
        diesel::insert_into(attempts::table)
            .values(AttemptRow::of(it, attempt))
            .execute(self.conn)
            .await
            .map_err(about(ENTITY))?;
        let change = Change::between(&State::Pending { next_at: it.received_at }, &it.state);
        intake_counts::count(self.conn, it.tenant, it.id, change).await
    }

    async fn note_effect(
        &mut self,
        tenant: TenantId,
        id: IntakeId,
        effect: &'static str,
    ) -> Result<bool, StorageError> {
        let rows = diesel::insert_into(effects::table)
            .values((
                effects::tenant_id.eq(Key::from(tenant)),
                effects::intake_id.eq(Key::from(id)),
                effects::effect.eq(effect),
            ))
            .on_conflict_do_nothing()
            .execute(self.conn)
            .await
            .map_err(about(ENTITY))?;
        Ok(rows > 0)
    }

    async fn note_activity(
        &mut self,
        tenant: TenantId,
        project: ProjectId,
        at: Timestamp,
    ) -> Result<(), StorageError> {
        let at = at.as_micros();
        diesel::insert_into(activity::table)
            .values((
                activity::tenant_id.eq(Key::from(tenant)),
                activity::project_id.eq(Key::from(project)),
                activity::last_at.eq(at),
            ))
            .on_conflict((activity::tenant_id, activity::project_id))
            .do_update()
            .set(
                activity::last_at.eq(case_when(activity::last_at.lt(at), at.into_sql::<BigInt>())
                    .otherwise(activity::last_at)),
            )
            .execute(self.conn)
            .await
            .map(drop)
            .map_err(about(ENTITY))
    }

    async fn last_activity(
        &mut self,
        tenant: TenantId,
        project: ProjectId,
    ) -> Result<Option<Timestamp>, StorageError> {
        let last: Option<i64> = activity::table
            .find((Key::from(tenant), Key::from(project)))
            .select(activity::last_at)
            .first(self.conn)
            .await
            .optional()
            .map_err(about(ENTITY))?;
        Ok(convert::instant(last))
    }

    async fn find(
        &mut self,
        tenant: TenantId,
        id: IntakeId,
    ) -> Result<Option<Intake>, StorageError> {
        let row: Option<Row> = intake::table
            .find((Key::from(tenant), Key::from(id)))
            .select(Row::as_select())
            .first(self.conn)
            .await
            .optional()
            .map_err(about(ENTITY))?;
        row.map(Intake::try_from).transpose()
    }

    async fn attempts(
        &mut self,
        tenant: TenantId,
        id: IntakeId,
    ) -> Result<Vec<Attempt>, StorageError> {
        let rows: Vec<AttemptRow> = attempts::table
            .filter(attempts::tenant_id.eq(Key::from(tenant)))
            .filter(attempts::intake_id.eq(Key::from(id)))
            .order(attempts::number)
            .select(AttemptRow::as_select())
            .load(self.conn)
            .await
            .map_err(about(ENTITY))?;
        rows.into_iter().map(Attempt::try_from).collect()
    }

    #[tracing::instrument(name = "db.intake.newest", level = "debug", skip_all)]
    async fn newest(
        &mut self,
        tenant: TenantId,
        filter: &IntakeFilter,
        before: Option<IntakeId>,
        limit: usize,
    ) -> Result<Vec<Intake>, StorageError> {
        // No id sorts after the one that is all ones, and none is it.
        let before = before.map_or(Key(uuid::Uuid::max()), Key::from);
        let rows: Vec<Row> = meant(tenant, filter)
            .filter(intake::id.lt(before))
            .order(intake::id.desc())
            .limit(column(limit))
            .select(Row::as_select())
            .load(self.conn)
            .await
            .map_err(about(ENTITY))?;
        rows.into_iter().map(Intake::try_from).collect()
    }

    async fn count(
        &mut self,
        tenant: TenantId,
        filter: &IntakeFilter,
    ) -> Result<u64, StorageError> {
        let counted = meant(tenant, filter).select(diesel::dsl::count_star());
        let rows: i64 = counted.get_result(self.conn).await.map_err(about(ENTITY))?;
        convert::Row(ENTITY).number(rows)
    }

    async fn change(&mut self, from: &Intake, to: &Intake) -> Result<(), StorageError> {
        let (row, known) = (Row::from(to), Row::from(from));
        let rows = diesel::update(intake::table)
            .filter(intake::tenant_id.eq(row.tenant_id))
            .filter(intake::id.eq(row.id))
            .filter(is(from.state.name()))
            .filter(intake::attempts.eq(known.attempts))
            .filter(intake::forgiven.eq(known.forgiven))
            .set((
                intake::state.eq(row.state),
                intake::reason.eq(row.reason),
                intake::ended_at.eq(row.ended_at),
                intake::next_at.eq(row.next_at),
                intake::forgiven.eq(row.forgiven),
            ))
            .execute(self.conn)
            .await
            .map_err(about(ENTITY))?;
        if rows == 0 {
            return Err(overtaken());
        }
        let change = Change::between(&from.state, &to.state);
        intake_counts::count(self.conn, to.tenant, to.id, change).await
    }

    async fn tally(&mut self, tenant: Option<TenantId>) -> Result<Tally, StorageError> {
        intake_counts::tally(self.conn, tenant).await
    }

    async fn oldest_pending(
        &mut self,
        tenant: Option<TenantId>,
    ) -> Result<Option<Timestamp>, StorageError> {
        let mut rows = intake::table.filter(is(State::PENDING)).into_boxed();
        if let Some(tenant) = tenant {
            rows = rows.filter(intake::tenant_id.eq(Key::from(tenant)));
        }
        let oldest: Option<i64> = rows
            .select(diesel::dsl::min(intake::received_at))
            .get_result(self.conn)
            .await
            .map_err(about(ENTITY))?;
        Ok(convert::instant(oldest))
    }

    #[tracing::instrument(name = "db.intake.forget", level = "debug", skip_all)]
    async fn forget(&mut self, before: Timestamp, limit: usize) -> Result<u64, StorageError> {
        let old: Vec<(Key, Key)> = intake::table
            .filter(sql::<Bool>("intake.state IN ('processed', 'ignored')"))
            .filter(intake::received_at.lt(before.as_micros()))
            .order(intake::received_at)
            .limit(column(limit))
            .select((intake::tenant_id, intake::id))
            .load(self.conn)
            .await
            .map_err(about(ENTITY))?;
        let mut of: BTreeMap<uuid::Uuid, HashSet<Key>> = BTreeMap::new();
        for (tenant, id) in old {
            of.entry(tenant.0).or_default().insert(id);
        }
        let mut forgotten = 0;
        for (tenant, ids) in of {
            let (tenant, ids) = (Key(tenant), ids.into_iter().collect::<Vec<_>>());
            macro_rules! delete {
                ($table:ident, $id:ident) => {
                    diesel::delete($table::table)
                        .filter($table::tenant_id.eq(tenant))
                        .filter($table::$id.eq_any(&ids))
                        .execute(self.conn)
                        .await
                        .map_err(about(ENTITY))
                };
            }
            delete!(parcels, intake_id)?;
            delete!(attempts, intake_id)?;
            delete!(effects, intake_id)?;
            forgotten += delete!(intake, id)?;
        }
        Ok(u64::try_from(forgotten).unwrap_or(u64::MAX))
    }
}

impl Rows<'_> {
    /// Under which id each of these is kept.
    async fn first_of(
        &mut self,
        deliveries: &[(Intake, String)],
    ) -> Result<HashMap<(TenantId, Vec<u8>), IntakeId>, StorageError> {
        let tenants: HashSet<Key> = deliveries.iter().map(|(it, _)| it.tenant.into()).collect();
        let keys: HashSet<Vec<u8>> = deliveries.iter().map(|(it, _)| it.key.0.to_vec()).collect();
        let rows: Vec<(Key, Vec<u8>, Key)> = intake::table
            .filter(intake::tenant_id.eq_any(tenants))
            .filter(intake::key.eq_any(keys))
            .select((intake::tenant_id, intake::key, intake::id))
            .load(self.conn)
            .await
            .map_err(about(ENTITY))?;
        Ok(rows.into_iter().map(|(tenant, key, id)| ((tenant.into(), key), id.into())).collect())
    }
}
