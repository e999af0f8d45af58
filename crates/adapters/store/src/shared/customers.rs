//! Customers and their accounts at Git hosts.

use async_trait::async_trait;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use lodge_access::{Connection, ConnectionStatus, Customer};
use lodge_kernel::{ClientId, ConnectionId, CustomerId, Timestamp};
use lodge_storage::{ConnectionRepository, CustomerRepository, StorageError};

use super::{
    Db, Key, Rows,
    schema::{connections, customers},
};
use crate::{
    convert::Row,
    error::{about, added, changed},
};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = customers, check_for_backend(Db))]
struct CustomerRow {
    tenant_id: Key,
    id: Key,
    client_id: Key,
    reference: Option<String>,
    name: Option<String>,
    vouched: bool,
    created_at: i64,
}

impl From<CustomerRow> for Customer {
    fn from(it: CustomerRow) -> Self {
        Self {
            id: it.id.into(),
            tenant: it.tenant_id.into(),
            client: it.client_id.into(),
            reference: it.reference,
            name: it.name,
            vouched: it.vouched,
            created_at: Timestamp::from_micros(it.created_at),
        }
    }
}

#[async_trait]
impl CustomerRepository for Rows<'_> {
    async fn add(&mut self, it: &Customer) -> Result<(), StorageError> {
        let row = CustomerRow {
            tenant_id: it.tenant.into(),
            id: it.id.into(),
            client_id: it.client.into(),
            reference: it.reference.clone(),
            name: it.name.clone(),
            vouched: it.vouched,
            created_at: it.created_at.as_micros(),
        };
        let rows = diesel::insert_into(customers::table)
            .values(row)
            .on_conflict_do_nothing()
            .execute(self.conn)
            .await
            .map_err(about("customer"))?;
        added(rows, "customer")
    }

    async fn find(&mut self, id: CustomerId) -> Result<Option<Customer>, StorageError> {
        let row = customers::table
            .filter(customers::id.eq(Key::from(id)))
            .select(CustomerRow::as_select())
            .first(self.conn)
            .await
            .optional()
            .map_err(about("customer"))?;
        Ok(row.map(Customer::from))
    }

    async fn find_vouched(
        &mut self,
        client: ClientId,
        reference: &str,
    ) -> Result<Option<Customer>, StorageError> {
        let row = customers::table
            .filter(customers::client_id.eq(Key::from(client)))
            .filter(customers::reference.eq(reference.to_owned()))
            .filter(customers::vouched)
            .select(CustomerRow::as_select())
            .first(self.conn)
            .await
            .optional()
            .map_err(about("customer"))?;
        Ok(row.map(Customer::from))
    }

    async fn rename(&mut self, id: CustomerId, name: Option<&str>) -> Result<(), StorageError> {
        let rows = diesel::update(customers::table.filter(customers::id.eq(Key::from(id))))
            .set(customers::name.eq(name.map(ToOwned::to_owned)))
            .execute(self.conn)
            .await
            .map_err(about("customer"))?;
        changed(rows, "customer")
    }
}

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
}

const fn status_name(status: ConnectionStatus) -> &'static str {
    match status {
        ConnectionStatus::Active => "active",
        ConnectionStatus::NeedsReconnect => "needs_reconnect",
        ConnectionStatus::Disconnected => "disconnected",
    }
}

impl TryFrom<ConnectionRow> for Connection {
    type Error = StorageError;

    fn try_from(it: ConnectionRow) -> Result<Self, StorageError> {
        use ConnectionStatus::{Active, Disconnected, NeedsReconnect};
        let row = Row("connection");
        let status = [Active, NeedsReconnect, Disconnected]
            .into_iter()
            .find(|status| status_name(*status) == it.status)
            .ok_or_else(|| row.corrupt("it has no known status"))?;
        Ok(Self {
            id: it.id.into(),
            tenant: it.tenant_id.into(),
            customer: it.customer_id.into(),
            provider: row.provider(&it.provider)?,
            account: it.account,
            status,
            created_at: Timestamp::from_micros(it.created_at),
            updated_at: Timestamp::from_micros(it.updated_at),
        })
    }
}

#[async_trait]
impl ConnectionRepository for Rows<'_> {
    async fn add(&mut self, it: &Connection) -> Result<(), StorageError> {
        let row = ConnectionRow {
            tenant_id: it.tenant.into(),
            id: it.id.into(),
            customer_id: it.customer.into(),
            provider: it.provider.to_string(),
            account: it.account.clone(),
            status: status_name(it.status).to_owned(),
            created_at: it.created_at.as_micros(),
            updated_at: it.updated_at.as_micros(),
        };
        let rows = diesel::insert_into(connections::table)
            .values(row)
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

    async fn update(&mut self, it: &Connection) -> Result<(), StorageError> {
        let rows = diesel::update(connections::table.filter(connections::id.eq(Key::from(it.id))))
            .set((
                connections::account.eq(it.account.clone()),
                connections::status.eq(status_name(it.status)),
                connections::updated_at.eq(it.updated_at.as_micros()),
            ))
            .execute(self.conn)
            .await
            .map_err(about("connection"))?;
        changed(rows, "connection")
    }
}
