//! Cases about approvals and the ways to them.

use std::time::Duration;

use lodge_access::{
    Authorization, AuthorizationState, Code, ConnectSession, PermissionSet, PushedRequest,
    RepositoryConsent, Transaction, connect,
};
use lodge_storage::StorageError;

use super::{Fresh, Outcome, race};
use crate::builders::{
    MONTH, NOW, a_code, a_connect_session, a_connection, a_consent, a_pushed_request,
    a_transaction, an_app, an_authorization, authorization_id, client_id, connection_id, local,
    move_in, transaction_id,
};

/// An approval in which every field differs from that of [`an_authorization`].
pub(super) fn another_authorization(n: u32) -> Authorization {
    let narrow = RepositoryConsent {
        connection: connection_id(2),
        permissions: PermissionSet::EMPTY,
        expires_at: NOW,
        full_name: "a/\"b\"".to_owned(),
        ..a_consent("zebra")
    };
    Authorization {
        state: AuthorizationState::Pending,
        purpose: None,
        account_permissions: PermissionSet::EMPTY,
        connections: vec![(connection_id(2), local()), (connection_id(1), local())],
        repositories: vec![narrow, a_consent("ant"), a_consent("web"), a_consent("bee")],
        expires_at: NOW,
        updated_at: NOW.plus(MONTH),
        ..an_authorization(n)
    }
}

/// Every field of an approval is kept, in order, in every state.
pub async fn an_approval_comes_back_as_it_was(storage: Fresh) -> Outcome {
    move_in(&*storage).await?;
    let revoked = an_authorization(3).revoke(NOW.plus(MONTH));
    let mut work = storage.begin().await?;
    work.connections().add(&a_connection(2)).await?;
    work.authorizations().add(&another_authorization(2)).await?;
    work.authorizations().add(&revoked).await?;
    work.commit().await?;

    let mut work = storage.read().await?;
    for authorization in [an_authorization(1), another_authorization(2), revoked] {
        let found = work.authorizations().find(authorization.id).await?;
        assert_eq!(found, Some(authorization));
    }
    assert_eq!(work.authorizations().find(authorization_id(4)).await?, None);
    Ok(())
}

/// `AuthorizationRepository::update`: the repositories MUST be exactly those
/// given, in the order given.
pub async fn an_approval_has_exactly_the_repositories_of_its_last_update(
    storage: Fresh,
) -> Outcome {
    move_in(&*storage).await?;
    let mut work = storage.begin().await?;
    work.connections().add(&a_connection(2)).await?;
    let wide = another_authorization(1);
    let mut turned = wide.clone();
    turned.repositories.reverse();
    let empty = Authorization { repositories: Vec::new(), connections: Vec::new(), ..wide.clone() };
    for authorization in [wide, turned, empty, an_authorization(1)] {
        work.authorizations().update(&authorization).await?;
        let found = work.authorizations().find(authorization_id(1)).await?;
        assert_eq!(found, Some(authorization));
    }
    work.commit().await
}

/// What is not there cannot be changed.
pub async fn an_unknown_approval_is_not_updated(storage: Fresh) -> Outcome {
    move_in(&*storage).await?;
    let unknown = storage.begin().await?.authorizations().update(&an_authorization(2)).await;
    assert!(matches!(unknown, Err(StorageError::Orphan { .. })), "{unknown:?}");
    Ok(())
}

/// An approval reaches only accounts that are there.
pub async fn an_approval_without_its_account_is_an_orphan(storage: Fresh) -> Outcome {
    move_in(&*storage).await?;
    let refused = storage.begin().await?.authorizations().add(&another_authorization(2)).await;
    assert!(matches!(refused, Err(StorageError::Orphan { .. })), "{refused:?}");
    Ok(())
}

