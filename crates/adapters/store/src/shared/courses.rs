//! Courses.

use async_trait::async_trait;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use lodge_courses::{Course, CourseContents, CourseState, Details, Semester, Settings};
use lodge_kernel::{CourseId, TenantId, Timestamp};
use lodge_storage::{CourseFilter, CourseRepository, Listing, StorageError};
use lodge_teams::StudentState;

use super::{
    Db, Key, Rows,
    beside::{self, Of},
    listing::part,
    schema::{
        course_actors, course_sources, course_staff, courses, projects, student_identities,
        students, team_members, teams,
    },
};
use crate::{
    convert::{self, column},
    error::{about, added},
};

const ENTITY: &str = "course";

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = courses, primary_key(tenant_id, id), check_for_backend(Db))]
struct Row {
    tenant_id: Key,
    id: Key,
    code: String,
    code_key: String,
    name: String,
    name_key: String,
    search_key: String,
    academic_year: String,
    semester: String,
    time_zone: String,
    auto_sync: bool,
    settings: String,
    state: String,
    revision: i64,
    created_at: i64,
    updated_at: i64,
}

impl From<&Course> for Row {
    fn from(it: &Course) -> Self {
        let details = &it.details;
        Self {
            tenant_id: it.tenant.into(),
            id: it.id.into(),
            code: details.code.clone(),
            code_key: Course::code_key(&details.code),
            name: details.name.clone(),
            name_key: it.name_key(),
            search_key: it.search_key(),
            academic_year: details.academic_year.clone(),
            semester: details.semester.name().to_owned(),
            time_zone: details.time_zone.clone(),
            auto_sync: details.auto_sync,
            settings: convert::write_document(it.settings.write()).to_string(),
            state: it.state.name().to_owned(),
            revision: column(it.revision),
            created_at: it.created_at.as_micros(),
            updated_at: it.updated_at.as_micros(),
        }
    }
}

impl TryFrom<Row> for Course {
    type Error = StorageError;

    fn try_from(it: Row) -> Result<Self, StorageError> {
        let row = convert::Row(ENTITY);
        let settings = serde_json::from_str(&it.settings).map_err(|error| row.corrupt(error))?;
        let settings = Settings::read(&convert::read_document(settings), "");
        let unreadable = |what| move || row.corrupt(format!("an unknown {what}"));
        Ok(Self {
            id: it.id.into(),
            tenant: it.tenant_id.into(),
            details: Details {
                code: it.code,
                name: it.name,
                academic_year: it.academic_year,
                semester: Semester::parse(&it.semester).ok_or_else(unreadable("semester"))?,
                time_zone: it.time_zone,
                auto_sync: it.auto_sync,
            },
            settings: settings.map_err(|faults| row.corrupt(format!("settings: {faults:?}")))?,
            state: CourseState::parse(&it.state).ok_or_else(unreadable("state"))?,
            revision: row.number(it.revision)?,
            created_at: Timestamp::from_micros(it.created_at),
            updated_at: Timestamp::from_micros(it.updated_at),
        })
    }
}

