//! Tokens that are old, refused, and wanted by many at once.

use std::{sync::Arc, time::Duration};

use futures_util::future::join_all;
use lodge_access::{Connection, ConnectionStatus, Lease, connection::LEASE};
use lodge_kernel::ExposeSecret as _;
use lodge_provider::{HostToken, HostTokens as _, ProviderError};
use lodge_storage::Storage as _;
use lodge_testkit::builders::lease_id;

use crate::{
    host::Failure,
    house::{House, account},
};

fn texts(tokens: Vec<Result<HostToken, ProviderError>>) -> Vec<String> {
    tokens.into_iter().map(|it| it.unwrap().text.expose_secret().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn fifty_readers_share_one_refresh() {
    let house = Arc::new(House::new().await);
    let connection = house.connected().await;
    house.an_hour_later();
    let readers = (0..50).map(|_| {
        let (house, account) = (Arc::clone(&house), account(&connection));
        tokio::spawn(async move { house.gateway.accounts.token(account).await })
    });
    let got = texts(join_all(readers).await.into_iter().map(Result::unwrap).collect());
    assert_eq!(house.host.refreshes(), 1);
    assert_eq!(got.len(), 50);
    assert!(got.iter().all(|it| Some(it) == house.host.access().as_ref()), "{got:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn readers_of_four_processes_share_one_refresh_of_a_refused_token() {
    let first = Arc::new(House::new().await);
    let connection = first.connected().await;
    let held = first.gateway.accounts.token(account(&connection)).await.unwrap();
    let houses = [&first.neighbour(), &first.neighbour(), &first.neighbour(), &*first];
    let readers = (0..48).map(|n| {
        let house = houses[n % houses.len()];
        house.gateway.accounts.renew(account(&connection), &held)
    });
    let got = texts(join_all(readers).await);
    assert_eq!(first.host.refreshes(), 1);
    assert!(got.iter().all(|it| Some(it) == first.host.access().as_ref()), "{got:?}");
    assert_eq!(first.kept(&connection).await.1.unwrap().generation, 2);
}

#[tokio::test]
async fn a_reader_who_hangs_up_does_not_lose_the_token() {
    let house = House::new().await;
    let connection = house.connected().await;
    house.an_hour_later();
    let asked = house.gateway.accounts.token(account(&connection));
    let gone = tokio::time::timeout(Duration::from_millis(10), asked).await;
    assert!(gone.is_err(), "the host thinks longer than that");
    let token = house.gateway.accounts.token(account(&connection)).await.unwrap();
    assert_eq!(house.host.refreshes(), 1);
    assert_eq!(Some(token.text.expose_secret()), house.host.access().as_deref());
    assert_eq!(house.kept(&connection).await.1.unwrap().generation, 2);
}

#[tokio::test]
async fn a_host_that_is_away_costs_nothing_but_time() {
    let house = House::new().await;
    let connection = house.connected().await;
    house.clock.advance(Duration::from_secs(3_590));
    for failure in [Failure::Away, Failure::Misconfigured] {
        house.host.fail(Some(failure));
        // Good for ten seconds more: better than none.
        let token = house.gateway.accounts.token(account(&connection)).await.unwrap();
        assert_eq!(token.generation, 1);
    }
    house.clock.advance(Duration::from_secs(10));
    let failed = house.gateway.accounts.token(account(&connection)).await;
    let unreachable = |it: &ProviderError| {
        matches!(it, ProviderError::Unreachable { .. } | ProviderError::TimedOut)
    };
    assert!(failed.as_ref().is_err_and(unreachable), "{failed:?}");
    let (kept, credentials) = house.kept(&connection).await;
    assert_eq!((kept.status, credentials.unwrap().generation), (ConnectionStatus::Active, 1));

    house.host.fail(None);
    house.an_hour_later();
    assert_eq!(house.gateway.accounts.token(account(&connection)).await.unwrap().generation, 2);
}

#[tokio::test]
async fn a_login_that_the_host_ended_waits_to_be_connected_again_and_nothing_is_deleted() {
    let house = House::new().await;
    let connection = house.connected().await;
    house.an_hour_later();
    house.host.end();
    for _ in 0..2 {
        let refused = house.gateway.accounts.token(account(&connection)).await;
        assert!(matches!(refused, Err(ProviderError::CredentialsRefused)), "{refused:?}");
    }
    assert_eq!(house.host.refreshes(), 1, "the host is not asked again");
    let (kept, credentials) = house.kept(&connection).await;
    assert_eq!(kept.status, ConnectionStatus::NeedsReconnect);
    assert!(credentials.is_some());

    let again = house.connected().await;
    assert_eq!((again.id, again.status), (connection.id, ConnectionStatus::Active));
    assert_eq!(house.gateway.accounts.token(account(&connection)).await.unwrap().generation, 2);
}

#[tokio::test]
async fn a_refused_token_that_was_refreshed_meanwhile_is_not_refreshed_again() {
    let house = House::new().await;
    let connection = house.connected().await;
    let accounts = &house.gateway.accounts;
    let first = accounts.token(account(&connection)).await.unwrap();
    let second = accounts.renew(account(&connection), &first).await.unwrap();
    let same = accounts.renew(account(&connection), &first).await.unwrap();
    assert_eq!((second.generation, same.generation, house.host.refreshes()), (2, 2, 1));
    let third = accounts.renew(account(&connection), &second).await.unwrap();
    assert_eq!((third.generation, house.host.refreshes()), (3, 2));
}

#[tokio::test]
async fn new_tokens_are_written_although_the_database_is_away_for_a_while() {
    let house = House::new().await;
    let connection = house.connected().await;
    house.an_hour_later();
    let asked = house.gateway.accounts.token(account(&connection));
    let (asked, ()) = tokio::join!(asked, async {
        tokio::time::sleep(Duration::from_millis(25)).await;
        house.storage.fail(3);
    });
    assert_eq!(asked.unwrap().generation, 2);
    assert_eq!(house.kept(&connection).await.1.unwrap().generation, 2);
}

/// Somebody has the turn, and does nothing with it.
async fn somebody_has_the_turn(house: &House, connection: &Connection) {
    let now = house.gateway.now();
    let lease = Lease { id: lease_id(1), until: now.plus(LEASE) };
    let mut work = house.storage.begin().await.unwrap();
    assert!(work.credentials().lease(connection.id, 1, lease, now).await.unwrap());
    work.commit().await.unwrap();
}

#[tokio::test]
async fn a_process_that_died_in_its_turn_is_waited_for_and_no_longer() {
    let house = House::new().await;
    let connection = house.connected().await;
    house.an_hour_later();
    somebody_has_the_turn(&house, &connection).await;
    let asked = house.gateway.accounts.token(account(&connection));
    let (asked, ()) = tokio::join!(asked, async {
        tokio::time::sleep(Duration::from_millis(250)).await;
        assert_eq!(house.host.refreshes(), 0, "it is not our turn");
        house.clock.advance(LEASE);
    });
    assert_eq!((asked.unwrap().generation, house.host.refreshes()), (2, 1));
}

#[tokio::test(start_paused = true)]
async fn a_turn_that_does_not_end_is_not_waited_for_for_ever() {
    let house = House::new().await;
    let connection = house.connected().await;
    house.an_hour_later();
    somebody_has_the_turn(&house, &connection).await;
    let failed = house.gateway.accounts.token(account(&connection)).await;
    assert!(matches!(failed, Err(ProviderError::Unreachable { .. })), "{failed:?}");
    assert_eq!(house.kept(&connection).await.0.status, ConnectionStatus::Active);
}

#[tokio::test]
async fn a_lost_race_does_not_lose_the_connection() {
    // A process that was slow beyond its lease took the host's answer to the
    // second use of a refresh token for the end; the tokens of the first one
    // still come in.
    let house = House::new().await;
    let connection = house.connected().await;
    house.an_hour_later();
    let asked = house.gateway.accounts.token(account(&connection));
    let (asked, ()) = tokio::join!(asked, async {
        tokio::time::sleep(Duration::from_millis(25)).await;
        let mut work = house.storage.begin().await.unwrap();
        let tired = Connection { status: ConnectionStatus::NeedsReconnect, ..connection.clone() };
        work.connections().update(&tired).await.unwrap();
        work.commit().await.unwrap();
    });
    assert_eq!(asked.unwrap().generation, 2);
    assert_eq!(house.kept(&connection).await.0.status, ConnectionStatus::Active);
    assert_eq!(house.gateway.accounts.token(account(&connection)).await.unwrap().generation, 2);
}
