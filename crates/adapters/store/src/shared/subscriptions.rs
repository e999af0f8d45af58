//! Subscriptions.

use async_trait::async_trait;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use lodge_access::{Subscription, SubscriptionState};
use lodge_forge::EventKind;
use lodge_kernel::{ClientId, Digest, SubscriptionId, Timestamp};
use lodge_storage::{StorageError, SubscriptionRepository};

use super::{Db, Key, Rows, schema::subscriptions};
use crate::{
    convert::{self, column, json},
    error::{about, added, changed},
};

const ENTITY: &str = "subscription";

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = subscriptions, check_for_backend(Db))]
struct Row {
    tenant_id: Key,
    id: Key,
    client_id: Key,
    authorization_id: Key,
    connection_id: Key,
    provider: String,
    repository_id: String,
    callback_url: String,
    events: String,
    state: String,
    sealed_secret: String,
    hook_digest: Vec<u8>,
    sealed_hook_secret: String,
    hook_ids: String,
    created_at: i64,
    updated_at: i64,
}

impl From<&Subscription> for Row {
    fn from(it: &Subscription) -> Self {
        Self {
            tenant_id: it.tenant.into(),
            id: it.id.into(),
            client_id: it.client.into(),
            authorization_id: it.authorization.into(),
            connection_id: it.connection.into(),
            provider: it.provider.to_string(),
            repository_id: it.repository.to_string(),
            callback_url: it.callback_url.clone(),
            events: json(it.events.iter().map(|kind| kind.name())),
            state: it.state.name().to_owned(),
            sealed_secret: it.secret.to_string(),
            hook_digest: it.hook_digest.0.to_vec(),
            sealed_hook_secret: it.hook_secret.to_string(),
            hook_ids: json(it.hook_ids.iter().map(String::as_str)),
            created_at: it.created_at.as_micros(),
            updated_at: it.updated_at.as_micros(),
        }
    }
}

impl TryFrom<Row> for Subscription {
    type Error = StorageError;

    fn try_from(it: Row) -> Result<Self, StorageError> {
        let row = convert::Row(ENTITY);
        let event = |name: String| {
            EventKind::parse(&name).ok_or_else(|| row.corrupt(format!("no event is called {name}")))
        };
        let state = SubscriptionState::parse(&it.state);
        Ok(Self {
            id: it.id.into(),
            tenant: it.tenant_id.into(),
            client: it.client_id.into(),
            authorization: it.authorization_id.into(),
            connection: it.connection_id.into(),
            provider: row.provider(&it.provider)?,
            repository: row.repository(&it.repository_id)?,
            callback_url: it.callback_url,
            events: row.list(&it.events)?.into_iter().map(event).collect::<Result<_, _>>()?,
            state: state.ok_or_else(|| row.corrupt("an unknown state"))?,
            secret: row.sealed(&it.sealed_secret)?,
            hook_digest: row.digest(it.hook_digest)?,
            hook_secret: row.sealed(&it.sealed_hook_secret)?,
            hook_ids: row.list(&it.hook_ids)?,
            created_at: Timestamp::from_micros(it.created_at),
            updated_at: Timestamp::from_micros(it.updated_at),
        })
    }
}

#[async_trait]
impl SubscriptionRepository for Rows<'_> {
    async fn add(&mut self, it: &Subscription) -> Result<(), StorageError> {
        let rows = diesel::insert_into(subscriptions::table)
            .values(Row::from(it))
            .on_conflict_do_nothing()
            .execute(self.conn)
            .await
            .map_err(about(ENTITY))?;
        added(rows, ENTITY)
    }

    async fn find(&mut self, id: SubscriptionId) -> Result<Option<Subscription>, StorageError> {
        let row: Option<Row> = subscriptions::table
            .filter(subscriptions::id.eq(Key::from(id)))
            .select(Row::as_select())
            .first(self.conn)
            .await
            .optional()
            .map_err(about(ENTITY))?;
        row.map(Subscription::try_from).transpose()
    }

    async fn find_by_hook(&mut self, digest: Digest) -> Result<Option<Subscription>, StorageError> {
        let row: Option<Row> = subscriptions::table
            .filter(subscriptions::hook_digest.eq(digest.0.to_vec()))
            .select(Row::as_select())
            .first(self.conn)
            .await
            .optional()
            .map_err(about(ENTITY))?;
        row.map(Subscription::try_from).transpose()
    }

    async fn of_client(
        &mut self,
        client: ClientId,
        after: Option<SubscriptionId>,
        limit: usize,
    ) -> Result<Vec<Subscription>, StorageError> {
        // No id sorts before the one that is all zeros, and none is it.
        let after = after.map_or(Key(uuid::Uuid::nil()), Key::from);
        let rows: Vec<Row> = subscriptions::table
            .filter(subscriptions::client_id.eq(Key::from(client)))
            .filter(subscriptions::id.gt(after))
            .filter(subscriptions::state.ne(SubscriptionState::Ended.name()))
            .order(subscriptions::id)
            .limit(column(limit))
            .select(Row::as_select())
            .load(self.conn)
            .await
            .map_err(about(ENTITY))?;
        rows.into_iter().map(Subscription::try_from).collect()
    }

    async fn update(&mut self, it: &Subscription) -> Result<(), StorageError> {
        let row = Row::from(it);
        let rows = diesel::update(subscriptions::table)
            .filter(subscriptions::tenant_id.eq(row.tenant_id))
            .filter(subscriptions::id.eq(row.id))
            .set((
                subscriptions::callback_url.eq(row.callback_url),
                subscriptions::events.eq(row.events),
                subscriptions::state.eq(row.state),
                subscriptions::hook_ids.eq(row.hook_ids),
                subscriptions::updated_at.eq(row.updated_at),
            ))
            .execute(self.conn)
            .await
            .map_err(about(ENTITY))?;
        changed(rows, ENTITY)
    }
}
