//! Jobs that are listed, and jobs that are forgotten.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use lodge_jobs::{Job, Standing};
use lodge_kernel::{JobId, TenantId, Timestamp};
use lodge_storage::{JobFilter, StorageError};

use super::{
    Conn, Key,
    job_rows::{Ended, Live, stored},
    schema::{ended_jobs, job_events, jobs},
};
use crate::{convert::column, error::about};

const ENTITY: &str = "job";

/// See `JobRepository::list`.
pub(super) async fn list(
    conn: &mut Conn,
    filter: &JobFilter,
    before: Option<JobId>,
    limit: usize,
) -> Result<Vec<Job>, StorageError> {
    // No id sorts after the one that is all ones, and none is it.
    let before = before.map_or(Key(uuid::Uuid::max()), Key::from);
    let mut all = Vec::new();
    macro_rules! meant {
        ($table:ident, $row:ty) => {{
            let mut rows = $table::table
                .filter($table::id.lt(before))
                .order($table::id.desc())
                .limit(column(limit))
                .select(<$row>::as_select())
                .into_boxed();
            if !filter.tenants.is_empty() {
                let tenants: Vec<Key> = filter.tenants.iter().map(|it| (*it).into()).collect();
                rows = rows.filter($table::tenant_id.eq_any(tenants));
            }
            if let Some(course) = filter.course {
                rows = rows.filter($table::course_id.eq(Key::from(course)));
            }
            if let Some(kind) = &filter.kind {
                rows = rows.filter($table::kind.eq(kind.as_str()));
            }
            rows
        }};
    }
    if filter.standing.is_none_or(|it| !it.has_ended()) {
        let mut rows = meant!(jobs, Live);
        if let Some(standing) = filter.standing {
            rows = rows.filter(jobs::state.eq_any(stored(standing)));
        }
        let rows: Vec<Live> = rows.load(&mut *conn).await.map_err(about(ENTITY))?;
        for it in rows {
            all.push(Job::try_from(it)?);
        }
    }
    if filter.standing.is_none_or(Standing::has_ended) {
        let mut rows = meant!(ended_jobs, Ended);
        if let Some(standing) = filter.standing {
            rows = rows.filter(ended_jobs::state.eq(standing.name()));
        }
        let rows: Vec<Ended> = rows.load(&mut *conn).await.map_err(about(ENTITY))?;
        for it in rows {
            all.push(Job::try_from(it)?);
        }
    }
    all.sort_by_key(|it| std::cmp::Reverse(it.id));
    all.truncate(limit);
    Ok(all)
}

/// See `JobRepository::forget`.
pub(super) async fn forget(
    conn: &mut Conn,
    before: Timestamp,
    limit: usize,
) -> Result<u64, StorageError> {
    let old: Vec<(Key, Key)> = ended_jobs::table
        .filter(ended_jobs::ended_at.lt(before.as_micros()))
        .order(ended_jobs::ended_at)
        .limit(column(limit))
        .select((ended_jobs::tenant_id, ended_jobs::id))
        .load(&mut *conn)
        .await
        .map_err(about(ENTITY))?;
    let mut tenants: BTreeMap<TenantId, Vec<Key>> = BTreeMap::new();
    for (tenant, id) in old {
        tenants.entry(tenant.into()).or_default().push(id);
    }
    let mut forgotten = 0;
    for (tenant, ids) in tenants {
        let tenant = Key::from(tenant);
        diesel::delete(job_events::table)
            .filter(job_events::tenant_id.eq(tenant))
            .filter(job_events::job_id.eq_any(ids.clone()))
            .execute(&mut *conn)
            .await
            .map_err(about("job event"))?;
        forgotten += diesel::delete(ended_jobs::table)
            .filter(ended_jobs::tenant_id.eq(tenant))
            .filter(ended_jobs::id.eq_any(ids))
            .execute(&mut *conn)
            .await
            .map_err(about(ENTITY))?;
    }
    Ok(u64::try_from(forgotten).unwrap_or(u64::MAX))
}
