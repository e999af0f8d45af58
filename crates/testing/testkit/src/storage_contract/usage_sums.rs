//! Cases about sums and pages of a long journal, against its own rows.

use std::{cmp::Reverse, collections::BTreeMap, time::Duration};

use lodge_access::{
    UsageFilter, UsageOf, UsageRow, UsageSummary, UsageSums, UsageWindow, usage::duration_step,
};
use lodge_kernel::{RequestId, Timestamp};
use lodge_storage::StorageError;
use uuid::Uuid;

use super::{Fresh, Outcome};
use crate::builders::{
    NOW, a_repository_id, a_usage_row, client_id, customer_id, lab, local, tenant_id,
};

/// How many rows there are, over [`DAYS`].
const ROWS: u32 = 900;
const DAYS: u64 = 4;

/// Numbers that look like chance, and are the same each time.
struct Dice(u64);

impl Dice {
    /// Below `end`.
    fn throw(&mut self, end: u64) -> u64 {
        // Knuth's MMIX constants; the high bits are the good ones.
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }
}

/// A journal of some days with a quiet app, a rare operation, a rare host, and
/// reads of no repository; oldest first.
fn a_long_journal() -> Vec<UsageRow> {
    let mut dice = Dice(7);
    let span = Duration::from_hours(24 * DAYS);
    let rows = (0..ROWS).map(|n| {
        // An hour's first and last milliseconds are there, too.
        let millis =
            u64::from(n) * u64::try_from(span.as_millis()).unwrap_or_default() / u64::from(ROWS);
        let at = match n % 40 {
            0 => floor(NOW.plus(Duration::from_millis(millis))),
            1 => floor(NOW.plus(Duration::from_millis(millis))).minus(Duration::from_millis(1)),
            _ => NOW.plus(Duration::from_millis(millis + dice.throw(60_000))),
        };
        let bits = RequestId::earliest(at).as_uuid().as_u128() | u128::from(n);
        let of_repository = dice.throw(9) > 0;
        let host = if dice.throw(25) == 0 { lab() } else { local() };
        UsageRow {
            request: RequestId::from_uuid(Uuid::from_u128(bits)),
            at,
            client: client_id(if dice.throw(40) == 0 { 2 } else { 1 }),
            endpoint: ["commits.list", "tags.list", "tags.list", "me"]
                .get(usize::try_from(dice.throw(4)).unwrap_or_default())
                .map_or("rare".into(), |it| if n % 97 == 5 { "rare".into() } else { (*it).into() }),
            customer: Some(customer_id(if n % 3 == 0 { 2 } else { 1 })),
            status: if dice.throw(12) == 0 { 404 } else { 200 },
            provider: of_repository.then_some(host),
            repository: of_repository
                .then(|| a_repository_id(if dice.throw(5) == 0 { "api" } else { "web" })),
            duration: Duration::from_micros(dice.throw(30) * dice.throw(500_000)),
            items: n,
            bytes: if n % 89 == 3 { 1 << 50 } else { dice.throw(100_000) },
            withheld: u32::from(n % 11 == 0),
            masked: u32::from(n % 13 == 0),
            ..a_usage_row(n)
        }
    });
    let mut rows: Vec<_> = rows.collect();
    rows.sort_by_key(|it| it.request);
    rows
}

/// The hour that `it` is in.
fn floor(it: Timestamp) -> Timestamp {
    Timestamp::from_micros(it.as_micros().div_euclid(3_600_000_000) * 3_600_000_000)
}

