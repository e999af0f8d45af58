//! What comes once.

use async_trait::async_trait;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use lodge_kernel::{ClientId, Timestamp};
use lodge_storage::{NonceRepository, StorageError};

use super::{
    Key, Rows,
    schema::{apps, nonces},
};
use crate::error::about;

#[async_trait]
impl NonceRepository for Rows<'_> {
    async fn claim(
        &mut self,
        client: ClientId,
        nonce: &str,
        until: Timestamp,
    ) -> Result<bool, StorageError> {
        let tenant_id: Option<Key> = apps::table
            .filter(apps::id.eq(Key::from(client)))
            .select(apps::tenant_id)
            .first(self.conn)
            .await
            .optional()
            .map_err(about("nonce"))?;
        let rows = diesel::insert_into(nonces::table)
            .values((
                nonces::tenant_id.eq(tenant_id.ok_or(StorageError::Orphan { entity: "nonce" })?),
                nonces::client_id.eq(Key::from(client)),
                nonces::nonce.eq(nonce.to_owned()),
                nonces::expires_at.eq(until.as_micros()),
            ))
            .on_conflict_do_nothing()
            .execute(self.conn)
            .await
            .map_err(about("nonce"))?;
        Ok(rows > 0)
    }
}
