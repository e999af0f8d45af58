//! Receipts of what customers decided.

use async_trait::async_trait;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use lodge_access::{Receipt, ReceiptChange};
use lodge_kernel::{AuthorizationId, CustomerId, ReceiptId, Timestamp};
use lodge_storage::{ReceiptRepository, StorageError};

use super::{Db, Key, Rows, schema::receipts};
use crate::{
    convert::{Row, column},
    error::{about, added},
};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = receipts, check_for_backend(Db))]
struct ReceiptRow {
    tenant_id: Key,
    id: Key,
    client_id: Key,
    customer_id: Key,
    authorization_id: Key,
    version: i64,
    change: String,
    at: i64,
    document: String,
}

impl TryFrom<ReceiptRow> for Receipt {
    type Error = StorageError;

    fn try_from(it: ReceiptRow) -> Result<Self, StorageError> {
        let row = Row("receipt");
        let change = ReceiptChange::parse(&it.change);
        Ok(Self {
            id: it.id.into(),
            tenant: it.tenant_id.into(),
            client: it.client_id.into(),
            customer: it.customer_id.into(),
            authorization: it.authorization_id.into(),
            version: row.number(it.version)?,
            change: change.ok_or_else(|| row.corrupt("it has no known change"))?,
            at: Timestamp::from_micros(it.at),
            document: it.document,
        })
    }
}

#[async_trait]
impl ReceiptRepository for Rows<'_> {
    async fn add(&mut self, it: &Receipt) -> Result<(), StorageError> {
        let row = ReceiptRow {
            tenant_id: it.tenant.into(),
            id: it.id.into(),
            client_id: it.client.into(),
            customer_id: it.customer.into(),
            authorization_id: it.authorization.into(),
            version: it.version.into(),
            change: it.change.name().to_owned(),
            at: it.at.as_micros(),
            document: it.document.clone(),
        };
        let rows = diesel::insert_into(receipts::table)
            .values(row)
            .on_conflict_do_nothing()
            .execute(self.conn)
            .await
            .map_err(about("receipt"))?;
        added(rows, "receipt")
    }

    async fn find(&mut self, id: ReceiptId) -> Result<Option<Receipt>, StorageError> {
        let row = receipts::table
            .filter(receipts::id.eq(Key::from(id)))
            .select(ReceiptRow::as_select())
            .first(self.conn)
            .await
            .optional()
            .map_err(about("receipt"))?;
        row.map(Receipt::try_from).transpose()
    }

    async fn of_customer(
        &mut self,
        customer: CustomerId,
        before: Option<ReceiptId>,
        limit: usize,
    ) -> Result<Vec<Receipt>, StorageError> {
        // No id sorts after the one that is all ones, and none is it.
        let before = before.map_or(Key(uuid::Uuid::max()), Key::from);
        let rows = receipts::table
            .filter(receipts::customer_id.eq(Key::from(customer)))
            .filter(receipts::id.lt(before))
            .order(receipts::id.desc())
            .limit(column(limit))
            .select(ReceiptRow::as_select())
            .load(self.conn)
            .await
            .map_err(about("receipt"))?;
        rows.into_iter().map(Receipt::try_from).collect()
    }

    async fn latest(&mut self, authorization: AuthorizationId) -> Result<u32, StorageError> {
        let version: Option<i64> = receipts::table
            .filter(receipts::authorization_id.eq(Key::from(authorization)))
            .select(diesel::dsl::max(receipts::version))
            .first(self.conn)
            .await
            .map_err(about("receipt"))?;
        Row("receipt").number(version.unwrap_or_default())
    }
}
