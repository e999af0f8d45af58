//! Cases about organisations, developers and customers.

use std::time::Duration;

use lodge_access::{Connection, Customer, User};
use lodge_storage::StorageError;

use super::{Fresh, Outcome, race};
use crate::builders::{
    NOW, a_connection, a_customer, a_session, a_tenant, a_user, an_app, client_id, connection_id,
    customer_id, local, move_in, session_id, tenant_id, user_id,
};

/// Every field of an organisation and a developer is kept.
pub async fn organisations_and_developers_come_back_as_they_were(storage: Fresh) -> Outcome {
    let nameless = User { name: None, ..a_user(2) };
    let mut work = storage.begin().await?;
    work.tenants().add(&a_tenant(1)).await?;
    work.users().add(&a_user(1)).await?;
    work.users().add(&nameless).await?;
    work.commit().await?;

    let mut work = storage.read().await?;
    assert_eq!(work.tenants().find(tenant_id(1)).await?, Some(a_tenant(1)));
    assert_eq!(work.users().find(user_id(1)).await?, Some(a_user(1)));
    assert_eq!(work.users().find(user_id(2)).await?, Some(nameless));
    assert_eq!(work.users().find_by_email("developer1@acme.example").await?, Some(a_user(1)));
    Ok(())
}

/// A session is found by its digest; its first end stays.
pub async fn a_session_comes_back_and_ends_once(storage: Fresh) -> Outcome {
    move_in(&*storage).await?;
    let mut work = storage.begin().await?;
    work.sessions().add(&a_session(1)).await?;
    assert_eq!(work.sessions().find_by_digest(a_session(1).digest).await?, Some(a_session(1)));
    assert!(work.sessions().revoke(session_id(1), NOW).await?);
    assert!(work.sessions().revoke(session_id(1), NOW.plus(Duration::from_secs(1))).await?);
    assert!(!work.sessions().revoke(session_id(2), NOW).await?);
    let ended = work.sessions().find_by_digest(a_session(1).digest).await?;
    assert_eq!(ended.and_then(|it| it.revoked_at), Some(NOW));
    Ok(())
}

/// Every field of a customer and a connection is kept.
pub async fn customers_and_accounts_come_back_as_they_were(storage: Fresh) -> Outcome {
    move_in(&*storage).await?;
    let unknown = Customer { reference: None, name: None, vouched: false, ..a_customer(2) };
    let mut work = storage.begin().await?;
    work.customers().add(&unknown).await?;
    work.commit().await?;

    let mut work = storage.read().await?;
    assert_eq!(work.customers().find(customer_id(1)).await?, Some(a_customer(1)));
    assert_eq!(work.customers().find(customer_id(2)).await?, Some(unknown));
    assert_eq!(work.connections().find(connection_id(1)).await?, Some(a_connection(1)));
    Ok(())
}

/// Absence is not an error.
pub async fn what_is_not_there_is_none(storage: Fresh) -> Outcome {
    let mut work = storage.read().await?;
    assert_eq!(work.tenants().find(tenant_id(1)).await?, None);
    assert_eq!(work.users().find(user_id(1)).await?, None);
    assert_eq!(work.users().find_by_email("nobody@acme.example").await?, None);
    assert_eq!(work.sessions().find_by_digest(a_session(1).digest).await?, None);
    assert_eq!(work.customers().find(customer_id(1)).await?, None);
    assert_eq!(work.customers().find_vouched(client_id(1), "customer-1").await?, None);
    assert_eq!(work.connections().find(connection_id(1)).await?, None);
    assert_eq!(work.connections().of_customer(customer_id(1)).await?, []);
    Ok(())
}

/// `UserRepository::add` MUST return `Duplicate` when the address is taken.
pub async fn a_taken_address_is_a_duplicate(storage: Fresh) -> Outcome {
    move_in(&*storage).await?;
    let mut work = storage.begin().await?;
    let again = work.users().add(&User { email: a_user(1).email, ..a_user(2) }).await;
    assert!(matches!(again, Err(StorageError::Duplicate { .. })), "{again:?}");
    Ok(())
}

