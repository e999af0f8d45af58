//! Projects.

use async_trait::async_trait;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use lodge_forge::ProviderName;
use lodge_kernel::{CourseId, ProjectId, TenantId, Timestamp};
use lodge_storage::{Listing, ProjectFilter, ProjectRepository, StorageError};
use lodge_teams::{Origin, Project};

use super::{
    Db, Key, Rows,
    beside::{self, Of},
    listing::part,
    schema::{project_hooks, projects, team_members},
    teams::{state, teams_of},
};
use crate::{
    convert::{self, column},
    error::{about, added},
};

const ENTITY: &str = "project";

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(
    table_name = projects,
    primary_key(tenant_id, id),
    treat_none_as_null = true,
    check_for_backend(Db)
)]
struct Row {
    tenant_id: Key,
    id: Key,
    course_id: Key,
    team_id: Key,
    name: String,
    name_key: String,
    search_key: String,
    host: String,
    remote_id: String,
    web_url: Option<String>,
    state: String,
    revision: i64,
    created_at: i64,
    updated_at: i64,
}

impl From<&Project> for Row {
    fn from(it: &Project) -> Self {
        Self {
            tenant_id: it.tenant.into(),
            id: it.id.into(),
            course_id: it.course.into(),
            team_id: it.team.into(),
            name: it.name.clone(),
            name_key: it.name_key(),
            search_key: it.search_key(),
            host: it.origin.host.as_str().to_owned(),
            remote_id: it.origin.remote_id.clone(),
            web_url: it.origin.web_url.clone(),
            state: it.state.name().to_owned(),
            revision: column(it.revision),
            created_at: it.created_at.as_micros(),
            updated_at: it.updated_at.as_micros(),
        }
    }
}

impl TryFrom<Row> for Project {
    type Error = StorageError;

    fn try_from(it: Row) -> Result<Self, StorageError> {
        let row = convert::Row(ENTITY);
        Ok(Self {
            id: it.id.into(),
            tenant: it.tenant_id.into(),
            course: it.course_id.into(),
            team: it.team_id.into(),
            name: it.name,
            origin: Origin {
                host: row.provider(&it.host)?,
                remote_id: it.remote_id,
                web_url: it.web_url,
            },
            state: state(row, &it.state)?,
            revision: row.number(it.revision)?,
            created_at: Timestamp::from_micros(it.created_at),
            updated_at: Timestamp::from_micros(it.updated_at),
        })
    }
}

#[async_trait]
impl ProjectRepository for Rows<'_> {
    async fn add(&mut self, it: &Project) -> Result<(), StorageError> {
        let rows = diesel::insert_into(projects::table)
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
        id: ProjectId,
    ) -> Result<Option<Project>, StorageError> {
        let row: Option<Row> = projects::table
            .filter(projects::tenant_id.eq(Key::from(tenant)))
            .filter(projects::id.eq(Key::from(id)))
            .select(Row::as_select())
            .first(self.conn)
            .await
            .optional()
            .map_err(about(ENTITY))?;
        row.map(Project::try_from).transpose()
    }

    async fn of_origin(
        &mut self,
        tenant: TenantId,
        host: &ProviderName,
        remote_id: &str,
    ) -> Result<Vec<Project>, StorageError> {
        let rows: Vec<Row> = projects::table
            .filter(projects::tenant_id.eq(Key::from(tenant)))
            .filter(projects::host.eq(host.as_str()))
            .filter(projects::remote_id.eq(remote_id))
            .order(projects::id)
            .select(Row::as_select())
            .load(self.conn)
            .await
            .map_err(about(ENTITY))?;
        rows.into_iter().map(Project::try_from).collect()
    }

    async fn list(
        &mut self,
        tenant: TenantId,
        course: CourseId,
        filter: ProjectFilter,
        listing: &Listing<ProjectId>,
    ) -> Result<Vec<Project>, StorageError> {
        let mut meant = projects::table
            .filter(projects::tenant_id.eq(Key::from(tenant)))
            .filter(projects::course_id.eq(Key::from(course)))
            .into_boxed();
        if let Some(team) = filter.team {
            meant = meant.filter(projects::team_id.eq(Key::from(team)));
        }
        if let Some(student) = filter.member {
            meant = meant.filter(projects::team_id.eq_any(teams_of!(tenant, student)));
        }
        if let Some(state) = filter.state {
            meant = meant.filter(projects::state.eq(state.name()));
        }
        if filter.hooked {
            let of_tenant = project_hooks::table
                .filter(project_hooks::tenant_id.eq(Key::from(tenant)))
                .select(project_hooks::project_id);
            meant = meant.filter(projects::id.eq_any(of_tenant));
        }
        let rows: Vec<Row> = part!(meant, projects, search_key, listing)
            .select(Row::as_select())
            .load(self.conn)
            .await
            .map_err(about(ENTITY))?;
        rows.into_iter().map(Project::try_from).collect()
    }

    async fn update(&mut self, it: &Project) -> Result<bool, StorageError> {
        let row = Row::from(it);
        let before = projects::table
            .filter(projects::tenant_id.eq(row.tenant_id))
            .filter(projects::id.eq(row.id))
            .filter(projects::revision.eq(row.revision - 1));
        let rows = diesel::update(before).set(row).execute(self.conn).await;
        Ok(rows.map_err(about(ENTITY))? > 0)
    }

    async fn remove(
        &mut self,
        tenant: TenantId,
        id: ProjectId,
        revision: u64,
    ) -> Result<bool, StorageError> {
        let (tenant, id) = (Key::from(tenant), Key::from(id));
        // Written first, so that nobody changes it until it is gone.
        let revision: i64 = column(revision);
        let meant = projects::table
            .filter(projects::tenant_id.eq(tenant))
            .filter(projects::id.eq(id))
            .filter(projects::revision.eq(revision));
        let held = diesel::update(meant).set(projects::revision.eq(revision));
        if held.execute(self.conn).await.map_err(about(ENTITY))? == 0 {
            return Ok(false);
        }
        Ok(beside::remove(self.conn, tenant, Of::Project(id)).await? > 0)
    }
}