/// `AuthorizationRepository::revoke_of_client` leaves other apps alone, and
/// what was taken back before keeps its time.
pub async fn taking_back_an_app_takes_back_what_is_pending_and_active(storage: Fresh) -> Outcome {
    move_in(&*storage).await?;
    let pending = Authorization { state: AuthorizationState::Pending, ..an_authorization(2) };
    let gone = an_authorization(3).revoke(NOW);
    let elsewhere = Authorization { client: client_id(2), ..an_authorization(4) };
    let at = NOW.plus(MONTH);
    let mut work = storage.begin().await?;
    work.apps().add(&an_app(2)).await?;
    for authorization in [&pending, &gone, &elsewhere] {
        work.authorizations().add(authorization).await?;
    }
    assert_eq!(work.authorizations().revoke_of_client(client_id(1), at).await?, 2);
    assert_eq!(work.authorizations().revoke_of_client(client_id(1), at).await?, 0);
    let kept = [an_authorization(1).revoke(at), pending.revoke(at), gone, elsewhere];
    for authorization in kept {
        let found = work.authorizations().find(authorization.id).await?;
        assert_eq!(found, Some(authorization));
    }
    Ok(())
}

/// `ConnectSessionRepository::take` MUST answer at most once.
pub async fn an_invitation_is_taken_once_however_many_ask(storage: Fresh) -> Outcome {
    move_in(&*storage).await?;
    let mut work = storage.begin().await?;
    work.connect_sessions().add(&a_connect_session(1)).await?;
    work.commit().await?;

    let answers = race(&storage, |storage| async move {
        let mut work = storage.begin().await?;
        let taken = work.connect_sessions().take(a_connect_session(1).digest, NOW).await?;
        work.commit().await?;
        Ok(taken)
    })
    .await;
    let taken: Vec<_> = answers.into_iter().collect::<Result<_, _>>()?;
    let taken: Vec<_> = taken.into_iter().flatten().collect();
    assert_eq!(taken, [ConnectSession { used_at: Some(NOW), ..a_connect_session(1) }]);
    Ok(())
}

/// `ConnectSessionRepository::take`: `None` for what has expired at `now`.
pub async fn an_invitation_that_has_expired_is_not_taken(storage: Fresh) -> Outcome {
    move_in(&*storage).await?;
    let session = a_connect_session(1);
    let end = NOW.plus(connect::CONNECT_SESSION_LIFETIME);
    let mut work = storage.begin().await?;
    work.connect_sessions().add(&session).await?;
    assert_eq!(work.connect_sessions().take(a_connect_session(2).digest, NOW).await?, None);
    assert_eq!(work.connect_sessions().take(session.digest, end).await?, None);
    let just_before = end.minus(Duration::from_micros(1));
    assert!(work.connect_sessions().take(session.digest, just_before).await?.is_some());
    Ok(())
}

/// `PushedRequestRepository::take` MUST answer at most once.
pub async fn a_pushed_request_is_taken_once_however_many_ask(storage: Fresh) -> Outcome {
    move_in(&*storage).await?;
    let mut work = storage.begin().await?;
    work.pushed_requests().add(&a_pushed_request(1)).await?;
    work.commit().await?;

    let answers = race(&storage, |storage| async move {
        let mut work = storage.begin().await?;
        let taken = work.pushed_requests().take(a_pushed_request(1).digest, NOW).await?;
        work.commit().await?;
        Ok(taken)
    })
    .await;
    let taken: Vec<_> = answers.into_iter().collect::<Result<_, _>>()?;
    let taken: Vec<_> = taken.into_iter().flatten().collect();
    assert_eq!(taken, [PushedRequest { used_at: Some(NOW), ..a_pushed_request(1) }]);
    Ok(())
}

/// `PushedRequestRepository::take`: `None` for what has expired at `now`, and
/// an app that is not there cannot send one.
pub async fn a_pushed_request_that_has_expired_is_not_taken(storage: Fresh) -> Outcome {
    move_in(&*storage).await?;
    let request = a_pushed_request(1);
    let end = NOW.plus(connect::PUSHED_REQUEST_LIFETIME);
    let mut work = storage.begin().await?;
    work.pushed_requests().add(&request).await?;
    assert_eq!(work.pushed_requests().take(request.digest, end).await?, None);
    let foreign = PushedRequest { client: client_id(9), ..a_pushed_request(2) };
    let refused = work.pushed_requests().add(&foreign).await;
    assert!(matches!(refused, Err(StorageError::Orphan { .. })), "{refused:?}");
    Ok(())
}