/// The same from several tasks.
pub async fn one_address_is_taken_once_however_many_ask(storage: Fresh) -> Outcome {
    move_in(&*storage).await?;
    let answers = race(&storage, |storage| async move {
        let mut work = storage.begin().await?;
        work.users().add(&a_user(2)).await?;
        work.commit().await
    })
    .await;
    assert_eq!(answers.iter().filter(|it| it.is_ok()).count(), 1, "{answers:?}");
    let taken = |it: &&Result<_, _>| matches!(it, Err(StorageError::Duplicate { .. }));
    assert_eq!(answers.iter().filter(taken).count(), answers.len() - 1, "{answers:?}");
    Ok(())
}

/// `CustomerRepository::add` MUST return `Duplicate` for a second vouched
/// customer of the same app with the same reference.
pub async fn a_second_vouched_customer_of_a_reference_is_a_duplicate(storage: Fresh) -> Outcome {
    move_in(&*storage).await?;
    let mut work = storage.begin().await?;
    work.apps().add(&an_app(2)).await?;
    let same = Customer { reference: a_customer(1).reference, ..a_customer(2) };
    let elsewhere = Customer { client: client_id(2), ..same.clone() };
    work.customers().add(&elsewhere).await?;
    let again = work.customers().add(&Customer { id: customer_id(3), ..same.clone() }).await;
    assert!(matches!(again, Err(StorageError::Duplicate { .. })), "{again:?}");

    for n in [4, 5] {
        let nameless = Customer { id: customer_id(n), reference: None, ..same.clone() };
        work.customers().add(&nameless).await?;
    }
    Ok(())
}

/// `CustomerRepository::find_vouched` MUST NOT find a customer whose reference
/// only stood in a URL; of those there can be many.
pub async fn a_reference_that_stood_in_a_url_finds_nobody(storage: Fresh) -> Outcome {
    move_in(&*storage).await?;
    let mut work = storage.begin().await?;
    for n in [2, 3] {
        let stranger =
            Customer { reference: Some("url".to_owned()), vouched: false, ..a_customer(n) };
        work.customers().add(&stranger).await?;
    }
    assert_eq!(work.customers().find_vouched(client_id(1), "url").await?, None);
    assert_eq!(work.customers().find_vouched(client_id(2), "customer-1").await?, None);
    let known = work.customers().find_vouched(client_id(1), "customer-1").await?;
    assert_eq!(known, Some(a_customer(1)));
    Ok(())
}

/// A name can be given and taken away; a customer who is not there has none.
pub async fn a_customer_is_renamed(storage: Fresh) -> Outcome {
    move_in(&*storage).await?;
    for name in [Some("Ada"), None] {
        let mut work = storage.begin().await?;
        work.customers().rename(customer_id(1), name).await?;
        let renamed = Customer { name: name.map(ToOwned::to_owned), ..a_customer(1) };
        assert_eq!(work.customers().find(customer_id(1)).await?, Some(renamed));
    }
    let nobody = storage.begin().await?.customers().rename(customer_id(9), None).await;
    assert!(matches!(nobody, Err(StorageError::Orphan { .. })), "{nobody:?}");
    Ok(())
}

/// Whoever belongs to nobody is an orphan.
pub async fn nothing_belongs_to_what_is_not_there(storage: Fresh) -> Outcome {
    let mut orphans = Vec::new();
    orphans.push(storage.begin().await?.sessions().add(&a_session(1)).await);
    orphans.push(storage.begin().await?.apps().add(&an_app(1)).await);
    orphans.push(storage.begin().await?.customers().add(&a_customer(1)).await);
    orphans.push(storage.begin().await?.connections().add(&a_connection(1)).await);
    for orphan in orphans {
        assert!(matches!(orphan, Err(StorageError::Orphan { .. })), "{orphan:?}");
    }
    Ok(())
}

/// No row reaches from one organisation into another.
pub async fn nothing_belongs_to_another_organisation(storage: Fresh) -> Outcome {
    move_in(&*storage).await?;
    let mut work = storage.begin().await?;
    work.tenants().add(&a_tenant(2)).await?;
    work.commit().await?;

    let foreign = Customer { tenant: tenant_id(2), ..a_customer(2) };
    let refused = storage.begin().await?.customers().add(&foreign).await;
    assert!(matches!(refused, Err(StorageError::Orphan { .. })), "{refused:?}");
    let foreign = Connection { tenant: tenant_id(2), provider: local(), ..a_connection(2) };
    let refused = storage.begin().await?.connections().add(&foreign).await;
    assert!(matches!(refused, Err(StorageError::Orphan { .. })), "{refused:?}");
    Ok(())
}
