//! Our webhooks at the hosts of course projects.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use lodge_kernel::{ProjectId, TenantId, Timestamp};
use lodge_storage::{ProjectHook, StorageError};

use super::{Conn, Key, schema::project_hooks as hooks};
use crate::{
    convert,
    error::{about, added, changed},
};

const ENTITY: &str = "webhook of a project";

fn remote_ids(it: &ProjectHook) -> String {
    convert::json(it.remote_ids.iter().map(String::as_str))
}

pub(super) async fn add(conn: &mut Conn, it: &ProjectHook) -> Result<(), StorageError> {
    let rows = diesel::insert_into(hooks::table)
        .values((
            hooks::tenant_id.eq(Key::from(it.tenant)),
            hooks::project_id.eq(Key::from(it.project)),
            hooks::hook_id.eq(Key::from(it.hook)),
            hooks::remote_ids.eq(remote_ids(it)),
            hooks::created_at.eq(it.created_at.as_micros()),
        ))
        .on_conflict_do_nothing()
        .execute(conn)
        .await
        .map_err(about(ENTITY))?;
    added(rows, ENTITY)
}

pub(super) async fn find(
    conn: &mut Conn,
    tenant: TenantId,
    project: ProjectId,
) -> Result<Option<ProjectHook>, StorageError> {
    let row: Option<(Key, String, i64)> = hooks::table
        .find((Key::from(tenant), Key::from(project)))
        .select((hooks::hook_id, hooks::remote_ids, hooks::created_at))
        .first(conn)
        .await
        .optional()
        .map_err(about(ENTITY))?;
    row.map(|(hook, remote_ids, created_at)| {
        Ok(ProjectHook {
            tenant,
            project,
            hook: hook.into(),
            remote_ids: convert::Row(ENTITY).list(&remote_ids)?,
            created_at: Timestamp::from_micros(created_at),
        })
    })
    .transpose()
}

/// The row of a webhook, as long as it is as `$it` has it. The text of the ids is
/// compared: it is written here alone, from a list in order.
macro_rules! as_read {
    ($it:expr) => {
        hooks::table
            .find((Key::from($it.tenant), Key::from($it.project)))
            .filter(hooks::hook_id.eq(Key::from($it.hook)))
            .filter(hooks::remote_ids.eq(remote_ids($it)))
    };
}

pub(super) async fn update(
    conn: &mut Conn,
    from: &ProjectHook,
    to: &ProjectHook,
) -> Result<(), StorageError> {
    let rows = diesel::update(as_read!(from))
        .set(hooks::remote_ids.eq(remote_ids(to)))
        .execute(conn)
        .await
        .map_err(about(ENTITY))?;
    if rows == 0 {
        unless_changed(conn, from).await?;
    }
    changed(rows, ENTITY)
}

pub(super) async fn remove(conn: &mut Conn, it: &ProjectHook) -> Result<bool, StorageError> {
    let rows = diesel::delete(as_read!(it)).execute(conn).await.map_err(about(ENTITY))?;
    if rows == 0 {
        unless_changed(conn, it).await?;
    }
    Ok(rows > 0)
}

/// A webhook that is there, and was not found as it was read, has other ids.
async fn unless_changed(conn: &mut Conn, it: &ProjectHook) -> Result<(), StorageError> {
    let known = find(conn, it.tenant, it.project).await?;
    if known.is_some_and(|known| known.hook == it.hook) {
        return Err(StorageError::Conflict("the ids are not those that were read".into()));
    }
    Ok(())
}
