//! Who runs courses.

use async_trait::async_trait;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use lodge_access::User;
use lodge_courses::{Staff, StaffRole};
use lodge_kernel::{CourseId, TenantId, Timestamp, UserId};
use lodge_storage::{StaffRepository, StorageError};

use super::{
    Db, Key, Rows,
    people::UserRow,
    schema::{course_staff, users},
};
use crate::{convert, error::about};

const ENTITY: &str = "member of the staff";

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = course_staff, check_for_backend(Db))]
struct Row {
    tenant_id: Key,
    course_id: Key,
    user_id: Key,
    role: String,
    created_at: i64,
}

impl TryFrom<Row> for Staff {
    type Error = StorageError;

    fn try_from(it: Row) -> Result<Self, StorageError> {
        let unknown = || convert::Row(ENTITY).corrupt("an unknown role");
        Ok(Self {
            tenant: it.tenant_id.into(),
            course: it.course_id.into(),
            user: it.user_id.into(),
            role: StaffRole::parse(&it.role).ok_or_else(unknown)?,
            created_at: Timestamp::from_micros(it.created_at),
        })
    }
}

#[async_trait]
impl StaffRepository for Rows<'_> {
    async fn put(&mut self, it: &Staff) -> Result<(), StorageError> {
        let row = Row {
            tenant_id: it.tenant.into(),
            course_id: it.course.into(),
            user_id: it.user.into(),
            role: it.role.name().to_owned(),
            created_at: it.created_at.as_micros(),
        };
        diesel::insert_into(course_staff::table)
            .values(row)
            .on_conflict((course_staff::tenant_id, course_staff::course_id, course_staff::user_id))
            .do_update()
            .set(course_staff::role.eq(it.role.name()))
            .execute(self.conn)
            .await
            .map(drop)
            .map_err(about(ENTITY))
    }

    async fn find(
        &mut self,
        tenant: TenantId,
        course: CourseId,
        user: UserId,
    ) -> Result<Option<Staff>, StorageError> {
        let row: Option<Row> = course_staff::table
            .filter(course_staff::tenant_id.eq(Key::from(tenant)))
            .filter(course_staff::course_id.eq(Key::from(course)))
            .filter(course_staff::user_id.eq(Key::from(user)))
            .select(Row::as_select())
            .first(self.conn)
            .await
            .optional()
            .map_err(about(ENTITY))?;
        row.map(Staff::try_from).transpose()
    }

    async fn of_course(
        &mut self,
        tenant: TenantId,
        course: CourseId,
    ) -> Result<Vec<(Staff, User)>, StorageError> {
        let rows: Vec<(Row, UserRow)> = course_staff::table
            .inner_join(users::table.on(users::id.eq(course_staff::user_id)))
            .filter(course_staff::tenant_id.eq(Key::from(tenant)))
            .filter(course_staff::course_id.eq(Key::from(course)))
            .order(course_staff::user_id)
            .select((Row::as_select(), UserRow::as_select()))
            .load(self.conn)
            .await
            .map_err(about(ENTITY))?;
        rows.into_iter().map(|(row, user)| Ok((row.try_into()?, user.into()))).collect()
    }

    async fn remove(
        &mut self,
        tenant: TenantId,
        course: CourseId,
        user: UserId,
    ) -> Result<bool, StorageError> {
        let one = course_staff::table
            .filter(course_staff::tenant_id.eq(Key::from(tenant)))
            .filter(course_staff::course_id.eq(Key::from(course)))
            .filter(course_staff::user_id.eq(Key::from(user)));
        let rows = diesel::delete(one).execute(self.conn).await.map_err(about(ENTITY))?;
        Ok(rows > 0)
    }

    async fn remove_person(&mut self, tenant: TenantId, user: UserId) -> Result<u64, StorageError> {
        let theirs = course_staff::table
            .filter(course_staff::tenant_id.eq(Key::from(tenant)))
            .filter(course_staff::user_id.eq(Key::from(user)));
        let rows = diesel::delete(theirs).execute(self.conn).await.map_err(about(ENTITY))?;
        Ok(u64::try_from(rows).unwrap_or(u64::MAX))
    }
}
