//! Cases about accounts at hosts, what they are read with, and how they come.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use lodge_access::{
    Connection, ConnectionKind, ConnectionStatus, Credentials, DataKey, Lease, LoginAttempt,
    connection::{LEASE, LOGIN_LIFETIME},
};
use lodge_forge::ProviderName;
use lodge_kernel::Timestamp;
use lodge_storage::StorageError;

use super::{Fresh, Outcome, race};
use crate::builders::{
    NOW, a_connection, a_credential, a_customer, a_data_key, a_login_attempt, a_tenant, a_user,
    an_app, client_id, connection_id, customer_id, lease_id, move_in, tenant_id, user_id,
};

/// Accounts of one customer, oldest first, and of nobody else.
pub async fn accounts_come_oldest_first(storage: Fresh) -> Outcome {
    move_in(&*storage).await?;
    let mut work = storage.begin().await?;
    work.customers().add(&a_customer(2)).await?;
    let elsewhere = Connection { customer: customer_id(2), ..a_connection(4) };
    for connection in [a_connection(3), elsewhere, a_connection(2)] {
        work.connections().add(&connection).await?;
    }
    let found = work.connections().of_customer(customer_id(1)).await?;
    assert_eq!(found, [a_connection(1), a_connection(2), a_connection(3)]);
    Ok(())
}

/// `ConnectionRepository::list`: oldest first, after one of them, and of one
/// organisation where one is named.
pub async fn accounts_come_in_pages_of_one_organisation_or_of_all(storage: Fresh) -> Outcome {
    move_in(&*storage).await?;
    let mut work = storage.begin().await?;
    work.tenants().add(&a_tenant(2)).await?;
    work.users().add(&lodge_access::User { tenant: tenant_id(2), ..a_user(2) }).await?;
    let app = lodge_access::App { tenant: tenant_id(2), owner: user_id(2), ..an_app(2) };
    work.apps().add(&app).await?;
    let theirs = lodge_access::Customer {
        tenant: tenant_id(2),
        client: client_id(2),
        ..a_customer(2)
    };
    work.customers().add(&theirs).await?;
    let foreign =
        Connection { tenant: tenant_id(2), customer: customer_id(2), ..a_connection(2) };
    for connection in [&a_connection(3), &foreign] {
        work.connections().add(connection).await?;
    }
    let mut connections = work.connections();
    let all = [a_connection(1), foreign.clone(), a_connection(3)];
    assert_eq!(connections.list(None, None, 9).await?, all);
    assert_eq!(connections.list(None, None, 2).await?, all[..2]);
    assert_eq!(connections.list(None, Some(connection_id(1)), 9).await?, all[1..]);
    assert_eq!(connections.list(Some(tenant_id(2)), None, 9).await?, [foreign]);
    assert_eq!(connections.list(Some(tenant_id(9)), None, 9).await?, []);
    Ok(())
}

/// `ConnectionRepository::update` writes kind, account, scopes, status and time.
pub async fn an_account_changes_what_may_change_and_nothing_else(storage: Fresh) -> Outcome {
    move_in(&*storage).await?;
    for status in ConnectionStatus::ALL {
        let later = NOW.plus(Duration::from_secs(1));
        let changed = Connection {
            kind: ConnectionKind::OAuth,
            account: "renamed".to_owned(),
            scopes: vec!["repo".to_owned(), "read, \"user\"".to_owned()],
            status,
            updated_at: later,
            ..a_connection(1)
        };
        let moved = Connection {
            created_at: later,
            customer: customer_id(9),
            host_account: "another".to_owned(),
            ..changed.clone()
        };
        let mut work = storage.begin().await?;
        work.connections().update(&moved).await?;
        assert_eq!(work.connections().find(connection_id(1)).await?, Some(changed));
    }
    let unknown = storage.begin().await?.connections().update(&a_connection(9)).await;
    assert!(matches!(unknown, Err(StorageError::Orphan { .. })), "{unknown:?}");
    Ok(())
}

