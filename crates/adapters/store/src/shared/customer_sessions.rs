//! Customers' sessions on the access page.

use async_trait::async_trait;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use lodge_access::CustomerSession;
use lodge_kernel::{Digest, Timestamp};
use lodge_storage::{CustomerSessionRepository, StorageError};

use super::{Db, Key, Rows, schema::customer_sessions};
use crate::{
    convert::{Row, instant, micros},
    error::{about, added},
};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = customer_sessions, check_for_backend(Db))]
struct SessionRow {
    tenant_id: Key,
    digest: Vec<u8>,
    client_id: Key,
    customer_id: Key,
    created_at: i64,
    expires_at: i64,
    ended_at: Option<i64>,
}

impl TryFrom<SessionRow> for CustomerSession {
    type Error = StorageError;

    fn try_from(it: SessionRow) -> Result<Self, StorageError> {
        Ok(Self {
            digest: Row("customer session").digest(it.digest)?,
            tenant: it.tenant_id.into(),
            client: it.client_id.into(),
            customer: it.customer_id.into(),
            created_at: Timestamp::from_micros(it.created_at),
            expires_at: Timestamp::from_micros(it.expires_at),
            ended_at: instant(it.ended_at),
        })
    }
}

#[async_trait]
impl CustomerSessionRepository for Rows<'_> {
    async fn add(&mut self, it: &CustomerSession) -> Result<(), StorageError> {
        let row = SessionRow {
            tenant_id: it.tenant.into(),
            digest: it.digest.0.to_vec(),
            client_id: it.client.into(),
            customer_id: it.customer.into(),
            created_at: it.created_at.as_micros(),
            expires_at: it.expires_at.as_micros(),
            ended_at: micros(it.ended_at),
        };
        let rows = diesel::insert_into(customer_sessions::table)
            .values(row)
            .on_conflict_do_nothing()
            .execute(self.conn)
            .await
            .map_err(about("customer session"))?;
        added(rows, "customer session")
    }

    async fn find(&mut self, digest: Digest) -> Result<Option<CustomerSession>, StorageError> {
        let row = customer_sessions::table
            .filter(customer_sessions::digest.eq(digest.0.to_vec()))
            .select(SessionRow::as_select())
            .first(self.conn)
            .await
            .optional()
            .map_err(about("customer session"))?;
        row.map(CustomerSession::try_from).transpose()
    }

    async fn update(&mut self, it: &CustomerSession) -> Result<bool, StorageError> {
        let live = customer_sessions::table
            .filter(customer_sessions::digest.eq(it.digest.0.to_vec()))
            .filter(customer_sessions::ended_at.is_null());
        let rows = diesel::update(live)
            .set((
                customer_sessions::customer_id.eq(Key::from(it.customer)),
                customer_sessions::expires_at.eq(it.expires_at.as_micros()),
            ))
            .execute(self.conn)
            .await
            .map_err(about("customer session"))?;
        Ok(rows > 0)
    }

    async fn end(&mut self, digest: Digest, at: Timestamp) -> Result<bool, StorageError> {
        let live = customer_sessions::table
            .filter(customer_sessions::digest.eq(digest.0.to_vec()))
            .filter(customer_sessions::ended_at.is_null());
        let rows = diesel::update(live)
            .set(customer_sessions::ended_at.eq(at.as_micros()))
            .execute(self.conn)
            .await
            .map_err(about("customer session"))?;
        Ok(rows > 0)
    }
}
