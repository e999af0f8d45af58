//! Events on their way.

use std::time::Duration;

use async_trait::async_trait;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use lodge_access::{Attempts, DeliveryState, EventDelivery};
use lodge_forge::EventKind;
use lodge_kernel::{EventDeliveryId, SubscriptionId, TenantId, Timestamp};
use lodge_storage::{OutboxRepository, StorageError};

use super::{Db, Key, Rows, schema::outbox, waiting};
use crate::{
    convert::{self, column, instant, micros},
    error::{about, added, changed},
};

const ENTITY: &str = "event delivery";

#[derive(Queryable, QueryableByName, Selectable, Insertable)]
#[diesel(table_name = outbox, check_for_backend(Db))]
struct Row {
    tenant_id: Key,
    id: Key,
    subscription_id: Key,
    event: String,
    body: String,
    state: String,
    attempts: i64,
    next_at: i64,
    last_status: Option<i64>,
    last_problem: Option<String>,
    created_at: i64,
    delivered_at: Option<i64>,
}

impl From<&EventDelivery> for Row {
    fn from(it: &EventDelivery) -> Self {
        Self {
            tenant_id: it.tenant.into(),
            id: it.id.into(),
            subscription_id: it.subscription.into(),
            event: it.event.name().to_owned(),
            body: it.body.clone(),
            state: it.state.name().to_owned(),
            attempts: it.attempts.made.into(),
            next_at: it.attempts.next_at.as_micros(),
            last_status: it.last_status.map(i64::from),
            last_problem: it.last_problem.clone(),
            created_at: it.created_at.as_micros(),
            delivered_at: micros(it.delivered_at),
        }
    }
}

impl TryFrom<Row> for EventDelivery {
    type Error = StorageError;

    fn try_from(it: Row) -> Result<Self, StorageError> {
        let row = convert::Row(ENTITY);
        let event = EventKind::parse(&it.event);
        Ok(Self {
            id: it.id.into(),
            tenant: it.tenant_id.into(),
            subscription: it.subscription_id.into(),
            event: event.ok_or_else(|| row.corrupt("an unknown event"))?,
            body: it.body,
            state: waiting::state(row, &it.state)?,
            attempts: Attempts {
                made: row.number(it.attempts)?,
                next_at: Timestamp::from_micros(it.next_at),
            },
            last_status: it.last_status.map(|status| row.number(status)).transpose()?,
            last_problem: it.last_problem,
            created_at: Timestamp::from_micros(it.created_at),
            delivered_at: instant(it.delivered_at),
        })
    }
}

#[async_trait]
impl OutboxRepository for Rows<'_> {
    async fn send(&mut self, deliveries: &[EventDelivery]) -> Result<(), StorageError> {
        // One webhook makes a handful of events at the most.
        for it in deliveries {
            let rows = diesel::insert_into(outbox::table)
                .values(Row::from(it))
                .on_conflict_do_nothing()
                .execute(self.conn)
                .await
                .map_err(about(ENTITY))?;
            added(rows, ENTITY)?;
        }
        Ok(())
    }

    #[tracing::instrument(name = "db.outbox.claim", level = "debug", skip_all)]
    async fn claim(
        &mut self,
        now: Timestamp,
        lease: Duration,
        limit: usize,
    ) -> Result<Vec<EventDelivery>, StorageError> {
        let claim = waiting::claim("outbox", DeliveryState::Waiting.name(), now, lease, limit);
        let rows: Vec<Row> = claim.load(self.conn).await.map_err(about(ENTITY))?;
        let taken = rows.into_iter().map(EventDelivery::try_from);
        let mut taken = taken.collect::<Result<Vec<_>, _>>()?;
        taken.sort_by_key(|it| it.id);
        Ok(taken)
    }

    async fn find(&mut self, id: EventDeliveryId) -> Result<Option<EventDelivery>, StorageError> {
        let row: Option<Row> = outbox::table
            .filter(outbox::id.eq(Key::from(id)))
            .select(Row::as_select())
            .first(self.conn)
            .await
            .optional()
            .map_err(about(ENTITY))?;
        row.map(EventDelivery::try_from).transpose()
    }

    async fn of_subscription(
        &mut self,
        tenant: TenantId,
        subscription: SubscriptionId,
        before: Option<EventDeliveryId>,
        limit: usize,
    ) -> Result<Vec<EventDelivery>, StorageError> {
        // No id sorts after the one that is all ones, and none is it.
        let before = before.map_or(Key(uuid::Uuid::max()), Key::from);
        let rows: Vec<Row> = outbox::table
            .filter(outbox::tenant_id.eq(Key::from(tenant)))
            .filter(outbox::subscription_id.eq(Key::from(subscription)))
            .filter(outbox::id.lt(before))
            .order(outbox::id.desc())
            .limit(column(limit))
            .select(Row::as_select())
            .load(self.conn)
            .await
            .map_err(about(ENTITY))?;
        rows.into_iter().map(EventDelivery::try_from).collect()
    }

    async fn settle(&mut self, it: &EventDelivery) -> Result<(), StorageError> {
        let row = Row::from(it);
        let rows = diesel::update(outbox::table)
            .filter(outbox::tenant_id.eq(row.tenant_id))
            .filter(outbox::id.eq(row.id))
            .set((
                outbox::state.eq(row.state),
                outbox::attempts.eq(row.attempts),
                outbox::next_at.eq(row.next_at),
                outbox::last_status.eq(row.last_status),
                outbox::last_problem.eq(row.last_problem),
                outbox::delivered_at.eq(row.delivered_at),
            ))
            .execute(self.conn)
            .await
            .map_err(about(ENTITY))?;
        changed(rows, ENTITY)
    }

    async fn forget(&mut self, before: Timestamp, limit: usize) -> Result<u64, StorageError> {
        let ended = format!("state <> '{}'", DeliveryState::Waiting.name());
        waiting::forget(self.conn, "outbox", "created_at", &ended, before, limit).await
    }

    async fn backlog(&mut self) -> Result<(u64, u64), StorageError> {
        waiting::backlog(self.conn, "outbox").await
    }
}
