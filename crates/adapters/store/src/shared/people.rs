//! Organisations, people and who belongs where.

use async_trait::async_trait;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use lodge_access::{Membership, Role, Tenant, User};
use lodge_kernel::{TenantId, Timestamp, UserId};
use lodge_storage::{MembershipRepository, StorageError, TenantRepository, UserRepository};

use super::{
    Db, Key, Rows,
    schema::{memberships, tenants, users},
};
use crate::{
    convert::{Row, column},
    error::{about, added},
};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = tenants, check_for_backend(Db))]
struct TenantRow {
    id: Key,
    name: String,
    created_at: i64,
}

impl From<TenantRow> for Tenant {
    fn from(it: TenantRow) -> Self {
        Self { id: it.id.into(), name: it.name, created_at: Timestamp::from_micros(it.created_at) }
    }
}

#[async_trait]
impl TenantRepository for Rows<'_> {
    async fn add(&mut self, it: &Tenant) -> Result<(), StorageError> {
        let row = TenantRow {
            id: it.id.into(),
            name: it.name.clone(),
            created_at: it.created_at.as_micros(),
        };
        let rows = diesel::insert_into(tenants::table)
            .values(row)
            .on_conflict_do_nothing()
            .execute(self.conn)
            .await
            .map_err(about("tenant"))?;
        added(rows, "tenant")
    }

    async fn find(&mut self, id: TenantId) -> Result<Option<Tenant>, StorageError> {
        let row: Option<TenantRow> = tenants::table
            .filter(tenants::id.eq(Key::from(id)))
            .select(TenantRow::as_select())
            .first(self.conn)
            .await
            .optional()
            .map_err(about("tenant"))?;
        Ok(row.map(Tenant::from))
    }

    async fn list(
        &mut self,
        after: Option<TenantId>,
        limit: usize,
    ) -> Result<Vec<Tenant>, StorageError> {
        let after = after.map_or(Key(uuid::Uuid::nil()), Key::from);
        let rows: Vec<TenantRow> = tenants::table
            .filter(tenants::id.gt(after))
            .order(tenants::id)
            .limit(column(limit))
            .select(TenantRow::as_select())
            .load(self.conn)
            .await
            .map_err(about("tenant"))?;
        Ok(rows.into_iter().map(Tenant::from).collect())
    }

    async fn hold(&mut self, id: TenantId) -> Result<Option<Tenant>, StorageError> {
        // Both databases let one writer at a time change a row.
        diesel::update(tenants::table.filter(tenants::id.eq(Key::from(id))))
            .set(tenants::created_at.eq(tenants::created_at))
            .execute(self.conn)
            .await
            .map_err(about("tenant"))?;
        TenantRepository::find(self, id).await
    }
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = users, check_for_backend(Db))]
pub(super) struct UserRow {
    id: Key,
    email: String,
    name: Option<String>,
    created_at: i64,
}

impl From<UserRow> for User {
    fn from(it: UserRow) -> Self {
        Self {
            id: it.id.into(),
            email: it.email,
            name: it.name,
            created_at: Timestamp::from_micros(it.created_at),
        }
    }
}

#[async_trait]
impl UserRepository for Rows<'_> {
    async fn add(&mut self, it: &User) -> Result<(), StorageError> {
        let row = UserRow {
            id: it.id.into(),
            email: it.email.clone(),
            name: it.name.clone(),
            created_at: it.created_at.as_micros(),
        };
        let rows = diesel::insert_into(users::table)
            .values(row)
            .on_conflict_do_nothing()
            .execute(self.conn)
            .await
            .map_err(about("user"))?;
        added(rows, "user")
    }

    async fn find(&mut self, id: UserId) -> Result<Option<User>, StorageError> {
        let row = users::table
            .filter(users::id.eq(Key::from(id)))
            .select(UserRow::as_select())
            .first(self.conn)
            .await
            .optional()
            .map_err(about("user"))?;
        Ok(row.map(User::from))
    }

    async fn hold(&mut self, id: UserId) -> Result<Option<User>, StorageError> {
        // As with organisations: one writer at a time changes a row.
        diesel::update(users::table.filter(users::id.eq(Key::from(id))))
            .set(users::created_at.eq(users::created_at))
            .execute(self.conn)
            .await
            .map_err(about("user"))?;
        UserRepository::find(self, id).await
    }

    async fn find_by_email(&mut self, email: &str) -> Result<Option<User>, StorageError> {
        let row = users::table
            .filter(users::email.eq(email.to_owned()))
            .select(UserRow::as_select())
            .first(self.conn)
            .await
            .optional()
            .map_err(about("user"))?;
        Ok(row.map(User::from))
    }
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = memberships, check_for_backend(Db))]
struct MembershipRow {
    tenant_id: Key,
    user_id: Key,
    role: String,
    created_at: i64,
}

