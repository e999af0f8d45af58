//! Cases about what accounts are read with, and whose turn it is to refresh it.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use lodge_access::{Credentials, Lease, connection::LEASE};
use lodge_kernel::Timestamp;
use lodge_storage::StorageError;

use super::{Fresh, Outcome, race};
use crate::builders::{NOW, a_credential, connection_id, lease_id, move_in};

/// Every field of credentials is kept; a connection has one set of them.
pub async fn credentials_come_back_as_they_were_and_once(storage: Fresh) -> Outcome {
    move_in(&*storage).await?;
    let mut work = storage.begin().await?;
    assert_eq!(work.credentials().find(connection_id(1)).await?, None);
    work.credentials().add(&a_credential(1)).await?;
    assert_eq!(work.credentials().find(connection_id(1)).await?, Some(a_credential(1)));
    let again = work.credentials().add(&a_credential(2)).await;
    assert!(matches!(again, Err(StorageError::Duplicate { .. })), "{again:?}");

    let bare = Credentials {
        expires_at: None,
        refresh: None,
        refresh_expires_at: None,
        ..a_credential(2)
    };
    assert!(work.credentials().replace(1, &bare).await?);
    assert_eq!(work.credentials().find(connection_id(1)).await?, Some(bare));
    Ok(())
}

/// `CredentialRepository::replace` MUST answer `true` at most once for one
/// generation.
pub async fn of_two_refreshes_one_counts(storage: Fresh) -> Outcome {
    move_in(&*storage).await?;
    let mut work = storage.begin().await?;
    work.credentials().add(&a_credential(1)).await?;
    work.commit().await?;

    let numbers = Arc::new(AtomicU32::new(100));
    let answers = race(&storage, move |storage| {
        let n = numbers.fetch_add(1, Ordering::Relaxed);
        async move {
            let mut work = storage.begin().await?;
            let won = work
                .credentials()
                .replace(1, &Credentials { generation: 2, ..a_credential(n) })
                .await?;
            work.commit().await?;
            Ok(won.then_some(n))
        }
    })
    .await;
    let won: Vec<_> = answers.into_iter().collect::<Result<_, _>>()?;
    let won: Vec<_> = won.into_iter().flatten().collect();
    let [winner] = *won else { panic!("{won:?} have won") };
    let kept = storage.read().await?.credentials().find(connection_id(1)).await?;
    assert_eq!(kept, Some(Credentials { generation: 2, ..a_credential(winner) }));
    Ok(())
}

fn a_lease(n: u32, from: Timestamp) -> Lease {
    Lease { id: lease_id(n), until: from.plus(LEASE) }
}

/// `CredentialRepository::lease` MUST answer `true` to one at a time.
pub async fn a_turn_to_refresh_is_had_by_one_at_a_time(storage: Fresh) -> Outcome {
    move_in(&*storage).await?;
    let mut work = storage.begin().await?;
    work.credentials().add(&a_credential(1)).await?;
    work.commit().await?;

    let numbers = Arc::new(AtomicU32::new(1));
    let answers = race(&storage, move |storage| {
        let n = numbers.fetch_add(1, Ordering::Relaxed);
        async move {
            let mut work = storage.begin().await?;
            let id = connection_id(1);
            let mine = work.credentials().lease(id, 1, a_lease(n, NOW), NOW).await?;
            work.commit().await?;
            Ok(mine)
        }
    })
    .await;
    let mine: Vec<_> = answers.into_iter().collect::<Result<_, _>>()?;
    assert_eq!(mine.iter().filter(|it| **it).count(), 1);

    let mut work = storage.begin().await?;
    let just_before = NOW.plus(LEASE).minus(Duration::from_micros(1));
    let late = a_lease(100, NOW);
    assert!(!work.credentials().lease(connection_id(1), 1, late, just_before).await?);
    // Its holder is gone.
    assert!(work.credentials().lease(connection_id(1), 1, late, NOW.plus(LEASE)).await?);
    Ok(())
}

/// The one who has the turn ends it; somebody else's turn stays.
pub async fn a_turn_ends_with_new_credentials_or_is_given_back(storage: Fresh) -> Outcome {
    move_in(&*storage).await?;
    let id = connection_id(1);
    let mut work = storage.begin().await?;
    work.credentials().add(&a_credential(1)).await?;
    assert!(!work.credentials().lease(connection_id(9), 1, a_lease(1, NOW), NOW).await?);
    assert!(!work.credentials().lease(id, 2, a_lease(1, NOW), NOW).await?, "another generation");
    assert!(work.credentials().lease(id, 1, a_lease(1, NOW), NOW).await?);
    work.credentials().release(id, lease_id(2)).await?;
    assert!(!work.credentials().lease(id, 1, a_lease(2, NOW), NOW).await?);
    work.credentials().release(id, lease_id(1)).await?;
    assert!(work.credentials().lease(id, 1, a_lease(2, NOW), NOW).await?);
    assert!(!work.credentials().replace(7, &a_credential(8)).await?);
    assert!(work.credentials().replace(1, &a_credential(2)).await?);
    assert!(work.credentials().lease(id, 2, a_lease(3, NOW), NOW).await?);
    Ok(())
}

/// What is removed is gone, and can be added again.
pub async fn credentials_are_removed(storage: Fresh) -> Outcome {
    move_in(&*storage).await?;
    let mut work = storage.begin().await?;
    work.credentials().add(&a_credential(1)).await?;
    work.credentials().remove(connection_id(1)).await?;
    assert_eq!(work.credentials().find(connection_id(1)).await?, None);
    work.credentials().remove(connection_id(1)).await?;
    work.credentials().add(&a_credential(2)).await
}
