//! Customers.

use async_trait::async_trait;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use lodge_access::Customer;
use lodge_kernel::{ClientId, CustomerId, Timestamp};
use lodge_storage::{CustomerRepository, StorageError};

use super::{Db, Key, Rows, schema::customers};
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

    async fn rename(&mut self, id: CustomerId, name: Option<&str>) -> Result<(), StorageError> {
        let rows = diesel::update(customers::table.filter(customers::id.eq(Key::from(id))))
            .set(customers::name.eq(name.map(ToOwned::to_owned)))
            .execute(self.conn)
            .await
            .map_err(about("customer"))?;
        changed(rows, "customer")
    }
}
