//! Deliveries that come together: one trip to a blocking thread, one prepared
//! statement.

use diesel::{QueryResult, RunQueryDsl as _};

use super::{
    Conn,
    shared::{
        IntakeRecord, ParcelRecord,
        schema::{intake, intake_parcels},
    },
};

/// Adds deliveries; answers how many were not there.
pub(super) async fn keep(conn: &mut Conn, rows: Vec<IntakeRecord>) -> QueryResult<usize> {
    conn.spawn_blocking(move |conn| {
        let mut added = 0;
        for row in rows {
            added += diesel::insert_into(intake::table)
                .values(row)
                .on_conflict_do_nothing()
                .execute(conn)?;
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
