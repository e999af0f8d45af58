//! Teams and who is in them.

use async_trait::async_trait;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use lodge_kernel::{CourseId, StudentId, TeamId, TenantId, Timestamp};
use lodge_storage::{Listing, StorageError, TeamFilter, TeamRepository};
use lodge_teams::{Origin, OriginState, Student, Team};

use super::{
    Db, Key, Rows,
    beside::{self, Of},
    listing::part,
    schema::{students, team_members, teams},
    students::StudentRow,
};
use crate::{
    convert::{self, column},
    error::{about, added},
};

const ENTITY: &str = "team";
const MEMBER: &str = "member of a team";

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(
    table_name = teams,
    primary_key(tenant_id, id),
    treat_none_as_null = true,
    check_for_backend(Db)
)]
struct Row {
    tenant_id: Key,
    id: Key,
    course_id: Key,
    name: String,
    name_key: String,
    locked: bool,
    host: Option<String>,
    remote_id: Option<String>,
    web_url: Option<String>,
    state: String,
    revision: i64,
    created_at: i64,
    updated_at: i64,
}

impl From<&Team> for Row {
    fn from(it: &Team) -> Self {
        let origin = it.origin.as_ref();
        Self {
            tenant_id: it.tenant.into(),
            id: it.id.into(),
            course_id: it.course.into(),
            name: it.name.clone(),
            name_key: it.name_key(),
            locked: it.locked,
            host: origin.map(|it| it.host.as_str().to_owned()),
            remote_id: origin.map(|it| it.remote_id.clone()),
            web_url: origin.and_then(|it| it.web_url.clone()),
            state: it.state.name().to_owned(),
            revision: column(it.revision),
            created_at: it.created_at.as_micros(),
            updated_at: it.updated_at.as_micros(),
        }
    }
}

impl TryFrom<Row> for Team {
    type Error = StorageError;

    fn try_from(it: Row) -> Result<Self, StorageError> {
        let row = convert::Row(ENTITY);
        let origin = match (it.host, it.remote_id) {
            (Some(host), Some(remote_id)) => {
                Some(Origin { host: row.provider(&host)?, remote_id, web_url: it.web_url })
            }
            _ => None,
        };
        Ok(Self {
            id: it.id.into(),
            tenant: it.tenant_id.into(),
            course: it.course_id.into(),
            name: it.name,
            locked: it.locked,
            origin,
            state: state(row, &it.state)?,
            revision: row.number(it.revision)?,
            created_at: Timestamp::from_micros(it.created_at),
            updated_at: Timestamp::from_micros(it.updated_at),
        })
    }
}

pub(super) fn state(row: convert::Row, name: &str) -> Result<OriginState, StorageError> {
    OriginState::parse(name).ok_or_else(|| row.corrupt("an unknown state"))
}

/// The teams of a student.
macro_rules! teams_of {
    ($tenant:expr, $student:expr) => {
        team_members::table
            .filter(team_members::tenant_id.eq(Key::from($tenant)))
            .filter(team_members::student_id.eq(Key::from($student)))
            .select(team_members::team_id)
    };
}
pub(super) use teams_of;