/// `TransactionRepository::end` MUST answer `true` at most once.
pub async fn a_visit_comes_back_and_ends_once_however_many_ask(storage: Fresh) -> Outcome {
    move_in(&*storage).await?;
    let bare = Transaction { state: None, challenge: None, ..a_transaction(2) };
    let mut work = storage.begin().await?;
    work.transactions().add(&a_transaction(1)).await?;
    work.transactions().add(&bare).await?;
    assert_eq!(work.transactions().find(transaction_id(1)).await?, Some(a_transaction(1)));
    assert_eq!(work.transactions().find(transaction_id(2)).await?, Some(bare));
    assert_eq!(work.transactions().find(transaction_id(3)).await?, None);
    assert!(!work.transactions().end(transaction_id(3), NOW).await?);
    work.commit().await?;

    let answers = race(&storage, |storage| async move {
        let mut work = storage.begin().await?;
        let ended = work.transactions().end(transaction_id(1), NOW).await?;
        work.commit().await?;
        Ok(ended)
    })
    .await;
    let ended: Vec<_> = answers.into_iter().collect::<Result<_, _>>()?;
    assert_eq!(ended.iter().filter(|it| **it).count(), 1);
    let found = storage.read().await?.transactions().find(transaction_id(1)).await?;
    assert_eq!(found, Some(Transaction { ended_at: Some(NOW), ..a_transaction(1) }));
    Ok(())
}

/// `NonceRepository::claim` MUST answer `true` at most once for an app.
pub async fn a_nonce_is_claimed_once_however_many_ask(storage: Fresh) -> Outcome {
    move_in(&*storage).await?;
    let answers = race(&storage, |storage| async move {
        let mut work = storage.begin().await?;
        let claimed = work.nonces().claim(client_id(1), "nonce", NOW).await?;
        work.commit().await?;
        Ok(claimed)
    })
    .await;
    let claimed: Vec<_> = answers.into_iter().collect::<Result<_, _>>()?;
    assert_eq!(claimed.iter().filter(|it| **it).count(), 1);

    let mut work = storage.begin().await?;
    work.apps().add(&an_app(2)).await?;
    assert!(work.nonces().claim(client_id(2), "nonce", NOW).await?);
    assert!(work.nonces().claim(client_id(1), "NONCE", NOW).await?);
    let orphan = work.nonces().claim(client_id(9), "nonce", NOW).await;
    assert!(matches!(orphan, Err(StorageError::Orphan { .. })), "{orphan:?}");
    Ok(())
}

/// `CodeRepository::mark_used` MUST answer `true` at most once.
pub async fn a_code_comes_back_and_is_used_once_however_many_ask(storage: Fresh) -> Outcome {
    move_in(&*storage).await?;
    let bare = Code { challenge: None, ..a_code(2) };
    let mut work = storage.begin().await?;
    work.codes().add(&a_code(1)).await?;
    work.codes().add(&bare).await?;
    assert_eq!(work.codes().find(a_code(1).digest).await?, Some(a_code(1)));
    assert_eq!(work.codes().find(a_code(2).digest).await?, Some(bare));
    assert_eq!(work.codes().find(a_code(3).digest).await?, None);
    assert!(!work.codes().mark_used(a_code(3).digest, NOW).await?);
    work.commit().await?;

    let answers = race(&storage, |storage| async move {
        let mut work = storage.begin().await?;
        let used = work.codes().mark_used(a_code(1).digest, NOW).await?;
        work.commit().await?;
        Ok(used)
    })
    .await;
    let used: Vec<_> = answers.into_iter().collect::<Result<_, _>>()?;
    assert_eq!(used.iter().filter(|it| **it).count(), 1);
    let found = storage.read().await?.codes().find(a_code(1).digest).await?;
    assert_eq!(found, Some(Code { used_at: Some(NOW), ..a_code(1) }));
    Ok(())
}
