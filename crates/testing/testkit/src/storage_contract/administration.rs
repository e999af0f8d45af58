//! Cases about admin keys, grants, the firewall's settings, and the lists of
//! the administrator.

use std::time::Duration;

use lodge_access::{AdminKey, App, FirewallSettings, PlatformGrant, Token, TokenKind};
use lodge_storage::{AppFilter, GrantFilter, StorageError, TokenFilter};

use super::{Fresh, Outcome, race};
use crate::builders::{
    NOW, a_connection, a_grant, a_tenant, a_token, a_user, admin_key_id, an_admin_key, an_app,
    client_id, connection_id, grant_id, move_in, tenant_id, token_id, user_id,
};

/// Every field of a key is kept; it ends once, and keeps its time.
pub async fn an_admin_key_comes_back_and_ends_once(storage: Fresh) -> Outcome {
    let (one, two) = (an_admin_key(1), an_admin_key(2));
    let mut work = storage.begin().await?;
    work.admin_keys().add(&one).await?;
    work.admin_keys().add(&two).await?;
    let again = work.admin_keys().add(&AdminKey { id: admin_key_id(3), ..one.clone() }).await;
    assert!(matches!(again, Err(StorageError::Duplicate { .. })), "{again:?}");
    work.commit().await?;

    let later = NOW.plus(Duration::from_secs(1));
    let mut work = storage.begin().await?;
    assert_eq!(work.admin_keys().find_by_digest(one.digest).await?, Some(one.clone()));
    work.admin_keys().used(one.id, NOW).await?;
    assert!(work.admin_keys().revoke(one.id, NOW).await?);
    assert!(!work.admin_keys().revoke(one.id, later).await?);
    assert!(!work.admin_keys().revoke(admin_key_id(9), later).await?);
    let ended = AdminKey { last_used_at: Some(NOW), revoked_at: Some(NOW), ..one };
    assert_eq!(work.admin_keys().all().await?, [ended, two]);
    assert_eq!(work.admin_keys().find_by_digest(an_admin_key(9).digest).await?, None);
    Ok(())
}

/// Every field of a grant is kept, and grants come in pages of what is meant.
pub async fn grants_come_back_in_pages_of_what_is_meant(storage: Fresh) -> Outcome {
    move_in(&*storage).await?;
    let mut work = storage.begin().await?;
    work.connections().add(&a_connection(2)).await?;
    let two = PlatformGrant { connection: connection_id(2), ..a_grant(2) };
    for it in [&a_grant(1), &two, &a_grant(3)] {
        work.grants().add(it).await?;
    }
    assert_eq!(work.grants().find(grant_id(2)).await?, Some(two.clone()));
    assert_eq!(work.grants().find(grant_id(9)).await?, None);
    let all = GrantFilter::default();
    assert_eq!(work.grants().list(all, None, 2).await?, [a_grant(1), two.clone()]);
    assert_eq!(work.grants().list(all, Some(grant_id(2)), 9).await?, [a_grant(3)]);
    let theirs = GrantFilter {
        tenant: Some(tenant_id(1)),
        client: Some(client_id(1)),
        connection: Some(connection_id(2)),
    };
    assert_eq!(work.grants().list(theirs, None, 9).await?, [two]);
    for nobody in [
        GrantFilter { tenant: Some(tenant_id(2)), ..all },
        GrantFilter { client: Some(client_id(2)), ..all },
    ] {
        assert_eq!(work.grants().list(nobody, None, 9).await?, []);
    }
    let orphan = PlatformGrant { connection: connection_id(9), ..a_grant(4) };
    let orphan = work.grants().add(&orphan).await;
    assert!(matches!(orphan, Err(StorageError::Orphan { .. })), "{orphan:?}");
    Ok(())
}

/// `FirewallSettingsRepository::replace` MUST answer `true` at most once for
/// one version.
pub async fn of_two_changes_to_the_firewall_one_counts(storage: Fresh) -> Outcome {
    let first = FirewallSettings {
        version: 1,
        suspended_until: Some(NOW),
        patterns: vec!["*.secret".to_owned(), "a, 'b'".to_owned()],
        changed_at: Some(NOW),
    };
    let none = storage.read().await?.firewall_settings().find().await?;
    assert_eq!(none, FirewallSettings::default());
    for version in [1, 2] {
        let settings = FirewallSettings { version, ..first.clone() };
        let written = settings.clone();
        let answers = race(&storage, move |storage| {
            let settings = settings.clone();
            async move {
                let mut work = storage.begin().await?;
                let won = work.firewall_settings().replace(&settings).await?;
                work.commit().await?;
                Ok(won)
            }
        });
        let mut won = 0;
        for answer in answers.await {
            won += u32::from(answer?);
        }
        assert_eq!(won, 1);
        assert_eq!(storage.read().await?.firewall_settings().find().await?, written);
    }
    Ok(())
}

/// Organisations come oldest first, in pages.
pub async fn organisations_come_in_pages(storage: Fresh) -> Outcome {
    let mut work = storage.begin().await?;
    for n in [2, 3, 1] {
        work.tenants().add(&a_tenant(n)).await?;
    }
    assert_eq!(work.tenants().list(None, 2).await?, [a_tenant(1), a_tenant(2)]);
    assert_eq!(work.tenants().list(Some(tenant_id(2)), 2).await?, [a_tenant(3)]);
    Ok(())
}

/// Live apps of an organisation or an owner, and access tokens of an
/// organisation or an app, come oldest first, in pages.
pub async fn apps_and_tokens_come_in_pages_of_what_is_meant(storage: Fresh) -> Outcome {
    move_in(&*storage).await?;
    let mut work = storage.begin().await?;
    work.users().add(&a_user(2)).await?;
    let theirs = [App { owner: user_id(2), ..an_app(2) }];
    work.apps().add(&theirs[0]).await?;
    work.apps().add(&App { deleted_at: Some(NOW), ..an_app(3) }).await?;
    let all = AppFilter::default();
    assert_eq!(work.apps().list(all, None, 9).await?, [an_app(1), theirs[0].clone()]);
    assert_eq!(work.apps().list(all, Some(client_id(1)), 9).await?, theirs);
    let owned = AppFilter { tenant: Some(tenant_id(1)), owner: Some(user_id(2)) };
    assert_eq!(work.apps().list(owned, None, 9).await?, theirs);
    let elsewhere = AppFilter { tenant: Some(tenant_id(2)), ..all };
    assert_eq!(work.apps().list(elsewhere, None, 9).await?, []);

    let known = work.tokens().list(TokenFilter::default(), None, 99).await?;
    assert!(known.iter().all(|it| it.kind == TokenKind::Access));
    let other = [Token { client: client_id(2), authorization: None, ..a_token(8) }];
    work.tokens().add(&other[0]).await?;
    work.tokens().add(&Token { kind: TokenKind::Refresh, ..a_token(9) }).await?;
    let of_app = TokenFilter { client: Some(client_id(2)), ..TokenFilter::default() };
    assert_eq!(work.tokens().list(of_app, None, 9).await?, other);
    let of_tenant = TokenFilter { tenant: Some(tenant_id(1)), ..TokenFilter::default() };
    let late = work.tokens().list(of_tenant, Some(token_id(7)), 9).await?;
    assert_eq!(late, other);
    Ok(())
}
