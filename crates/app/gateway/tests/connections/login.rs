//! Logins at a host, and the ways in which they do not lead to an account.

use lodge_access::{
    Actor, ConnectionKind, ConnectionStatus, LoginMode, SecretKind, connection::LOGIN_LIFETIME,
};
use lodge_gateway::{
    connections::{
        ConnectError, FinishLoginError, LoginRefused, NewOwner, StartLogin, StartLoginError,
        TokenDraft,
    },
    oauth::ConsentPageError,
};
use lodge_kernel::ExposeSecret as _;
use lodge_provider::{HostTokenKind, HostTokens as _};
use lodge_storage::Storage as _;
use lodge_testkit::builders::{MONTH, NOW, a_secret, client_id, customer_id, transaction_id};

use crate::{
    host::{Failure, FakeHost},
    house::{House, account},
};

#[tokio::test]
async fn a_login_connects_the_account_and_keeps_its_tokens_sealed() {
    let house = House::new().await;
    let connection = house.connected().await;
    assert_eq!((connection.customer, connection.kind), (customer_id(1), ConnectionKind::OAuth));
    assert_eq!(
        (connection.host_account.as_str(), connection.account.as_str()),
        ("7", "login-of-7")
    );
    assert_eq!(connection.scopes, ["repo"]);
    let (kept, credentials) = house.kept(&connection).await;
    let credentials = credentials.unwrap();
    assert_eq!(kept, connection);
    let seen = format!(
        "{kept:?} {credentials:?} {} {}",
        credentials.access,
        credentials.refresh.as_ref().unwrap()
    );
    assert!(!seen.contains("gho_") && !seen.contains("ghr_"), "{seen}");

    let token = house.gateway.accounts.token(account(&connection)).await.unwrap();
    assert_eq!(token.text.expose_secret(), "gho_access-1");
    assert_eq!(token.kind, HostTokenKind::OAuth);
    assert!(!format!("{token:?}").contains("gho_"), "{token:?}");
}

#[tokio::test]
async fn a_host_without_pkce_gets_neither_challenge_nor_verifier() {
    let house = House::with(FakeHost::without_pkce()).await;
    assert_eq!(house.connected().await.status, ConnectionStatus::Active);
}

#[tokio::test]
async fn an_answer_is_taken_once() {
    let house = House::new().await;
    let state = house.start().await;
    assert!(house.finish(&state, Ok("good")).await.unwrap().outcome.is_ok());
    let again = house.finish(&state, Ok("good")).await;
    assert!(matches!(again, Err(FinishLoginError::Ended)), "{again:?}");
}

#[tokio::test]
async fn an_answer_in_another_browser_is_not_taken_and_uses_nothing_up() {
    let house = House::new().await;
    let state = house.start().await;
    let other = house.finish_as(("lab", 2), &state, Ok("good")).await;
    let mode = LoginMode::Redirect;
    assert!(matches!(other, Err(FinishLoginError::OtherBrowser { mode: it }) if it == mode));
    assert!(house.finish(&state, Ok("good")).await.unwrap().outcome.is_ok());
}

#[tokio::test]
async fn an_answer_of_another_host_or_to_no_question_is_unknown() {
    let house = House::new().await;
    let state = house.start().await;
    let stranger = a_secret(SecretKind::LoginState, 99);
    for (provider, state) in
        [("other", state.as_str()), ("lab", stranger.expose()), ("lab", ""), ("lab", "sggls_")]
    {
        let answer = house.finish_as((provider, 1), state, Ok("good")).await;
        assert!(matches!(answer, Err(FinishLoginError::Unknown)), "{provider} {answer:?}");
    }
}

#[tokio::test]
async fn an_answer_that_comes_late_or_after_the_visit_is_over_is_not_taken() {
    let house = House::new().await;
    let late = house.start().await;
    house.clock.advance(LOGIN_LIFETIME);
    let answer = house.finish(&late, Ok("good")).await;
    assert!(matches!(answer, Err(FinishLoginError::Ended)), "{answer:?}");

    let house = House::new().await;
    let state = house.start().await;
    let mut work = house.storage.begin().await.unwrap();
    assert!(work.transactions().end(transaction_id(1), NOW).await.unwrap());
    work.commit().await.unwrap();
    let answer = house.finish(&state, Ok("good")).await;
    assert!(matches!(answer, Err(FinishLoginError::Ended)), "{answer:?}");
}

