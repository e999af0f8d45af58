//! Cases about apps.

use std::time::Duration;

use lodge_access::{App, ClientSecret, PermissionSet, RedirectUri};
use lodge_storage::StorageError;

use super::{Fresh, Outcome};
use crate::builders::{
    NOW, REDIRECT_URI, a_tenant, a_user, an_app, client_id, move_in, tenant_id, user_id,
};

fn redirect_uris(texts: &[&str]) -> Vec<RedirectUri> {
    texts.iter().filter_map(|it| RedirectUri::parse(it).ok()).collect()
}

/// An app in which every field differs from that of [`an_app`].
fn another_app(n: u32) -> App {
    let later = NOW.plus(Duration::from_micros(1));
    let second = ClientSecret { digest: a_secret_digest(7), created_at: later, expires_at: None };
    let [first] = an_app(n).secrets.try_into().unwrap_or_else(|_not_one| [second.clone()]);
    App {
        name: "„Größe“ 'n' \\ \u{1f511}".to_owned(),
        description: None,
        redirect_uris: redirect_uris(&["https://b.example/\"", REDIRECT_URI, "http://[::1]:9/"]),
        embed_origins: Vec::new(),
        default_permissions: PermissionSet::EMPTY,
        require_pkce: false,
        secrets: vec![second, ClientSecret { expires_at: Some(later), ..first }],
        updated_at: later,
        deleted_at: Some(later),
        ..an_app(n)
    }
}

fn a_secret_digest(n: u32) -> lodge_kernel::Digest {
    let secret = crate::builders::a_secret(lodge_access::SecretKind::ClientSecret, n);
    crate::builders::digest_of(&secret)
}

/// Every field of an app is kept, in order.
pub async fn an_app_comes_back_as_it_was(storage: Fresh) -> Outcome {
    move_in(&*storage).await?;
    let mut work = storage.begin().await?;
    work.apps().add(&another_app(2)).await?;
    work.commit().await?;
    let mut work = storage.read().await?;
    assert_eq!(work.apps().find(client_id(1)).await?, Some(an_app(1)));
    assert_eq!(work.apps().find(client_id(2)).await?, Some(another_app(2)));
    assert_eq!(work.apps().find(client_id(3)).await?, None);
    Ok(())
}

/// `AppRepository::update` writes everything; id, tenant, owner and date of
/// birth stay.
pub async fn an_update_writes_everything_but_the_birth(storage: Fresh) -> Outcome {
    move_in(&*storage).await?;
    let stranger = App {
        tenant: tenant_id(9),
        owner: user_id(9),
        created_at: NOW.plus(Duration::from_secs(1)),
        ..another_app(1)
    };
    let mut work = storage.begin().await?;
    work.apps().update(&stranger).await?;
    assert_eq!(work.apps().find(client_id(1)).await?, Some(another_app(1)));
    work.apps().update(&an_app(1)).await?;
    assert_eq!(work.apps().find(client_id(1)).await?, Some(an_app(1)));
    Ok(())
}

/// What is not there cannot be changed.
pub async fn an_unknown_app_is_not_updated(storage: Fresh) -> Outcome {
    move_in(&*storage).await?;
    let unknown = storage.begin().await?.apps().update(&an_app(2)).await;
    assert!(matches!(unknown, Err(StorageError::Orphan { .. })), "{unknown:?}");
    Ok(())
}

/// `AppRepository::of_tenant`: oldest first, none that is deleted, none of
/// another organisation, whoever made it, at most as many as asked.
pub async fn apps_of_an_organisation_come_in_pages_oldest_first(storage: Fresh) -> Outcome {
    move_in(&*storage).await?;
    let mut work = storage.begin().await?;
    work.users().add(&a_user(2)).await?;
    work.tenants().add(&a_tenant(2)).await?;
    let deleted = App { deleted_at: Some(NOW), ..an_app(3) };
    let by_another = App { owner: user_id(2), ..an_app(4) };
    let elsewhere = App { tenant: tenant_id(2), ..an_app(6) };
    for app in [an_app(5), an_app(2), deleted, by_another.clone(), elsewhere] {
        work.apps().add(&app).await?;
    }
    let first = work.apps().of_tenant(tenant_id(1), None, 2).await?;
    assert_eq!(first, [an_app(1), an_app(2)]);
    let rest = work.apps().of_tenant(tenant_id(1), Some(client_id(2)), 9).await?;
    assert_eq!(rest, [by_another, an_app(5)]);
    assert_eq!(work.apps().of_tenant(tenant_id(1), Some(client_id(5)), 9).await?, []);
    Ok(())
}
