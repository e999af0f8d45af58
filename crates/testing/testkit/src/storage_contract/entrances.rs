//! Cases about passwords, second proofs, and links that are good once.

use lodge_access::{Authenticator, Invitation, PasswordLink, Throttle};
use lodge_kernel::Sealed;
use lodge_storage::StorageError;

use super::{Fresh, Outcome, race};
use crate::builders::{
    NOW, a_password_link, a_session, an_invitation, invitation_id, move_in, tenant_id, user_id,
};

/// A second password takes the place of the first.
pub async fn a_password_is_replaced(storage: Fresh) -> Outcome {
    move_in(&*storage).await?;
    let mut work = storage.begin().await?;
    let mut logins = work.logins();
    assert_eq!(logins.password(user_id(1)).await?, None);
    for hash in ["$argon2id$1", "$argon2id$2"] {
        logins.set_password(user_id(1), hash, NOW).await?;
        assert_eq!(logins.password(user_id(1)).await?.as_deref(), Some(hash));
    }
    Ok(())
}

/// `LoginRepository::replace_hash` MUST be `false`, and change nothing, where
/// there is another password by now or none.
pub async fn a_hash_is_replaced_once_and_only_where_it_is_the_known_one(storage: Fresh) -> Outcome {
    move_in(&*storage).await?;
    let (user, known, new) = (user_id(1), "$argon2id$1", "$argon2id$2");
    let mut work = storage.begin().await?;
    assert!(!work.logins().replace_hash(user, known, new, NOW).await?);
    assert_eq!(work.logins().password(user).await?, None);
    work.logins().set_password(user, known, NOW).await?;
    assert!(!work.logins().replace_hash(user, "$argon2id$0", new, NOW).await?);
    assert!(!work.logins().replace_hash(user_id(2), known, new, NOW).await?);
    assert_eq!(work.logins().password(user).await?.as_deref(), Some(known));
    work.commit().await?;

    let replaced = race(&storage, move |storage| async move {
        let mut work = storage.begin().await?;
        let replaced = work.logins().replace_hash(user, known, new, NOW).await?;
        work.commit().await?;
        Ok(replaced)
    })
    .await;
    assert_eq!(replaced.iter().filter(|it| matches!(it, Ok(true))).count(), 1, "{replaced:?}");
    assert_eq!(storage.read().await?.logins().password(user).await?.as_deref(), Some(new));
    Ok(())
}

/// `LoginRepository::use_step` MUST be `true` once for each step, and never for
/// one that is not after the latest.
pub async fn an_authenticator_comes_back_and_takes_each_step_once(storage: Fresh) -> Outcome {
    move_in(&*storage).await?;
    let mut authenticator = Authenticator {
        tenant: tenant_id(1),
        key: Sealed { key: 1, text: "key".to_owned() },
        confirmed_at: None,
        last_step: None,
    };
    let mut work = storage.begin().await?;
    assert!(!work.logins().use_step(user_id(1), 7).await?);
    work.logins().set_authenticator(user_id(1), Some(&authenticator)).await?;
    assert_eq!(work.logins().authenticator(user_id(1)).await?.as_ref(), Some(&authenticator));
    authenticator.confirmed_at = Some(NOW);
    work.logins().set_authenticator(user_id(1), Some(&authenticator)).await?;
    work.commit().await?;

    let used = race(&storage, |storage| async move {
        let mut work = storage.begin().await?;
        let used = work.logins().use_step(user_id(1), 7).await?;
        work.commit().await?;
        Ok(used)
    })
    .await;
    assert_eq!(used.iter().filter(|it| matches!(it, Ok(true))).count(), 1, "{used:?}");
    let mut work = storage.begin().await?;
    assert!(!work.logins().use_step(user_id(1), 6).await?);
    assert!(work.logins().use_step(user_id(1), 8).await?);
    authenticator.last_step = Some(8);
    assert_eq!(work.logins().authenticator(user_id(1)).await?, Some(authenticator));
    work.logins().set_authenticator(user_id(1), None).await?;
    assert_eq!(work.logins().authenticator(user_id(1)).await?, None);
    Ok(())
}

/// `LoginRepository::use_recovery_code` MUST be `true` once; new codes take the
/// place of the old ones.
pub async fn a_recovery_code_is_used_once_however_many_ask(storage: Fresh) -> Outcome {
    move_in(&*storage).await?;
    let digest = |n| a_session(n).digest;
    let mut work = storage.begin().await?;
    work.logins().set_recovery_codes(user_id(1), &[digest(1), digest(2)]).await?;
    work.logins().set_recovery_codes(user_id(1), &[digest(2), digest(3)]).await?;
    assert!(!work.logins().use_recovery_code(user_id(1), digest(1)).await?);
    assert!(!work.logins().use_recovery_code(user_id(2), digest(2)).await?);
    assert_eq!(work.logins().recovery_codes(user_id(1)).await?, 2);
    work.commit().await?;

    let used = race(&storage, move |storage| async move {
        let mut work = storage.begin().await?;
        let used = work.logins().use_recovery_code(user_id(1), digest(2)).await?;
        work.commit().await?;
        Ok(used)
    })
    .await;
    assert_eq!(used.iter().filter(|it| matches!(it, Ok(true))).count(), 1, "{used:?}");
    assert_eq!(storage.read().await?.logins().recovery_codes(user_id(1)).await?, 1);
    Ok(())
}

