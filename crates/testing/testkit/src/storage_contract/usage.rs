//! Cases about the journal of reads.

use std::time::Duration;

use lodge_access::UsageRow;

use super::{Fresh, Outcome};
use crate::builders::{NOW, a_usage_row, request_id, tenant_id};

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
        upstream_calls: u32::MAX,
        items: u32::MAX,
        bytes: 1 << 62,
        withheld: u32::MAX,
        masked: u32::MAX,
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
