//! Students and what they go by at hosts.

use async_trait::async_trait;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use lodge_forge::ProviderName;
use lodge_kernel::{CourseId, StudentId, TenantId, Timestamp, UserId};
use lodge_storage::{Listing, StorageError, StudentRepository};
use lodge_teams::{Identity, IdentityKind, Student, StudentState};

use super::{
    Db, Key, Rows,
    listing::part,
    schema::{student_identities, students},
};
use crate::{
    convert::{self, column},
    error::{about, added},
};

const ENTITY: &str = "student";
const IDENTITY: &str = "identity of a student";

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(
    table_name = students,
    primary_key(tenant_id, id),
    treat_none_as_null = true,
    check_for_backend(Db)
)]
pub(super) struct StudentRow {
    tenant_id: Key,
    id: Key,
    course_id: Key,
    number: Option<String>,
    name: String,
    name_key: String,
    search_key: String,
    email: Option<String>,
    user_id: Option<Key>,
    state: String,
    revision: i64,
    created_at: i64,
    updated_at: i64,
}

impl From<&Student> for StudentRow {
    fn from(it: &Student) -> Self {
        Self {
            tenant_id: it.tenant.into(),
            id: it.id.into(),
            course_id: it.course.into(),
            number: it.number.clone(),
            name: it.name.clone(),
            name_key: it.name_key(),
            search_key: it.search_key(),
            email: it.email.clone(),
            user_id: it.user.map(Key::from),
            state: it.state.name().to_owned(),
            revision: column(it.revision),
            created_at: it.created_at.as_micros(),
            updated_at: it.updated_at.as_micros(),
        }
    }
}

impl TryFrom<StudentRow> for Student {
    type Error = StorageError;

    fn try_from(it: StudentRow) -> Result<Self, StorageError> {
        let row = convert::Row(ENTITY);
        let unknown = || row.corrupt("an unknown state");
        Ok(Self {
            id: it.id.into(),
            tenant: it.tenant_id.into(),
            course: it.course_id.into(),
            number: it.number,
            name: it.name,
            email: it.email,
            user: it.user_id.map(UserId::from),
            state: StudentState::parse(&it.state).ok_or_else(unknown)?,
            revision: row.number(it.revision)?,
            created_at: Timestamp::from_micros(it.created_at),
            updated_at: Timestamp::from_micros(it.updated_at),
        })
    }
}

fn host(identity: &Identity) -> &str {
    identity.host.as_ref().map(ProviderName::as_str).unwrap_or_default()
}

fn identity((kind, host, value): (String, String, String)) -> Result<Identity, StorageError> {
    let row = convert::Row(IDENTITY);
    let kind = IdentityKind::parse(&kind).ok_or_else(|| row.corrupt("an unknown kind"))?;
    let host = if host.is_empty() { None } else { Some(row.provider(&host)?) };
    Ok(Identity { kind, host, value })
}

