//! What people decided about flags.

use async_trait::async_trait;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use lodge_kernel::{CourseId, TeamId, TenantId, Timestamp};
use lodge_storage::{FlagDecision, FlagDecisionRepository, StorageError};
use lodge_teams::FlagState;

use super::{Db, Key, Rows, schema::flag_decisions as decisions};
use crate::{convert, error::about};

const ENTITY: &str = "decision about a flag";

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(
    table_name = decisions,
    primary_key(tenant_id, course_id, team_id, flag),
    treat_none_as_null = true,
    check_for_backend(Db)
)]
struct Row {
    tenant_id: Key,
    course_id: Key,
    team_id: Key,
    flag: String,
    state: String,
    note: Option<String>,
    decided_by: Option<Key>,
    decided_at: i64,
}

impl From<&FlagDecision> for Row {
    fn from(it: &FlagDecision) -> Self {
        Self {
            tenant_id: it.tenant.into(),
            course_id: it.course.into(),
            team_id: it.team.into(),
            flag: it.flag.clone(),
            state: it.state.name().to_owned(),
            note: it.note.clone(),
            decided_by: it.decided_by.map(Key::from),
            decided_at: it.decided_at.as_micros(),
        }
    }
}

impl TryFrom<Row> for FlagDecision {
    type Error = StorageError;

    fn try_from(it: Row) -> Result<Self, StorageError> {
        let row = convert::Row(ENTITY);
        Ok(Self {
            tenant: it.tenant_id.into(),
            course: it.course_id.into(),
            team: it.team_id.into(),
            flag: it.flag,
            state: FlagState::parse(&it.state).ok_or_else(|| row.corrupt("an unknown state"))?,
            note: it.note,
            decided_by: it.decided_by.map(Into::into),
            decided_at: Timestamp::from_micros(it.decided_at),
        })
    }
}

#[async_trait]
impl FlagDecisionRepository for Rows<'_> {
    async fn put(&mut self, it: &FlagDecision) -> Result<(), StorageError> {
        diesel::insert_into(decisions::table)
            .values(Row::from(it))
            .on_conflict((
                decisions::tenant_id,
                decisions::course_id,
                decisions::team_id,
                decisions::flag,
            ))
            .do_update()
            .set(Row::from(it))
            .execute(self.conn)
            .await
            .map(drop)
            .map_err(about(ENTITY))
    }

    async fn of_team(
        &mut self,
        tenant: TenantId,
        team: TeamId,
    ) -> Result<Vec<FlagDecision>, StorageError> {
        let rows: Vec<Row> = decisions::table
            .filter(decisions::tenant_id.eq(Key::from(tenant)))
            .filter(decisions::team_id.eq(Key::from(team)))
            .order(decisions::flag)
            .select(Row::as_select())
            .load(self.conn)
            .await
            .map_err(about(ENTITY))?;
        rows.into_iter().map(FlagDecision::try_from).collect()
    }

    async fn of_course(
        &mut self,
        tenant: TenantId,
        course: CourseId,
    ) -> Result<Vec<FlagDecision>, StorageError> {
        let rows: Vec<Row> = decisions::table
            .filter(decisions::tenant_id.eq(Key::from(tenant)))
            .filter(decisions::course_id.eq(Key::from(course)))
            .order((decisions::team_id, decisions::flag))
            .select(Row::as_select())
            .load(self.conn)
            .await
            .map_err(about(ENTITY))?;
        rows.into_iter().map(FlagDecision::try_from).collect()
    }
}
