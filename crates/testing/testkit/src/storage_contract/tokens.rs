//! Cases about tokens.

use std::time::Duration;

use lodge_access::{GrantType, Token};
use lodge_storage::StorageError;

use super::{Fresh, Outcome, race};
use crate::builders::{
    NOW, a_refresh_token, a_token, an_app, an_authorization, authorization_id, client_id,
    family_id, move_in, token_id,
};

/// Every field of a token is kept.
pub async fn a_token_comes_back_as_it_was(storage: Fresh) -> Outcome {
    move_in(&*storage).await?;
    let own = Token {
        authorization: None,
        issued_by: GrantType::ClientCredentials,
        used_at: Some(NOW),
        revoked_at: Some(NOW),
        ..a_token(2)
    };
    let next = Token { issued_by: GrantType::RefreshToken, ..a_refresh_token(3) };
    let mut work = storage.begin().await?;
    for token in [&a_token(1), &own, &next] {
        work.tokens().add(token).await?;
    }
    work.commit().await?;

    let mut work = storage.read().await?;
    for token in [a_token(1), own, next] {
        assert_eq!(work.tokens().find(token.id).await?.as_ref(), Some(&token));
        assert_eq!(work.tokens().find_by_digest(token.digest).await?, Some(token));
    }
    assert_eq!(work.tokens().find(token_id(4)).await?, None);
    assert_eq!(work.tokens().find_by_digest(a_token(4).digest).await?, None);
    Ok(())
}

/// A digest opens one thing.
pub async fn a_second_token_with_the_same_digest_is_a_duplicate(storage: Fresh) -> Outcome {
    move_in(&*storage).await?;
    let mut work = storage.begin().await?;
    work.tokens().add(&a_token(1)).await?;
    let again = work.tokens().add(&Token { digest: a_token(1).digest, ..a_token(2) }).await;
    assert!(matches!(again, Err(StorageError::Duplicate { .. })), "{again:?}");
    let orphan = Token { authorization: Some(authorization_id(9)), ..a_token(3) };
    let orphan = work.tokens().add(&orphan).await;
    assert!(matches!(orphan, Err(StorageError::Orphan { .. })), "{orphan:?}");
    Ok(())
}

/// `TokenRepository::mark_used` MUST answer `true` at most once.
pub async fn a_refresh_token_is_exchanged_once_however_many_ask(storage: Fresh) -> Outcome {
    move_in(&*storage).await?;
    let mut work = storage.begin().await?;
    work.tokens().add(&a_refresh_token(1)).await?;
    work.commit().await?;

    let answers = race(&storage, |storage| async move {
        let mut work = storage.begin().await?;
        let used = work.tokens().mark_used(token_id(1), NOW).await?;
        work.commit().await?;
        Ok(used)
    })
    .await;
    let used: Vec<_> = answers.into_iter().collect::<Result<_, _>>()?;
    assert_eq!(used.iter().filter(|it| **it).count(), 1);
    let found = storage.read().await?.tokens().find(token_id(1)).await?;
    assert_eq!(found, Some(Token { used_at: Some(NOW), ..a_refresh_token(1) }));
    Ok(())
}

/// `TokenRepository::mark_used`: `false` when it was taken back.
pub async fn a_token_that_was_taken_back_is_not_exchanged(storage: Fresh) -> Outcome {
    move_in(&*storage).await?;
    let mut work = storage.begin().await?;
    work.tokens().add(&a_refresh_token(1)).await?;
    assert!(work.tokens().revoke(token_id(1), NOW).await?);
    assert!(!work.tokens().mark_used(token_id(1), NOW).await?);
    assert!(!work.tokens().mark_used(token_id(2), NOW).await?);
    Ok(())
}

/// `TokenRepository::revoke`: `false` when there is none or it was taken back.
pub async fn a_token_is_taken_back_once_and_keeps_its_time(storage: Fresh) -> Outcome {
    move_in(&*storage).await?;
    let mut work = storage.begin().await?;
    work.tokens().add(&a_token(1)).await?;
    assert!(work.tokens().revoke(token_id(1), NOW).await?);
    assert!(!work.tokens().revoke(token_id(1), NOW.plus(Duration::from_secs(1))).await?);
    assert!(!work.tokens().revoke(token_id(2), NOW).await?);
    let found = work.tokens().find(token_id(1)).await?;
    assert_eq!(found, Some(Token { revoked_at: Some(NOW), ..a_token(1) }));
    Ok(())
}

/// `TokenRepository::revoke_family` takes what is left of one family.
pub async fn a_family_is_taken_back_together(storage: Fresh) -> Outcome {
    move_in(&*storage).await?;
    let elsewhere = Token { family: family_id(2), ..a_token(4) };
    let mut work = storage.begin().await?;
    for token in [&a_token(1), &a_refresh_token(2), &a_token(3), &elsewhere] {
        work.tokens().add(token).await?;
    }
    work.tokens().revoke(token_id(3), NOW).await?;
    let at = NOW.plus(Duration::from_secs(1));
    assert_eq!(work.tokens().revoke_family(family_id(1), at).await?, 2);
    assert_eq!(work.tokens().revoke_family(family_id(1), at).await?, 0);
    let mut ends = Vec::new();
    for n in 1..=4 {
        ends.push(work.tokens().find(token_id(n)).await?.and_then(|it| it.revoked_at));
    }
    assert_eq!(ends, [Some(at), Some(at), Some(NOW), None]);
    Ok(())
}

/// `revoke_of_authorization` and `revoke_of_client` take what is left.
pub async fn tokens_of_an_approval_and_of_an_app_are_taken_back(storage: Fresh) -> Outcome {
    move_in(&*storage).await?;
    let other_approval = Token { authorization: Some(authorization_id(2)), ..a_token(2) };
    let no_approval = Token { authorization: None, ..a_token(3) };
    let elsewhere = Token { authorization: None, client: client_id(2), ..a_token(4) };
    let mut work = storage.begin().await?;
    work.apps().add(&an_app(2)).await?;
    work.authorizations().add(&an_authorization(2)).await?;
    for token in [&a_token(1), &other_approval, &no_approval, &elsewhere] {
        work.tokens().add(token).await?;
    }
    assert_eq!(work.tokens().revoke_of_authorization(authorization_id(1), NOW).await?, 1);
    assert_eq!(work.tokens().revoke_of_authorization(authorization_id(1), NOW).await?, 0);
    assert_eq!(work.tokens().revoke_of_client(client_id(1), NOW).await?, 2);
    assert_eq!(work.tokens().find(token_id(4)).await?, Some(elsewhere));
    Ok(())
}
