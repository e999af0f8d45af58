//! Cases about what customers come back to.

use std::time::Duration;

use lodge_access::{
    Authorization, AuthorizationState, Connection, ConnectionKind, ConnectionStatus, Customer,
    CustomerSession, ReadFilter, ReadTotals, Receipt, ReceiptChange, UsageRow,
};
use lodge_storage::{Keep, StorageError};

use super::{Fresh, Outcome, race};
use crate::builders::{
    NOW, a_connection, a_customer, a_customer_session, a_receipt, a_repository_id, a_usage_row,
    an_authorization, authorization_id, connection_id, customer_id, local, move_in, receipt_id,
    request_id,
};

const AN_INSTANT: Duration = Duration::from_micros(1);

/// Every field of a session is kept; customer and end change.
pub async fn a_session_of_a_customer_comes_back_and_changes(storage: Fresh) -> Outcome {
    move_in(&*storage).await?;
    let mut work = storage.begin().await?;
    work.customers().add(&a_customer(2)).await?;
    let session = a_customer_session(1);
    work.customer_sessions().add(&session).await?;
    let same = work.customer_sessions().add(&session).await;
    assert!(matches!(same, Err(StorageError::Duplicate { .. })), "{same:?}");
    assert_eq!(work.customer_sessions().find(session.digest).await?, Some(session.clone()));
    let later = CustomerSession {
        customer: customer_id(2),
        expires_at: session.expires_at.plus(AN_INSTANT),
        ..session.clone()
    };
    assert!(work.customer_sessions().update(&later).await?);
    assert_eq!(work.customer_sessions().find(session.digest).await?, Some(later));
    assert!(!work.customer_sessions().update(&a_customer_session(9)).await?);
    assert_eq!(work.customer_sessions().find(a_customer_session(9).digest).await?, None);
    let foreign = CustomerSession { customer: customer_id(9), ..a_customer_session(3) };
    let orphan = work.customer_sessions().add(&foreign).await;
    assert!(matches!(orphan, Err(StorageError::Orphan { .. })), "{orphan:?}");
    Ok(())
}

/// `CustomerSessionRepository::update`: an ended session MUST NOT live again.
pub async fn a_session_of_a_customer_ends_once_and_for_ever(storage: Fresh) -> Outcome {
    move_in(&*storage).await?;
    let mut work = storage.begin().await?;
    work.customer_sessions().add(&a_customer_session(1)).await?;
    work.commit().await?;
    let answers = race(&storage, |storage| async move {
        let mut work = storage.begin().await?;
        let ended = work.customer_sessions().end(a_customer_session(1).digest, NOW).await?;
        work.commit().await?;
        Ok(ended)
    })
    .await;
    let ended: Vec<_> = answers.into_iter().collect::<Result<_, _>>()?;
    assert_eq!(ended.iter().filter(|it| **it).count(), 1);
    let mut work = storage.begin().await?;
    assert!(!work.customer_sessions().update(&a_customer_session(1)).await?);
    let found = work.customer_sessions().find(a_customer_session(1).digest).await?;
    assert_eq!(found, Some(CustomerSession { ended_at: Some(NOW), ..a_customer_session(1) }));
    Ok(())
}

/// Every field of a receipt is kept; they come newest first, in pages, of one
/// customer.
pub async fn receipts_come_back_newest_first(storage: Fresh) -> Outcome {
    move_in(&*storage).await?;
    let mut work = storage.begin().await?;
    for (n, change) in (1..).zip(ReceiptChange::ALL) {
        work.receipts().add(&Receipt { change, ..a_receipt(n) }).await?;
    }
    let theirs = Receipt {
        customer: customer_id(2),
        authorization: authorization_id(2),
        version: 1,
        ..a_receipt(9)
    };
    work.receipts().add(&theirs).await?;
    let last = Receipt { change: ReceiptChange::TakenBack, ..a_receipt(4) };
    assert_eq!(work.receipts().find(receipt_id(4)).await?, Some(last.clone()));
    assert_eq!(work.receipts().find(receipt_id(7)).await?, None);
    let page = work.receipts().of_customer(customer_id(1), None, 1).await?;
    assert_eq!(page, [last]);
    let rest = work.receipts().of_customer(customer_id(1), Some(receipt_id(4)), 9).await?;
    assert_eq!(rest.iter().map(|it| it.version).collect::<Vec<_>>(), [3, 2, 1]);
    assert_eq!(work.receipts().latest(authorization_id(1)).await?, 4);
    assert_eq!(work.receipts().latest(authorization_id(7)).await?, 0);
    Ok(())
}

