//! Cases about who calls the API of courses: people's own tokens, and the answers
//! that are kept for those who ask again.

use std::time::Duration;

use lodge_courses::PersonalToken;
use lodge_storage::{KeptAnswer, StorageError};

use super::{Fresh, Outcome, courses::open_school, race};
use crate::builders::{NOW, a_personal_token, digest_of, personal_token_id, tenant_id, user_id};

/// Every field of a personal token is kept; it ends once, and by its owner.
pub async fn a_personal_token_comes_back_and_ends_once(storage: Fresh) -> Outcome {
    open_school(&storage).await?;
    let (tenant, owner) = (tenant_id(1), user_id(1));
    let (one, two) = (a_personal_token(1), a_personal_token(2));
    let past = PersonalToken { expires_at: NOW, ..a_personal_token(3) };
    let mut work = storage.begin().await?;
    for it in [&one, &two, &past] {
        work.personal_tokens().add(it).await?;
    }
    let again = PersonalToken { id: personal_token_id(4), ..one.clone() };
    let again = work.personal_tokens().add(&again).await;
    assert!(matches!(again, Err(StorageError::Duplicate { .. })), "{again:?}");
    let live = work.personal_tokens().live_of(tenant, owner, NOW).await?;
    assert_eq!(live, [one.clone(), two.clone()]);
    assert_eq!(work.personal_tokens().live_of(tenant_id(2), owner, NOW).await?, []);
    work.personal_tokens().used(tenant, two.id, NOW).await?;
    assert!(!work.personal_tokens().revoke(tenant, user_id(2), one.id, NOW).await?);
    assert!(work.personal_tokens().revoke(tenant, owner, one.id, NOW).await?);
    let later = NOW.plus(Duration::from_secs(1));
    assert!(!work.personal_tokens().revoke(tenant, owner, one.id, later).await?);
    let used = PersonalToken { last_used_at: Some(NOW), ..two };
    assert_eq!(work.personal_tokens().live_of(tenant, owner, NOW).await?, [used]);
    let ended = PersonalToken { revoked_at: Some(NOW), ..one.clone() };
    // Those that live and the one that has expired end; the first keeps its time.
    assert_eq!(work.personal_tokens().revoke_all(tenant_id(2), owner, later).await?, 0);
    assert_eq!(work.personal_tokens().revoke_all(tenant, owner, later).await?, 2);
    assert_eq!(work.personal_tokens().live_of(tenant, owner, NOW).await?, []);
    assert_eq!(work.personal_tokens().find_by_digest(one.digest).await?, Some(ended));
    Ok(())
}

/// `AnswerRepository::reserve` MUST answer `None` at most once.
pub async fn an_answer_is_reserved_once_however_many_ask(storage: Fresh) -> Outcome {
    let digest = |n| digest_of(&crate::builders::a_secret(lodge_access::SecretKind::Code, n));
    let answer = KeptAnswer { key: digest(1), request: digest(2), sealed: None, created_at: NOW };
    let asked = answer.clone();
    let answers = race(&storage, move |storage| {
        let answer = asked.clone();
        async move {
            let mut work = storage.begin().await?;
            let known = work.answers().reserve(&answer, NOW).await?;
            work.commit().await?;
            Ok(known)
        }
    });
    let mut first = 0;
    for known in answers.await {
        match known? {
            None => first += 1,
            Some(known) => assert_eq!(known, answer),
        }
    }
    assert_eq!(first, 1);
    let later = NOW.plus(Duration::from_secs(1));
    let mut work = storage.begin().await?;
    work.answers().keep(answer.key, "sealed").await?;
    work.answers().release(answer.key).await?;
    let kept = KeptAnswer { sealed: Some("sealed".to_owned()), ..answer.clone() };
    assert_eq!(work.answers().reserve(&answer, NOW).await?, Some(kept));
    let fresh = KeptAnswer { created_at: later, ..answer.clone() };
    assert_eq!(work.answers().reserve(&fresh, later).await?, None);
    work.answers().release(answer.key).await?;
    assert_eq!(work.answers().reserve(&fresh, NOW).await?, None);
    assert_eq!(work.answers().forget(later, 9).await?, 0);
    assert_eq!(work.answers().forget(later.plus(Duration::from_secs(1)), 9).await?, 1);
    Ok(())
}
