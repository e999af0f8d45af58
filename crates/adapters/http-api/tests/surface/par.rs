//! Authorization requests that an app's server sends ahead.

use actix_web::test::TestRequest;
use lodge_access::App;
use lodge_testkit::builders::{REDIRECT_URI, an_app};

use crate::{
    oauth::{add, assert_rfc_error},
    support::{Answer, Client, House, Tested, VERIFIER, challenge},
};

/// The fields of a request that can be used.
fn right() -> Vec<(&'static str, String)> {
    vec![
        ("response_type", "code".to_owned()),
        ("redirect_uri", REDIRECT_URI.to_owned()),
        ("scope", "read:commits".to_owned()),
        ("state", "xyz".to_owned()),
        ("customer_ref", "customer-1".to_owned()),
        ("code_challenge", challenge(VERIFIER)),
        ("code_challenge_method", "S256".to_owned()),
    ]
}

/// The same with another value of `name`; without it when that is empty.
fn with(name: &'static str, value: &str) -> Vec<(&'static str, String)> {
    let mut fields = right();
    fields.retain(|(known, _)| *known != name);
    fields.push((name, value.to_owned()));
    fields
}

async fn push(house: &House, client: &Client, fields: &[(&'static str, String)]) -> Tested<Answer> {
    let request = TestRequest::post().uri("/oauth/par").insert_header(client.basic());
    house.send(request.set_form(fields)).await
}

#[actix_web::test]
async fn a_request_that_was_sent_ahead_stands_once_and_only_for_its_app() -> Tested {
    let house = House::ordinary().await?;
    let client = Client::number(1);
    let mine = push(&house, &client, &right()).await?;
    assert_eq!((mine.status, mine.json["expires_in"].as_u64()), (201, Some(90)), "{}", mine.text);
    let uri = mine.field("request_uri");
    let taken = house.gateway.take_pushed_request(&client.id, uri).await?;
    assert!(!taken.contains(&client.secret), "the secret was kept: {taken}");
    assert!(taken.contains("customer_ref=customer-1"), "{taken}");
    assert!(house.gateway.take_pushed_request(&client.id, uri).await.is_err());
    let theirs = push(&house, &client, &right()).await?;
    let stranger = Client::number(2);
    let uri = theirs.field("request_uri");
    assert!(house.gateway.take_pushed_request(&stranger.id, uri).await.is_err());
    Ok(())
}

#[actix_web::test]
async fn what_would_fail_in_the_browser_fails_when_it_is_sent_ahead() -> Tested {
    let house = House::ordinary().await?;
    let client = Client::number(1);
    let before = house.storage.contents();
    for (fields, error) in [
        (with("redirect_uri", ""), "invalid_request"),
        (with("redirect_uri", "https://evil.example/callback"), "invalid_request"),
        (with("redirect_uri", &format!("{REDIRECT_URI}/")), "invalid_request"),
        (with("response_type", ""), "invalid_request"),
        (with("response_type", "token"), "unsupported_response_type"),
        (with("scope", "write:everything"), "invalid_scope"),
        (with("scope", " "), ""),
        (with("state", "a\u{0}b"), "invalid_request"),
        (with("state", &"s".repeat(2_001)), "invalid_request"),
        (with("customer_ref", "a\nb"), "invalid_request"),
        (with("customer_ref", &"c".repeat(201)), "invalid_request"),
        (with("code_challenge", ""), "invalid_request"),
        (with("code_challenge", "abc"), "invalid_request"),
        (with("code_challenge_method", ""), "invalid_request"),
        (with("code_challenge_method", "plain"), "invalid_request"),
        (with("request_uri", "urn:ietf:params:oauth:request_uri:sggpr_x"), "invalid_request"),
        (with("customer_sig", "v1.1.a.b"), "invalid_request"),
    ] {
        let answer = push(&house, &client, &fields).await?;
        if error.is_empty() {
            // An empty scope stands for the app's own.
            assert_eq!(answer.status, 201, "{}", answer.text);
            continue;
        }
        assert_rfc_error(&answer, 400, error);
    }
    let only_one = house.storage.contents().matches("PushedRequest {").count();
    assert_eq!((before.matches("PushedRequest {").count(), only_one), (0, 1));
    Ok(())
}

#[actix_web::test]
async fn by_json_it_is_refused_in_the_canonical_shape() -> Tested {
    let house = House::ordinary().await?;
    let body =
        serde_json::json!({ "response_type": "code", "redirect_uri": "https://evil.example" });
    let request = TestRequest::post().uri("/oauth/par").insert_header(Client::number(1).basic());
    let refused = house.send(request.set_json(body)).await?;
    assert_eq!(refused.verdict(), (400, "INVALID_REQUEST"));
    assert!(refused.text.contains("redirect_uri is not one that the app registered"));
    Ok(())
}

#[actix_web::test]
async fn an_app_without_pkce_need_not_send_a_challenge() -> Tested {
    let house = House::ordinary().await?;
    add(&house, App { require_pkce: false, ..an_app(2) }).await?;
    let mut fields = right();
    fields.retain(|(name, _)| !name.starts_with("code_challenge"));
    let client = Client::number(2);
    assert_eq!(push(&house, &client, &fields).await?.status, 201);
    fields.push(("code_challenge_method", "S256".to_owned()));
    assert_rfc_error(&push(&house, &client, &fields).await?, 400, "invalid_request");
    Ok(())
}

#[actix_web::test]
async fn a_stranger_learns_nothing_of_what_was_wrong() -> Tested {
    let house = House::ordinary().await?;
    let wrong = Client { secret: Client::number(2).secret, ..Client::number(1) };
    let refused = push(&house, &wrong, &with("redirect_uri", "https://evil.example")).await?;
    assert_rfc_error(&refused, 401, "invalid_client");
    Ok(())
}