/// `ConnectionRepository::add` MUST return `Duplicate` for a second connection
/// of the same customer to the same account of a host.
pub async fn an_account_is_connected_once_however_many_ask(storage: Fresh) -> Outcome {
    move_in(&*storage).await?;
    let numbers = Arc::new(AtomicU32::new(2));
    let answers = race(&storage, move |storage| {
        // Each has an id of its own, as requests have that come at once.
        let n = numbers.fetch_add(1, Ordering::Relaxed);
        let ours = Connection { host_account: "the same".to_owned(), ..a_connection(n) };
        async move {
            let mut work = storage.begin().await?;
            work.connections().add(&ours).await?;
            work.commit().await
        }
    })
    .await;
    assert_eq!(answers.iter().filter(|it| it.is_ok()).count(), 1, "{answers:?}");
    let taken = |it: &&Result<_, _>| matches!(it, Err(StorageError::Duplicate { .. }));
    assert_eq!(answers.iter().filter(taken).count(), answers.len() - 1, "{answers:?}");
    assert_eq!(storage.read().await?.connections().of_customer(customer_id(1)).await?.len(), 2);
    Ok(())
}

/// Names pass from one account to another at a host; ids do not. The same id at
/// another host, or of another customer, is another account.
pub async fn an_account_is_known_by_its_id_and_not_by_its_name(storage: Fresh) -> Outcome {
    move_in(&*storage).await?;
    let taken = a_connection(1);
    let mut work = storage.begin().await?;
    work.customers().add(&a_customer(2)).await?;
    let other = ProviderName::parse("other").map_err(|it| StorageError::Other(it.into()))?;
    let id = taken.host_account.clone();
    for different in [
        Connection { customer: customer_id(2), host_account: id.clone(), ..a_connection(2) },
        Connection { provider: other, host_account: id.clone(), ..a_connection(3) },
        Connection { account: taken.account.clone(), ..a_connection(4) },
    ] {
        work.connections().add(&different).await?;
    }
    work.connections().update(&Connection { account: taken.account, ..a_connection(4) }).await?;
    let same = work.connections().add(&Connection { host_account: id, ..a_connection(5) }).await;
    assert!(matches!(same, Err(StorageError::Duplicate { .. })), "{same:?}");
    Ok(())
}

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
    assert_eq!(won.len(), 1);
    let kept = storage.read().await?.credentials().find(connection_id(1)).await?;
    assert_eq!(kept, Some(Credentials { generation: 2, ..a_credential(won[0]) }));
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

/// `LoginAttemptRepository::take` MUST answer `true` at most once.
pub async fn a_login_comes_back_and_is_taken_once_however_many_ask(storage: Fresh) -> Outcome {
    move_in(&*storage).await?;
    let bare = LoginAttempt { verifier: None, ..a_login_attempt(2) };
    let mut work = storage.begin().await?;
    work.login_attempts().add(&a_login_attempt(1)).await?;
    work.login_attempts().add(&bare).await?;
    assert_eq!(
        work.login_attempts().find(a_login_attempt(1).digest).await?,
        Some(a_login_attempt(1))
    );
    assert_eq!(work.login_attempts().find(bare.digest).await?, Some(bare));
    assert_eq!(work.login_attempts().find(a_login_attempt(3).digest).await?, None);
    work.commit().await?;

    let answers = race(&storage, |storage| async move {
        let mut work = storage.begin().await?;
        let taken = work.login_attempts().take(a_login_attempt(1).digest, NOW).await?;
        work.commit().await?;
        Ok(taken)
    })
    .await;
    let taken: Vec<_> = answers.into_iter().collect::<Result<_, _>>()?;
    assert_eq!(taken.iter().filter(|it| **it).count(), 1);
    let found = storage.read().await?.login_attempts().find(a_login_attempt(1).digest).await?;
    assert_eq!(found, Some(LoginAttempt { used_at: Some(NOW), ..a_login_attempt(1) }));
    Ok(())
}

/// `LoginAttemptRepository::take`: `false` for what has expired at `now`.
pub async fn a_login_that_has_expired_is_not_taken(storage: Fresh) -> Outcome {
    move_in(&*storage).await?;
    let attempt = a_login_attempt(1);
    let end = NOW.plus(LOGIN_LIFETIME);
    let mut work = storage.begin().await?;
    work.login_attempts().add(&attempt).await?;
    assert!(!work.login_attempts().take(a_login_attempt(2).digest, NOW).await?);
    assert!(!work.login_attempts().take(attempt.digest, end).await?);
    let just_before = end.minus(Duration::from_micros(1));
    assert!(work.login_attempts().take(attempt.digest, just_before).await?);
    Ok(())
}