/// `ReceiptRepository::add` MUST return `Duplicate` for a second one of the same
/// version of an approval.
pub async fn a_version_of_an_approval_has_one_receipt(storage: Fresh) -> Outcome {
    let mut work = storage.begin().await?;
    work.receipts().add(&a_receipt(1)).await?;
    let second = Receipt { version: 1, ..a_receipt(2) };
    let again = work.receipts().add(&second).await;
    assert!(matches!(again, Err(StorageError::Duplicate { .. })), "{again:?}");
    work.receipts().add(&a_receipt(3)).await
}

/// `AuthorizationRepository::active_of_customer`: what was neither taken back nor
/// waits, newest first, at most as many as asked.
pub async fn the_active_approvals_of_a_customer_come_newest_first(storage: Fresh) -> Outcome {
    move_in(&*storage).await?;
    let mut work = storage.begin().await?;
    work.customers().add(&a_customer(2)).await?;
    let revoked = AuthorizationState::Revoked { at: NOW };
    let ended = Authorization { expires_at: NOW, ..an_authorization(2) };
    for approval in [
        ended.clone(),
        Authorization { state: revoked, ..an_authorization(3) },
        Authorization { state: AuthorizationState::Pending, ..an_authorization(4) },
        Authorization { customer: customer_id(2), ..an_authorization(5) },
    ] {
        work.authorizations().add(&approval).await?;
    }
    let all = work.authorizations().active_of_customer(customer_id(1), 9).await?;
    assert_eq!(all, [ended.clone(), an_authorization(1)]);
    let newest = work.authorizations().active_of_customer(customer_id(1), 1).await?;
    assert_eq!(newest, [ended]);
    Ok(())
}

/// `CustomerRepository::find_proved`: the same app, reference and account; the
/// vouched one first; a configured host is nobody's account.
pub async fn who_has_the_same_account_and_reference_is_found(storage: Fresh) -> Outcome {
    move_in(&*storage).await?;
    let named = |n, vouched, reference: &str| Customer {
        reference: Some(reference.to_owned()),
        vouched,
        ..a_customer(n)
    };
    let account = |n, customer, kind| Connection {
        customer: customer_id(customer),
        kind,
        host_account: "77".to_owned(),
        ..a_connection(n)
    };
    let mut work = storage.begin().await?;
    let stranger = named(9, false, "school");
    for customer in [
        stranger.clone(),
        named(2, false, "school"),
        named(3, true, "school"),
        named(4, true, "another"),
        named(5, false, "school"),
    ] {
        work.customers().add(&customer).await?;
    }
    let oauth = ConnectionKind::OAuth;
    for connection in [
        account(9, 9, oauth),
        account(4, 4, oauth),
        account(5, 5, ConnectionKind::Configured),
        Connection { status: ConnectionStatus::Disconnected, ..account(3, 3, oauth) },
    ] {
        work.connections().add(&connection).await?;
    }
    assert_eq!(work.customers().find_proved(&stranger, &local(), "77").await?, None);
    work.connections().add(&account(2, 2, oauth)).await?;
    let found = work.customers().find_proved(&stranger, &local(), "77").await?;
    assert_eq!(found, Some(named(2, false, "school")));
    work.connections().update(&account(3, 3, oauth)).await?;
    let found = work.customers().find_proved(&stranger, &local(), "77").await?;
    assert_eq!(found, Some(named(3, true, "school")));
    assert_eq!(work.customers().find_proved(&stranger, &local(), "78").await?, None);
    let nameless = Customer { reference: None, ..stranger };
    assert_eq!(work.customers().find_proved(&nameless, &local(), "77").await?, None);
    Ok(())
}

/// `UsageRepository::of_customer` and `totals_of_customer`: one customer, one
/// repository, from one instant to another.
pub async fn the_journal_of_a_customer_is_found_and_added_up(storage: Fresh) -> Outcome {
    let at = |seconds| NOW.plus(Duration::from_secs(seconds));
    let rows = [
        UsageRow { at: at(1), withheld: 2, masked: 3, ..a_usage_row(1) },
        UsageRow { at: at(2), status: 403, withheld: 0, ..a_usage_row(2) },
        UsageRow { at: at(3), repository: Some(a_repository_id("api")), ..a_usage_row(3) },
        UsageRow { at: at(4), withheld: u32::MAX, masked: u32::MAX, ..a_usage_row(4) },
        UsageRow { customer: Some(customer_id(2)), ..a_usage_row(5) },
        UsageRow { customer: None, ..a_usage_row(6) },
    ];
    let mut work = storage.begin().await?;
    work.usage().append(&rows).await?;
    let all = ReadFilter::default();
    let [first, second, third, fourth, ..] = rows;
    let page = work.usage().of_customer(customer_id(1), &all, None, 2).await?;
    assert_eq!(page, [fourth, third]);
    let rest = work.usage().of_customer(customer_id(1), &all, Some(request_id(3)), 9).await?;
    assert_eq!(rest, [second.clone(), first.clone()]);
    let filter = ReadFilter {
        repository: Some((local(), a_repository_id("web"))),
        from: Some(at(1)),
        to: Some(at(4)),
    };
    let found = work.usage().of_customer(customer_id(1), &filter, None, 9).await?;
    assert_eq!(found, [second, first]);
    let totals = work.usage().totals_of_customer(customer_id(1), &filter).await?;
    assert_eq!(totals, ReadTotals { requests: 2, refused: 1, withheld: 2, masked: 3 });
    let much = u64::from(u32::MAX);
    let totals = work.usage().totals_of_customer(customer_id(1), &all).await?;
    let expected = ReadTotals { requests: 4, refused: 1, withheld: much + 2, masked: much + 3 };
    assert_eq!(totals, expected);
    let nobody = work.usage().totals_of_customer(customer_id(7), &all).await?;
    assert_eq!(nobody, ReadTotals::default());
    Ok(())
}

