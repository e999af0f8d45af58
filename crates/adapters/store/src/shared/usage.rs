//! The journal of reads.

use std::time::Duration;

use async_trait::async_trait;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use lodge_access::{
    Permission, ReadFilter, ReadTotals, Upstream, UsageFilter, UsageOf, UsageRow, UsageSummary,
    UsageWindow,
};
use lodge_kernel::{CustomerId, RequestId, TenantId, Timestamp};
use lodge_storage::{StorageError, UsageRepository};

use super::{Db, Key, Rows, customer_journal, schema::usage, usage_page, usage_sums};
use crate::{
    convert::{self, column},
    error::about,
};

/// One row, as both dialects hold it.
#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = usage, check_for_backend(Db))]
pub(in super::super) struct Row {
    pub(in super::super) tenant_id: Key,
    pub(in super::super) request_id: Key,
    pub(in super::super) at: i64,
    pub(in super::super) client_id: Key,
    pub(in super::super) token_id: Key,
    pub(in super::super) authorization_id: Option<Key>,
    pub(in super::super) customer_id: Option<Key>,
    pub(in super::super) connection_id: Option<Key>,
    pub(in super::super) provider: Option<String>,
    pub(in super::super) repository_id: Option<String>,
    pub(in super::super) endpoint: String,
    pub(in super::super) status: i64,
    pub(in super::super) error_code: Option<String>,
    pub(in super::super) duration: i64,
    pub(in super::super) upstream_calls: i64,
    pub(in super::super) items: i64,
    pub(in super::super) bytes: i64,
    pub(in super::super) withheld: i64,
    pub(in super::super) masked: i64,
    pub(in super::super) upstream_confirmed: i64,
    pub(in super::super) upstream_shared: i64,
    pub(in super::super) upstream_waited: i64,
    pub(in super::super) scope: Option<String>,
    pub(in super::super) rules: String,
}

impl From<&UsageRow> for Row {
    fn from(it: &UsageRow) -> Self {
        Self {
            tenant_id: it.tenant.into(),
            request_id: it.request.into(),
            at: it.at.as_micros(),
            client_id: it.client.into(),
            token_id: it.token.into(),
            authorization_id: it.authorization.map(Key::from),
            customer_id: it.customer.map(Key::from),
            connection_id: it.connection.map(Key::from),
            provider: it.provider.as_ref().map(ToString::to_string),
            repository_id: it.repository.as_ref().map(ToString::to_string),
            endpoint: it.endpoint.to_string(),
            status: it.status.into(),
            error_code: it.error_code.as_ref().map(ToString::to_string),
            duration: column(it.duration.as_micros()),
            upstream_calls: it.upstream.calls.into(),
            items: it.items.into(),
            bytes: column(it.bytes),
            withheld: it.withheld.into(),
            masked: it.masked.into(),
            upstream_confirmed: it.upstream.confirmed.into(),
            upstream_shared: it.upstream.shared.into(),
            upstream_waited: column(it.upstream.waited.as_micros()),
            scope: it.scope.map(|it| it.scope().to_owned()),
            rules: it.rules.join(" "),
        }
    }
}

impl TryFrom<Row> for UsageRow {
    type Error = StorageError;

    fn try_from(it: Row) -> Result<Self, StorageError> {
        let row = convert::Row("usage row");
        Ok(Self {
            request: it.request_id.into(),
            at: Timestamp::from_micros(it.at),
            tenant: it.tenant_id.into(),
            client: it.client_id.into(),
            token: it.token_id.into(),
            authorization: it.authorization_id.map(Into::into),
            customer: it.customer_id.map(Into::into),
            connection: it.connection_id.map(Into::into),
            provider: it.provider.map(|name| row.provider(&name)).transpose()?,
            repository: it.repository_id.map(|id| row.repository(&id)).transpose()?,
            endpoint: it.endpoint.into(),
            status: row.number(it.status)?,
            error_code: it.error_code.map(Into::into),
            duration: Duration::from_micros(row.number(it.duration)?),
            upstream: Upstream {
                calls: row.number(it.upstream_calls)?,
                confirmed: row.number(it.upstream_confirmed)?,
                shared: row.number(it.upstream_shared)?,
                waited: Duration::from_micros(row.number(it.upstream_waited)?),
            },
            scope: it
                .scope
                .map(|it| Permission::parse(&it))
                .transpose()
                .map_err(|e| row.corrupt(e))?,
            items: row.number(it.items)?,
            bytes: row.number(it.bytes)?,
            withheld: row.number(it.withheld)?,
            masked: row.number(it.masked)?,
            rules: it.rules.split_ascii_whitespace().map(str::to_owned).collect(),
        })
    }
}

