//! What stands beside projects, and goes with them.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use lodge_storage::StorageError;

use super::{
    super::{HOLD, Id},
    Conn, Key,
    schema::{facts, project_activity, project_hooks, project_syncs, projects},
};
use crate::error::about;

const ENTITY: &str = "project";

/// Which projects are meant.
#[derive(Clone, Copy)]
pub(super) enum Of {
    Course(Key),
    Team(Key),
    Project(Key),
}

#[derive(QueryableByName)]
struct Held {
    #[diesel(sql_type = Id)]
    id: Key,
}

/// Holds projects until the unit of work ends; answers their ids.
pub(super) async fn hold(conn: &mut Conn, tenant: Key, of: Of) -> Result<Vec<Key>, StorageError> {
    let (column, id) = match of {
        Of::Course(id) => ("course_id", id),
        Of::Team(id) => ("team_id", id),
        Of::Project(id) => ("id", id),
    };
    // By id, so that two who hold several never wait in a circle.
    let statement = format!(
        "SELECT id FROM projects WHERE tenant_id = $1 AND {column} = $2 ORDER BY id {HOLD}"
    );
    let held: Vec<Held> = diesel::sql_query(statement)
        .bind::<Id, _>(tenant)
        .bind::<Id, _>(id)
        .load(conn)
        .await
        .map_err(about(ENTITY))?;
    Ok(held.into_iter().map(|it| it.id).collect())
}

/// Removes projects with all that stands beside them; answers how many there
/// were.
pub(super) async fn remove(conn: &mut Conn, tenant: Key, of: Of) -> Result<usize, StorageError> {
    // Whoever tells of one meanwhile waits, and finds it gone.
    let ids = hold(conn, tenant, of).await?;
    macro_rules! remove_from {
        ($($table:ident)+) => {$({
            let beside = $table::table
                .filter($table::tenant_id.eq(tenant))
                .filter($table::project_id.eq_any(&ids));
            diesel::delete(beside).execute(conn).await.map_err(about(ENTITY))?;
        })+};
    }
    remove_from!(facts project_activity project_hooks project_syncs);
    let these =
        projects::table.filter(projects::tenant_id.eq(tenant)).filter(projects::id.eq_any(&ids));
    diesel::delete(these).execute(conn).await.map_err(about(ENTITY))
}
