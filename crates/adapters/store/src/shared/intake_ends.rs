//! How deliveries come in, and how they go in the end: many at once.

use std::collections::{BTreeMap, HashMap, HashSet};

use diesel::{dsl::sql, prelude::*, sql_types::Bool};
use diesel_async::RunQueryDsl;
use lodge_intake::{Change, Intake};
use lodge_kernel::{IntakeId, TenantId, Timestamp};
use lodge_storage::{Kept, StorageError};

use super::{
    Conn, Key,
    intake::overtaken,
    intake_counts,
    intake_rows::{ENTITY, ParcelRecord, Row},
    schema::{
        intake, intake_attempts as attempts, intake_effects as effects, intake_parcels as parcels,
    },
};
use crate::{convert::column, error::about};

/// Keeps those that are new, with their parcels, and counts them.
pub(super) async fn receive(
    conn: &mut Conn,
    deliveries: &[(Intake, String)],
) -> Result<Vec<Kept>, StorageError> {
    let mut new: Vec<Row> = deliveries.iter().map(|(it, _)| Row::from(it)).collect();
    // Two that keep the same ones wait for each other in one direction only.
    new.sort_by(|one, other| (one.tenant_id.0, &one.key).cmp(&(other.tenant_id.0, &other.key)));
    let added = super::super::keep(conn, new).await.map_err(about(ENTITY))?;
    let mut added: HashSet<Key> = added.into_iter().collect();
    let first = if added.len() == deliveries.len() {
        HashMap::new()
    } else {
        first_of(conn, deliveries).await?
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
    super::super::keep_parcels(conn, sealed).await.map_err(about(ENTITY))?;
    for (tenant, (by, change)) in counted {
        intake_counts::count(conn, tenant, by, change).await?;
    }
    Ok(kept)
}

/// Under which id each of these is kept.
async fn first_of(
    conn: &mut Conn,
    deliveries: &[(Intake, String)],
) -> Result<HashMap<(TenantId, Vec<u8>), IntakeId>, StorageError> {
    let tenants: HashSet<Key> = deliveries.iter().map(|(it, _)| it.tenant.into()).collect();
    let keys: HashSet<Vec<u8>> = deliveries.iter().map(|(it, _)| it.key.0.to_vec()).collect();
    let rows: Vec<(Key, Vec<u8>, Key)> = intake::table
        .filter(intake::tenant_id.eq_any(tenants))
        .filter(intake::key.eq_any(keys))
        .select((intake::tenant_id, intake::key, intake::id))
        .load(conn)
        .await
        .map_err(about(ENTITY))?;
    Ok(rows.into_iter().map(|(tenant, key, id)| ((tenant.into(), key), id.into())).collect())
}

/// Removes the oldest of those that were processed or ignored, with what is
/// beside them.
pub(super) async fn forget(
    conn: &mut Conn,
    before: Timestamp,
    limit: usize,
) -> Result<u64, StorageError> {
    let old: Vec<(Key, Key)> = intake::table
        .filter(sql::<Bool>("intake.state IN ('processed', 'ignored')"))
        .filter(intake::received_at.lt(before.as_micros()))
        .order(intake::received_at)
        .limit(column(limit))
        .select((intake::tenant_id, intake::id))
        .load(conn)
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
                    .execute(conn)
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