#[async_trait]
impl UsageRepository for Rows<'_> {
    #[tracing::instrument(name = "db.usage.append", level = "debug", skip_all, fields(batch.len = rows.len()))]
    async fn append(&mut self, rows: &[UsageRow]) -> Result<(), StorageError> {
        let rows: Vec<Row> = rows.iter().map(Row::from).collect();
        super::super::append(self.conn, rows).await.map_err(about("usage row"))
    }

    async fn newest(
        &mut self,
        tenant: TenantId,
        before: Option<RequestId>,
        limit: usize,
    ) -> Result<Vec<UsageRow>, StorageError> {
        // No id sorts after the one that is all ones, and none is it.
        let before = before.map_or(Key(uuid::Uuid::max()), Key::from);
        let rows = usage::table
            .filter(usage::tenant_id.eq(Key::from(tenant)))
            .filter(usage::request_id.lt(before))
            .order(usage::request_id.desc())
            .limit(column(limit))
            .select(Row::as_select())
            .load(self.conn)
            .await
            .map_err(about("usage row"))?;
        rows.into_iter().map(UsageRow::try_from).collect()
    }

    async fn of_customer(
        &mut self,
        customer: CustomerId,
        filter: &ReadFilter,
        before: Option<RequestId>,
        limit: usize,
    ) -> Result<Vec<UsageRow>, StorageError> {
        customer_journal::rows(self.conn, customer, filter, before, limit).await
    }

    async fn totals_of_customer(
        &mut self,
        customer: CustomerId,
        filter: &ReadFilter,
    ) -> Result<ReadTotals, StorageError> {
        customer_journal::totals(self.conn, customer, filter).await
    }

    async fn find(
        &mut self,
        tenant: TenantId,
        request: RequestId,
    ) -> Result<Option<UsageRow>, StorageError> {
        let row: Option<Row> = usage::table
            .filter(usage::tenant_id.eq(Key::from(tenant)))
            .filter(usage::request_id.eq(Key::from(request)))
            .select(Row::as_select())
            .first(self.conn)
            .await
            .optional()
            .map_err(about("usage row"))?;
        row.map(UsageRow::try_from).transpose()
    }

    #[tracing::instrument(name = "db.usage.page", level = "debug", skip_all)]
    async fn page(
        &mut self,
        tenant: TenantId,
        filter: &UsageFilter,
        before: Option<RequestId>,
        offset: usize,
        limit: usize,
    ) -> Result<Vec<UsageRow>, StorageError> {
        usage_page::page(self.conn, tenant, filter, before, offset, limit).await
    }

    #[tracing::instrument(name = "db.usage.summary", level = "debug", skip_all)]
    async fn summary(
        &mut self,
        tenant: TenantId,
        window: UsageWindow,
        of: UsageOf,
        hours: u32,
        top: usize,
    ) -> Result<UsageSummary, StorageError> {
        usage_sums::summary(self.conn, tenant, window, of, hours, top).await
    }

    async fn count(&mut self, tenant: TenantId) -> Result<u64, StorageError> {
        let rows: i64 = usage::table
            .filter(usage::tenant_id.eq(Key::from(tenant)))
            .count()
            .get_result(self.conn)
            .await
            .map_err(about("usage row"))?;
        convert::Row("usage row").number(rows)
    }
}
