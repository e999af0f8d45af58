//! Cases about units of work.

use std::{sync::Arc, time::Duration};

use lodge_storage::{Keep, StorageError};

use super::{Fresh, Outcome, race};
use crate::builders::{
    NOW, a_connection, a_membership, a_tenant, a_usage_row, a_user, an_app, an_authorization,
    client_id, move_in, tenant_id, user_id,
};

/// Long enough for anything that does not wait for somebody else.
const AT_ONCE: Duration = Duration::from_secs(2);

/// Dropping a unit of work without `commit` MUST undo it.
pub async fn a_dropped_unit_of_work_is_undone(storage: Fresh) -> Outcome {
    let mut work = storage.begin().await?;
    work.tenants().add(&a_tenant(1)).await?;
    drop(work);
    assert_eq!(storage.begin().await?.tenants().find(tenant_id(1)).await?, None);
    assert_eq!(storage.read().await?.tenants().find(tenant_id(1)).await?, None);
    Ok(())
}

/// The same when the caller goes away in the middle of a step.
pub async fn a_cancelled_unit_of_work_is_undone(storage: Fresh) -> Outcome {
    for micros in [0, 50, 200, 1_000, 5_000] {
        let task = tokio::spawn({
            let storage = Arc::clone(&storage);
            async move {
                let rows: Vec<_> = (0..500).map(a_usage_row).collect();
                let mut work = storage.begin().await?;
                loop {
                    work.usage().append(&rows).await?;
                    tokio::task::yield_now().await;
                }
                #[expect(unreachable_code, reason = "it says what the block answers")]
                Outcome::Ok(())
            }
        });
        tokio::time::sleep(Duration::from_micros(micros)).await;
        task.abort();
        let ended = task.await;
        assert!(ended.is_err_and(|it| it.is_cancelled()), "the step ended by itself");
    }
    let mut work = storage.begin().await?;
    assert_eq!(work.usage().count(tenant_id(1)).await?, 0);
    work.usage().append(&[a_usage_row(1)]).await?;
    work.commit().await?;
    assert_eq!(storage.read().await?.usage().count(tenant_id(1)).await?, 1);
    Ok(())
}

/// What was added is there for the steps that follow.
pub async fn a_unit_of_work_sees_its_own_changes(storage: Fresh) -> Outcome {
    let mut work = storage.begin().await?;
    work.tenants().add(&a_tenant(1)).await?;
    assert_eq!(work.tenants().find(tenant_id(1)).await?, Some(a_tenant(1)));
    assert_eq!(storage.read().await?.tenants().find(tenant_id(1)).await?, None);
    work.commit().await?;
    assert_eq!(storage.read().await?.tenants().find(tenant_id(1)).await?, Some(a_tenant(1)));
    Ok(())
}

/// A unit that is dropped gives back what it held, also when it has failed.
pub async fn many_units_of_work_can_be_dropped(storage: Fresh) -> Outcome {
    for _ in 0..40 {
        let mut work = storage.begin().await?;
        assert!(work.memberships().add(&a_membership(1)).await.is_err());
        drop(work);
        let mut work = storage.read().await?;
        assert!(work.tenants().add(&a_tenant(1)).await.is_err());
        drop(work);
        storage.read().await?.commit().await?;
    }
    move_in(&*storage).await
}

/// A change through a unit that reads MUST be refused.
pub async fn a_unit_that_reads_refuses_changes(storage: Fresh) -> Outcome {
    move_in(&*storage).await?;
    let mut work = storage.read().await?;
    assert_eq!(work.tenants().find(tenant_id(1)).await?, Some(a_tenant(1)));
    drop(work);
    let mut refused = Vec::new();
    refused.push(storage.read().await?.tenants().add(&a_tenant(2)).await);
    refused.push(storage.read().await?.apps().update(&an_app(1)).await);
    refused.push(storage.read().await?.authorizations().update(&an_authorization(1)).await);
    refused.push(storage.read().await?.connections().update(&a_connection(1)).await);
    refused.push(storage.read().await?.usage().append(&[a_usage_row(1)]).await);
    refused.push(storage.read().await?.touch_access().await);
    let keep = Keep { secrets: NOW, questions: NOW };
    refused.push(storage.read().await?.sweep(&keep, 1).await.map(drop));
    for answer in refused {
        assert!(matches!(answer, Err(StorageError::Other(_))), "{answer:?}");
    }
    assert_eq!(storage.access_version().await?, 0);
    Ok(())
}

/// A unit that reads does not wait for a writer, and what a writer commits in
/// between does not change what it sees.
pub async fn a_unit_that_reads_is_not_delayed_and_sees_one_state(storage: Fresh) -> Outcome {
    let mut writer = storage.begin().await?;
    writer.tenants().add(&a_tenant(1)).await?;
    let reading = async {
        let mut work = storage.read().await?;
        let found = work.tenants().find(tenant_id(1)).await?;
        Ok::<_, StorageError>((work, found))
    };
    let Ok(answer) = tokio::time::timeout(AT_ONCE, reading).await else {
        panic!("a writer delayed a reader");
    };
    let (mut reader, found) = answer?;
    assert_eq!(found, None);
    writer.commit().await?;
    assert_eq!(reader.tenants().find(tenant_id(1)).await?, None);
    assert_eq!(storage.read().await?.tenants().find(tenant_id(1)).await?, Some(a_tenant(1)));
    Ok(())
}

