//! What the operator does to connections takes effect at once.

use std::time::Duration;

use lodge_access::{
    Actor, Authorization, ConnectionStatus, Permission, Refusal, RepositoryConsent, Secret,
    SecretKind,
};
use lodge_forge::ProviderName;
use lodge_gateway::connections::ManageError;
use lodge_kernel::ExposeSecret as _;
use lodge_provider::{Account, HostTokens as _, ProviderError};
use lodge_storage::Storage as _;
use lodge_testkit::builders::{
    a_consent, a_repository_id, a_secret, a_token, an_authorization, authorization_id,
    connection_id, local, tenant_id,
};

use crate::house::{House, account};

/// Approves a repository of `lab` through the connection beside that of
/// `local`; answers a token for both.
async fn approved(house: &House, connection: &lodge_access::Connection) -> Secret {
    let lab = ProviderName::parse("lab").unwrap();
    let consent = RepositoryConsent {
        connection: connection.id,
        provider: lab.clone(),
        repository: a_repository_id("api"),
        ..a_consent("api")
    };
    let approval = Authorization {
        connections: vec![(connection_id(1), local()), (connection.id, lab)],
        repositories: vec![a_consent("web"), consent],
        ..an_authorization(2)
    };
    let mut work = house.storage.begin().await.unwrap();
    work.authorizations().add(&approval).await.unwrap();
    let token = lodge_access::Token { authorization: Some(authorization_id(2)), ..a_token(1) };
    work.tokens().add(&token).await.unwrap();
    work.commit().await.unwrap();
    a_secret(SecretKind::AccessToken, 1)
}

async fn verdict(house: &House, token: &Secret, provider: &str, id: &str) -> Result<(), Refusal> {
    let grant = house.gateway.authenticate(token.expose()).await.unwrap();
    let provider = ProviderName::parse(provider).unwrap();
    let found = grant.check_repository(
        Permission::ReadCommits,
        &provider,
        &a_repository_id(id),
        house.gateway.now(),
    );
    found.map(drop)
}

#[tokio::test]
async fn a_connection_that_is_switched_off_reads_nothing_until_it_is_on_again() {
    let house = House::new().await;
    let connection = house.connected().await;
    let token = approved(&house, &connection).await;
    house.gateway.watch_access().await.unwrap();
    assert_eq!(verdict(&house, &token, "lab", "api").await, Ok(()));
    assert_eq!(verdict(&house, &token, "local", "web").await, Ok(()));

    let off = house.gateway.enable_connection(Actor::Operator, connection.id, false).await.unwrap();
    assert_eq!(off.connection.status, ConnectionStatus::Disabled);
    let refused = verdict(&house, &token, "lab", "api").await.unwrap_err();
    assert!(matches!(refused, Refusal::NotConnected { .. }), "{refused:?}");
    assert_eq!(verdict(&house, &token, "local", "web").await, Ok(()));
    let none = house.gateway.accounts.token(account(&connection)).await;
    assert!(matches!(none, Err(ProviderError::CredentialsRefused)), "{none:?}");
    let grant = house.gateway.authenticate(token.expose()).await.unwrap();
    assert_eq!(house.gateway.quotas(&grant).unwrap().len(), 1);

    house.gateway.enable_connection(Actor::Operator, connection.id, true).await.unwrap();
    assert_eq!(verdict(&house, &token, "lab", "api").await, Ok(()));
    assert!(house.gateway.accounts.token(account(&connection)).await.is_ok());
}

#[tokio::test]
async fn what_another_process_does_is_noticed_a_tenth_of_a_second_later() {
    let house = House::new().await;
    let connection = house.connected().await;
    let held = house.gateway.accounts.token(account(&connection)).await.unwrap();
    let there = house.neighbour().gateway;
    there.enable_connection(Actor::Operator, connection.id, false).await.unwrap();
    // Another organisation is not told of what is remembered for this one.
    let stranger = Account { tenant: tenant_id(9), ..account(&connection) };
    assert!(house.gateway.accounts.token(stranger).await.is_err());

    house.clock.advance(Duration::from_millis(99));
    let remembered = house.gateway.accounts.token(account(&connection)).await.unwrap();
    assert_eq!(remembered.text.expose_secret(), held.text.expose_secret());
    house.clock.advance(Duration::from_millis(1));
    let refused = house.gateway.accounts.token(account(&connection)).await;
    assert!(matches!(refused, Err(ProviderError::CredentialsRefused)), "{refused:?}");
}

#[tokio::test]
async fn a_connection_that_is_taken_away_has_no_credentials_and_its_host_knows() {
    let house = House::new().await;
    let connection = house.connected().await;
    let token = approved(&house, &connection).await;
    house.gateway.disconnect(Actor::Operator, connection.id).await.unwrap();
    house.gateway.disconnect(Actor::Operator, connection.id).await.unwrap();
    assert_eq!(house.host.revoked(), ["gho_access-1"]);
    let (kept, credentials) = house.kept(&connection).await;
    assert_eq!((kept.status, credentials), (ConnectionStatus::Disconnected, None));
    assert!(verdict(&house, &token, "lab", "api").await.is_err());
    let gone = house.gateway.enable_connection(Actor::Operator, connection.id, true).await;
    assert!(matches!(gone, Err(ManageError::Disconnected)), "{gone:?}");

    // Its customer can connect it again: the same connection works.
    let again = house.connected().await;
    assert_eq!((again.id, again.status), (connection.id, ConnectionStatus::Active));
    assert!(house.gateway.accounts.token(account(&again)).await.is_ok());
}

#[tokio::test]
async fn what_the_operator_sees_has_no_token() {
    let house = House::new().await;
    let connection = house.connected().await;
    let all = house.gateway.list_connections(None, None, 10).await.unwrap();
    assert_eq!(all.len(), 2);
    let found = house.gateway.find_connection(connection.id).await.unwrap();
    assert!(found.is_refreshed && found.expires_at.is_some());
    assert!(!format!("{all:?} {found:?}").contains("gho_"));
    let nobody = house.gateway.find_connection(connection_id(99)).await;
    assert!(matches!(nobody, Err(ManageError::NotFound)), "{nobody:?}");
}
