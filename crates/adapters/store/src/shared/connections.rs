//! Accounts at Git hosts.

use async_trait::async_trait;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use lodge_access::{Connection, ConnectionKind, ConnectionStatus};
use lodge_kernel::{ConnectionId, CustomerId, TenantId, Timestamp};
use lodge_storage::{ConnectionRepository, StorageError};

use super::{Db, Key, Rows, schema::connections};
use crate::{
    convert::{Row, column, json},
    error::{about, added, changed},
};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = connections, check_for_backend(Db))]
struct ConnectionRow {
    tenant_id: Key,
    id: Key,
    customer_id: Key,
    provider: String,
    account: String,
    status: String,
    created_at: i64,
    updated_at: i64,
    kind: String,
    host_account: String,
    scopes: String,
}

impl From<&Connection> for ConnectionRow {
    fn from(it: &Connection) -> Self {
        Self {
            tenant_id: it.tenant.into(),
            id: it.id.into(),
            customer_id: it.customer.into(),
            provider: it.provider.to_string(),
            account: it.account.clone(),
            status: it.status.name().to_owned(),
            created_at: it.created_at.as_micros(),
            updated_at: it.updated_at.as_micros(),
            kind: it.kind.name().to_owned(),
            host_account: it.host_account.clone(),
            scopes: scopes(it),
        }
    }
}

impl TryFrom<ConnectionRow> for Connection {
    type Error = StorageError;

    fn try_from(it: ConnectionRow) -> Result<Self, StorageError> {
        let row = Row("connection");
        let status = ConnectionStatus::parse(&it.status);
        let kind = ConnectionKind::parse(&it.kind);
        Ok(Self {
            id: it.id.into(),
            tenant: it.tenant_id.into(),
            customer: it.customer_id.into(),
            provider: row.provider(&it.provider)?,
            kind: kind.ok_or_else(|| row.corrupt("it has no known kind"))?,
            host_account: it.host_account,
            account: it.account,
            scopes: row.list(&it.scopes)?,
            status: status.ok_or_else(|| row.corrupt("it has no known status"))?,
            created_at: Timestamp::from_micros(it.created_at),
            updated_at: Timestamp::from_micros(it.updated_at),
        })
    }
}

fn scopes(it: &Connection) -> String {
    json(it.scopes.iter().map(String::as_str))
}

#[async_trait]
impl ConnectionRepository for Rows<'_> {
    async fn add(&mut self, it: &Connection) -> Result<(), StorageError> {
        let rows = diesel::insert_into(connections::table)
            .values(ConnectionRow::from(it))
            .on_conflict_do_nothing()
            .execute(self.conn)
            .await
            .map_err(about("connection"))?;
        added(rows, "connection")
    }

    async fn find(&mut self, id: ConnectionId) -> Result<Option<Connection>, StorageError> {
        let row = connections::table
            .filter(connections::id.eq(Key::from(id)))
            .select(ConnectionRow::as_select())
            .first(self.conn)
            .await
            .optional()
            .map_err(about("connection"))?;
        row.map(Connection::try_from).transpose()
    }

    async fn of_customer(&mut self, customer: CustomerId) -> Result<Vec<Connection>, StorageError> {
        let rows = connections::table
            .filter(connections::customer_id.eq(Key::from(customer)))
            .order(connections::id)
            .select(ConnectionRow::as_select())
            .load(self.conn)
            .await
            .map_err(about("connection"))?;
        rows.into_iter().map(Connection::try_from).collect()
    }

    async fn list(
        &mut self,
        tenant: Option<TenantId>,
        after: Option<ConnectionId>,
        limit: usize,
    ) -> Result<Vec<Connection>, StorageError> {
        // No id sorts before the one that is all zeroes.
        let after = after.map_or(Key(uuid::Uuid::nil()), Key::from);
        let all = connections::table
            .filter(connections::id.gt(after))
            .order(connections::id)
            .limit(column(limit))
            .select(ConnectionRow::as_select());
        let rows = match tenant {
            Some(tenant) => {
                all.filter(connections::tenant_id.eq(Key::from(tenant))).load(self.conn).await
            }
            None => all.load(self.conn).await,
        };
        let rows: Vec<ConnectionRow> = rows.map_err(about("connection"))?;
        rows.into_iter().map(Connection::try_from).collect()
    }

    async fn idle_of_strangers(
        &mut self,
        before: Timestamp,
        limit: usize,
    ) -> Result<Vec<ConnectionId>, StorageError> {
        super::sweep::idle_of_strangers(self.conn, before, limit).await
    }

    async fn update(&mut self, it: &Connection) -> Result<(), StorageError> {
        let rows = diesel::update(connections::table.filter(connections::id.eq(Key::from(it.id))))
            .set((
                connections::kind.eq(it.kind.name()),
                connections::account.eq(it.account.clone()),
                connections::scopes.eq(scopes(it)),
                connections::status.eq(it.status.name()),
                connections::updated_at.eq(it.updated_at.as_micros()),
            ))
            .execute(self.conn)
            .await
            .map_err(about("connection"))?;
        changed(rows, "connection")
    }
}
