//! Cases about the journal of reads.

use std::time::Duration;

use lodge_access::{
    Upstream, UsageFilter, UsageOf, UsageRow, UsageSummary, UsageSums, UsageWindow,
};
use lodge_kernel::{RequestId, TenantId, Timestamp};
use lodge_storage::StorageError;
use uuid::Uuid;

use super::{Fresh, Outcome};
use crate::builders::{NOW, a_repository_id, a_usage_row, client_id, local, request_id, tenant_id};

/// Every field of a row is kept, the largest numbers and the absent ones too.
pub async fn a_row_comes_back_as_it_was(storage: Fresh) -> Outcome {
    let bare = UsageRow {
        at: NOW,
        authorization: None,
        customer: None,
        connection: None,
        provider: None,
        repository: None,
        endpoint: "a 'quoted' ünit".to_owned().into(),
        status: 599,
        error_code: Some("REPOSITORY_NOT_APPROVED".into()),
        duration: Duration::from_hours(24),
        upstream: Upstream {
            calls: u32::MAX,
            confirmed: 7,
            shared: u32::MAX,
            waited: Duration::from_hours(24),
        },
        scope: None,
        items: u32::MAX,
        bytes: 1 << 62,
        withheld: u32::MAX,
        masked: u32::MAX,
        rules: vec!["F1".to_owned(), "F12".to_owned()],
        ..a_usage_row(2)
    };
    let mut work = storage.begin().await?;
    work.usage().append(&[a_usage_row(1), bare.clone()]).await?;
    work.commit().await?;
    let found = storage.read().await?.usage().newest(tenant_id(1), None, 9).await?;
    assert_eq!(found, [bare, a_usage_row(1)]);
    Ok(())
}

/// `UsageRepository::append` MUST leave out a row whose request is there: in
/// the batch itself, in the same unit of work and in a later one.
pub async fn a_batch_can_be_sent_again(storage: Fresh) -> Outcome {
    let mut batch: Vec<_> = (0..2_000).map(a_usage_row).collect();
    batch.push(UsageRow { status: 500, ..a_usage_row(7) });
    let mut work = storage.begin().await?;
    work.usage().append(&batch).await?;
    work.usage().append(&[a_usage_row(0), a_usage_row(9)]).await?;
    work.commit().await?;

    batch.push(a_usage_row(2_000));
    let mut work = storage.begin().await?;
    work.usage().append(&batch).await?;
    work.commit().await?;
    let mut work = storage.read().await?;
    assert_eq!(work.usage().count(tenant_id(1)).await?, 2_001);
    let first = work.usage().newest(tenant_id(1), Some(request_id(8)), 1).await?;
    assert_eq!(first, [a_usage_row(7)]);
    Ok(())
}

/// `UsageRepository::newest`: newest first, one organisation, in pages.
pub async fn the_newest_rows_come_first_in_pages(storage: Fresh) -> Outcome {
    let elsewhere = UsageRow { tenant: tenant_id(2), ..a_usage_row(5) };
    let rows = [a_usage_row(2), a_usage_row(4), elsewhere.clone(), a_usage_row(1), a_usage_row(3)];
    let mut work = storage.begin().await?;
    work.usage().append(&rows).await?;
    let first = work.usage().newest(tenant_id(1), None, 2).await?;
    assert_eq!(first, [a_usage_row(4), a_usage_row(3)]);
    let next = work.usage().newest(tenant_id(1), Some(request_id(3)), 2).await?;
    assert_eq!(next, [a_usage_row(2), a_usage_row(1)]);
    assert_eq!(work.usage().newest(tenant_id(1), Some(request_id(1)), 2).await?, []);
    assert_eq!(work.usage().newest(tenant_id(2), None, 9).await?, [elsewhere]);
    assert_eq!(work.usage().count(tenant_id(1)).await?, 4);
    assert_eq!(work.usage().count(tenant_id(3)).await?, 0);
    Ok(())
}

/// Nothing is added by nothing.
pub async fn an_empty_batch_changes_nothing(storage: Fresh) -> Outcome {
    let mut work = storage.begin().await?;
    work.usage().append(&[]).await?;
    work.commit().await?;
    assert_eq!(storage.read().await?.usage().count(tenant_id(1)).await?, 0);
    Ok(())
}

/// `minutes` after [`NOW`], the row `n`.
fn later(n: u32, minutes: u64) -> UsageRow {
    let at = NOW.plus(Duration::from_mins(minutes));
    let bits = RequestId::earliest(at).as_uuid().as_u128() | u128::from(n);
    UsageRow { request: RequestId::from_uuid(Uuid::from_u128(bits)), at, ..a_usage_row(n) }
}

fn minutes(from: u64, to: u64) -> UsageWindow {
    let at = |it| NOW.plus(Duration::from_mins(it));
    UsageWindow { from: at(from), to: at(to) }
}

/// What the cases about filters begin with, oldest first; the last two belong
/// to another organisation and to no repository.
async fn a_busy_hour(storage: &Fresh) -> Result<Vec<UsageRow>, StorageError> {
    let rows = vec![
        later(1, 0),
        UsageRow { client: client_id(2), ..later(2, 10) },
        UsageRow { status: 404, endpoint: "tags.list".into(), ..later(3, 20) },
        UsageRow { repository: Some(a_repository_id("api")), withheld: 3, ..later(4, 30) },
        UsageRow { duration: Duration::from_millis(700), ..later(5, 40) },
        UsageRow { tenant: tenant_id(2), ..later(6, 50) },
        UsageRow { provider: None, repository: None, endpoint: "me".into(), ..later(7, 59) },
    ];
    let mut work = storage.begin().await?;
    work.usage().append(&rows).await?;
    work.commit().await?;
    Ok(rows)
}