#[tokio::test]
async fn what_the_host_says_is_said_plainly_and_harmlessly() {
    let house = House::new().await;
    for (said, code) in [
        ("access_denied", "access_denied"),
        ("<script>alert(1)</script>", "scriptalert1script"),
        ("Ü!", "unknown_error"),
    ] {
        let state = house.start().await;
        let finished = house.finish(&state, Err(said)).await.unwrap();
        let refused = finished.outcome.unwrap_err();
        assert!(matches!(refused, LoginRefused::Denied { .. }), "{refused:?}");
        assert_eq!(refused.code(), code);
        // The login is used up.
        assert!(house.finish(&state, Ok("good")).await.is_err());
    }
    let wrong: [(Option<Failure>, &str, &str); 3] = [
        (None, "wrong", "login_not_taken"),
        (Some(Failure::Away), "good", "temporarily_unavailable"),
        (Some(Failure::Misconfigured), "good", "not_registered"),
    ];
    for (failure, given, code) in wrong {
        house.host.fail(failure);
        let state = house.start().await;
        let refused = house.finish(&state, Ok(given)).await.unwrap().outcome.unwrap_err();
        assert_eq!(refused.code(), code);
    }
}

#[tokio::test]
async fn a_login_begins_on_the_visit_of_this_browser_only() {
    let house = House::new().await;
    let (mine, other) = (a_secret(SecretKind::Browser, 1), a_secret(SecretKind::Browser, 2));
    let transaction = transaction_id(1).to_string();
    let ask = StartLogin {
        provider: "lab",
        transaction: &transaction,
        browsers: &[mine.expose()],
        mode: LoginMode::Api,
    };
    let foreign = StartLogin { browsers: &[other.expose()], ..ask };
    let none = StartLogin { browsers: &[], ..ask };
    let nowhere = StartLogin { transaction: "txn_0", ..ask };
    for wrong in [foreign, none, nowhere] {
        let refused = house.gateway.start_login(wrong).await;
        let unknown = StartLoginError::Page(ConsentPageError::Unknown);
        assert_eq!(refused.unwrap_err().to_string(), unknown.to_string());
    }
    let unknown = house.gateway.start_login(StartLogin { provider: "nobody", ..ask }).await;
    assert!(matches!(unknown, Err(StartLoginError::UnknownProvider { .. })), "{unknown:?}");
    house.clock.advance(MONTH);
    let ended = house.gateway.start_login(ask).await;
    assert!(matches!(ended, Err(StartLoginError::Page(ConsentPageError::Ended))), "{ended:?}");
}

#[tokio::test]
async fn another_account_is_another_connection_and_a_switched_off_one_stays_off() {
    let house = House::new().await;
    let first = house.connected().await;
    house.host.is_of("8");
    let second = house.connected().await;
    assert_ne!(first.id, second.id);
    house.gateway.enable_connection(Actor::Operator, second.id, false).await.unwrap();
    let state = house.start().await;
    let refused = house.finish(&state, Ok("good")).await.unwrap().outcome.unwrap_err();
    assert_eq!(refused.code(), "account_disabled");
}

fn a_draft(token: &str, owner: NewOwner) -> TokenDraft {
    TokenDraft {
        provider: "lab".to_owned(),
        owner,
        token: token.to_owned().into(),
        expires_at: None,
    }
}

#[tokio::test]
async fn an_account_is_connected_by_a_token_after_its_host_said_whose_it_is() {
    let house = House::new().await;
    let owner = NewOwner::Reference { client: client_id(1), reference: "new".to_owned() };
    let made = house
        .gateway
        .connect_with_token(Actor::Operator, a_draft("personal", owner))
        .await
        .unwrap();
    assert_eq!((made.kind, made.account.as_str()), (ConnectionKind::Personal, "login-of-7"));
    let token = house.gateway.accounts.token(account(&made)).await.unwrap();
    assert_eq!((token.text.expose_secret(), token.kind), ("personal", HostTokenKind::Personal));

    let owner = NewOwner::Customer(customer_id(1));
    let refused =
        house.gateway.connect_with_token(Actor::Operator, a_draft("wrong", owner.clone())).await;
    assert!(matches!(refused, Err(ConnectError::Host { .. })), "{refused:?}");
    for odd in ["", "with space", "line\nbreak"] {
        let refused =
            house.gateway.connect_with_token(Actor::Operator, a_draft(odd, owner.clone())).await;
        assert!(matches!(refused, Err(ConnectError::Invalid { .. })), "{odd:?} {refused:?}");
    }
    let nobody = NewOwner::Customer(customer_id(9));
    let refused =
        house.gateway.connect_with_token(Actor::Operator, a_draft("personal", nobody)).await;
    assert!(matches!(refused, Err(ConnectError::NotFound { .. })), "{refused:?}");
}

#[tokio::test]
async fn a_personal_token_that_the_host_refuses_waits_for_another_one() {
    let house = House::new().await;
    let owner = NewOwner::Customer(customer_id(1));
    let made = house
        .gateway
        .connect_with_token(Actor::Operator, a_draft("personal", owner))
        .await
        .unwrap();
    let held = house.gateway.accounts.token(account(&made)).await.unwrap();
    assert!(house.gateway.accounts.renew(account(&made), &held).await.is_err());
    assert_eq!(house.kept(&made).await.0.status, ConnectionStatus::NeedsReconnect);
    assert_eq!(house.host.refreshes(), 0);
}