/// Every field of a data key is kept; the newest has the highest number.
pub async fn data_keys_come_back_and_are_counted(storage: Fresh) -> Outcome {
    move_in(&*storage).await?;
    let mut work = storage.begin().await?;
    work.tenants().add(&a_tenant(2)).await?;
    assert_eq!(work.data_keys().newest(tenant_id(1)).await?, None);
    let second = DataKey { master: 2, ..a_data_key(2) };
    let theirs = DataKey { tenant: tenant_id(2), ..a_data_key(9) };
    for key in [&second, &a_data_key(1), &theirs] {
        work.data_keys().add(key).await?;
    }
    assert_eq!(work.data_keys().find(tenant_id(1), 1).await?, Some(a_data_key(1)));
    assert_eq!(work.data_keys().find(tenant_id(2), 1).await?, None);
    assert_eq!(work.data_keys().newest(tenant_id(1)).await?, Some(second));
    assert_eq!(work.data_keys().count().await?, [(1, 2), (2, 1)]);
    assert_eq!(work.data_keys().not_wrapped_by(2, 9).await?, [a_data_key(1), theirs]);
    assert_eq!(work.data_keys().not_wrapped_by(2, 1).await?, [a_data_key(1)]);
    Ok(())
}

/// `DataKeyRepository::add` MUST return `Duplicate` when its number is taken.
pub async fn a_data_key_is_made_once_however_many_ask(storage: Fresh) -> Outcome {
    move_in(&*storage).await?;
    let answers = race(&storage, |storage| async move {
        let mut work = storage.begin().await?;
        work.data_keys().add(&a_data_key(1)).await?;
        work.commit().await
    })
    .await;
    assert_eq!(answers.iter().filter(|it| it.is_ok()).count(), 1, "{answers:?}");
    let taken = |it: &&Result<_, _>| matches!(it, Err(StorageError::Duplicate { .. }));
    assert_eq!(answers.iter().filter(taken).count(), answers.len() - 1, "{answers:?}");
    Ok(())
}

/// `DataKeyRepository::rewrap` changes what is still as it was seen.
pub async fn a_data_key_is_wrapped_again_only_as_it_was_seen(storage: Fresh) -> Outcome {
    move_in(&*storage).await?;
    let mut work = storage.begin().await?;
    work.data_keys().add(&a_data_key(1)).await?;
    let again = DataKey { wrapped: "again".to_owned(), master: 2, ..a_data_key(1) };
    assert!(!work.data_keys().rewrap(&again, "something else").await?);
    assert!(work.data_keys().rewrap(&again, "wrapped-1").await?);
    assert!(!work.data_keys().rewrap(&again, "wrapped-1").await?);
    assert_eq!(work.data_keys().find(tenant_id(1), 1).await?, Some(again));
    Ok(())
}

/// Whatever belongs to nobody is an orphan.
pub async fn no_credential_login_or_key_belongs_to_what_is_not_there(storage: Fresh) -> Outcome {
    move_in(&*storage).await?;
    let mut orphans = Vec::new();
    let foreign = Credentials { connection: connection_id(9), ..a_credential(1) };
    orphans.push(storage.begin().await?.credentials().add(&foreign).await);
    let foreign = Credentials { tenant: tenant_id(9), ..a_credential(1) };
    orphans.push(storage.begin().await?.credentials().add(&foreign).await);
    let foreign = LoginAttempt { customer: customer_id(9), ..a_login_attempt(1) };
    orphans.push(storage.begin().await?.login_attempts().add(&foreign).await);
    let foreign = DataKey { tenant: tenant_id(9), ..a_data_key(1) };
    orphans.push(storage.begin().await?.data_keys().add(&foreign).await);
    for orphan in orphans {
        assert!(matches!(orphan, Err(StorageError::Orphan { .. })), "{orphan:?}");
    }
    Ok(())
}