#[async_trait]
impl CourseRepository for Rows<'_> {
    async fn add(&mut self, it: &Course) -> Result<(), StorageError> {
        let rows = diesel::insert_into(courses::table)
            .values(Row::from(it))
            .on_conflict_do_nothing()
            .execute(self.conn)
            .await
            .map_err(about(ENTITY))?;
        added(rows, ENTITY)
    }

    async fn find(
        &mut self,
        tenant: TenantId,
        id: CourseId,
    ) -> Result<Option<Course>, StorageError> {
        let row: Option<Row> = courses::table
            .filter(courses::tenant_id.eq(Key::from(tenant)))
            .filter(courses::id.eq(Key::from(id)))
            .select(Row::as_select())
            .first(self.conn)
            .await
            .optional()
            .map_err(about(ENTITY))?;
        row.map(Course::try_from).transpose()
    }

    async fn hold(
        &mut self,
        tenant: TenantId,
        id: CourseId,
    ) -> Result<Option<Course>, StorageError> {
        // Both databases let one writer at a time change a row.
        let meant = courses::table
            .filter(courses::tenant_id.eq(Key::from(tenant)))
            .filter(courses::id.eq(Key::from(id)));
        diesel::update(meant)
            .set(courses::revision.eq(courses::revision))
            .execute(self.conn)
            .await
            .map_err(about(ENTITY))?;
        CourseRepository::find(self, tenant, id).await
    }

    async fn list(
        &mut self,
        tenant: TenantId,
        filter: CourseFilter,
        listing: &Listing<CourseId>,
    ) -> Result<Vec<Course>, StorageError> {
        let tenant = Key::from(tenant);
        let mut meant = courses::table.filter(courses::tenant_id.eq(tenant)).into_boxed();
        if let Some(user) = filter.of.map(Key::from) {
            let runs = course_staff::table
                .filter(course_staff::tenant_id.eq(tenant))
                .filter(course_staff::user_id.eq(user))
                .select(course_staff::course_id);
            let takes = students::table
                .filter(students::tenant_id.eq(tenant))
                .filter(students::user_id.eq(user))
                .filter(students::state.eq(StudentState::Active.name()))
                .select(students::course_id);
            meant = meant.filter(courses::id.eq_any(runs).or(courses::id.eq_any(takes)));
        }
        if let Some(state) = filter.state {
            meant = meant.filter(courses::state.eq(state.name()));
        }
        let rows: Vec<Row> = part!(meant, courses, search_key, listing)
            .select(Row::as_select())
            .load(self.conn)
            .await
            .map_err(about(ENTITY))?;
        rows.into_iter().map(Course::try_from).collect()
    }

    async fn update(&mut self, it: &Course) -> Result<bool, StorageError> {
        let row = Row::from(it);
        let before = courses::table
            .filter(courses::tenant_id.eq(row.tenant_id))
            .filter(courses::id.eq(row.id))
            .filter(courses::revision.eq(row.revision - 1));
        let rows = diesel::update(before).set(row).execute(self.conn).await;
        Ok(rows.map_err(about(ENTITY))? > 0)
    }

    async fn contents(
        &mut self,
        tenant: TenantId,
        id: CourseId,
    ) -> Result<CourseContents, StorageError> {
        let (tenant, id) = (Key::from(tenant), Key::from(id));
        macro_rules! count {
            ($table:ident) => {{
                let of = $table::table
                    .filter($table::tenant_id.eq(tenant))
                    .filter($table::course_id.eq(id))
                    .count();
                let n: i64 = of.get_result(self.conn).await.map_err(about(ENTITY))?;
                convert::Row(ENTITY).number(n)?
            }};
        }
        Ok(CourseContents {
            teams: count!(teams),
            students: count!(students),
            projects: count!(projects),
            staff: count!(course_staff),
        })
    }

    async fn remove(
        &mut self,
        tenant: TenantId,
        id: CourseId,
        revision: u64,
    ) -> Result<bool, StorageError> {
        let (tenant, id) = (Key::from(tenant), Key::from(id));
        // Written first, so that nobody changes it until it is gone.
        let revision: i64 = column(revision);
        let meant = courses::table
            .filter(courses::tenant_id.eq(tenant))
            .filter(courses::id.eq(id))
            .filter(courses::revision.eq(revision));
        let held = diesel::update(meant).set(courses::revision.eq(revision));
        if held.execute(self.conn).await.map_err(about(ENTITY))? == 0 {
            return Ok(false);
        }
        macro_rules! remove_from {
            ($($table:ident)+) => {$({
                let of = $table::table
                    .filter($table::tenant_id.eq(tenant))
                    .filter($table::course_id.eq(id));
                diesel::delete(of).execute(self.conn).await.map_err(about(ENTITY))?;
            })+};
        }
        beside::remove(self.conn, tenant, Of::Course(id)).await?;
        remove_from!(course_actors course_sources student_identities);
        let its_teams = teams::table
            .filter(teams::tenant_id.eq(tenant))
            .filter(teams::course_id.eq(id))
            .select(teams::id);
        let members = team_members::table
            .filter(team_members::tenant_id.eq(tenant))
            .filter(team_members::team_id.eq_any(its_teams));
        diesel::delete(members).execute(self.conn).await.map_err(about(ENTITY))?;
        remove_from!(students teams course_staff);
        let course =
            courses::table.filter(courses::tenant_id.eq(tenant)).filter(courses::id.eq(id));
        let rows = diesel::delete(course).execute(self.conn).await.map_err(about(ENTITY))?;
        Ok(rows > 0)
    }
}
