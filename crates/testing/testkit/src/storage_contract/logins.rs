//! Cases about logins at hosts, and the keys that seal.

use std::time::Duration;

use lodge_access::{Credentials, DataKey, LoginAttempt, connection::LOGIN_LIFETIME};
use lodge_storage::StorageError;

use super::{Fresh, Outcome, race};
use crate::builders::{
    NOW, a_credential, a_data_key, a_login_attempt, a_tenant, connection_id, customer_id, move_in,
    tenant_id,
};

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