async fn page(
    storage: &Fresh,
    tenant: TenantId,
    filter: UsageFilter,
) -> Result<Vec<UsageRow>, StorageError> {
    storage.read().await?.usage().page(tenant, &filter, None, 0, 9).await
}

/// `UsageRepository::page` MUST hold every part of the filter and the
/// organisation at once.
pub async fn a_filter_leaves_what_all_its_parts_mean(storage: Fresh) -> Outcome {
    let rows = a_busy_hour(&storage).await?;
    let all = UsageFilter::all(minutes(0, 60));
    for (filter, expected) in [
        (all.clone(), vec![6, 4, 3, 2, 1, 0]),
        (UsageFilter::all(minutes(10, 40)), vec![3, 2, 1]),
        (UsageFilter { client: Some(client_id(2)), ..all.clone() }, vec![1]),
        (UsageFilter { endpoint: Some("me".to_owned()), ..all.clone() }, vec![6]),
        (UsageFilter { provider: Some(local()), ..all.clone() }, vec![4, 3, 2, 1, 0]),
        (UsageFilter { repository: Some(a_repository_id("api")), ..all.clone() }, vec![3]),
        (UsageFilter { failed: true, ..all.clone() }, vec![2]),
        (UsageFilter { client: Some(client_id(2)), failed: true, ..all.clone() }, vec![]),
    ] {
        let found = page(&storage, tenant_id(1), filter.clone()).await?;
        let expected: Vec<_> = expected.into_iter().filter_map(|it: usize| rows.get(it)).collect();
        assert_eq!(found.iter().collect::<Vec<_>>(), expected, "{filter:?}");
    }
    let mut work = storage.read().await?;
    let found = work.usage().page(tenant_id(1), &all, None, 1, 2).await?;
    assert_eq!(found.iter().map(|it| it.at).collect::<Vec<_>>(), [40, 30].map(minute));
    let before = rows.get(3).map(|it| it.request);
    let found = work.usage().page(tenant_id(1), &all, before, 0, 2).await?;
    assert_eq!(found.iter().map(|it| it.at).collect::<Vec<_>>(), [20, 10].map(minute));
    Ok(())
}

fn minute(it: u64) -> Timestamp {
    NOW.plus(Duration::from_mins(it))
}

/// A row is found by its request, in its own organisation only.
pub async fn a_row_is_found_by_its_request_in_its_own_organisation(storage: Fresh) -> Outcome {
    let rows = a_busy_hour(&storage).await?;
    let mut work = storage.read().await?;
    for row in &rows {
        let other = if row.tenant == tenant_id(1) { tenant_id(2) } else { tenant_id(1) };
        assert_eq!(work.usage().find(row.tenant, row.request).await?.as_ref(), Some(row));
        assert_eq!(work.usage().find(other, row.request).await?, None);
    }
    Ok(())
}

/// `UsageRepository::summary`: the same rows as a page, added up.
pub async fn a_summary_adds_up_what_its_filter_means(storage: Fresh) -> Outcome {
    a_busy_hour(&storage).await?;
    let mut work = storage.read().await?;
    let hour = minutes(0, 60);
    let found = work.usage().summary(tenant_id(1), hour, UsageOf::All, 1, 2).await?;

    let one = UsageSums {
        requests: 1,
        errors: 0,
        items: 25,
        bytes: 4_700,
        withheld: 0,
        masked: 0,
        upstream_calls: 1,
    };
    let sums = |requests: u64, errors, withheld| UsageSums {
        requests,
        errors,
        withheld,
        items: one.items * requests,
        bytes: one.bytes * requests,
        upstream_calls: requests,
        masked: 0,
    };
    let start = |it: u64| {
        let width = 60 * 60 * 1_000_000;
        Timestamp::from_micros(minute(it).as_micros().div_euclid(width) * width)
    };
    let mut slots = std::collections::BTreeMap::new();
    for (at, more) in
        [(0, one), (10, one), (20, sums(1, 1, 0)), (30, sums(1, 0, 3)), (40, one), (59, one)]
    {
        let slot: &mut UsageSums = slots.entry(start(at)).or_default();
        *slot = slot.plus(more);
    }
    let expected = UsageSummary {
        slots: slots.into_iter().collect(),
        durations: vec![(Duration::from_micros(1_200), 5), (Duration::from_millis(700), 1)],
        clients: vec![(client_id(1), sums(5, 1, 3)), (client_id(2), one)],
        endpoints: vec![("commits.list".to_owned(), sums(4, 0, 3)), ("me".to_owned(), one)],
        providers: vec![(local(), sums(5, 1, 3))],
        repositories: vec![
            (local(), a_repository_id("web"), sums(4, 1, 0)),
            (local(), a_repository_id("api"), sums(1, 0, 3)),
        ],
    };
    assert_eq!(found, expected);
    assert_eq!(found.totals(), sums(6, 1, 3));

    let quiet = UsageOf::Client(client_id(2));
    let found = work.usage().summary(tenant_id(1), hour, quiet, 1, 2).await?;
    assert_eq!(found.totals(), one);
    let none = work.usage().summary(tenant_id(3), hour, UsageOf::All, 1, 2).await?;
    assert_eq!(none, UsageSummary::default());
    Ok(())
}