/// The journal in a database, as it comes from several processes: in any order,
/// in batches of any size, and some of it twice.
async fn written(storage: &Fresh, rows: &[UsageRow]) -> Result<(), StorageError> {
    let mut dice = Dice(3);
    let mut left = rows.to_vec();
    left.sort_by_key(|it| Reverse(it.request.as_uuid().as_u128() % 1_009));
    while !left.is_empty() {
        let most = usize::try_from(1 + dice.throw(300)).unwrap_or(1).min(left.len());
        let batch: Vec<_> = left.drain(..most).collect();
        let again: Vec<_> = batch.iter().step_by(7).cloned().collect();
        let mut work = storage.begin().await?;
        work.usage().append(&batch).await?;
        work.usage().append(&again).await?;
        work.commit().await?;
        let elsewhere: Vec<_> =
            again.into_iter().map(|it| UsageRow { tenant: tenant_id(2), ..it }).collect();
        let mut work = storage.begin().await?;
        work.usage().append(&elsewhere).await?;
        work.commit().await?;
        // What is not committed is not summed.
        let mut undone = storage.begin().await?;
        undone.usage().append(&[UsageRow { tenant: tenant_id(1), ..a_usage_row(0) }]).await?;
        drop(undone);
    }
    Ok(())
}

fn is_meant(it: &UsageRow, filter: &UsageFilter) -> bool {
    let window = RequestId::earliest(filter.window.from)..RequestId::earliest(filter.window.to);
    window.contains(&it.request)
        && filter.client.is_none_or(|client| it.client == client)
        && (filter.customer.is_none() || it.customer == filter.customer)
        && filter.endpoint.as_ref().is_none_or(|endpoint| it.endpoint == *endpoint)
        && filter.provider.as_ref().is_none_or(|host| it.provider.as_ref() == Some(host))
        && filter.repository.as_ref().is_none_or(|id| it.repository.as_ref() == Some(id))
        && (!filter.failed || it.status >= 400)
}

/// `rows`, added up one by one.
fn recomputed(rows: &[&UsageRow], hours: i64, top: usize) -> UsageSummary {
    fn sums<K: Ord>(
        rows: &[&UsageRow],
        key: impl Fn(&UsageRow) -> Option<K>,
    ) -> Vec<(K, UsageSums)> {
        let mut all = BTreeMap::<K, UsageSums>::new();
        for row in rows {
            let Some(key) = key(row) else { continue };
            let sum = all.entry(key).or_default();
            *sum = sum.plus(UsageSums {
                requests: 1,
                errors: u64::from(row.status >= 400),
                items: row.items.into(),
                bytes: row.bytes.min(UsageSums::MOST_BYTES),
                withheld: row.withheld.into(),
                masked: row.masked.into(),
                upstream_calls: row.upstream.calls.into(),
            });
        }
        all.into_iter().collect()
    }
    fn most<K>(mut all: Vec<(K, UsageSums)>, top: usize) -> Vec<(K, UsageSums)> {
        all.sort_by_key(|(_, it)| Reverse(it.requests));
        all.truncate(top);
        all
    }
    let width = hours * 3_600_000_000;
    let slots = sums(rows, |it| Some(it.at.as_micros().div_euclid(width) * width));
    let step = |it: &UsageRow| {
        duration_step(i64::try_from(it.duration.as_micros()).unwrap_or(i64::MAX)).unsigned_abs()
    };
    let durations = sums(rows, |it| Some(step(it)));
    let repositories = most(sums(rows, |it| it.provider.clone().zip(it.repository.clone())), top);
    UsageSummary {
        slots: slots.into_iter().map(|(at, it)| (Timestamp::from_micros(at), it)).collect(),
        durations: durations
            .into_iter()
            .map(|(step, it)| (Duration::from_micros(step), it.requests))
            .collect(),
        clients: most(sums(rows, |it| Some(it.client)), top),
        endpoints: most(sums(rows, |it| Some(it.endpoint.to_string())), top),
        providers: most(sums(rows, |it| it.provider.clone()), top),
        repositories: repositories.into_iter().map(|((a, b), it)| (a, b, it)).collect(),
    }
}

