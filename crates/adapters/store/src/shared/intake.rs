//! Deliveries to courses.

use std::time::Duration;

use async_trait::async_trait;
use diesel::{dsl::case_when, prelude::*, sql_types::BigInt};
use diesel_async::RunQueryDsl;
use lodge_intake::{Attempt, Change, Intake, State, Tally};
use lodge_kernel::{IntakeId, ProjectId, TenantId, Timestamp};
use lodge_storage::{IntakeFilter, IntakeRepository, Kept, StorageError};

use super::{
    Db, Key, Rows,
    intake_counts::{self, is},
    intake_ends,
    intake_rows::{AttemptRow, ENTITY, Row},
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
pub(super) fn overtaken() -> StorageError {
    StorageError::Conflict("the delivery is not as it was".into())
}

#[async_trait]
impl IntakeRepository for Rows<'_> {
    #[tracing::instrument(name = "db.intake.receive", level = "debug", skip_all, fields(batch.len = deliveries.len()))]
    async fn receive(
        &mut self,
        deliveries: &[(Intake, String)],
    ) -> Result<Vec<Kept>, StorageError> {
        intake_ends::receive(self.conn, deliveries).await
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
        intake_ends::forget(self.conn, before, limit).await
    }
}