#[async_trait]
impl StudentRepository for Rows<'_> {
    async fn add(&mut self, it: &Student) -> Result<(), StorageError> {
        let rows = diesel::insert_into(students::table)
            .values(StudentRow::from(it))
            .on_conflict_do_nothing()
            .execute(self.conn)
            .await
            .map_err(about(ENTITY))?;
        added(rows, ENTITY)
    }

    async fn find(
        &mut self,
        tenant: TenantId,
        id: StudentId,
    ) -> Result<Option<Student>, StorageError> {
        let row: Option<StudentRow> = students::table
            .filter(students::tenant_id.eq(Key::from(tenant)))
            .filter(students::id.eq(Key::from(id)))
            .select(StudentRow::as_select())
            .first(self.conn)
            .await
            .optional()
            .map_err(about(ENTITY))?;
        row.map(Student::try_from).transpose()
    }

    async fn find_by_user(
        &mut self,
        tenant: TenantId,
        course: CourseId,
        user: UserId,
    ) -> Result<Option<Student>, StorageError> {
        let row: Option<StudentRow> = students::table
            .filter(students::tenant_id.eq(Key::from(tenant)))
            .filter(students::course_id.eq(Key::from(course)))
            .filter(students::user_id.eq(Key::from(user)))
            .select(StudentRow::as_select())
            .first(self.conn)
            .await
            .optional()
            .map_err(about(ENTITY))?;
        row.map(Student::try_from).transpose()
    }

    async fn list(
        &mut self,
        tenant: TenantId,
        course: CourseId,
        state: Option<StudentState>,
        listing: &Listing<StudentId>,
    ) -> Result<Vec<Student>, StorageError> {
        let mut meant = students::table
            .filter(students::tenant_id.eq(Key::from(tenant)))
            .filter(students::course_id.eq(Key::from(course)))
            .into_boxed();
        if let Some(state) = state {
            meant = meant.filter(students::state.eq(state.name()));
        }
        let rows: Vec<StudentRow> = part!(meant, students, search_key, listing)
            .select(StudentRow::as_select())
            .load(self.conn)
            .await
            .map_err(about(ENTITY))?;
        rows.into_iter().map(Student::try_from).collect()
    }

    async fn all(
        &mut self,
        tenant: TenantId,
        course: CourseId,
    ) -> Result<Vec<Student>, StorageError> {
        let rows: Vec<StudentRow> = students::table
            .filter(students::tenant_id.eq(Key::from(tenant)))
            .filter(students::course_id.eq(Key::from(course)))
            .order(students::id)
            .select(StudentRow::as_select())
            .load(self.conn)
            .await
            .map_err(about(ENTITY))?;
        rows.into_iter().map(Student::try_from).collect()
    }

    async fn update(&mut self, it: &Student) -> Result<bool, StorageError> {
        let row = StudentRow::from(it);
        let before = students::table
            .filter(students::tenant_id.eq(row.tenant_id))
            .filter(students::id.eq(row.id))
            .filter(students::revision.eq(row.revision - 1));
        let rows = diesel::update(before).set(row).execute(self.conn).await;
        Ok(rows.map_err(about(ENTITY))? > 0)
    }

    async fn unlink(
        &mut self,
        tenant: TenantId,
        user: UserId,
        at: Timestamp,
    ) -> Result<u64, StorageError> {
        let theirs = students::table
            .filter(students::tenant_id.eq(Key::from(tenant)))
            .filter(students::user_id.eq(Key::from(user)));
        let rows = diesel::update(theirs)
            .set((
                students::user_id.eq(None::<Key>),
                students::revision.eq(students::revision + 1),
                students::updated_at.eq(at.as_micros()),
            ))
            .execute(self.conn)
            .await
            .map_err(about(ENTITY))?;
        Ok(u64::try_from(rows).unwrap_or(u64::MAX))
    }

    async fn identities(
        &mut self,
        tenant: TenantId,
        id: StudentId,
    ) -> Result<Vec<Identity>, StorageError> {
        let rows: Vec<(String, String, String)> = student_identities::table
            .filter(student_identities::tenant_id.eq(Key::from(tenant)))
            .filter(student_identities::student_id.eq(Key::from(id)))
            .select((student_identities::kind, student_identities::host, student_identities::value))
            .load(self.conn)
            .await
            .map_err(about(IDENTITY))?;
        let mut all = rows.into_iter().map(identity).collect::<Result<Vec<_>, _>>()?;
        all.sort();
        Ok(all)
    }

    async fn identities_of_course(
        &mut self,
        tenant: TenantId,
        course: CourseId,
    ) -> Result<Vec<(StudentId, Identity)>, StorageError> {
        let rows: Vec<(Key, (String, String, String))> = student_identities::table
            .filter(student_identities::tenant_id.eq(Key::from(tenant)))
            .filter(student_identities::course_id.eq(Key::from(course)))
            .select((
                student_identities::student_id,
                (student_identities::kind, student_identities::host, student_identities::value),
            ))
            .load(self.conn)
            .await
            .map_err(about(IDENTITY))?;
        let all = rows.into_iter().map(|(id, row)| Ok((id.into(), identity(row)?)));
        let mut all = all.collect::<Result<Vec<_>, StorageError>>()?;
        all.sort();
        Ok(all)
    }

    async fn identify(&mut self, it: &Student, identity: &Identity) -> Result<(), StorageError> {
        let rows = diesel::insert_into(student_identities::table)
            .values((
                student_identities::tenant_id.eq(Key::from(it.tenant)),
                student_identities::course_id.eq(Key::from(it.course)),
                student_identities::student_id.eq(Key::from(it.id)),
                student_identities::kind.eq(identity.kind.name()),
                student_identities::host.eq(host(identity)),
                student_identities::value_key.eq(identity.key()),
                student_identities::value.eq(identity.value.as_str()),
            ))
            .on_conflict_do_nothing()
            .execute(self.conn)
            .await
            .map_err(about(IDENTITY))?;
        added(rows, IDENTITY)
    }

    async fn forget_identity(
        &mut self,
        tenant: TenantId,
        id: StudentId,
        identity: &Identity,
    ) -> Result<bool, StorageError> {
        let one = student_identities::table
            .filter(student_identities::tenant_id.eq(Key::from(tenant)))
            .filter(student_identities::student_id.eq(Key::from(id)))
            .filter(student_identities::kind.eq(identity.kind.name()))
            .filter(student_identities::host.eq(host(identity)))
            .filter(student_identities::value_key.eq(identity.key()));
        let rows = diesel::delete(one).execute(self.conn).await.map_err(about(IDENTITY))?;
        Ok(rows > 0)
    }

    async fn forget_identities(
        &mut self,
        tenant: TenantId,
        id: StudentId,
    ) -> Result<u64, StorageError> {
        let all = student_identities::table
            .filter(student_identities::tenant_id.eq(Key::from(tenant)))
            .filter(student_identities::student_id.eq(Key::from(id)));
        let rows = diesel::delete(all).execute(self.conn).await.map_err(about(IDENTITY))?;
        Ok(u64::try_from(rows).unwrap_or(u64::MAX))
    }
}