/// Windows that begin and end in the middle of days, hours and nothing.
fn windows() -> Vec<UsageWindow> {
    let at = |minutes: u64| NOW.plus(Duration::from_mins(minutes));
    let hours = |it: u64| floor(NOW).plus(Duration::from_hours(it));
    [
        (at(0), at(DAYS * 24 * 60)),
        (hours(0), hours(DAYS * 24)),
        (hours(3), hours(27)),
        (at(61), at(62)),
        (at(50), at(75)),
        (at(45), at(60 * 50)),
        (at(60 * 40), at(DAYS * 24 * 60 + 90)),
    ]
    .map(|(from, to)| UsageWindow { from, to })
    .to_vec()
}

/// `UsageRepository::summary` MUST hold every row once.
pub async fn sums_are_those_of_the_rows_however_they_came(storage: Fresh) -> Outcome {
    let rows = a_long_journal();
    written(&storage, &rows).await?;
    let mut work = storage.read().await?;
    for window in windows() {
        for of in [
            UsageOf::All,
            UsageOf::Client(client_id(1)),
            UsageOf::Client(client_id(2)),
            UsageOf::Client(client_id(3)),
            UsageOf::Customer(customer_id(2)),
        ] {
            for (hours, top) in [(1_u32, 25), (6, 2), (24, 1)] {
                let all = UsageFilter::all(window);
                let filter = match of {
                    UsageOf::All => all,
                    UsageOf::Client(it) => UsageFilter { client: Some(it), ..all },
                    UsageOf::Customer(it) => UsageFilter { customer: Some(it), ..all },
                };
                let meant: Vec<_> = rows.iter().filter(|it| is_meant(it, &filter)).collect();
                let expected = recomputed(&meant, hours.into(), top);
                let found = work.usage().summary(tenant_id(1), window, of, hours, top).await?;
                assert_eq!(found, expected, "{window:?} {of:?} {hours} h");
            }
        }
    }
    Ok(())
}

/// `UsageRepository::page`: every row of the filter, once, newest first.
pub async fn pages_are_the_rows_of_their_filter_and_no_others(storage: Fresh) -> Outcome {
    let rows = a_long_journal();
    written(&storage, &rows).await?;
    let mut filters = Vec::new();
    for window in windows() {
        let all = UsageFilter::all(window);
        let rare = UsageFilter { endpoint: Some("rare".to_owned()), ..all.clone() };
        let quiet = UsageFilter { client: Some(client_id(2)), ..all.clone() };
        let lab = UsageFilter { provider: Some(lab()), ..all.clone() };
        let api = UsageFilter { repository: Some(a_repository_id("api")), ..all.clone() };
        let failed = |it: &UsageFilter| UsageFilter { failed: true, ..it.clone() };
        let of_tags =
            |it: &UsageFilter| UsageFilter { endpoint: Some("tags.list".to_owned()), ..it.clone() };
        let theirs = UsageFilter { customer: Some(customer_id(2)), ..all.clone() };
        filters.extend([failed(&theirs), of_tags(&theirs), theirs]);
        filters.extend([failed(&all), failed(&lab), failed(&api), of_tags(&quiet), of_tags(&lab)]);
        filters.extend([failed(&of_tags(&quiet)), of_tags(&api), rare, quiet, lab, api, all]);
    }
    let mut work = storage.read().await?;
    for filter in filters {
        let meant: Vec<_> = rows.iter().rev().filter(|it| is_meant(it, &filter)).collect();
        let (mut before, mut seen) = (None, 0);
        loop {
            let page = work.usage().page(tenant_id(1), &filter, before, 0, 17).await?;
            let expected: Vec<_> = meant.iter().skip(seen).take(17).copied().collect();
            assert_eq!(page.iter().collect::<Vec<_>>(), expected, "{filter:?} after {seen}");
            let Some(last) = page.last() else { break };
            before = Some(last.request);
            seen += page.len();
        }
        for offset in [1, 30, 300] {
            let page = work.usage().page(tenant_id(1), &filter, None, offset, 5).await?;
            let expected: Vec<_> = meant.iter().skip(offset).take(5).copied().collect();
            assert_eq!(page.iter().collect::<Vec<_>>(), expected, "{filter:?} without {offset}");
        }
    }
    Ok(())
}
