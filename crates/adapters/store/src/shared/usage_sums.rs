//! Sums over the journal: those that are kept of whole hours and days, and rows
//! of what is left of the window at its ends.

use std::{cmp::Reverse, collections::BTreeMap, time::Duration};

use diesel::{
    prelude::QueryableByName,
    sql_types::{BigInt, Text},
};
use diesel_async::RunQueryDsl as _;
use lodge_access::{UsageOf, UsageSummary, UsageSums, UsageWindow, usage::DURATION_STEPS};
use lodge_kernel::{RequestId, TenantId, Timestamp};
use lodge_storage::StorageError;

use super::{super::Id, Conn, Key, statement::Statement, usage_added::ALL};
use crate::{
    convert::Row,
    error::about,
    usage_cut::{HOUR, Part, cut},
};

/// Of one group.
#[derive(QueryableByName)]
struct Sums {
    #[diesel(sql_type = BigInt)]
    requests: i64,
    #[diesel(sql_type = BigInt)]
    errors: i64,
    #[diesel(sql_type = BigInt)]
    items: i64,
    #[diesel(sql_type = BigInt)]
    bytes: i64,
    #[diesel(sql_type = BigInt)]
    withheld: i64,
    #[diesel(sql_type = BigInt)]
    masked: i64,
    #[diesel(sql_type = BigInt)]
    upstream_calls: i64,
}

/// The sum of whole numbers is a decimal one on PostgreSQL.
const SUMS: &str = "CAST(sum(requests) AS BIGINT) AS requests, \
    CAST(sum(errors) AS BIGINT) AS errors, CAST(sum(items) AS BIGINT) AS items, \
    CAST(sum(bytes) AS BIGINT) AS bytes, CAST(sum(withheld) AS BIGINT) AS withheld, \
    CAST(sum(masked) AS BIGINT) AS masked, CAST(sum(upstream_calls) AS BIGINT) AS upstream_calls";

/// What is summed, as it is kept.
const KEPT: &str = "requests, errors, items, bytes, withheld, masked, upstream_calls";

/// The same, as a row of the journal has it: no more bytes than
/// [`UsageSums::MOST_BYTES`].
const OF_ROW: &str = "1 AS requests, CASE WHEN status >= 400 THEN 1 ELSE 0 END AS errors, \
    items, CASE WHEN bytes < 1099511627776 THEN bytes ELSE 1099511627776 END AS bytes, \
    withheld, masked, upstream_calls";

