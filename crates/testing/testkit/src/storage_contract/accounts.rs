//! Cases about members and sessions, and about who is not there.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use lodge_access::{Authenticator, Invitation, Membership, PasswordLink, Role, Session};
use lodge_kernel::Sealed;
use lodge_storage::StorageError;

use super::{Fresh, Outcome, race};
use crate::builders::{
    NOW, a_membership, a_password_link, a_session, a_tenant, a_user, an_invitation, move_in,
    session_id, tenant_id, user_id,
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

/// `UserRepository::hold`: of two at once, the second MUST see what the first
/// has done. Eight who each want the only session get one.
pub async fn a_person_is_held_by_one_at_a_time(storage: Fresh) -> Outcome {
    move_in(&*storage).await?;
    let mut work = storage.begin().await?;
    assert_eq!(work.users().hold(user_id(1)).await?, Some(a_user(1)));
    assert_eq!(work.users().hold(user_id(9)).await?, None);
    work.commit().await?;

    let numbers = Arc::new(AtomicU32::new(1));
    let opened = race(&storage, move |storage| {
        let n = numbers.fetch_add(1, Ordering::Relaxed);
        async move {
            let mut work = storage.begin().await?;
            work.users().hold(user_id(1)).await?;
            if !work.sessions().of_user(user_id(1), NOW, 1).await?.is_empty() {
                return Ok(false);
            }
            work.sessions().add(&a_session(n)).await?;
            work.commit().await?;
            Ok(true)
        }
    })
    .await;
    assert_eq!(opened.iter().filter(|it| matches!(it, Ok(true))).count(), 1, "{opened:?}");
    assert_eq!(storage.read().await?.sessions().of_user(user_id(1), NOW, 9).await?.len(), 1);
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
