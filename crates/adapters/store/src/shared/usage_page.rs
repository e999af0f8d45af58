//! One page of the journal under a filter.
//!
//! The sums that are kept say how far back a page reaches, and which operations
//! of which apps are on it; their rows are then read from an index, newest first.
//! So a page costs what it shows, and not what its filter leaves out.

use diesel::{
    prelude::{ExpressionMethods as _, QueryDsl as _, QueryableByName, SelectableHelper as _},
    sql_types::BigInt,
};
use diesel_async::RunQueryDsl;
use lodge_access::{UsageFilter, UsageRow};
use lodge_kernel::{RequestId, TenantId, Timestamp};
use lodge_storage::StorageError;

use super::{super::Id, Conn, Key, UsageRecord, schema::usage, statement::Statement};
use crate::{convert::column, error::about, usage_cut::HOUR};

const DAY: i64 = 24 * HOUR;

/// See [`lodge_storage::UsageRepository::page`].
pub(super) async fn page(
    conn: &mut Conn,
    tenant: TenantId,
    filter: &UsageFilter,
    before: Option<RequestId>,
    offset: usize,
    limit: usize,
) -> Result<Vec<UsageRow>, StorageError> {
    let to = RequestId::earliest(filter.window.to);
    let to = before.map_or(to, |before| before.min(to));
    let meant = Meant { tenant, filter, from: RequestId::earliest(filter.window.from), to };
    let everything =
        filter.client.is_none() && filter.endpoint.is_none() && filter.provider.is_none();
    // All of it is in order already, and a repository and a customer have an
    // index of their own.
    let few = filter.repository.is_some() || filter.customer.is_some();
    if few || (everything && !filter.failed) {
        return meant.in_order(conn, offset, limit).await;
    }
    let from = meant.reach(conn, offset.saturating_add(limit)).await?;
    let ids = meant.ids(conn, from, offset, limit).await?;
    let rows: Vec<UsageRecord> = usage::table
        .filter(usage::tenant_id.eq(Key::from(tenant)))
        .filter(usage::request_id.eq_any(ids.into_iter().map(|it| it.request_id)))
        .order(usage::request_id.desc())
        .select(UsageRecord::as_select())
        .load(conn)
        .await
        .map_err(about("usage row"))?;
    rows.into_iter().map(UsageRow::try_from).collect()
}

/// Which rows may be on the page.
struct Meant<'a> {
    tenant: TenantId,
    filter: &'a UsageFilter,
    from: RequestId,
    to: RequestId,
}

/// How many rows there are from an hour, or a day, on.
#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    start: i64,
    #[diesel(sql_type = BigInt)]
    requests: i64,
}

#[derive(QueryableByName)]
struct One {
    #[diesel(sql_type = Id)]
    request_id: Key,
}

