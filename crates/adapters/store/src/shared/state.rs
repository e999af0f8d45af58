//! What the database says of itself.

use std::collections::{BTreeMap, BTreeSet};

use deadpool::Status;
use diesel::{
    QueryableByName, sql_query,
    sql_types::{BigInt, Text},
};
use diesel_async::RunQueryDsl;
use lodge_kernel::Timestamp;
use lodge_storage::{Connections, StorageError, StoreState};

use super::{
    super::{ABOUT, HAS_STEPS, TABLES, migrations::known},
    Conn,
};
use crate::{convert::Row, error::about};

const ENTITY: &str = "state";

#[derive(QueryableByName)]
struct About {
    #[diesel(sql_type = Text)]
    product: String,
    #[diesel(sql_type = BigInt)]
    now: i64,
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

#[derive(QueryableByName)]
struct Name {
    #[diesel(sql_type = Text)]
    name: String,
}

/// See `Storage::state`.
pub(in super::super) async fn state(conn: &mut Conn) -> Result<StoreState, StorageError> {
    let it: About = sql_query(ABOUT).get_result(conn).await.map_err(about(ENTITY))?;
    let taken = taken(conn).await?;
    let known = known()?;
    let versions: BTreeSet<_> = known.iter().map(|(version, _)| version).collect();
    let newest = known.iter().rev().find(|(version, _)| taken.contains(version));
    let missing = known.iter().filter(|(version, _)| !taken.contains(version));
    Ok(StoreState {
        product: it.product,
        now: Timestamp::from_micros(it.now),
        newest: newest.map(|(_, name)| name.clone()),
        missing: missing.map(|(_, name)| name.clone()).collect(),
        unknown: taken.iter().filter(|it| !versions.contains(it)).cloned().collect(),
    })
}

/// The versions of the steps that were taken.
async fn taken(conn: &mut Conn) -> Result<BTreeSet<String>, StorageError> {
    let has: Count = sql_query(HAS_STEPS).get_result(&mut *conn).await.map_err(about(ENTITY))?;
    if has.count == 0 {
        return Ok(BTreeSet::new());
    }
    let taken = sql_query("SELECT version AS name FROM __diesel_schema_migrations");
    let taken: Vec<Name> = taken.get_results(conn).await.map_err(about(ENTITY))?;
    Ok(taken.into_iter().map(|it| it.name).collect())
}

/// How many rows each table has.
pub(in super::super) async fn count_rows(
    conn: &mut Conn,
) -> Result<BTreeMap<String, u64>, StorageError> {
    let tables: Vec<Name> =
        sql_query(TABLES).get_results(&mut *conn).await.map_err(about(ENTITY))?;
    let mut counts = BTreeMap::new();
    for Name { name } in tables {
        let quoted = name.replace('"', "\"\"");
        let statement = format!("SELECT count(*) AS count FROM \"{quoted}\"");
        let rows: Count =
            sql_query(statement).get_result(&mut *conn).await.map_err(about(ENTITY))?;
        counts.insert(name, Row(ENTITY).number(rows.count)?);
    }
    Ok(counts)
}

/// What a pool says of its connections.
pub(in super::super) fn connections(status: Status) -> Connections {
    let Status { max_size, size, available, .. } = status;
    Connections { open: size, in_use: size.saturating_sub(available), most: max_size }
}
