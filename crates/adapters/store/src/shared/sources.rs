//! Where courses are brought in from, and how far projects are kept up.

use std::time::Duration;

use async_trait::async_trait;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use lodge_courses::CourseState;
use lodge_forge::ProviderName;
use lodge_kernel::{CourseId, ProjectId, TenantId, Timestamp};
use lodge_storage::{ProjectHook, SourceRepository, StorageError};
use lodge_teams::{CourseSource, ProjectSync, SourceFailure, SourceKind};

use super::{
    Db, Key, Rows, project_hooks, project_syncs,
    schema::{course_sources as sources, courses},
};
use crate::{
    convert::{self, column},
    error::about,
};

const ENTITY: &str = "source of a course";

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = sources, check_for_backend(Db))]
struct Row {
    tenant_id: Key,
    course_id: Key,
    host: String,
    remote_id: String,
    connection_id: Option<Key>,
    kind: String,
    address: String,
    auto_sync: bool,
    created_at: i64,
    synced_at: Option<i64>,
    tried_at: Option<i64>,
    failures: i64,
    problem: Option<String>,
    retry_at: Option<i64>,
}

impl From<&CourseSource> for Row {
    fn from(it: &CourseSource) -> Self {
        Self {
            tenant_id: it.tenant.into(),
            course_id: it.course.into(),
            host: it.host.as_str().to_owned(),
            remote_id: it.remote_id.clone(),
            connection_id: it.connection.map(Key::from),
            kind: it.kind.name().to_owned(),
            address: it.address.clone(),
            auto_sync: it.auto_sync,
            created_at: it.created_at.as_micros(),
            synced_at: convert::micros(it.synced_at),
            tried_at: convert::micros(it.tried_at),
            failures: it.failure.as_ref().map_or(0, |it| it.in_a_row.into()),
            problem: it.failure.as_ref().map(|it| it.reason.clone()),
            retry_at: convert::micros(it.failure.as_ref().map(|it| it.retry_at)),
        }
    }
}

impl TryFrom<Row> for CourseSource {
    type Error = StorageError;

    fn try_from(it: Row) -> Result<Self, StorageError> {
        let row = convert::Row(ENTITY);
        let failure = match (it.problem, convert::instant(it.retry_at)) {
            (None, None) => None,
            (Some(reason), Some(retry_at)) => {
                Some(SourceFailure { in_a_row: row.number(it.failures)?, reason, retry_at })
            }
            _ => return Err(row.corrupt("a failure that cannot be")),
        };
        Ok(Self {
            tenant: it.tenant_id.into(),
            course: it.course_id.into(),
            host: row.provider(&it.host)?,
            connection: it.connection_id.map(Into::into),
            kind: SourceKind::parse(&it.kind).ok_or_else(|| row.corrupt("an unknown kind"))?,
            remote_id: it.remote_id,
            address: it.address,
            auto_sync: it.auto_sync,
            created_at: Timestamp::from_micros(it.created_at),
            synced_at: convert::instant(it.synced_at),
            tried_at: convert::instant(it.tried_at),
            failure,
        })
    }
}

fn place(it: &CourseSource) -> (TenantId, CourseId, Timestamp, &ProviderName, &str) {
    (it.tenant, it.course, it.created_at, &it.host, &it.remote_id)
}

/// How the last sync of a source went.
macro_rules! outcome {
    ($row:expr) => {
        (
            sources::synced_at.eq($row.synced_at),
            sources::tried_at.eq($row.tried_at),
            sources::failures.eq($row.failures),
            sources::problem.eq($row.problem.as_deref()),
            sources::retry_at.eq($row.retry_at),
        )
    };
}

