//! How far projects are kept up with their hosts.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use lodge_kernel::{ProjectId, TenantId};
use lodge_storage::StorageError;
use lodge_teams::ProjectSync;

use super::{Conn, Key, schema::project_syncs as syncs};
use crate::{convert, error::about};

const ENTITY: &str = "sync of a project";

/// `source`, `read_since`, `synced_at` and `problem`.
type Row = (String, Option<i64>, Option<i64>, Option<String>);

pub(super) async fn put(conn: &mut Conn, it: &ProjectSync) -> Result<(), StorageError> {
    let told = (
        syncs::source.eq(it.source.as_str()),
        syncs::read_since.eq(convert::micros(it.read_since)),
        syncs::synced_at.eq(convert::micros(it.synced_at)),
        syncs::problem.eq(it.problem.as_deref()),
    );
    diesel::insert_into(syncs::table)
        .values((
            syncs::tenant_id.eq(Key::from(it.tenant)),
            syncs::project_id.eq(Key::from(it.project)),
            told,
        ))
        .on_conflict((syncs::tenant_id, syncs::project_id))
        .do_update()
        .set(told)
        .execute(conn)
        .await
        .map(drop)
        .map_err(about(ENTITY))
}

pub(super) async fn find(
    conn: &mut Conn,
    tenant: TenantId,
    project: ProjectId,
) -> Result<Option<ProjectSync>, StorageError> {
    let row: Option<Row> = syncs::table
        .find((Key::from(tenant), Key::from(project)))
        .select((syncs::source, syncs::read_since, syncs::synced_at, syncs::problem))
        .first(conn)
        .await
        .optional()
        .map_err(about(ENTITY))?;
    Ok(row.map(|(source, read_since, synced_at, problem)| ProjectSync {
        tenant,
        project,
        source,
        read_since: convert::instant(read_since),
        synced_at: convert::instant(synced_at),
        problem,
    }))
}
