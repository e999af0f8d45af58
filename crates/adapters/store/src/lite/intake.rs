//! Deliveries that come together: one trip to a blocking thread, one prepared
//! statement.

use diesel::{QueryResult, RunQueryDsl as _};

use super::{
    Conn,
    shared::{
        IntakeRecord, Key, ParcelRecord,
        schema::{intake, intake_parcels},
    },
};

/// Adds deliveries; answers which were not there.
pub(super) async fn keep(conn: &mut Conn, rows: Vec<IntakeRecord>) -> QueryResult<Vec<Key>> {
    conn.spawn_blocking(move |conn| {
        let mut added = Vec::new();
        for row in rows {
            let id = row.id;
            let insert = diesel::insert_into(intake::table).values(row).on_conflict_do_nothing();
            if insert.execute(conn)? > 0 {
                added.push(id);
            }
        }
        Ok(added)
    })
    .await
}

/// Adds the parcels of new deliveries.
pub(super) async fn keep_parcels(conn: &mut Conn, parcels: Vec<ParcelRecord>) -> QueryResult<()> {
    conn.spawn_blocking(move |conn| {
        for parcel in parcels {
            diesel::insert_into(intake_parcels::table).values(parcel).execute(conn)?;
        }
        Ok(())
    })
    .await
}
