//! The data keys of organisations.

use async_trait::async_trait;
use diesel::{dsl::count_star, prelude::*};
use diesel_async::RunQueryDsl;
use lodge_access::DataKey;
use lodge_kernel::{TenantId, Timestamp};
use lodge_storage::{DataKeyRepository, StorageError};

use super::{Db, Key, Rows, schema::data_keys};
use crate::{
    convert::{Row, column},
    error::{about, added},
};

const ROW: Row = Row("data key");

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = data_keys, check_for_backend(Db))]
struct DataKeyRow {
    tenant_id: Key,
    number: i64,
    wrapped: String,
    master: i64,
    created_at: i64,
}

impl From<&DataKey> for DataKeyRow {
    fn from(it: &DataKey) -> Self {
        Self {
            tenant_id: it.tenant.into(),
            number: it.number.into(),
            wrapped: it.wrapped.clone(),
            master: it.master.into(),
            created_at: it.created_at.as_micros(),
        }
    }
}

impl TryFrom<DataKeyRow> for DataKey {
    type Error = StorageError;

    fn try_from(it: DataKeyRow) -> Result<Self, StorageError> {
        Ok(Self {
            tenant: it.tenant_id.into(),
            number: ROW.number(it.number)?,
            wrapped: it.wrapped,
            master: ROW.number(it.master)?,
            created_at: Timestamp::from_micros(it.created_at),
        })
    }
}

#[async_trait]
impl DataKeyRepository for Rows<'_> {
    async fn add(&mut self, it: &DataKey) -> Result<(), StorageError> {
        let rows = diesel::insert_into(data_keys::table)
            .values(DataKeyRow::from(it))
            .on_conflict_do_nothing()
            .execute(self.conn)
            .await
            .map_err(about("data key"))?;
        added(rows, "data key")
    }

    async fn find(
        &mut self,
        tenant: TenantId,
        number: u32,
    ) -> Result<Option<DataKey>, StorageError> {
        let row = data_keys::table
            .filter(data_keys::tenant_id.eq(Key::from(tenant)))
            .filter(data_keys::number.eq(i64::from(number)))
            .select(DataKeyRow::as_select())
            .first(self.conn)
            .await
            .optional()
            .map_err(about("data key"))?;
        row.map(DataKey::try_from).transpose()
    }

    async fn newest(&mut self, tenant: TenantId) -> Result<Option<DataKey>, StorageError> {
        let row = data_keys::table
            .filter(data_keys::tenant_id.eq(Key::from(tenant)))
            .order(data_keys::number.desc())
            .select(DataKeyRow::as_select())
            .first(self.conn)
            .await
            .optional()
            .map_err(about("data key"))?;
        row.map(DataKey::try_from).transpose()
    }

    async fn not_wrapped_by(
        &mut self,
        master: u8,
        limit: usize,
    ) -> Result<Vec<DataKey>, StorageError> {
        let rows = data_keys::table
            .filter(data_keys::master.ne(i64::from(master)))
            .order((data_keys::tenant_id, data_keys::number))
            .limit(column(limit))
            .select(DataKeyRow::as_select())
            .load(self.conn)
            .await
            .map_err(about("data key"))?;
        rows.into_iter().map(DataKey::try_from).collect()
    }

    async fn rewrap(&mut self, it: &DataKey, before: &str) -> Result<bool, StorageError> {
        let known = data_keys::table
            .filter(data_keys::tenant_id.eq(Key::from(it.tenant)))
            .filter(data_keys::number.eq(i64::from(it.number)))
            .filter(data_keys::wrapped.eq(before.to_owned()));
        let rows = diesel::update(known)
            .set((
                data_keys::wrapped.eq(it.wrapped.clone()),
                data_keys::master.eq(i64::from(it.master)),
            ))
            .execute(self.conn)
            .await
            .map_err(about("data key"))?;
        Ok(rows == 1)
    }

    async fn count(&mut self) -> Result<Vec<(u8, u64)>, StorageError> {
        let rows: Vec<(i64, i64)> = data_keys::table
            .group_by(data_keys::master)
            .order(data_keys::master)
            .select((data_keys::master, count_star()))
            .load(self.conn)
            .await
            .map_err(about("data key"))?;
        rows.into_iter()
            .map(|(master, count)| Ok((ROW.number(master)?, ROW.number(count)?)))
            .collect()
    }
}
