//! What accounts are read with.

use async_trait::async_trait;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use lodge_access::{Credentials, Lease};
use lodge_kernel::{ConnectionId, LeaseId, Timestamp};
use lodge_storage::{CredentialRepository, StorageError};

use super::{Db, Key, Rows, schema::credentials};
use crate::{
    convert::{Row, column, instant, micros},
    error::{about, added},
};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = credentials, check_for_backend(Db))]
struct CredentialsRow {
    tenant_id: Key,
    connection_id: Key,
    access: String,
    expires_at: Option<i64>,
    refresh: Option<String>,
    refresh_expires_at: Option<i64>,
    generation: i64,
    updated_at: i64,
}

impl From<&Credentials> for CredentialsRow {
    fn from(it: &Credentials) -> Self {
        Self {
            tenant_id: it.tenant.into(),
            connection_id: it.connection.into(),
            access: it.access.to_string(),
            expires_at: micros(it.expires_at),
            refresh: it.refresh.as_ref().map(ToString::to_string),
            refresh_expires_at: micros(it.refresh_expires_at),
            generation: column(it.generation),
            updated_at: it.updated_at.as_micros(),
        }
    }
}

impl TryFrom<CredentialsRow> for Credentials {
    type Error = StorageError;

    fn try_from(it: CredentialsRow) -> Result<Self, StorageError> {
        let row = Row("credential");
        Ok(Self {
            tenant: it.tenant_id.into(),
            connection: it.connection_id.into(),
            access: row.sealed(&it.access)?,
            expires_at: instant(it.expires_at),
            refresh: it.refresh.map(|text| row.sealed(&text)).transpose()?,
            refresh_expires_at: instant(it.refresh_expires_at),
            generation: row.number(it.generation)?,
            updated_at: Timestamp::from_micros(it.updated_at),
        })
    }
}

#[async_trait]
impl CredentialRepository for Rows<'_> {
    async fn add(&mut self, it: &Credentials) -> Result<(), StorageError> {
        let rows = diesel::insert_into(credentials::table)
            .values(CredentialsRow::from(it))
            .on_conflict_do_nothing()
            .execute(self.conn)
            .await
            .map_err(about("credential"))?;
        added(rows, "credential")
    }

    async fn find(
        &mut self,
        connection: ConnectionId,
    ) -> Result<Option<Credentials>, StorageError> {
        let row = credentials::table
            .filter(credentials::connection_id.eq(Key::from(connection)))
            .select(CredentialsRow::as_select())
            .first(self.conn)
            .await
            .optional()
            .map_err(about("credential"))?;
        row.map(Credentials::try_from).transpose()
    }

    async fn replace(&mut self, generation: u64, it: &Credentials) -> Result<bool, StorageError> {
        let row = CredentialsRow::from(it);
        let known = credentials::table
            .filter(credentials::connection_id.eq(row.connection_id))
            .filter(credentials::generation.eq(column(generation)));
        let rows = diesel::update(known)
            .set((
                credentials::access.eq(row.access),
                credentials::expires_at.eq(row.expires_at),
                credentials::refresh.eq(row.refresh),
                credentials::refresh_expires_at.eq(row.refresh_expires_at),
                credentials::generation.eq(row.generation),
                credentials::updated_at.eq(row.updated_at),
                credentials::lease_id.eq(None::<Key>),
                credentials::lease_until.eq(None::<i64>),
            ))
            .execute(self.conn)
            .await
            .map_err(about("credential"))?;
        Ok(rows == 1)
    }

    async fn lease(
        &mut self,
        connection: ConnectionId,
        generation: u64,
        lease: Lease,
        now: Timestamp,
    ) -> Result<bool, StorageError> {
        let free = credentials::lease_until
            .is_null()
            .or(credentials::lease_until.assume_not_null().le(now.as_micros()));
        let known = credentials::table
            .filter(credentials::connection_id.eq(Key::from(connection)))
            .filter(credentials::generation.eq(column(generation)))
            .filter(free);
        let rows = diesel::update(known)
            .set((
                credentials::lease_id.eq(Some(Key::from(lease.id))),
                credentials::lease_until.eq(Some(lease.until.as_micros())),
            ))
            .execute(self.conn)
            .await
            .map_err(about("credential"))?;
        Ok(rows == 1)
    }

    async fn release(&mut self, connection: ConnectionId, id: LeaseId) -> Result<(), StorageError> {
        let held = credentials::table
            .filter(credentials::connection_id.eq(Key::from(connection)))
            .filter(credentials::lease_id.eq(Some(Key::from(id))));
        diesel::update(held)
            .set((credentials::lease_id.eq(None::<Key>), credentials::lease_until.eq(None::<i64>)))
            .execute(self.conn)
            .await
            .map(drop)
            .map_err(about("credential"))
    }

    async fn remove(&mut self, connection: ConnectionId) -> Result<(), StorageError> {
        let its = credentials::connection_id.eq(Key::from(connection));
        diesel::delete(credentials::table.filter(its))
            .execute(self.conn)
            .await
            .map(drop)
            .map_err(about("credential"))
    }
}
