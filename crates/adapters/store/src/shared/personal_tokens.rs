//! People's tokens for their own programs.

use async_trait::async_trait;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use lodge_courses::{PersonalToken, TokenScopes};
use lodge_kernel::{Digest, PersonalTokenId, TenantId, Timestamp, UserId};
use lodge_storage::{PersonalTokenRepository, StorageError};

use super::{Db, Key, Rows, schema::personal_tokens};
use crate::{
    convert::{self, instant, micros},
    error::{about, added},
};

const ENTITY: &str = "personal token";

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = personal_tokens, check_for_backend(Db))]
struct Row {
    tenant_id: Key,
    id: Key,
    user_id: Key,
    name: String,
    digest: Vec<u8>,
    scopes: String,
    created_at: i64,
    expires_at: i64,
    last_used_at: Option<i64>,
    revoked_at: Option<i64>,
}

impl TryFrom<Row> for PersonalToken {
    type Error = StorageError;

    fn try_from(it: Row) -> Result<Self, StorageError> {
        let row = convert::Row(ENTITY);
        let scopes = TokenScopes::parse(it.scopes.split_whitespace());
        Ok(Self {
            id: it.id.into(),
            tenant: it.tenant_id.into(),
            user: it.user_id.into(),
            name: it.name,
            digest: row.digest(it.digest)?,
            scopes: scopes.map_err(|error| row.corrupt(error))?,
            created_at: Timestamp::from_micros(it.created_at),
            expires_at: Timestamp::from_micros(it.expires_at),
            last_used_at: instant(it.last_used_at),
            revoked_at: instant(it.revoked_at),
        })
    }
}

#[async_trait]
impl PersonalTokenRepository for Rows<'_> {
    async fn add(&mut self, it: &PersonalToken) -> Result<(), StorageError> {
        let row = Row {
            tenant_id: it.tenant.into(),
            id: it.id.into(),
            user_id: it.user.into(),
            name: it.name.clone(),
            digest: it.digest.0.to_vec(),
            scopes: it.scopes.to_string(),
            created_at: it.created_at.as_micros(),
            expires_at: it.expires_at.as_micros(),
            last_used_at: micros(it.last_used_at),
            revoked_at: micros(it.revoked_at),
        };
        let rows = diesel::insert_into(personal_tokens::table)
            .values(row)
            .on_conflict_do_nothing()
            .execute(self.conn)
            .await
            .map_err(about(ENTITY))?;
        added(rows, ENTITY)
    }

    async fn find_by_digest(
        &mut self,
        digest: Digest,
    ) -> Result<Option<PersonalToken>, StorageError> {
        let row: Option<Row> = personal_tokens::table
            .filter(personal_tokens::digest.eq(digest.0.to_vec()))
            .select(Row::as_select())
            .first(self.conn)
            .await
            .optional()
            .map_err(about(ENTITY))?;
        row.map(PersonalToken::try_from).transpose()
    }

    async fn live_of(
        &mut self,
        tenant: TenantId,
        user: UserId,
        now: Timestamp,
    ) -> Result<Vec<PersonalToken>, StorageError> {
        let rows: Vec<Row> = personal_tokens::table
            .filter(personal_tokens::tenant_id.eq(Key::from(tenant)))
            .filter(personal_tokens::user_id.eq(Key::from(user)))
            .filter(personal_tokens::revoked_at.is_null())
            .filter(personal_tokens::expires_at.gt(now.as_micros()))
            .order(personal_tokens::id)
            .select(Row::as_select())
            .load(self.conn)
            .await
            .map_err(about(ENTITY))?;
        rows.into_iter().map(PersonalToken::try_from).collect()
    }

    async fn used(
        &mut self,
        tenant: TenantId,
        id: PersonalTokenId,
        at: Timestamp,
    ) -> Result<(), StorageError> {
        let one = personal_tokens::table
            .filter(personal_tokens::tenant_id.eq(Key::from(tenant)))
            .filter(personal_tokens::id.eq(Key::from(id)));
        diesel::update(one)
            .set(personal_tokens::last_used_at.eq(at.as_micros()))
            .execute(self.conn)
            .await
            .map(drop)
            .map_err(about(ENTITY))
    }

    async fn revoke(
        &mut self,
        tenant: TenantId,
        user: UserId,
        id: PersonalTokenId,
        at: Timestamp,
    ) -> Result<bool, StorageError> {
        let live = personal_tokens::table
            .filter(personal_tokens::tenant_id.eq(Key::from(tenant)))
            .filter(personal_tokens::id.eq(Key::from(id)))
            .filter(personal_tokens::user_id.eq(Key::from(user)))
            .filter(personal_tokens::revoked_at.is_null());
        let rows = diesel::update(live)
            .set(personal_tokens::revoked_at.eq(at.as_micros()))
            .execute(self.conn)
            .await
            .map_err(about(ENTITY))?;
        Ok(rows > 0)
    }

    async fn revoke_all(
        &mut self,
        tenant: TenantId,
        user: UserId,
        at: Timestamp,
    ) -> Result<u64, StorageError> {
        let live = personal_tokens::table
            .filter(personal_tokens::tenant_id.eq(Key::from(tenant)))
            .filter(personal_tokens::user_id.eq(Key::from(user)))
            .filter(personal_tokens::revoked_at.is_null());
        let rows = diesel::update(live)
            .set(personal_tokens::revoked_at.eq(at.as_micros()))
            .execute(self.conn)
            .await
            .map_err(about(ENTITY))?;
        Ok(u64::try_from(rows).unwrap_or(u64::MAX))
    }
}
