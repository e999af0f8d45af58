//! Organisations, developers and their sessions.

use async_trait::async_trait;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use lodge_access::{Session, Tenant, User};
use lodge_kernel::{Digest, SessionId, TenantId, Timestamp, UserId};
use lodge_storage::{SessionRepository, StorageError, TenantRepository, UserRepository};

use super::{
    Db, Key, Rows,
    schema::{sessions, tenants, users},
};
use crate::{
    convert::{Row, column, instant, micros},
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
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = users, check_for_backend(Db))]
struct UserRow {
    tenant_id: Key,
    id: Key,
    email: String,
    name: Option<String>,
    created_at: i64,
}

impl From<UserRow> for User {
    fn from(it: UserRow) -> Self {
        Self {
            id: it.id.into(),
            tenant: it.tenant_id.into(),
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
            tenant_id: it.tenant.into(),
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
#[diesel(table_name = sessions, check_for_backend(Db))]
struct SessionRow {
    tenant_id: Key,
    id: Key,
    digest: Vec<u8>,
    user_id: Key,
    created_at: i64,
    expires_at: i64,
    revoked_at: Option<i64>,
}

impl TryFrom<SessionRow> for Session {
    type Error = StorageError;

    fn try_from(it: SessionRow) -> Result<Self, StorageError> {
        Ok(Self {
            id: it.id.into(),
            digest: Row("session").digest(it.digest)?,
            user: it.user_id.into(),
            created_at: Timestamp::from_micros(it.created_at),
            expires_at: Timestamp::from_micros(it.expires_at),
            revoked_at: instant(it.revoked_at),
        })
    }
}

#[async_trait]
impl SessionRepository for Rows<'_> {
    async fn add(&mut self, it: &Session) -> Result<(), StorageError> {
        let tenant_id: Option<Key> = users::table
            .filter(users::id.eq(Key::from(it.user)))
            .select(users::tenant_id)
            .first(self.conn)
            .await
            .optional()
            .map_err(about("session"))?;
        let row = SessionRow {
            tenant_id: tenant_id.ok_or(StorageError::Orphan { entity: "session" })?,
            id: it.id.into(),
            digest: it.digest.0.to_vec(),
            user_id: it.user.into(),
            created_at: it.created_at.as_micros(),
            expires_at: it.expires_at.as_micros(),
            revoked_at: micros(it.revoked_at),
        };
        let rows = diesel::insert_into(sessions::table)
            .values(row)
            .on_conflict_do_nothing()
            .execute(self.conn)
            .await
            .map_err(about("session"))?;
        added(rows, "session")
    }

    async fn find_by_digest(&mut self, digest: Digest) -> Result<Option<Session>, StorageError> {
        let row = sessions::table
            .filter(sessions::digest.eq(digest.0.to_vec()))
            .select(SessionRow::as_select())
            .first(self.conn)
            .await
            .optional()
            .map_err(about("session"))?;
        row.map(Session::try_from).transpose()
    }

    async fn revoke(&mut self, id: SessionId, at: Timestamp) -> Result<bool, StorageError> {
        let session = sessions::table.filter(sessions::id.eq(Key::from(id)));
        diesel::update(session.filter(sessions::revoked_at.is_null()))
            .set(sessions::revoked_at.eq(at.as_micros()))
            .execute(self.conn)
            .await
            .map_err(about("session"))?;
        let there: i64 = session.count().get_result(self.conn).await.map_err(about("session"))?;
        Ok(there > 0)
    }
}