#[async_trait]
impl SourceRepository for Rows<'_> {
    async fn put(&mut self, it: &CourseSource) -> Result<(), StorageError> {
        let row = Row::from(it);
        diesel::insert_into(sources::table)
            .values(&row)
            .on_conflict((
                sources::tenant_id,
                sources::course_id,
                sources::host,
                sources::remote_id,
            ))
            .do_update()
            .set((
                sources::connection_id.eq(row.connection_id),
                sources::kind.eq(&row.kind),
                sources::address.eq(&row.address),
                sources::auto_sync.eq(row.auto_sync),
                outcome!(row),
            ))
            .execute(self.conn)
            .await
            .map(drop)
            .map_err(about(ENTITY))
    }

    async fn note_outcome(&mut self, it: &CourseSource) -> Result<(), StorageError> {
        let row = Row::from(it);
        let one = sources::table.find((
            Key::from(it.tenant),
            Key::from(it.course),
            it.host.as_str(),
            it.remote_id.as_str(),
        ));
        diesel::update(one)
            .set(outcome!(row))
            .execute(self.conn)
            .await
            .map(drop)
            .map_err(about(ENTITY))
    }

    async fn keep_up(
        &mut self,
        tenant: TenantId,
        course: CourseId,
        auto_sync: bool,
    ) -> Result<(), StorageError> {
        // One by one in the order of the others who write several, so that no two
        // wait in a circle.
        for it in self.of_course(tenant, course).await? {
            let one = sources::table.find((
                Key::from(it.tenant),
                Key::from(it.course),
                it.host.as_str(),
                it.remote_id.as_str(),
            ));
            diesel::update(one)
                .set(sources::auto_sync.eq(auto_sync))
                .execute(self.conn)
                .await
                .map_err(about(ENTITY))?;
        }
        Ok(())
    }

    async fn of_course(
        &mut self,
        tenant: TenantId,
        course: CourseId,
    ) -> Result<Vec<CourseSource>, StorageError> {
        let rows: Vec<Row> = sources::table
            .filter(sources::tenant_id.eq(Key::from(tenant)))
            .filter(sources::course_id.eq(Key::from(course)))
            .order((sources::created_at, sources::host, sources::remote_id))
            .select(Row::as_select())
            .load(self.conn)
            .await
            .map_err(about(ENTITY))?;
        rows.into_iter().map(CourseSource::try_from).collect()
    }

    async fn due(
        &mut self,
        now: Timestamp,
        after: Duration,
        limit: usize,
    ) -> Result<Vec<CourseSource>, StorageError> {
        let before = now.minus(after);
        let course =
            sources::tenant_id.eq(courses::tenant_id).and(sources::course_id.eq(courses::id));
        let late = sources::synced_at.is_null().or(sources::synced_at.lt(before.as_micros()));
        let rows: Vec<Row> = sources::table
            .inner_join(courses::table.on(course))
            .filter(courses::auto_sync)
            .filter(courses::state.eq(CourseState::Active.name()))
            .filter(late)
            .filter(sources::retry_at.is_null().or(sources::retry_at.le(now.as_micros())))
            // What never was comes first on both.
            .order((
                sources::tried_at.is_not_null(),
                sources::tried_at,
                sources::created_at,
                sources::tenant_id,
                sources::course_id,
                sources::host,
                sources::remote_id,
            ))
            .limit(column(limit))
            .select(Row::as_select())
            .load(self.conn)
            .await
            .map_err(about(ENTITY))?;
        rows.into_iter().map(CourseSource::try_from).collect()
    }

    async fn note_tries(
        &mut self,
        tried: &[CourseSource],
        at: Timestamp,
    ) -> Result<(), StorageError> {
        let mut tried: Vec<_> = tried.iter().collect();
        // In the order in which a course's own job writes them, so that the two
        // never wait in a circle.
        tried.sort_by(|one, other| place(one).cmp(&place(other)));
        for it in tried {
            diesel::update(sources::table)
                .filter(sources::tenant_id.eq(Key::from(it.tenant)))
                .filter(sources::course_id.eq(Key::from(it.course)))
                .filter(sources::host.eq(it.host.as_str()))
                .filter(sources::remote_id.eq(&it.remote_id))
                .set(sources::tried_at.eq(at.as_micros()))
                .execute(self.conn)
                .await
                .map_err(about(ENTITY))?;
        }
        Ok(())
    }

    async fn put_sync(&mut self, it: &ProjectSync) -> Result<(), StorageError> {
        project_syncs::put(self.conn, it).await
    }

    async fn sync_of(
        &mut self,
        tenant: TenantId,
        project: ProjectId,
    ) -> Result<Option<ProjectSync>, StorageError> {
        project_syncs::find(self.conn, tenant, project).await
    }

    async fn add_hook(&mut self, hook: &ProjectHook) -> Result<(), StorageError> {
        project_hooks::add(self.conn, hook).await
    }

    async fn hook_of(
        &mut self,
        tenant: TenantId,
        project: ProjectId,
    ) -> Result<Option<ProjectHook>, StorageError> {
        project_hooks::find(self.conn, tenant, project).await
    }

    async fn update_hook(
        &mut self,
        from: &ProjectHook,
        to: &ProjectHook,
    ) -> Result<(), StorageError> {
        project_hooks::update(self.conn, from, to).await
    }

    async fn remove_hook(&mut self, hook: &ProjectHook) -> Result<bool, StorageError> {
        project_hooks::remove(self.conn, hook).await
    }
}