macro_rules! group {
    ($name:ident { $($field:ident: $type:ty, $sql:ty;)+ }) => {
        #[derive(QueryableByName)]
        struct $name {
            $(#[diesel(sql_type = $sql)] $field: $type,)+
            #[diesel(embed)]
            sums: Sums,
        }
    };
}

group!(Slot { at: i64, BigInt; });
group!(Kind { client_id: Key, Id; endpoint: String, Text; provider: String, Text; });
group!(OfRepository { provider: String, Text; name: String, Text; });

/// How many reads took how long.
#[derive(QueryableByName)]
struct Step {
    #[diesel(sql_type = BigInt)]
    micros: i64,
    #[diesel(sql_type = BigInt)]
    requests: i64,
}

impl TryFrom<Sums> for UsageSums {
    type Error = StorageError;

    fn try_from(it: Sums) -> Result<Self, StorageError> {
        let row = Row("usage row");
        Ok(Self {
            requests: row.number(it.requests)?,
            errors: row.number(it.errors)?,
            items: row.number(it.items)?,
            bytes: row.number(it.bytes)?,
            withheld: row.number(it.withheld)?,
            masked: row.number(it.masked)?,
            upstream_calls: row.number(it.upstream_calls)?,
        })
    }
}

/// See [`lodge_storage::UsageRepository::summary`].
pub(super) async fn summary(
    conn: &mut Conn,
    tenant: TenantId,
    window: UsageWindow,
    of: UsageOf,
    hours: u32,
    top: usize,
) -> Result<UsageSummary, StorageError> {
    let row = Row("usage row");
    let meant = Meant { tenant, of, window };
    let hours = i64::from(hours.max(1));
    let width = hours * HOUR;

    let slots = format!("SELECT start / {width} * {width} AS at, {SUMS}");
    let by_kind = meant.by_kind(&slots, if hours % 24 == 0 { &[24, 1] } else { &[1] });
    let slots: Vec<Slot> = by_kind.grouped(conn, "GROUP BY 1 ORDER BY 1").await?;
    let slots = slots.into_iter().map(|it| {
        Ok::<_, StorageError>((Timestamp::from_micros(it.at), UsageSums::try_from(it.sums)?))
    });

    let kinds = meant.by_kind(&format!("SELECT client_id, endpoint, provider, {SUMS}"), &[24, 1]);
    let kinds: Vec<Kind> = kinds.grouped(conn, "GROUP BY 1, 2, 3").await?;
    let (mut clients, mut endpoints, mut providers) =
        (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    for it in kinds {
        let sums = UsageSums::try_from(it.sums)?;
        add(&mut clients, it.client_id.into(), sums);
        add(&mut endpoints, it.endpoint, sums);
        if !it.provider.is_empty() {
            add(&mut providers, row.provider(&it.provider)?, sums);
        }
    }

    let repositories = meant.by_repository(&format!("SELECT provider, name, {SUMS}"));
    let most =
        format!("GROUP BY provider, name ORDER BY requests DESC, provider, name LIMIT {top}");
    let repositories: Vec<OfRepository> = repositories.grouped(conn, &most).await?;
    let repositories = repositories.into_iter().map(|it| {
        let (provider, id) = (row.provider(&it.provider)?, row.repository(&it.name)?);
        Ok::<_, StorageError>((provider, id, UsageSums::try_from(it.sums)?))
    });

    let steps = meant.by_duration();
    let steps: Vec<Step> = steps.grouped(conn, "GROUP BY 1 ORDER BY 1").await?;
    let durations = steps.into_iter().map(|it| {
        let duration = Duration::from_micros(row.number(it.micros)?);
        Ok::<_, StorageError>((duration, row.number(it.requests)?))
    });
    Ok(UsageSummary {
        slots: slots.collect::<Result<_, _>>()?,
        durations: durations.collect::<Result<_, _>>()?,
        clients: most_of(clients, top),
        endpoints: most_of(endpoints, top),
        providers: most_of(providers, top),
        repositories: repositories.collect::<Result<_, _>>()?,
    })
}

fn add<K: Ord>(to: &mut BTreeMap<K, UsageSums>, key: K, sums: UsageSums) {
    let sum = to.entry(key).or_default();
    *sum = sum.plus(sums);
}

/// Those with the most reads, in the order of their names where these are equal.
fn most_of<K>(all: BTreeMap<K, UsageSums>, top: usize) -> Vec<(K, UsageSums)> {
    let mut all: Vec<_> = all.into_iter().collect();
    all.sort_by_key(|(_, it)| Reverse(it.requests));
    all.truncate(top);
    all
}

/// [`lodge_access::usage::duration_step`] in SQL.
fn steps() -> String {
    let steps = DURATION_STEPS
        .map(|(end, step)| format!("WHEN duration < {end} THEN duration / {step} * {step}"));
    format!("CASE {} ELSE 10000000 END", steps.join(" "))
}

/// Which reads are summed.
struct Meant {
    tenant: TenantId,
    of: UsageOf,
    window: UsageWindow,
}

/// A question that has only to say how it is grouped.
struct Grouped(Statement<'static>);

impl Grouped {
    async fn grouped<T>(self, conn: &mut Conn, how: &str) -> Result<Vec<T>, StorageError>
    where
        T: QueryableByName<super::Db> + Send + 'static,
    {
        let mut question = self.0;
        question.say(how.to_owned());
        question.load(conn).await.map_err(about("usage row"))
    }
}

impl Meant {
    /// `what` of hours, apps, operations and hosts.
    fn by_kind(&self, what: &str, units: &[i64]) -> Grouped {
        let kept = format!("start, client_id, endpoint, provider, {KEPT} FROM usage_sums");
        let rows = format!(
            "at / {HOUR} * {HOUR} AS start, client_id, endpoint, COALESCE(provider, '') AS \
             provider, {OF_ROW} FROM usage"
        );
        self.asked(what, units, true, &kept, &rows)
    }

    /// `what` of repositories.
    fn by_repository(&self, what: &str) -> Grouped {
        let kept = format!("provider, repository_id AS name, {KEPT} FROM usage_repositories");
        // Not as `IS NOT NULL`, for which SQLite would read the whole index of
        // repositories.
        let rows = format!(
            "COALESCE(provider, '') AS provider, COALESCE(repository_id, '') AS name, {OF_ROW} \
             FROM usage"
        );
        let mut asked = self.asked(what, &[24], false, &kept, &rows);
        asked.0.say("WHERE provider <> '' AND name <> '' ");
        asked
    }

    fn by_duration(&self) -> Grouped {
        let what = "SELECT step AS micros, CAST(sum(requests) AS BIGINT) AS requests";
        let rows = format!("{} AS step, 1 AS requests FROM usage", steps());
        self.asked(what, &[24], false, "step, requests FROM usage_durations", &rows)
    }

    /// `what` of the window, as far as it goes in `units` from `kept`, the rest
    /// from `rows`. Both have the same columns; `kept` has units of hours `by_hours`.
    fn asked(&self, what: &str, units: &[i64], by_hours: bool, kept: &str, rows: &str) -> Grouped {
        // As an id has it.
        let millis = |it: Timestamp| it.as_micros().div_euclid(1_000) * 1_000;
        // Nothing is kept of customers: an index leads to their rows.
        let units: &[i64] = if matches!(self.of, UsageOf::Customer(_)) { &[] } else { units };
        let mut parts = Vec::new();
        cut(millis(self.window.from), millis(self.window.to), units, &mut parts);
        if parts.is_empty() {
            // Within one millisecond there is nothing.
            parts.push(Part::Rows(0, 0));
        }
        let mut question = Statement::new(what.to_owned());
        for (place, part) in parts.iter().enumerate() {
            question.say(if place == 0 { " FROM (SELECT " } else { " UNION ALL SELECT " });
            match part {
                Part::Kept(hours, from, to) => {
                    question.id(format!("{kept} WHERE tenant_id = "), self.tenant);
                    question.say(format!(" AND start >= {from} AND start < {to}"));
                    if by_hours {
                        question.say(format!(" AND hours = {hours}"));
                    } else if self.of == UsageOf::All {
                        question.id(" AND client_id = ", ALL);
                    }
                }
                Part::Rows(from, to) => {
                    let earliest = |it| RequestId::earliest(Timestamp::from_micros(it));
                    question.id(format!("{rows} WHERE tenant_id = "), self.tenant);
                    question.id(" AND request_id >= ", earliest(*from));
                    question.id(" AND request_id < ", earliest(*to));
                }
            }
            match self.of {
                UsageOf::All => {}
                UsageOf::Client(it) => question.id(" AND client_id = ", it),
                UsageOf::Customer(it) => question.id(" AND customer_id = ", it),
            }
        }
        question.say(") AS it ");
        Grouped(question)
    }
}