/// `InvitationRepository::end` MUST be `true` once, and for its organisation
/// only; open ones are listed, newest first.
pub async fn an_invitation_to_join_comes_back_and_ends_once(storage: Fresh) -> Outcome {
    move_in(&*storage).await?;
    let over = Invitation { expires_at: NOW, ..an_invitation(3) };
    let mut work = storage.begin().await?;
    for it in [&an_invitation(1), &an_invitation(2), &over] {
        work.invitations().add(it).await?;
    }
    let mut invitations = work.invitations();
    let again = invitations.add(&an_invitation(1)).await;
    assert!(matches!(again, Err(StorageError::Duplicate { .. })), "{again:?}");
    let found = invitations.find_by_digest(an_invitation(1).digest).await?;
    assert_eq!(found, Some(an_invitation(1)));
    let (tenant, newest) = (tenant_id(1), [an_invitation(2), an_invitation(1)]);
    assert_eq!(invitations.of_tenant(tenant, NOW, 9).await?, newest);
    assert_eq!(invitations.of_tenant(tenant, NOW, 1).await?, newest[..1]);
    assert!(!invitations.end(tenant_id(2), invitation_id(1), NOW).await?);
    drop(invitations);
    work.commit().await?;

    let ended = race(&storage, move |storage| async move {
        let mut work = storage.begin().await?;
        let ended = work.invitations().end(tenant, invitation_id(1), NOW).await?;
        work.commit().await?;
        Ok(ended)
    })
    .await;
    assert_eq!(ended.iter().filter(|it| matches!(it, Ok(true))).count(), 1, "{ended:?}");
    let mut work = storage.read().await?;
    assert_eq!(work.invitations().of_tenant(tenant, NOW, 9).await?, [an_invitation(2)]);
    let found = work.invitations().find_by_digest(an_invitation(1).digest).await?;
    assert_eq!(found.and_then(|it| it.ended_at), Some(NOW));
    Ok(())
}

/// `PasswordLinkRepository`: those before MUST be gone, and `take` MUST be
/// `true` once.
pub async fn a_password_link_is_taken_once_and_replaces_the_one_before(storage: Fresh) -> Outcome {
    move_in(&*storage).await?;
    let mut work = storage.begin().await?;
    work.password_links().add(&a_password_link(1)).await?;
    work.password_links().add(&a_password_link(2)).await?;
    assert_eq!(work.password_links().find(a_password_link(1).digest).await?, None);
    let found = work.password_links().find(a_password_link(2).digest).await?;
    assert_eq!(found, Some(a_password_link(2)));
    work.commit().await?;

    let taken = race(&storage, |storage| async move {
        let mut work = storage.begin().await?;
        let taken = work.password_links().take(a_password_link(2).digest, NOW).await?;
        work.commit().await?;
        Ok(taken)
    })
    .await;
    assert_eq!(taken.iter().filter(|it| matches!(it, Ok(true))).count(), 1, "{taken:?}");
    let used = PasswordLink { used_at: Some(NOW), ..a_password_link(2) };
    let found = storage.read().await?.password_links().find(used.digest).await?;
    assert_eq!(found, Some(used));
    Ok(())
}

/// `ThrottleRepository::hold`: of two attempts at once, the second MUST see the
/// first.
pub async fn of_two_attempts_to_log_in_the_second_sees_the_first(storage: Fresh) -> Outcome {
    let subject = a_session(1).digest;
    let counted = race(&storage, move |storage| async move {
        let mut work = storage.begin().await?;
        let known = work.throttles().hold(subject).await?;
        let next = Throttle { attempts: known.attempts + 1, last_at: NOW };
        work.throttles().write(subject, &next).await?;
        work.commit().await
    })
    .await;
    assert!(counted.iter().all(Result::is_ok), "{counted:?}");
    let mut work = storage.begin().await?;
    let known = work.throttles().hold(subject).await?;
    assert_eq!(known, Throttle { attempts: 8, last_at: NOW });
    assert_eq!(work.throttles().hold(a_session(2).digest).await?, Throttle::NONE);
    let nobody = work.throttles().write(a_session(3).digest, &known).await;
    assert!(matches!(nobody, Err(StorageError::Orphan { .. })), "{nobody:?}");
    Ok(())
}
