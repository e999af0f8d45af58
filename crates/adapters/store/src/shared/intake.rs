//! Deliveries to courses.

use std::time::Duration;

use async_trait::async_trait;
use diesel::{dsl::case_when, prelude::*, sql_types::BigInt};
use diesel_async::RunQueryDsl;
use lodge_intake::{Attempt, Intake, State, Tally};
use lodge_kernel::{IntakeId, ProjectId, TenantId, Timestamp};
use lodge_storage::{IntakeFilter, IntakeRepository, Kept, StorageError, Turn};

use super::{
    Db, Key, Rows,
    intake_counts::{self, is},
    intake_ends,
    intake_rows::{AttemptRow, ENTITY, Row},
    schema::{
        intake, intake_attempts as attempts, intake_parcels as parcels,
        project_activity as activity,
    },
};
use crate::{
    convert::{self, column},
    error::about,
};

/// Those that `filter` means, before `before`.
fn meant(
    tenant: TenantId,
    filter: &IntakeFilter,
    before: Option<IntakeId>,
) -> diesel::helper_types::IntoBoxed<'static, intake::table, Db> {
    let mut rows = intake::table.filter(intake::tenant_id.eq(Key::from(tenant))).into_boxed();
    if let Some(state) = filter.state {
        rows = rows.filter(is(state));
    }
    if let Some(kind) = filter.kind {
        rows = rows.filter(intake::kind.eq(kind.name()));
    }
    match filter.projects.as_slice() {
        [] => {}
        [project] => rows = rows.filter(intake::project_id.eq(Key::from(*project))),
        several => {
            let several: Vec<Key> = several.iter().map(|it| (*it).into()).collect();
            rows = rows.filter(intake::project_id.eq_any(several));
        }
    }
    if let Some((host, id)) = &filter.repository {
        rows = rows.filter(intake::source.eq(host.as_str().to_owned()));
        rows = rows.filter(intake::repository_id.eq(id.clone()));
    }
    // An id carries the time when its delivery came.
    if let Some(since) = filter.since {
        rows = rows.filter(intake::id.ge(Key::from(IntakeId::earliest(since))));
    }
    if let Some(until) = filter.until {
        rows = rows.filter(intake::id.lt(Key::from(IntakeId::earliest(until))));
    }
    if let Some(before) = before {
        rows = rows.filter(intake::id.lt(Key::from(before)));
    }
    rows
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
        turn: Turn,
        now: Timestamp,
        lease: Duration,
        limit: usize,
    ) -> Result<Vec<Intake>, StorageError> {
        let claim = intake_ends::claim(turn, now, lease, limit);
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
    async fn settle(
        &mut self,
        settled: &[(Intake, Attempt)],
    ) -> Result<Vec<IntakeId>, StorageError> {
        intake_ends::settle(self.conn, settled).await
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
        let rows: Vec<Row> = meant(tenant, filter, before)
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
        before: Option<IntakeId>,
    ) -> Result<u64, StorageError> {
        let counted = meant(tenant, filter, before).select(diesel::dsl::count_star());
        let rows: i64 = counted.get_result(self.conn).await.map_err(about(ENTITY))?;
        convert::Row(ENTITY).number(rows)
    }

    #[tracing::instrument(name = "db.intake.change", level = "debug", skip_all)]
    async fn change(&mut self, steps: &[(Intake, Intake)]) -> Result<Vec<IntakeId>, StorageError> {
        intake_ends::change(self.conn, steps).await
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