#[async_trait]
impl TeamRepository for Rows<'_> {
    async fn add(&mut self, it: &Team) -> Result<(), StorageError> {
        let rows = diesel::insert_into(teams::table)
            .values(Row::from(it))
            .on_conflict_do_nothing()
            .execute(self.conn)
            .await
            .map_err(about(ENTITY))?;
        added(rows, ENTITY)
    }

    async fn find(&mut self, tenant: TenantId, id: TeamId) -> Result<Option<Team>, StorageError> {
        let row: Option<Row> = teams::table
            .filter(teams::tenant_id.eq(Key::from(tenant)))
            .filter(teams::id.eq(Key::from(id)))
            .select(Row::as_select())
            .first(self.conn)
            .await
            .optional()
            .map_err(about(ENTITY))?;
        row.map(Team::try_from).transpose()
    }

    async fn list(
        &mut self,
        tenant: TenantId,
        course: CourseId,
        filter: TeamFilter,
        listing: &Listing<TeamId>,
    ) -> Result<Vec<Team>, StorageError> {
        let mut meant = teams::table
            .filter(teams::tenant_id.eq(Key::from(tenant)))
            .filter(teams::course_id.eq(Key::from(course)))
            .into_boxed();
        if let Some(student) = filter.member {
            meant = meant.filter(teams::id.eq_any(teams_of!(tenant, student)));
        }
        if let Some(state) = filter.state {
            meant = meant.filter(teams::state.eq(state.name()));
        }
        let rows: Vec<Row> = part!(meant, teams, name_key, listing)
            .select(Row::as_select())
            .load(self.conn)
            .await
            .map_err(about(ENTITY))?;
        rows.into_iter().map(Team::try_from).collect()
    }

    async fn all(&mut self, tenant: TenantId, course: CourseId) -> Result<Vec<Team>, StorageError> {
        let rows: Vec<Row> = teams::table
            .filter(teams::tenant_id.eq(Key::from(tenant)))
            .filter(teams::course_id.eq(Key::from(course)))
            .order(teams::id)
            .select(Row::as_select())
            .load(self.conn)
            .await
            .map_err(about(ENTITY))?;
        rows.into_iter().map(Team::try_from).collect()
    }

    async fn update(&mut self, it: &Team) -> Result<bool, StorageError> {
        let row = Row::from(it);
        let before = teams::table
            .filter(teams::tenant_id.eq(row.tenant_id))
            .filter(teams::id.eq(row.id))
            .filter(teams::revision.eq(row.revision - 1));
        let rows = diesel::update(before).set(row).execute(self.conn).await;
        Ok(rows.map_err(about(ENTITY))? > 0)
    }

    async fn remove(
        &mut self,
        tenant: TenantId,
        id: TeamId,
        revision: u64,
    ) -> Result<bool, StorageError> {
        let (tenant, id) = (Key::from(tenant), Key::from(id));
        // Written first, so that nobody changes it until it is gone.
        let revision: i64 = column(revision);
        let meant = teams::table
            .filter(teams::tenant_id.eq(tenant))
            .filter(teams::id.eq(id))
            .filter(teams::revision.eq(revision));
        let held = diesel::update(meant).set(teams::revision.eq(revision));
        if held.execute(self.conn).await.map_err(about(ENTITY))? == 0 {
            return Ok(false);
        }
        beside::remove(self.conn, tenant, Of::Team(id)).await?;
        let members = team_members::table
            .filter(team_members::tenant_id.eq(tenant))
            .filter(team_members::team_id.eq(id));
        diesel::delete(members).execute(self.conn).await.map_err(about(ENTITY))?;
        let team = teams::table.filter(teams::tenant_id.eq(tenant)).filter(teams::id.eq(id));
        let rows = diesel::delete(team).execute(self.conn).await.map_err(about(ENTITY))?;
        Ok(rows > 0)
    }

    async fn members(
        &mut self,
        tenant: TenantId,
        id: TeamId,
    ) -> Result<Vec<Student>, StorageError> {
        let members = team_members::table
            .filter(team_members::tenant_id.eq(Key::from(tenant)))
            .filter(team_members::team_id.eq(Key::from(id)))
            .select(team_members::student_id);
        let rows: Vec<StudentRow> = students::table
            .filter(students::tenant_id.eq(Key::from(tenant)))
            .filter(students::id.eq_any(members))
            .order(students::id)
            .select(StudentRow::as_select())
            .load(self.conn)
            .await
            .map_err(about(MEMBER))?;
        rows.into_iter().map(Student::try_from).collect()
    }

    async fn memberships(
        &mut self,
        tenant: TenantId,
        course: CourseId,
    ) -> Result<Vec<(TeamId, StudentId)>, StorageError> {
        let its_teams = teams::table
            .filter(teams::tenant_id.eq(Key::from(tenant)))
            .filter(teams::course_id.eq(Key::from(course)))
            .select(teams::id);
        let rows: Vec<(Key, Key)> = team_members::table
            .filter(team_members::tenant_id.eq(Key::from(tenant)))
            .filter(team_members::team_id.eq_any(its_teams))
            .order((team_members::team_id, team_members::student_id))
            .select((team_members::team_id, team_members::student_id))
            .load(self.conn)
            .await
            .map_err(about(MEMBER))?;
        Ok(rows.into_iter().map(|(team, student)| (team.into(), student.into())).collect())
    }

    async fn join(
        &mut self,
        team: &Team,
        student: StudentId,
        at: Timestamp,
    ) -> Result<bool, StorageError> {
        let classmates: i64 = students::table
            .filter(students::tenant_id.eq(Key::from(team.tenant)))
            .filter(students::id.eq(Key::from(student)))
            .filter(students::course_id.eq(Key::from(team.course)))
            .count()
            .get_result(self.conn)
            .await
            .map_err(about(MEMBER))?;
        if classmates == 0 {
            return Err(StorageError::Orphan { entity: MEMBER });
        }
        let rows = diesel::insert_into(team_members::table)
            .values((
                team_members::tenant_id.eq(Key::from(team.tenant)),
                team_members::team_id.eq(Key::from(team.id)),
                team_members::student_id.eq(Key::from(student)),
                team_members::created_at.eq(at.as_micros()),
            ))
            .on_conflict_do_nothing()
            .execute(self.conn)
            .await
            .map_err(about(MEMBER))?;
        Ok(rows > 0)
    }

    async fn leave(
        &mut self,
        tenant: TenantId,
        team: TeamId,
        student: StudentId,
    ) -> Result<bool, StorageError> {
        let one = team_members::table
            .filter(team_members::tenant_id.eq(Key::from(tenant)))
            .filter(team_members::team_id.eq(Key::from(team)))
            .filter(team_members::student_id.eq(Key::from(student)));
        let rows = diesel::delete(one).execute(self.conn).await.map_err(about(MEMBER))?;
        Ok(rows > 0)
    }
}
