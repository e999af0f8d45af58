//! What the hosts are asked when a customer approves.

use std::{
    future::{pending, ready},
    time::Duration,
};

use lodge_access::{Authorization, PermissionSet};
use lodge_gateway::oauth::{
    AnswerError, AuthorizeRequest, Begun, Choice,
    answer::Approval,
    consent::{ConsentPage, ConsentPageError},
};
use lodge_provider::ProviderError;
use lodge_storage::Storage as _;
use lodge_testkit::builders::{REDIRECT_URI, all_reads, client_id};

use crate::support::{House, Tested, VERIFIER, a_repository, challenge};

const COUNT: usize = 40;

/// A customer before the page, at a host with many repositories that takes its
/// time.
async fn a_visit(delay: Duration) -> Tested<(House, Begun, ConsentPage)> {
    let house = House::ordinary().await?;
    house.host.script().repositories =
        (0..COUNT).map(|n| a_repository(&format!("service-{n:02}"))).collect();
    house.host.script().delay = delay;
    let request = AuthorizeRequest {
        response_type: Some("code".to_owned()),
        redirect_uri: Some(REDIRECT_URI.to_owned()),
        customer_ref: Some("customer-9".to_owned()),
        client_id: Some(client_id(1).to_string()),
        code_challenge: Some(challenge(VERIFIER)),
        code_challenge_method: Some("S256".to_owned()),
        pushed: true,
        ..AuthorizeRequest::default()
    };
    let begun = house.gateway.begin_authorization(&request).await?;
    let visit = begun.transaction.to_string();
    let page = house.gateway.consent_page(&visit, Some(begun.browser.expose())).await?;
    Ok((house, begun, page))
}

/// Everything on the page, in its order.
fn all_of(page: &ConsentPage, permissions: PermissionSet) -> Approval {
    let of_account = |account: &lodge_gateway::oauth::consent::AccountChoice| {
        let connection = account.connection.id;
        let choices = account.repositories.iter().map(move |it| Choice {
            connection,
            repository: it.id.clone(),
            permissions,
        });
        choices.collect::<Vec<_>>()
    };
    Approval {
        csrf: page.csrf.clone(),
        choices: page.accounts.iter().flat_map(of_account).collect(),
        account_permissions: PermissionSet::EMPTY,
        days: Some(30),
    }
}

async fn approval_of(house: &House, page: &ConsentPage) -> Tested<Authorization> {
    let mut work = house.storage.read().await?;
    let found = work.authorizations().find(page.transaction.authorization).await?;
    Ok(found.ok_or("no approval")?)
}

#[actix_web::test]
async fn eight_repositories_are_asked_about_at_a_time_and_keep_their_order() -> Tested {
    let (house, begun, page) = a_visit(Duration::from_millis(2)).await?;
    let (visit, cookie) = (begun.transaction.to_string(), Some(begun.browser.expose()));
    let approval = all_of(&page, all_reads());
    house.gateway.approve_consent(&visit, cookie, &approval, pending()).await?;

    assert_eq!(house.host.most_looking(), 8);
    let given = approval_of(&house, &page).await?.repositories;
    let given: Vec<_> = given.iter().map(|it| it.repository.clone()).collect();
    let asked: Vec<_> = approval.choices.iter().map(|it| it.repository.clone()).collect();
    assert_eq!(asked.len(), COUNT);
    assert_eq!(given, asked);
    Ok(())
}

#[actix_web::test]
async fn a_host_that_takes_too_long_changes_nothing_and_can_be_asked_again() -> Tested {
    let (house, begun, page) = a_visit(Duration::from_hours(1)).await?;
    let (visit, cookie) = (begun.transaction.to_string(), Some(begun.browser.expose()));
    let approval = all_of(&page, all_reads());
    let before = house.storage.contents();
    let late = house.gateway.approve_consent(&visit, cookie, &approval, ready(())).await;
    assert!(matches!(late, Err(AnswerError::Host(ProviderError::TimedOut))), "{late:?}");
    assert_eq!(house.storage.contents(), before);

    house.host.script().delay = Duration::ZERO;
    house.gateway.approve_consent(&visit, cookie, &approval, pending()).await?;
    let again = house.gateway.approve_consent(&visit, cookie, &approval, pending()).await;
    let Err(AnswerError::Page(ConsentPageError::Answered { approved: true })) = again else {
        return Err("it was answered twice".into());
    };
    let codes = house.storage.contents().matches("Code {").count();
    assert_eq!(codes, 1);
    Ok(())
}

#[actix_web::test]
async fn one_repository_that_is_gone_gives_nothing() -> Tested {
    let (house, begun, page) = a_visit(Duration::ZERO).await?;
    let (visit, cookie) = (begun.transaction.to_string(), Some(begun.browser.expose()));
    let approval = all_of(&page, all_reads());
    house.host.script().repositories.pop();
    let refused = house.gateway.approve_consent(&visit, cookie, &approval, pending()).await;
    let Err(AnswerError::Choice { problem }) = refused else { return Err("it was taken".into()) };
    assert_eq!(problem, "a repository is no longer there");
    assert!(!approval_of(&house, &page).await?.was_given());
    Ok(())
}
