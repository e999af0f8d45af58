//! Cases about members, sessions, logins and invitations.

use std::time::Duration;

use lodge_access::{Authenticator, Invitation, Membership, PasswordLink, Role, Session, Throttle};
use lodge_kernel::Sealed;
use lodge_storage::StorageError;

use super::{Fresh, Outcome, race};
use crate::builders::{
    NOW, a_membership, a_password_link, a_session, a_tenant, a_user, an_invitation, invitation_id,
    move_in, session_id, tenant_id, user_id,
};

const A_SECOND: Duration = Duration::from_secs(1);

/// `MembershipRepository`: somebody belongs to an organisation once; members
/// come by id, a page at a time, and a person's organisations come together.
pub async fn members_come_in_pages_and_each_once(storage: Fresh) -> Outcome {
    move_in(&*storage).await?;
    let viewer = Membership { role: Role::Viewer, ..a_membership(3) };
    let elsewhere = Membership { tenant: tenant_id(2), role: Role::Admin, ..a_membership(1) };
    let mut work = storage.begin().await?;
    work.tenants().add(&a_tenant(2)).await?;
    for n in [2, 3] {
        work.users().add(&a_user(n)).await?;
    }
    for it in [viewer, a_membership(2), elsewhere] {
        work.memberships().add(&it).await?;
    }
    let again = work.memberships().add(&Membership { role: Role::Viewer, ..a_membership(2) }).await;
    assert!(matches!(again, Err(StorageError::Duplicate { .. })), "{again:?}");
    let (mut memberships, tenant) = (work.memberships(), tenant_id(1));
    let first = memberships.of_tenant(tenant, None, 2).await?;
    assert_eq!(first, [(a_membership(1), a_user(1)), (a_membership(2), a_user(2))]);
    let rest = memberships.of_tenant(tenant, Some(user_id(2)), 9).await?;
    assert_eq!(rest, [(viewer, a_user(3))]);
    assert_eq!(memberships.of_user(user_id(1)).await?, [a_membership(1), elsewhere]);
    assert_eq!(memberships.of_user(user_id(9)).await?, []);
    assert_eq!(memberships.find(tenant, user_id(3)).await?, Some(viewer));
    assert_eq!(memberships.find(tenant_id(2), user_id(3)).await?, None);
    assert_eq!(memberships.count(tenant, Role::Owner).await?, 2);
    assert_eq!(memberships.count(tenant, Role::Admin).await?, 0);
    Ok(())
}

/// A member gets another role, and goes; whoever is not there does neither.
pub async fn a_member_changes_and_leaves(storage: Fresh) -> Outcome {
    move_in(&*storage).await?;
    let mut work = storage.begin().await?;
    let (mut memberships, tenant) = (work.memberships(), tenant_id(1));
    assert!(memberships.change(tenant, user_id(1), Role::Viewer).await?);
    let changed = Membership { role: Role::Viewer, ..a_membership(1) };
    assert_eq!(memberships.find(tenant, user_id(1)).await?, Some(changed));
    assert!(memberships.remove(tenant, user_id(1)).await?);
    assert_eq!(memberships.of_user(user_id(1)).await?, []);
    assert!(!memberships.remove(tenant, user_id(1)).await?);
    assert!(!memberships.change(tenant, user_id(1), Role::Owner).await?);
    Ok(())
}

/// `TenantRepository::hold`: what is read of the members afterwards MUST stay
/// true. Eight owners who all want to go leave one behind.
pub async fn an_organisation_is_held_by_one_at_a_time(storage: Fresh) -> Outcome {
    move_in(&*storage).await?;
    let mut work = storage.begin().await?;
    for n in 2..=9 {
        work.users().add(&a_user(n)).await?;
        work.memberships().add(&a_membership(n)).await?;
    }
    work.memberships().remove(tenant_id(1), user_id(1)).await?;
    assert_eq!(work.tenants().hold(tenant_id(1)).await?, Some(a_tenant(1)));
    assert_eq!(work.tenants().hold(tenant_id(9)).await?, None);
    work.commit().await?;

    let left = race(&storage, |storage| async move {
        let mut work = storage.begin().await?;
        work.tenants().hold(tenant_id(1)).await?;
        if work.memberships().count(tenant_id(1), Role::Owner).await? == 1 {
            return Ok(false);
        }
        let members = work.memberships().of_tenant(tenant_id(1), None, 1).await?;
        let Some((member, _)) = members.first() else { return Ok(false) };
        work.memberships().remove(tenant_id(1), member.user).await?;
        work.commit().await?;
        Ok(true)
    })
    .await;
    assert_eq!(left.iter().filter(|it| matches!(it, Ok(true))).count(), 7, "{left:?}");
    let mut work = storage.read().await?;
    assert_eq!(work.memberships().count(tenant_id(1), Role::Owner).await?, 1);
    Ok(())
}

