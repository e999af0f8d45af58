//! Cases about accounts at hosts.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use lodge_access::{Connection, ConnectionKind, ConnectionStatus};
use lodge_forge::ProviderName;
use lodge_storage::StorageError;

use super::{Fresh, Outcome, race};
use crate::builders::{
    NOW, a_connection, a_customer, a_tenant, a_user, an_app, client_id, connection_id, customer_id,
    move_in, tenant_id, user_id,
};

/// Accounts of one customer, oldest first, and of nobody else.
pub async fn accounts_come_oldest_first(storage: Fresh) -> Outcome {
    move_in(&*storage).await?;
    let mut work = storage.begin().await?;
    work.customers().add(&a_customer(2)).await?;
    let elsewhere = Connection { customer: customer_id(2), ..a_connection(4) };
    for connection in [a_connection(3), elsewhere, a_connection(2)] {
        work.connections().add(&connection).await?;
    }
    let found = work.connections().of_customer(customer_id(1)).await?;
    assert_eq!(found, [a_connection(1), a_connection(2), a_connection(3)]);
    Ok(())
}

/// `ConnectionRepository::list`: oldest first, after one of them, and of one
/// organisation where one is named.
pub async fn accounts_come_in_pages_of_one_organisation_or_of_all(storage: Fresh) -> Outcome {
    move_in(&*storage).await?;
    let mut work = storage.begin().await?;
    work.tenants().add(&a_tenant(2)).await?;
    work.users().add(&a_user(2)).await?;
    let app = lodge_access::App { tenant: tenant_id(2), owner: user_id(2), ..an_app(2) };
    work.apps().add(&app).await?;
    let theirs =
        lodge_access::Customer { tenant: tenant_id(2), client: client_id(2), ..a_customer(2) };
    work.customers().add(&theirs).await?;
    let foreign = Connection { tenant: tenant_id(2), customer: customer_id(2), ..a_connection(2) };
    for connection in [&a_connection(3), &foreign] {
        work.connections().add(connection).await?;
    }
    let mut connections = work.connections();
    let all = [a_connection(1), foreign.clone(), a_connection(3)];
    assert_eq!(connections.list(None, None, 9).await?, all);
    assert_eq!(connections.list(None, None, 2).await?, all[..2]);
    assert_eq!(connections.list(None, Some(connection_id(1)), 9).await?, all[1..]);
    assert_eq!(connections.list(Some(tenant_id(2)), None, 9).await?, [foreign]);
    assert_eq!(connections.list(Some(tenant_id(9)), None, 9).await?, []);
    Ok(())
}

/// `ConnectionRepository::update` writes kind, account, scopes, status and time.
pub async fn an_account_changes_what_may_change_and_nothing_else(storage: Fresh) -> Outcome {
    move_in(&*storage).await?;
    for status in ConnectionStatus::ALL {
        let later = NOW.plus(Duration::from_secs(1));
        let changed = Connection {
            kind: ConnectionKind::OAuth,
            account: "renamed".to_owned(),
            scopes: vec!["repo".to_owned(), "read, \"user\"".to_owned()],
            status,
            updated_at: later,
            ..a_connection(1)
        };
        let moved = Connection {
            created_at: later,
            customer: customer_id(9),
            host_account: "another".to_owned(),
            ..changed.clone()
        };
        let mut work = storage.begin().await?;
        work.connections().update(&moved).await?;
        assert_eq!(work.connections().find(connection_id(1)).await?, Some(changed));
    }
    let unknown = storage.begin().await?.connections().update(&a_connection(9)).await;
    assert!(matches!(unknown, Err(StorageError::Orphan { .. })), "{unknown:?}");
    Ok(())
}

/// `ConnectionRepository::add` MUST return `Duplicate` for a second connection
/// of the same customer to the same account of a host.
pub async fn an_account_is_connected_once_however_many_ask(storage: Fresh) -> Outcome {
    move_in(&*storage).await?;
    let numbers = Arc::new(AtomicU32::new(2));
    let answers = race(&storage, move |storage| {
        // Each has an id of its own, as requests have that come at once.
        let n = numbers.fetch_add(1, Ordering::Relaxed);
        let ours = Connection { host_account: "the same".to_owned(), ..a_connection(n) };
        async move {
            let mut work = storage.begin().await?;
            work.connections().add(&ours).await?;
            work.commit().await
        }
    })
    .await;
    assert_eq!(answers.iter().filter(|it| it.is_ok()).count(), 1, "{answers:?}");
    let taken = |it: &&Result<_, _>| matches!(it, Err(StorageError::Duplicate { .. }));
    assert_eq!(answers.iter().filter(taken).count(), answers.len() - 1, "{answers:?}");
    assert_eq!(storage.read().await?.connections().of_customer(customer_id(1)).await?.len(), 2);
    Ok(())
}

/// Names pass from one account to another at a host; ids do not. The same id at
/// another host, or of another customer, is another account.
pub async fn an_account_is_known_by_its_id_and_not_by_its_name(storage: Fresh) -> Outcome {
    move_in(&*storage).await?;
    let taken = a_connection(1);
    let mut work = storage.begin().await?;
    work.customers().add(&a_customer(2)).await?;
    let other = ProviderName::parse("other").map_err(|it| StorageError::Other(it.into()))?;
    let id = taken.host_account.clone();
    for different in [
        Connection { customer: customer_id(2), host_account: id.clone(), ..a_connection(2) },
        Connection { provider: other, host_account: id.clone(), ..a_connection(3) },
        Connection { account: taken.account.clone(), ..a_connection(4) },
    ] {
        work.connections().add(&different).await?;
    }
    work.connections().update(&Connection { account: taken.account, ..a_connection(4) }).await?;
    let same = work.connections().add(&Connection { host_account: id, ..a_connection(5) }).await;
    assert!(matches!(same, Err(StorageError::Duplicate { .. })), "{same:?}");
    Ok(())
}