/// Two units MUST NOT lose each other's changes: eight tasks each read an app,
/// count one further and write it, ten times.
pub async fn two_units_do_not_lose_each_others_changes(storage: Fresh) -> Outcome {
    move_in(&*storage).await?;
    let mut work = storage.begin().await?;
    let app = lodge_access::App { description: Some("0".to_owned()), ..an_app(1) };
    work.apps().update(&app).await?;
    work.commit().await?;

    for _ in 0..10 {
        let answers = race(&storage, |storage| async move {
            let mut work = storage.begin().await?;
            let mut app = work.apps().find(client_id(1)).await?.ok_or(NOT_THERE)?;
            let count = app.description.and_then(|it| it.parse::<u32>().ok()).unwrap_or_default();
            app.description = Some((count + 1).to_string());
            work.apps().update(&app).await?;
            work.commit().await
        })
        .await;
        answers.into_iter().collect::<Result<Vec<()>, _>>()?;
    }
    let app = storage.read().await?.apps().find(client_id(1)).await?;
    assert_eq!(app.and_then(|it| it.description).as_deref(), Some("80"));
    Ok(())
}

const NOT_THERE: StorageError = StorageError::Orphan { entity: "test" };

/// A duplicate is an answer like any other: the unit of work goes on.
pub async fn after_a_duplicate_the_unit_goes_on(storage: Fresh) -> Outcome {
    move_in(&*storage).await?;
    let mut work = storage.begin().await?;
    assert!(work.users().add(&a_user(1)).await.is_err());
    work.users().add(&a_user(2)).await?;
    work.commit().await?;
    assert_eq!(storage.read().await?.users().find(user_id(2)).await?, Some(a_user(2)));
    Ok(())
}

/// When a step has failed, `commit` either keeps the other steps or says that
/// it does not.
pub async fn a_commit_never_answers_for_work_that_is_lost(storage: Fresh) -> Outcome {
    let mut work = storage.begin().await?;
    work.tenants().add(&a_tenant(1)).await?;
    assert!(work.memberships().add(&a_membership(9)).await.is_err());
    let committed = work.commit().await.is_ok();
    let kept = storage.read().await?.tenants().find(tenant_id(1)).await?.is_some();
    assert_eq!(committed, kept);
    Ok(())
}

/// `Storage::access_version` grows with every committed `touch_access`, and
/// with nothing else.
pub async fn the_access_version_grows_with_the_commit_only(storage: Fresh) -> Outcome {
    let before = storage.access_version().await?;
    let mut work = storage.begin().await?;
    work.touch_access().await?;
    assert_eq!(storage.access_version().await?, before);
    drop(work);
    assert_eq!(storage.access_version().await?, before);

    let mut work = storage.begin().await?;
    work.tenants().add(&a_tenant(1)).await?;
    work.commit().await?;
    assert_eq!(storage.access_version().await?, before);

    let mut work = storage.begin().await?;
    work.touch_access().await?;
    work.commit().await?;
    assert!(storage.access_version().await? > before);
    Ok(())
}

/// The same from several tasks.
pub async fn the_access_version_counts_every_commit(storage: Fresh) -> Outcome {
    let before = storage.access_version().await?;
    let answers = race(&storage, |storage| async move {
        let mut work = storage.begin().await?;
        work.touch_access().await?;
        work.commit().await?;
        storage.access_version().await
    })
    .await;
    for version in answers {
        assert!(version? > before);
    }
    assert!(storage.access_version().await? >= before + 8);
    Ok(())
}

/// `Storage::migrate` of up-to-date tables takes no step.
pub async fn a_second_migration_has_nothing_to_do(storage: Fresh) -> Outcome {
    assert_eq!(storage.migrate().await?, Vec::<String>::new());
    Ok(())
}

/// `Storage::state`: a clock that goes, every step taken, and none unknown.
pub async fn it_says_what_it_is(storage: Fresh) -> Outcome {
    let before = storage.state().await?;
    let after = storage.state().await?;
    assert!(!before.product.is_empty());
    assert!(before.now <= after.now && after.now.since(before.now) < AT_ONCE, "{after:?}");
    assert!(before.missing.is_empty() && before.unknown.is_empty(), "{before:?}");
    Ok(())
}

/// `Storage::connections`: a unit of work is at work until it is dropped.
pub async fn connections_are_counted(storage: Fresh) -> Outcome {
    let work = storage.read().await?;
    let busy = storage.connections();
    assert!(busy.in_use <= busy.open && busy.open <= busy.most, "{busy:?}");
    assert!(busy.most == 0 || busy.in_use > 0, "{busy:?}");
    drop(work);
    Ok(())
}