impl TryFrom<MembershipRow> for Membership {
    type Error = StorageError;

    fn try_from(it: MembershipRow) -> Result<Self, StorageError> {
        let role = Role::parse(&it.role);
        Ok(Self {
            tenant: it.tenant_id.into(),
            user: it.user_id.into(),
            role: role.ok_or_else(|| Row("membership").corrupt("there is no such role"))?,
            created_at: Timestamp::from_micros(it.created_at),
        })
    }
}

#[async_trait]
impl MembershipRepository for Rows<'_> {
    async fn add(&mut self, it: &Membership) -> Result<(), StorageError> {
        let row = MembershipRow {
            tenant_id: it.tenant.into(),
            user_id: it.user.into(),
            role: it.role.name().to_owned(),
            created_at: it.created_at.as_micros(),
        };
        let rows = diesel::insert_into(memberships::table)
            .values(row)
            .on_conflict_do_nothing()
            .execute(self.conn)
            .await
            .map_err(about("membership"))?;
        added(rows, "membership")
    }

    async fn find(
        &mut self,
        tenant: TenantId,
        user: UserId,
    ) -> Result<Option<Membership>, StorageError> {
        let row = memberships::table
            .filter(memberships::tenant_id.eq(Key::from(tenant)))
            .filter(memberships::user_id.eq(Key::from(user)))
            .select(MembershipRow::as_select())
            .first(self.conn)
            .await
            .optional()
            .map_err(about("membership"))?;
        row.map(Membership::try_from).transpose()
    }

    async fn of_user(&mut self, user: UserId) -> Result<Vec<Membership>, StorageError> {
        let rows = memberships::table
            .filter(memberships::user_id.eq(Key::from(user)))
            .order(memberships::tenant_id)
            .select(MembershipRow::as_select())
            .load(self.conn)
            .await
            .map_err(about("membership"))?;
        rows.into_iter().map(Membership::try_from).collect()
    }

    async fn of_tenant(
        &mut self,
        tenant: TenantId,
        after: Option<UserId>,
        limit: usize,
    ) -> Result<Vec<(Membership, User)>, StorageError> {
        // No id sorts before the one that is all zeroes.
        let after = after.map_or(Key(uuid::Uuid::nil()), Key::from);
        let rows = memberships::table
            .filter(memberships::tenant_id.eq(Key::from(tenant)))
            .filter(memberships::user_id.gt(after))
            .order(memberships::user_id)
            .limit(column(limit))
            .select(MembershipRow::as_select())
            .load(self.conn)
            .await
            .map_err(about("membership"))?;
        let ids: Vec<Key> = rows.iter().map(|it| it.user_id).collect();
        let people = users::table
            .filter(users::id.eq_any(ids))
            .order(users::id)
            .select(UserRow::as_select())
            .load(self.conn)
            .await
            .map_err(about("user"))?;
        // Each membership has its person, and both come by the person's id.
        rows.into_iter()
            .zip(people)
            .map(|(row, person)| Ok((row.try_into()?, person.into())))
            .collect()
    }

    async fn count(&mut self, tenant: TenantId, role: Role) -> Result<u64, StorageError> {
        let n: i64 = memberships::table
            .filter(memberships::tenant_id.eq(Key::from(tenant)))
            .filter(memberships::role.eq(role.name()))
            .count()
            .get_result(self.conn)
            .await
            .map_err(about("membership"))?;
        Row("membership").number(n)
    }

    async fn change(
        &mut self,
        tenant: TenantId,
        user: UserId,
        role: Role,
    ) -> Result<bool, StorageError> {
        let member = memberships::table
            .filter(memberships::tenant_id.eq(Key::from(tenant)))
            .filter(memberships::user_id.eq(Key::from(user)));
        let rows = diesel::update(member)
            .set(memberships::role.eq(role.name()))
            .execute(self.conn)
            .await
            .map_err(about("membership"))?;
        Ok(rows > 0)
    }

    async fn remove(&mut self, tenant: TenantId, user: UserId) -> Result<bool, StorageError> {
        let member = memberships::table
            .filter(memberships::tenant_id.eq(Key::from(tenant)))
            .filter(memberships::user_id.eq(Key::from(user)));
        let rows = diesel::delete(member).execute(self.conn).await.map_err(about("membership"))?;
        Ok(rows > 0)
    }
}