impl Meant<'_> {
    /// The page, from the table itself.
    async fn in_order(
        &self,
        conn: &mut Conn,
        offset: usize,
        limit: usize,
    ) -> Result<Vec<UsageRow>, StorageError> {
        let filter = self.filter;
        let mut rows = usage::table
            .filter(usage::tenant_id.eq(Key::from(self.tenant)))
            .filter(usage::request_id.ge(Key::from(self.from)))
            .filter(usage::request_id.lt(Key::from(self.to)))
            .order(usage::request_id.desc())
            .offset(column(offset))
            .limit(column(limit))
            .select(UsageRecord::as_select())
            .into_boxed();
        if let Some(client) = filter.client {
            rows = rows.filter(usage::client_id.eq(Key::from(client)));
        }
        if let Some(customer) = filter.customer {
            rows = rows.filter(usage::customer_id.eq(Key::from(customer)));
        }
        if let Some(endpoint) = &filter.endpoint {
            rows = rows.filter(usage::endpoint.eq(endpoint));
        }
        if let Some(provider) = &filter.provider {
            rows = rows.filter(usage::provider.eq(provider.as_str()));
        }
        if let Some(repository) = &filter.repository {
            rows = rows.filter(usage::repository_id.eq(repository.as_str()));
        }
        if filter.failed {
            rows = rows.filter(usage::status.ge(400));
        }
        let rows: Vec<UsageRecord> = rows.load(conn).await.map_err(about("usage row"))?;
        rows.into_iter().map(UsageRow::try_from).collect()
    }

    /// From which instant on there are `enough` rows, if there are.
    async fn reach(&self, conn: &mut Conn, enough: usize) -> Result<Timestamp, StorageError> {
        let (from, to) = (self.from.made_at().as_micros(), self.to.made_at().as_micros());
        let (hour, day) = (to.div_euclid(HOUR) * HOUR, to.div_euclid(DAY) * DAY);
        let mut left = column(enough);
        // What is newer than the page may be in the hour in which it begins: it
        // does not count.
        if let Some(start) = self.back(conn, 1, (day.max(from), hour), &mut left).await? {
            return Ok(Timestamp::from_micros(start.max(from)));
        }
        let Some(start) = self.back(conn, 24, (from, day), &mut left).await? else {
            return Ok(Timestamp::from_micros(from));
        };
        let start = self.back(conn, 1, (start, start + DAY), &mut left).await?.unwrap_or(start);
        Ok(Timestamp::from_micros(start.max(from)))
    }

    /// Goes back over the hours or days between two instants, and takes what is
    /// in them from `left`, as long as something is left. Answers where that
    /// ends; what the unit there has is not taken when it is a day.
    async fn back(
        &self,
        conn: &mut Conn,
        hours: i64,
        (from, to): (i64, i64),
        left: &mut i64,
    ) -> Result<Option<i64>, StorageError> {
        let reads = if self.filter.failed { "errors" } else { "requests" };
        let mut question =
            Statement::new(format!("SELECT start, CAST(sum({reads}) AS BIGINT) AS requests "));
        let from = from.div_euclid(hours * HOUR) * (hours * HOUR);
        self.kept(&mut question, hours, from, to);
        // Each has one at least.
        question.say(format!(" GROUP BY start ORDER BY start DESC LIMIT {}", (*left).max(1)));
        let counts: Vec<Count> = question.load(conn).await.map_err(about("usage row"))?;
        for Count { start, requests } in counts {
            if requests >= *left {
                return Ok(Some(start));
            }
            *left -= requests;
        }
        Ok(None)
    }

    /// The ids of the page, newest first.
    async fn ids(
        &self,
        conn: &mut Conn,
        from: Timestamp,
        offset: usize,
        limit: usize,
    ) -> Result<Vec<One>, StorageError> {
        let first = from.as_micros().div_euclid(DAY) * DAY;
        // Materialised, lest PostgreSQL goes back over everybody's rows for the
        // sake of their order.
        let mut question = Statement::new(
            "WITH found AS MATERIALIZED (SELECT it.request_id FROM \
             (SELECT DISTINCT client_id, endpoint ",
        );
        self.kept(&mut question, 24, first, self.to.made_at().as_micros() + 1);
        question.id(") AS kind CROSS JOIN usage AS it WHERE it.tenant_id = ", self.tenant);
        question.say(" AND it.client_id = kind.client_id AND it.endpoint = kind.endpoint");
        question.id(" AND it.request_id >= ", RequestId::earliest(from));
        question.id(" AND it.request_id < ", self.to);
        if let Some(provider) = &self.filter.provider {
            question.text(" AND it.provider = ", provider.as_str());
        }
        if self.filter.failed {
            question.say(" AND it.status >= 400");
        }
        question.say(format!(
            ") SELECT request_id FROM found ORDER BY request_id DESC LIMIT {limit} OFFSET {offset}"
        ));
        question.load(conn).await.map_err(about("usage row"))
    }

    /// The sums of the filter's rows, by `hours`, that begin between two instants.
    fn kept(&self, question: &mut Statement<'_>, hours: i64, from: i64, to: i64) {
        let filter = self.filter;
        question.id("FROM usage_sums WHERE tenant_id = ", self.tenant);
        question.say(format!(" AND hours = {hours} AND start >= {from} AND start < {to}"));
        if let Some(client) = filter.client {
            question.id(" AND client_id = ", client);
        }
        if let Some(endpoint) = &filter.endpoint {
            question.text(" AND endpoint = ", endpoint);
        }
        if let Some(provider) = &filter.provider {
            question.text(" AND provider = ", provider.as_str());
        }
        if filter.failed {
            question.say(" AND errors > 0");
        }
    }
}
