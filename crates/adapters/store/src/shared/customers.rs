//! Customers.

use async_trait::async_trait;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use lodge_access::{ConnectionKind, ConnectionStatus, Customer};
use lodge_forge::ProviderName;
use lodge_kernel::{ClientId, CustomerId, Timestamp};
use lodge_storage::{CustomerRepository, StorageError};

use super::{
    Db, Key, Rows,
    schema::{connections, customers},
};
use crate::error::{about, added, changed};

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

    async fn find_proved(
        &mut self,
        stranger: &Customer,
        provider: &ProviderName,
        host_account: &str,
    ) -> Result<Option<Customer>, StorageError> {
        let Some(reference) = stranger.reference.clone() else { return Ok(None) };
        let kept = [ConnectionStatus::Active, ConnectionStatus::NeedsReconnect];
        let row = customers::table
            .inner_join(
                connections::table.on(connections::tenant_id
                    .eq(customers::tenant_id)
                    .and(connections::customer_id.eq(customers::id))),
            )
            .filter(customers::client_id.eq(Key::from(stranger.client)))
            .filter(customers::reference.eq(reference))
            .filter(customers::id.ne(Key::from(stranger.id)))
            .filter(connections::provider.eq(provider.to_string()))
            .filter(connections::host_account.eq(host_account.to_owned()))
            .filter(connections::kind.ne(ConnectionKind::Configured.name()))
            .filter(connections::status.eq_any(kept.map(ConnectionStatus::name)))
            .order((customers::vouched.desc(), customers::id))
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
