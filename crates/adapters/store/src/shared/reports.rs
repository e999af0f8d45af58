//! Reports of courses and teams.

use async_trait::async_trait;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use lodge_kernel::{CourseId, ReportId, TenantId, Timestamp};
use lodge_storage::{ReportFilter, ReportRepository, StorageError, StoredReport};

use super::{
    Db, Key, Rows,
    schema::{report_bodies as bodies, reports},
    sweep,
};
use crate::{
    convert::{self, column},
    error::{about, added},
};

const ENTITY: &str = "report";

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = reports, check_for_backend(Db))]
struct Row {
    tenant_id: Key,
    id: Key,
    course_id: Key,
    team_id: Option<Key>,
    file_name: String,
    format: String,
    bytes: i64,
    made_at: i64,
}

impl From<&StoredReport> for Row {
    fn from(it: &StoredReport) -> Self {
        Self {
            tenant_id: it.tenant.into(),
            id: it.id.into(),
            course_id: it.course.into(),
            team_id: it.team.map(Key::from),
            file_name: it.file_name.clone(),
            format: it.format.clone(),
            bytes: column(it.bytes),
            made_at: it.made_at.as_micros(),
        }
    }
}

impl TryFrom<Row> for StoredReport {
    type Error = StorageError;

    fn try_from(it: Row) -> Result<Self, StorageError> {
        Ok(Self {
            id: it.id.into(),
            tenant: it.tenant_id.into(),
            course: it.course_id.into(),
            team: it.team_id.map(Into::into),
            file_name: it.file_name,
            format: it.format,
            bytes: convert::Row(ENTITY).number(it.bytes)?,
            made_at: Timestamp::from_micros(it.made_at),
        })
    }
}

#[async_trait]
impl ReportRepository for Rows<'_> {
    async fn add(&mut self, it: &StoredReport, body: &[u8]) -> Result<(), StorageError> {
        let rows = diesel::insert_into(reports::table)
            .values(Row::from(it))
            .on_conflict_do_nothing()
            .execute(self.conn)
            .await
            .map_err(about(ENTITY))?;
        added(rows, ENTITY)?;
        diesel::insert_into(bodies::table)
            .values((
                bodies::tenant_id.eq(Key::from(it.tenant)),
                bodies::report_id.eq(Key::from(it.id)),
                bodies::body.eq(body),
            ))
            .execute(self.conn)
            .await
            .map(drop)
            .map_err(about(ENTITY))
    }

    async fn list(
        &mut self,
        tenant: TenantId,
        filter: &ReportFilter,
        after: Option<(Timestamp, ReportId)>,
        limit: usize,
    ) -> Result<Vec<StoredReport>, StorageError> {
        let mut meant =
            reports::table.filter(reports::tenant_id.eq(Key::from(tenant))).into_boxed();
        match filter.courses.as_deref() {
            None => {}
            // So that the index of a course has them in order.
            Some([course]) => meant = meant.filter(reports::course_id.eq(Key::from(*course))),
            Some(courses) => {
                let courses = courses.iter().map(|it| Key::from(*it));
                meant = meant.filter(reports::course_id.eq_any(courses));
            }
        }
        if let Some(team) = filter.team {
            meant = meant.filter(reports::team_id.eq(Key::from(team)));
        }
        if let Some((at, id)) = after {
            let at = at.as_micros();
            let older = reports::made_at.lt(at).or(reports::id.lt(Key::from(id)));
            // The first condition bounds the index.
            meant = meant.filter(reports::made_at.le(at)).filter(older);
        }
        let rows: Vec<Row> = meant
            .order((reports::made_at.desc(), reports::id.desc()))
            .limit(column(limit))
            .select(Row::as_select())
            .load(self.conn)
            .await
            .map_err(about(ENTITY))?;
        rows.into_iter().map(StoredReport::try_from).collect()
    }

    async fn find(
        &mut self,
        tenant: TenantId,
        file_name: &str,
    ) -> Result<Option<StoredReport>, StorageError> {
        let row: Option<Row> = reports::table
            .filter(reports::tenant_id.eq(Key::from(tenant)))
            .filter(reports::file_name.eq(file_name))
            .select(Row::as_select())
            .first(self.conn)
            .await
            .optional()
            .map_err(about(ENTITY))?;
        row.map(StoredReport::try_from).transpose()
    }

    async fn body(
        &mut self,
        tenant: TenantId,
        id: ReportId,
    ) -> Result<Option<Vec<u8>>, StorageError> {
        bodies::table
            .find((Key::from(tenant), Key::from(id)))
            .select(bodies::body)
            .first(self.conn)
            .await
            .optional()
            .map_err(about(ENTITY))
    }

    async fn remove(&mut self, tenant: TenantId, id: ReportId) -> Result<bool, StorageError> {
        let one = reports::table.find((Key::from(tenant), Key::from(id)));
        let rows = diesel::delete(one).execute(self.conn).await.map_err(about(ENTITY))?;
        Ok(rows > 0)
    }

    async fn remove_of_course(
        &mut self,
        tenant: TenantId,
        course: CourseId,
    ) -> Result<u64, StorageError> {
        let of = reports::table
            .filter(reports::tenant_id.eq(Key::from(tenant)))
            .filter(reports::course_id.eq(Key::from(course)));
        let rows = diesel::delete(of).execute(self.conn).await.map_err(about(ENTITY))?;
        Ok(u64::try_from(rows).unwrap_or(u64::MAX))
    }

    async fn remove_before(
        &mut self,
        before: Timestamp,
        limit: usize,
    ) -> Result<u64, StorageError> {
        sweep::remove_reports(self.conn, before, limit).await
    }
}