/// A session is used, moved, and listed while it lives; the newest comes first.
pub async fn a_session_is_seen_entered_and_listed(storage: Fresh) -> Outcome {
    move_in(&*storage).await?;
    let bare = Session { tenant: None, agent: None, ..a_session(2) };
    let over = Session { expires_at: NOW, ..a_session(3) };
    let ended = Session { revoked_at: Some(NOW), ..a_session(4) };
    let mut work = storage.begin().await?;
    for it in [&a_session(1), &bare, &over, &ended] {
        work.sessions().add(it).await?;
    }
    let mut sessions = work.sessions();
    assert_eq!(sessions.of_user(user_id(1), NOW, 9).await?, [bare.clone(), a_session(1)]);
    assert_eq!(sessions.of_user(user_id(1), NOW, 1).await?, [bare]);
    assert_eq!(sessions.of_user(user_id(2), NOW, 9).await?, []);

    assert!(sessions.seen(session_id(1), NOW.plus(A_SECOND)).await?);
    assert!(sessions.seen(session_id(1), NOW).await?);
    assert!(!sessions.seen(session_id(9), NOW).await?);
    assert!(sessions.enter(session_id(1), None).await?);
    assert!(!sessions.enter(session_id(9), None).await?);
    let moved = Session { seen_at: NOW.plus(A_SECOND), tenant: None, ..a_session(1) };
    assert_eq!(sessions.find_by_digest(moved.digest).await?, Some(moved));
    Ok(())
}

/// `SessionRepository::revoke_of_user`: all but the spared one, and nobody
/// else's.
pub async fn the_other_sessions_of_a_person_end_together(storage: Fresh) -> Outcome {
    move_in(&*storage).await?;
    let mut work = storage.begin().await?;
    work.users().add(&a_user(2)).await?;
    for n in 1..=3 {
        work.sessions().add(&a_session(n)).await?;
    }
    let another = Session { user: user_id(2), ..a_session(4) };
    work.sessions().add(&another).await?;
    let mut sessions = work.sessions();
    assert_eq!(sessions.revoke_of_user(user_id(1), Some(session_id(2)), NOW).await?, 2);
    assert_eq!(sessions.of_user(user_id(1), NOW, 9).await?, [a_session(2)]);
    assert_eq!(sessions.revoke_of_user(user_id(1), None, NOW).await?, 1);
    assert_eq!(sessions.revoke_of_user(user_id(1), None, NOW).await?, 0);
    assert_eq!(sessions.of_user(user_id(2), NOW, 9).await?, [another]);
    Ok(())
}

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

/// What belongs to nobody is an orphan.
pub async fn nobody_who_is_not_there_logs_in_or_belongs(storage: Fresh) -> Outcome {
    move_in(&*storage).await?;
    let (nobody, tenant) = (user_id(9), tenant_id(9));
    let key = Sealed { key: 1, text: "key".to_owned() };
    let authenticator =
        Authenticator { tenant: tenant_id(1), key, confirmed_at: None, last_step: None };
    let digests = [a_session(1).digest];
    let elsewhere = Membership { tenant, ..a_membership(1) };
    let by_nobody = Invitation { invited_by: nobody, ..an_invitation(1) };
    let link = PasswordLink { user: nobody, ..a_password_link(1) };
    let mut orphans = Vec::new();
    orphans.push(storage.begin().await?.memberships().add(&a_membership(9)).await);
    orphans.push(storage.begin().await?.memberships().add(&elsewhere).await);
    orphans.push(storage.begin().await?.logins().set_password(nobody, "$", NOW).await);
    let mut work = storage.begin().await?;
    orphans.push(work.logins().set_authenticator(nobody, Some(&authenticator)).await);
    drop(work);
    orphans.push(storage.begin().await?.logins().set_recovery_codes(nobody, &digests).await);
    orphans.push(storage.begin().await?.invitations().add(&by_nobody).await);
    orphans.push(storage.begin().await?.password_links().add(&link).await);
    for orphan in orphans {
        assert!(matches!(orphan, Err(StorageError::Orphan { .. })), "{orphan:?}");
    }
    Ok(())
}
