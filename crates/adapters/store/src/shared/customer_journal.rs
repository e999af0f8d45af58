//! What the journal says of one customer.

use diesel::{dsl::sql, prelude::*, sql_types::BigInt};
use diesel_async::RunQueryDsl;
use lodge_access::{ReadFilter, ReadTotals, UsageRow};
use lodge_kernel::{CustomerId, RequestId};
use lodge_storage::StorageError;

use super::{Conn, Db, Key, UsageRecord, schema::usage};
use crate::{
    convert::{self, column},
    error::about,
};

/// The rows of a customer that `filter` means.
fn meant(customer: CustomerId, filter: &ReadFilter) -> usage::BoxedQuery<'static, Db> {
    let mut rows = usage::table.filter(usage::customer_id.eq(Key::from(customer))).into_boxed();
    if let Some((provider, repository)) = &filter.repository {
        rows = rows
            .filter(usage::provider.eq(provider.to_string()))
            .filter(usage::repository_id.eq(repository.to_string()));
    }
    if let Some(from) = filter.from {
        rows = rows.filter(usage::at.ge(from.as_micros()));
    }
    if let Some(to) = filter.to {
        rows = rows.filter(usage::at.lt(to.as_micros()));
    }
    rows
}

/// See `UsageRepository::of_customer`.
pub(super) async fn rows(
    conn: &mut Conn,
    customer: CustomerId,
    filter: &ReadFilter,
    before: Option<RequestId>,
    limit: usize,
) -> Result<Vec<UsageRow>, StorageError> {
    // No id sorts after the one that is all ones, and none is it.
    let before = before.map_or(Key(uuid::Uuid::max()), Key::from);
    let rows = meant(customer, filter)
        .filter(usage::request_id.lt(before))
        .order(usage::request_id.desc())
        .limit(column(limit))
        .select(UsageRecord::as_select())
        .load(conn)
        .await
        .map_err(about("usage row"))?;
    rows.into_iter().map(UsageRow::try_from).collect()
}

/// See `UsageRepository::totals_of_customer`.
pub(super) async fn totals(
    conn: &mut Conn,
    customer: CustomerId,
    filter: &ReadFilter,
) -> Result<ReadTotals, StorageError> {
    // Nothing in it comes from outside. The sum of whole numbers is a decimal
    // one on PostgreSQL.
    let sum = |what: &str| sql::<BigInt>(&format!("CAST(COALESCE(SUM({what}), 0) AS BIGINT)"));
    let (requests, refused, withheld, masked) = meant(customer, filter)
        .select((
            sql::<BigInt>("COUNT(*)"),
            sum("CASE WHEN status >= 400 THEN 1 ELSE 0 END"),
            sum("withheld"),
            sum("masked"),
        ))
        .first::<(i64, i64, i64, i64)>(conn)
        .await
        .map_err(about("usage row"))?;
    let row = convert::Row("usage row");
    Ok(ReadTotals {
        requests: row.number(requests)?,
        refused: row.number(refused)?,
        withheld: row.number(withheld)?,
        masked: row.number(masked)?,
    })
}
