//! Doors for deliveries to courses.

use async_trait::async_trait;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use lodge_intake::{Hook, HookSecret, Previous};
use lodge_kernel::{Digest, HookId, TenantId, Timestamp};
use lodge_storage::{HookRepository, StorageError};

use super::{Conn, Db, Key, Rows, schema::hooks};
use crate::{
    convert::{self, column},
    error::{about, added, changed},
};

const ENTITY: &str = "hook";

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = hooks, check_for_backend(Db))]
struct Row {
    tenant_id: Key,
    id: Key,
    name: String,
    source: String,
    digest: Vec<u8>,
    sealed_secret: String,
    previous_digest: Option<Vec<u8>>,
    sealed_previous: Option<String>,
    previous_until: Option<i64>,
    created_at: i64,
    updated_at: i64,
}

impl From<&Hook> for Row {
    fn from(it: &Hook) -> Self {
        let previous = it.previous.as_ref();
        Self {
            tenant_id: it.tenant.into(),
            id: it.id.into(),
            name: it.name.clone(),
            source: it.source.to_string(),
            digest: it.secret.digest.0.to_vec(),
            sealed_secret: it.secret.sealed.to_string(),
            previous_digest: previous.map(|it| it.secret.digest.0.to_vec()),
            sealed_previous: previous.map(|it| it.secret.sealed.to_string()),
            previous_until: previous.map(|it| it.until.as_micros()),
            created_at: it.created_at.as_micros(),
            updated_at: it.updated_at.as_micros(),
        }
    }
}

impl TryFrom<Row> for Hook {
    type Error = StorageError;

    fn try_from(it: Row) -> Result<Self, StorageError> {
        let row = convert::Row(ENTITY);
        let previous = match (it.previous_digest, it.sealed_previous, it.previous_until) {
            (Some(digest), Some(sealed), Some(until)) => Some(Previous {
                secret: HookSecret { digest: row.digest(digest)?, sealed: row.sealed(&sealed)? },
                until: Timestamp::from_micros(until),
            }),
            (None, None, None) => None,
            _ => return Err(row.corrupt("half a secret")),
        };
        Ok(Self {
            id: it.id.into(),
            tenant: it.tenant_id.into(),
            name: it.name,
            source: row.provider(&it.source)?,
            secret: HookSecret {
                digest: row.digest(it.digest)?,
                sealed: row.sealed(&it.sealed_secret)?,
            },
            previous,
            created_at: Timestamp::from_micros(it.created_at),
            updated_at: Timestamp::from_micros(it.updated_at),
        })
    }
}

/// Those that this secret opens, or has opened until it ended.
async fn with_secret(conn: &mut Conn, digest: Digest) -> Result<Vec<Hook>, StorageError> {
    let digest = digest.0.to_vec();
    let rows: Vec<Row> = hooks::table
        .filter(hooks::digest.eq(digest.clone()).or(hooks::previous_digest.eq(digest)))
        .select(Row::as_select())
        .load(conn)
        .await
        .map_err(about(ENTITY))?;
    rows.into_iter().map(Hook::try_from).collect()
}

/// The newest secret of `it` opens no other hook.
async fn is_free(conn: &mut Conn, it: &Hook) -> Result<(), StorageError> {
    let digest = it.secret.digest;
    let known = with_secret(conn, digest).await?;
    let taken =
        known.iter().any(|known| known.id != it.id && known.is_opened_by(digest, it.updated_at));
    if taken { Err(StorageError::Duplicate { entity: ENTITY }) } else { Ok(()) }
}

#[async_trait]
impl HookRepository for Rows<'_> {
    async fn add(&mut self, it: &Hook) -> Result<(), StorageError> {
        is_free(self.conn, it).await?;
        let rows = diesel::insert_into(hooks::table)
            .values(Row::from(it))
            .on_conflict_do_nothing()
            .execute(self.conn)
            .await
            .map_err(about(ENTITY))?;
        added(rows, ENTITY)
    }

    async fn find(&mut self, id: HookId) -> Result<Option<Hook>, StorageError> {
        let row: Option<Row> = hooks::table
            .filter(hooks::id.eq(Key::from(id)))
            .select(Row::as_select())
            .first(self.conn)
            .await
            .optional()
            .map_err(about(ENTITY))?;
        row.map(Hook::try_from).transpose()
    }

    async fn find_by_secret(
        &mut self,
        digest: Digest,
        now: Timestamp,
    ) -> Result<Option<Hook>, StorageError> {
        let known = with_secret(self.conn, digest).await?;
        Ok(Hook::opened_by(known, digest, now))
    }

    async fn of_tenant(
        &mut self,
        tenant: TenantId,
        after: Option<HookId>,
        limit: usize,
    ) -> Result<Vec<Hook>, StorageError> {
        // No id sorts before the one that is all zeros, and none is it.
        let after = after.map_or(Key(uuid::Uuid::nil()), Key::from);
        let rows: Vec<Row> = hooks::table
            .filter(hooks::tenant_id.eq(Key::from(tenant)))
            .filter(hooks::id.gt(after))
            .order(hooks::id)
            .limit(column(limit))
            .select(Row::as_select())
            .load(self.conn)
            .await
            .map_err(about(ENTITY))?;
        rows.into_iter().map(Hook::try_from).collect()
    }

    async fn update(&mut self, from: &Hook, to: &Hook) -> Result<(), StorageError> {
        is_free(self.conn, to).await?;
        let row = Row::from(to);
        let rows = diesel::update(hooks::table)
            .filter(hooks::tenant_id.eq(row.tenant_id))
            .filter(hooks::id.eq(row.id))
            .filter(hooks::digest.eq(from.secret.digest.0.to_vec()))
            .set((
                hooks::digest.eq(row.digest),
                hooks::sealed_secret.eq(row.sealed_secret),
                hooks::previous_digest.eq(row.previous_digest),
                hooks::sealed_previous.eq(row.sealed_previous),
                hooks::previous_until.eq(row.previous_until),
                hooks::updated_at.eq(row.updated_at),
            ))
            .execute(self.conn)
            .await
            .map_err(about(ENTITY))?;
        if rows == 0 && HookRepository::find(self, to.id).await?.is_some() {
            return Err(StorageError::Conflict("the secret is not the one that was read".into()));
        }
        changed(rows, ENTITY)
    }

    async fn remove(&mut self, tenant: TenantId, id: HookId) -> Result<bool, StorageError> {
        let rows = diesel::delete(hooks::table)
            .filter(hooks::tenant_id.eq(Key::from(tenant)))
            .filter(hooks::id.eq(Key::from(id)))
            .execute(self.conn)
            .await
            .map_err(about(ENTITY))?;
        Ok(rows > 0)
    }
}
