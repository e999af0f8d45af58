//! Authorization codes.

use async_trait::async_trait;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use lodge_access::Code;
use lodge_kernel::{Digest, Timestamp};
use lodge_storage::{CodeRepository, StorageError};

use super::{
    Db, Key, Rows,
    schema::{authorizations, codes},
};
use crate::{
    convert::{Row, instant, micros},
    error::{about, added},
};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = codes, check_for_backend(Db))]
struct CodeRow {
    tenant_id: Key,
    digest: Vec<u8>,
    client_id: Key,
    authorization_id: Key,
    redirect_uri: String,
    challenge: Option<Vec<u8>>,
    permissions: String,
    family_id: Key,
    issued_at: i64,
    used_at: Option<i64>,
}

impl TryFrom<CodeRow> for Code {
    type Error = StorageError;

    fn try_from(it: CodeRow) -> Result<Self, StorageError> {
        let row = Row("code");
        Ok(Self {
            digest: row.digest(it.digest)?,
            client: it.client_id.into(),
            authorization: it.authorization_id.into(),
            redirect_uri: it.redirect_uri,
            challenge: it.challenge.map(|bytes| row.digest(bytes)).transpose()?,
            permissions: row.permissions(&it.permissions)?,
            family: it.family_id.into(),
            issued_at: Timestamp::from_micros(it.issued_at),
            used_at: instant(it.used_at),
        })
    }
}

#[async_trait]
impl CodeRepository for Rows<'_> {
    async fn add(&mut self, it: &Code) -> Result<(), StorageError> {
        let tenant_id: Option<Key> = authorizations::table
            .filter(authorizations::id.eq(Key::from(it.authorization)))
            .select(authorizations::tenant_id)
            .first(self.conn)
            .await
            .optional()
            .map_err(about("code"))?;
        let row = CodeRow {
            tenant_id: tenant_id.ok_or(StorageError::Orphan { entity: "code" })?,
            digest: it.digest.0.to_vec(),
            client_id: it.client.into(),
            authorization_id: it.authorization.into(),
            redirect_uri: it.redirect_uri.clone(),
            challenge: it.challenge.map(|digest| digest.0.to_vec()),
            permissions: it.permissions.to_string(),
            family_id: it.family.into(),
            issued_at: it.issued_at.as_micros(),
            used_at: micros(it.used_at),
        };
        let rows = diesel::insert_into(codes::table)
            .values(row)
            .on_conflict_do_nothing()
            .execute(self.conn)
            .await
            .map_err(about("code"))?;
        added(rows, "code")
    }

    async fn find(&mut self, digest: Digest) -> Result<Option<Code>, StorageError> {
        let row = codes::table
            .filter(codes::digest.eq(digest.0.to_vec()))
            .select(CodeRow::as_select())
            .first(self.conn)
            .await
            .optional()
            .map_err(about("code"))?;
        row.map(Code::try_from).transpose()
    }

    async fn mark_used(&mut self, digest: Digest, at: Timestamp) -> Result<bool, StorageError> {
        let fresh = codes::table
            .filter(codes::digest.eq(digest.0.to_vec()))
            .filter(codes::used_at.is_null());
        let rows = diesel::update(fresh)
            .set(codes::used_at.eq(at.as_micros()))
            .execute(self.conn)
            .await
            .map_err(about("code"))?;
        Ok(rows > 0)
    }
}
