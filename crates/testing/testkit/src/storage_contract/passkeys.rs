//! Cases about passkeys, and the challenges that they answer.

use std::{slice, time::Duration};

use lodge_access::{Backup, CredentialId, Passkey, Transport};
use lodge_storage::StorageError;

use super::{Fresh, Outcome, race};
use crate::builders::{NOW, a_passkey, a_session, a_user, move_in, passkey_id, user_id};

/// Every field of a passkey is kept; a person's come oldest first, and nobody
/// else renames or removes them.
pub async fn a_passkey_comes_back_is_renamed_and_removed(storage: Fresh) -> Outcome {
    move_in(&*storage).await?;
    let bare = Passkey { transports: vec![], used_at: None, ..a_passkey(2) };
    let (counter, key) = (u32::MAX, vec![0; 1_200]);
    let longest = CredentialId::new(vec![0xff; 1_023]).unwrap_or(bare.credential.clone());
    let large = Passkey { counter, key, credential: longest, ..a_passkey(3) };
    let mut work = storage.begin().await?;
    work.users().add(&a_user(2)).await?;
    for passkey in [&a_passkey(1), &bare, &large] {
        work.passkeys().add(passkey).await?;
    }
    let theirs = Passkey { user: user_id(2), ..a_passkey(4) };
    work.passkeys().add(&theirs).await?;
    assert_eq!(work.passkeys().of_user(user_id(1)).await?, [a_passkey(1), bare, large.clone()]);
    assert_eq!(work.passkeys().find(&large.credential).await?, Some(large));
    assert_eq!(work.passkeys().find(&a_passkey(9).credential).await?, None);

    assert!(!work.passkeys().rename(user_id(1), theirs.id, "Mine").await?);
    assert!(!work.passkeys().remove(user_id(1), theirs.id).await?);
    assert!(!work.passkeys().seen(user_id(1), theirs.id, 99, Backup::Done, NOW).await?);
    assert_eq!(work.passkeys().of_user(user_id(2)).await?, slice::from_ref(&theirs));
    assert!(work.passkeys().rename(user_id(2), theirs.id, "Mine").await?);
    let renamed = Passkey { name: "Mine".to_owned(), ..theirs.clone() };
    assert_eq!(work.passkeys().of_user(user_id(2)).await?, [renamed]);
    assert!(work.passkeys().remove(user_id(2), theirs.id).await?);
    assert!(!work.passkeys().remove(user_id(2), theirs.id).await?);
    assert!(work.passkeys().of_user(user_id(2)).await?.is_empty());

    let nobody = Passkey { user: user_id(9), ..a_passkey(5) };
    let orphan = work.passkeys().add(&nobody).await;
    assert!(matches!(orphan, Err(StorageError::Orphan { .. })), "{orphan:?}");
    Ok(())
}

/// `PasskeyRepository::add` MUST return `Duplicate` for a credential that is
/// known, whosever it is.
pub async fn a_credential_belongs_to_one_person_however_many_ask(storage: Fresh) -> Outcome {
    move_in(&*storage).await?;
    let mut work = storage.begin().await?;
    work.users().add(&a_user(2)).await?;
    work.commit().await?;
    let answers = race(&storage, |storage| async move {
        let mut work = storage.begin().await?;
        work.passkeys().add(&a_passkey(1)).await?;
        work.commit().await
    })
    .await;
    assert_eq!(answers.iter().filter(|it| it.is_ok()).count(), 1, "{answers:?}");
    let again = Passkey { id: passkey_id(2), user: user_id(2), ..a_passkey(1) };
    let taken = storage.begin().await?.passkeys().add(&again).await;
    assert!(matches!(taken, Err(StorageError::Duplicate { .. })), "{taken:?}");
    Ok(())
}

/// `PasskeyRepository::seen` MUST take a count once, and none that does not come
/// after it.
pub async fn of_two_answers_with_one_count_one_is_taken(storage: Fresh) -> Outcome {
    move_in(&*storage).await?;
    let known = Passkey { counter: 7, ..a_passkey(1) };
    let mut work = storage.begin().await?;
    work.passkeys().add(&known).await?;
    work.commit().await?;
    let later = NOW.plus(Duration::from_secs(1));
    let taken = race(&storage, move |storage| async move {
        let mut work = storage.begin().await?;
        let id = passkey_id(1);
        let taken = work.passkeys().seen(user_id(1), id, 8, Backup::Done, later).await?;
        work.commit().await?;
        Ok(taken)
    })
    .await;
    assert_eq!(taken.iter().filter(|it| matches!(it, Ok(true))).count(), 1, "{taken:?}");
    let mut work = storage.begin().await?;
    for before in [8, 7, 0] {
        let taken = work.passkeys().seen(user_id(1), known.id, before, Backup::Done, NOW).await?;
        assert!(!taken, "{before}");
    }
    let seen = Passkey { counter: 8, backup: Backup::Done, used_at: Some(later), ..known };
    assert_eq!(work.passkeys().of_user(user_id(1)).await?, [seen]);
    Ok(())
}

/// Zero after zero is no count.
pub async fn a_device_that_does_not_count_is_taken_each_time(storage: Fresh) -> Outcome {
    move_in(&*storage).await?;
    let transports = Transport::ALL.to_vec();
    let known = Passkey { counter: 0, transports, ..a_passkey(1) };
    let mut work = storage.begin().await?;
    work.passkeys().add(&known).await?;
    for _ in 0..2 {
        assert!(work.passkeys().seen(user_id(1), known.id, 0, known.backup, NOW).await?);
    }
    let seen = Passkey { used_at: Some(NOW), ..known };
    assert_eq!(work.passkeys().of_user(user_id(1)).await?, slice::from_ref(&seen));
    assert!(work.passkeys().seen(user_id(1), seen.id, 1, seen.backup, NOW).await?);
    assert!(!work.passkeys().seen(user_id(1), seen.id, 0, seen.backup, NOW).await?);
    Ok(())
}

/// `PasskeyRepository::answer` MUST be `true` once.
pub async fn a_challenge_is_answered_once_however_many_ask(storage: Fresh) -> Outcome {
    let answers = race(&storage, |storage| async move {
        let mut work = storage.begin().await?;
        let first = work.passkeys().answer(a_session(1).digest, NOW).await?;
        work.commit().await?;
        Ok(first)
    })
    .await;
    assert_eq!(answers.iter().filter(|it| matches!(it, Ok(true))).count(), 1, "{answers:?}");
    assert!(storage.begin().await?.passkeys().answer(a_session(2).digest, NOW).await?);
    Ok(())
}
