//! People's sessions.

use async_trait::async_trait;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use lodge_access::Session;
use lodge_kernel::{Digest, SessionId, TenantId, Timestamp, UserId};
use lodge_storage::{SessionRepository, StorageError};

use super::{Db, Key, Rows, schema::sessions};
use crate::{
    convert::{Row, column, instant, micros},
    error::{about, added},
};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = sessions, check_for_backend(Db))]
struct SessionRow {
    id: Key,
    digest: Vec<u8>,
    user_id: Key,
    tenant_id: Option<Key>,
    agent: Option<String>,
    created_at: i64,
    seen_at: i64,
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
            tenant: it.tenant_id.map(TenantId::from),
            agent: it.agent,
            created_at: Timestamp::from_micros(it.created_at),
            seen_at: Timestamp::from_micros(it.seen_at),
            expires_at: Timestamp::from_micros(it.expires_at),
            revoked_at: instant(it.revoked_at),
        })
    }
}

#[async_trait]
impl SessionRepository for Rows<'_> {
    async fn add(&mut self, it: &Session) -> Result<(), StorageError> {
        let row = SessionRow {
            id: it.id.into(),
            digest: it.digest.0.to_vec(),
            user_id: it.user.into(),
            tenant_id: it.tenant.map(Key::from),
            agent: it.agent.clone(),
            created_at: it.created_at.as_micros(),
            seen_at: it.seen_at.as_micros(),
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

    async fn of_user(
        &mut self,
        user: UserId,
        now: Timestamp,
        limit: usize,
    ) -> Result<Vec<Session>, StorageError> {
        let rows = sessions::table
            .filter(sessions::user_id.eq(Key::from(user)))
            .filter(sessions::revoked_at.is_null())
            .filter(sessions::expires_at.gt(now.as_micros()))
            .order(sessions::id.desc())
            .limit(column(limit))
            .select(SessionRow::as_select())
            .load(self.conn)
            .await
            .map_err(about("session"))?;
        rows.into_iter().map(Session::try_from).collect()
    }

    async fn seen(&mut self, id: SessionId, at: Timestamp) -> Result<bool, StorageError> {
        let session = sessions::table.filter(sessions::id.eq(Key::from(id)));
        diesel::update(session.filter(sessions::seen_at.lt(at.as_micros())))
            .set(sessions::seen_at.eq(at.as_micros()))
            .execute(self.conn)
            .await
            .map_err(about("session"))?;
        self.has_session(id).await
    }

    async fn enter(
        &mut self,
        id: SessionId,
        tenant: Option<TenantId>,
    ) -> Result<bool, StorageError> {
        let rows = diesel::update(sessions::table.filter(sessions::id.eq(Key::from(id))))
            .set(sessions::tenant_id.eq(tenant.map(Key::from)))
            .execute(self.conn)
            .await
            .map_err(about("session"))?;
        Ok(rows > 0)
    }

    async fn revoke(&mut self, id: SessionId, at: Timestamp) -> Result<bool, StorageError> {
        let session = sessions::table.filter(sessions::id.eq(Key::from(id)));
        diesel::update(session.filter(sessions::revoked_at.is_null()))
            .set(sessions::revoked_at.eq(at.as_micros()))
            .execute(self.conn)
            .await
            .map_err(about("session"))?;
        self.has_session(id).await
    }

    async fn revoke_of_user(
        &mut self,
        user: UserId,
        spared: Option<SessionId>,
        at: Timestamp,
    ) -> Result<u64, StorageError> {
        // No session has the id that is all zeroes.
        let spared = spared.map_or(Key(uuid::Uuid::nil()), Key::from);
        let theirs = sessions::table
            .filter(sessions::user_id.eq(Key::from(user)))
            .filter(sessions::id.ne(spared))
            .filter(sessions::revoked_at.is_null());
        let rows = diesel::update(theirs)
            .set(sessions::revoked_at.eq(at.as_micros()))
            .execute(self.conn)
            .await
            .map_err(about("session"))?;
        Ok(u64::try_from(rows).unwrap_or(u64::MAX))
    }
}

impl Rows<'_> {
    async fn has_session(&mut self, id: SessionId) -> Result<bool, StorageError> {
        let n: i64 = sessions::table
            .filter(sessions::id.eq(Key::from(id)))
            .count()
            .get_result(self.conn)
            .await
            .map_err(about("session"))?;
        Ok(n > 0)
    }
}
