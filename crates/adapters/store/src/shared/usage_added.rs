//! What a batch of the journal adds to the sums that are kept beside it.
//!
//! Whoever writes it keeps its order: two batches that add to the same sums then
//! wait for each other, and never in a circle.

use std::collections::BTreeMap;

use diesel::prelude::Insertable;
use lodge_access::{UsageSums, usage::duration_step};
use uuid::Uuid;

use super::{
    Key, UsageRecord,
    schema::{usage_durations, usage_repositories, usage_sums},
};
use crate::{convert::column, usage_cut::HOUR};

/// Stands for all apps together, in the place of one.
pub(super) const ALL: Key = Key(Uuid::nil());

macro_rules! sums {
    ($(#[$doc:meta])* $name:ident in $table:ident { $($key:ident: $type:ty,)+ }) => {
        $(#[$doc])*
        #[derive(Insertable)]
        #[diesel(table_name = $table)]
        pub(in super::super) struct $name<'a> {
            $($key: $type,)+
            requests: i64,
            errors: i64,
            items: i64,
            bytes: i64,
            withheld: i64,
            masked: i64,
            upstream_calls: i64,
        }

        impl<'a> $name<'a> {
            fn new(($($key,)+): ($($type,)+), it: Tally) -> Self {
                let Tally { requests, errors, items, bytes, withheld, masked, upstream_calls } = it;
                Self { $($key,)+ requests, errors, items, bytes, withheld, masked, upstream_calls }
            }
        }
    };
}

sums! {
    /// Of one hour or day, app, operation and host.
    Sums in usage_sums {
        tenant_id: Key,
        hours: i64,
        start: i64,
        client_id: Key,
        endpoint: &'a str,
        provider: &'a str,
    }
}

sums! {
    /// Of one day, app and repository; [`ALL`] is every app.
    OfRepository in usage_repositories {
        tenant_id: Key,
        client_id: Key,
        start: i64,
        provider: &'a str,
        repository_id: &'a str,
    }
}

/// Of one day, app and step of durations; [`ALL`] is every app.
#[derive(Insertable)]
#[diesel(table_name = usage_durations)]
pub(in super::super) struct Durations {
    tenant_id: Key,
    client_id: Key,
    start: i64,
    step: i64,
    requests: i64,
}

#[derive(Default)]
struct Tally {
    requests: i64,
    errors: i64,
    items: i64,
    bytes: i64,
    withheld: i64,
    masked: i64,
    upstream_calls: i64,
}

impl Tally {
    fn add(&mut self, row: &UsageRecord) {
        self.requests += 1;
        self.errors += i64::from(row.status >= 400);
        self.items += row.items;
        self.bytes += row.bytes.min(column(UsageSums::MOST_BYTES));
        self.withheld += row.withheld;
        self.masked += row.masked;
        self.upstream_calls += row.upstream_calls;
    }
}

/// What some rows add, in the order of the tables' keys.
pub(in super::super) struct Added<'a> {
    pub(in super::super) sums: Vec<Sums<'a>>,
    pub(in super::super) repositories: Vec<OfRepository<'a>>,
    pub(in super::super) durations: Vec<Durations>,
}

impl<'a> Added<'a> {
    /// What `rows` add, each of which is new in the journal.
    pub(in super::super) fn by(rows: &'a [UsageRecord]) -> Self {
        let mut sums = BTreeMap::<_, Tally>::new();
        let mut repositories = BTreeMap::<_, Tally>::new();
        let mut durations = BTreeMap::new();
        for row in rows {
            let (tenant, client) = (row.tenant_id, row.client_id);
            let start = |hours: i64| row.at.div_euclid(hours * HOUR) * (hours * HOUR);
            let (day, endpoint) = (start(24), row.endpoint.as_str());
            let provider = row.provider.as_deref().unwrap_or_default();
            for hours in [1, 24] {
                let key = (tenant, hours, start(hours), client, endpoint, provider);
                sums.entry(key).or_default().add(row);
            }
            for client in [ALL, client] {
                if let (Some(provider), Some(repository)) = (&row.provider, &row.repository_id) {
                    let key = (tenant, client, day, provider.as_str(), repository.as_str());
                    repositories.entry(key).or_default().add(row);
                }
                let key = (tenant, client, day, duration_step(row.duration));
                *durations.entry(key).or_default() += 1;
            }
        }
        let durations = durations.into_iter();
        Self {
            sums: sums.into_iter().map(|(key, it)| Sums::new(key, it)).collect(),
            repositories: repositories
                .into_iter()
                .map(|(key, it)| OfRepository::new(key, it))
                .collect(),
            durations: durations
                .map(|((tenant_id, client_id, start, step), requests)| Durations {
                    tenant_id,
                    client_id,
                    start,
                    step,
                    requests,
                })
                .collect(),
        }
    }
}

/// The statement that adds rows to a table of sums.
macro_rules! add {
    (sums, $rows:expr) => {
        add!(usage_sums, $rows, (tenant_id, hours, start, client_id, endpoint, provider), (
            requests, errors, items, bytes, withheld, masked, upstream_calls
        ))
    };
    (repositories, $rows:expr) => {
        add!(usage_repositories, $rows, (tenant_id, client_id, start, provider, repository_id), (
            requests, errors, items, bytes, withheld, masked, upstream_calls
        ))
    };
    (durations, $rows:expr) => {
        add!(usage_durations, $rows, (tenant_id, client_id, start, step), (requests))
    };
    ($table:ident, $rows:expr, ($($key:ident),+), ($($sum:ident),+)) => {
        diesel::insert_into($table::table)
            .values($rows)
            .on_conflict(($($table::$key),+))
            .do_update()
            .set(($($table::$sum.eq($table::$sum + diesel::upsert::excluded($table::$sum))),+))
    };
}
pub(in super::super) use add;