/// `ConnectionRepository::idle_of_strangers`: accounts of customers whom nobody
/// vouched for, while nothing of theirs is in use.
pub async fn idle_accounts_of_strangers_are_found(storage: Fresh) -> Outcome {
    move_in(&*storage).await?;
    let before = NOW.plus(AN_INSTANT);
    let mut work = storage.begin().await?;
    for n in 2..=6 {
        let vouched = n == 2;
        let reference = Some(format!("customer-{n}")).filter(|_| vouched);
        work.customers().add(&Customer { reference, vouched, ..a_customer(n) }).await?;
        let theirs = Connection { customer: customer_id(n), ..a_connection(n) };
        work.connections().add(&theirs).await?;
    }
    let gone = ConnectionStatus::Disconnected;
    let taken = Connection { customer: customer_id(3), status: gone, ..a_connection(7) };
    work.connections().add(&taken).await?;
    let used = Authorization { customer: customer_id(4), ..an_authorization(4) };
    work.authorizations().add(&used).await?;
    let here = CustomerSession { customer: customer_id(5), ..a_customer_session(5) };
    work.customer_sessions().add(&here).await?;
    let idle = work.connections().idle_of_strangers(before, 9).await?;
    assert_eq!(idle, [connection_id(3), connection_id(6)]);
    assert_eq!(work.connections().idle_of_strangers(before, 1).await?, [connection_id(3)]);
    assert_eq!(work.connections().idle_of_strangers(NOW, 9).await?, []);
    let month = used.expires_at.plus(AN_INSTANT);
    let idle = work.connections().idle_of_strangers(month, 9).await?;
    assert_eq!(idle, [3, 4, 5, 6].map(connection_id));
    Ok(())
}

/// `UnitOfWork::sweep`: sessions that have ended, accounts that were taken away
/// from strangers and that nothing names, and then the strangers.
pub async fn a_sweep_takes_strangers_whose_accounts_are_gone(storage: Fresh) -> Outcome {
    move_in(&*storage).await?;
    let mut work = storage.begin().await?;
    let status = ConnectionStatus::Disconnected;
    for n in 2..=4 {
        let stranger = Customer { reference: None, vouched: false, ..a_customer(n) };
        work.customers().add(&stranger).await?;
        let theirs = Connection { customer: customer_id(n), status, ..a_connection(n) };
        work.connections().add(&theirs).await?;
    }
    let ours = Connection { status, ..a_connection(5) };
    work.connections().add(&ours).await?;
    let named = Authorization {
        customer: customer_id(3),
        connections: vec![(connection_id(3), local())],
        repositories: Vec::new(),
        ..an_authorization(3)
    };
    work.authorizations().add(&named).await?;
    let here = CustomerSession { customer: customer_id(4), ..a_customer_session(4) };
    work.customer_sessions().add(&here).await?;
    let ended = CustomerSession { expires_at: NOW, ..a_customer_session(1) };
    work.customer_sessions().add(&ended).await?;

    let keep = Keep { secrets: NOW, questions: NOW.plus(AN_INSTANT) };
    let swept = work.sweep(&keep, 9).await?;
    assert_eq!((swept.customer_sessions, swept.connections, swept.customers), (1, 2, 1));
    assert!(work.customers().find(customer_id(2)).await?.is_none());
    for n in [3, 4] {
        assert!(work.customers().find(customer_id(n)).await?.is_some(), "{n}");
    }
    assert_eq!(work.connections().of_customer(customer_id(3)).await?.len(), 1);
    assert!(work.connections().find(connection_id(5)).await?.is_some());
    Ok(())
}
