//! Webhooks that came.

use std::time::Duration;

use async_trait::async_trait;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use lodge_access::{Attempts, DeliveryState, HookDelivery};
use lodge_kernel::{HookDeliveryId, Timestamp};
use lodge_storage::{InboxRepository, StorageError};

use super::{Db, Key, Rows, schema::inbox, waiting};
use crate::{
    convert,
    error::{about, changed},
};

const ENTITY: &str = "webhook";

#[derive(Queryable, QueryableByName, Selectable, Insertable)]
#[diesel(table_name = inbox, check_for_backend(Db))]
struct Row {
    tenant_id: Key,
    id: Key,
    subscription_id: Key,
    key: Vec<u8>,
    sealed: String,
    state: String,
    attempts: i64,
    next_at: i64,
    received_at: i64,
}

impl From<&HookDelivery> for Row {
    fn from(it: &HookDelivery) -> Self {
        Self {
            tenant_id: it.tenant.into(),
            id: it.id.into(),
            subscription_id: it.subscription.into(),
            key: it.key.0.to_vec(),
            sealed: it.sealed.clone(),
            state: it.state.name().to_owned(),
            attempts: it.attempts.made.into(),
            next_at: it.attempts.next_at.as_micros(),
            received_at: it.received_at.as_micros(),
        }
    }
}

impl TryFrom<Row> for HookDelivery {
    type Error = StorageError;

    fn try_from(it: Row) -> Result<Self, StorageError> {
        let row = convert::Row(ENTITY);
        Ok(Self {
            id: it.id.into(),
            tenant: it.tenant_id.into(),
            subscription: it.subscription_id.into(),
            key: row.digest(it.key)?,
            sealed: it.sealed,
            state: waiting::state(row, &it.state)?,
            attempts: Attempts {
                made: row.number(it.attempts)?,
                next_at: Timestamp::from_micros(it.next_at),
            },
            received_at: Timestamp::from_micros(it.received_at),
        })
    }
}

#[async_trait]
impl InboxRepository for Rows<'_> {
    #[tracing::instrument(name = "db.inbox.receive", level = "debug", skip_all)]
    async fn receive(&mut self, it: &HookDelivery) -> Result<bool, StorageError> {
        let rows = diesel::insert_into(inbox::table)
            .values(Row::from(it))
            .on_conflict_do_nothing()
            .execute(self.conn)
            .await
            .map_err(about(ENTITY))?;
        Ok(rows > 0)
    }

    #[tracing::instrument(name = "db.inbox.claim", level = "debug", skip_all)]
    async fn claim(
        &mut self,
        now: Timestamp,
        lease: Duration,
        limit: usize,
    ) -> Result<Vec<HookDelivery>, StorageError> {
        let claim = waiting::claim("inbox", DeliveryState::Waiting.name(), now, lease, limit);
        let rows: Vec<Row> = claim.load(self.conn).await.map_err(about(ENTITY))?;
        let taken = rows.into_iter().map(HookDelivery::try_from);
        let mut taken = taken.collect::<Result<Vec<_>, _>>()?;
        taken.sort_by_key(|it| it.id);
        Ok(taken)
    }

    async fn settle(&mut self, it: &HookDelivery) -> Result<(), StorageError> {
        let row = Row::from(it);
        let rows = diesel::update(inbox::table)
            .filter(inbox::tenant_id.eq(row.tenant_id))
            .filter(inbox::id.eq(row.id))
            .set((
                inbox::state.eq(row.state),
                inbox::attempts.eq(row.attempts),
                inbox::next_at.eq(row.next_at),
            ))
            .execute(self.conn)
            .await
            .map_err(about(ENTITY))?;
        changed(rows, ENTITY)
    }

    async fn forget(&mut self, before: Timestamp, limit: usize) -> Result<u64, StorageError> {
        let done = format!("state = '{}'", DeliveryState::Done.name());
        waiting::forget(self.conn, "inbox", "received_at", &done, before, limit).await
    }

    async fn backlog(&mut self) -> Result<(u64, u64), StorageError> {
        waiting::backlog(self.conn, "inbox").await
    }

    async fn revive(&mut self, id: HookDeliveryId, now: Timestamp) -> Result<bool, StorageError> {
        let rows = diesel::update(inbox::table)
            .filter(inbox::id.eq(Key::from(id)))
            .filter(inbox::state.eq(DeliveryState::Dead.name()))
            .set((
                inbox::state.eq(DeliveryState::Waiting.name()),
                inbox::attempts.eq(0),
                inbox::next_at.eq(now.as_micros()),
            ))
            .execute(self.conn)
            .await
            .map_err(about(ENTITY))?;
        Ok(rows > 0)
    }
}
