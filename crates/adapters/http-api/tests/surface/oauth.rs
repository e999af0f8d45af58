//! What the OAuth endpoints refuse, and in which words.

use std::time::Duration;

use actix_web::{http::header, test::TestRequest};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use futures_util::future::join;
use lodge_access::{App, ClientSecret, Secret, SecretKind};
use lodge_storage::Storage as _;
use lodge_testkit::builders::{REDIRECT_URI, an_app};
use serde_json::json;

use crate::support::{Answer, Client, House, Tested, VERIFIER, bearer, get};

/// The error of RFC 6749, 5.2: these two fields and nothing else.
pub(crate) fn assert_rfc_error(answer: &Answer, status: u16, error: &str) {
    assert_eq!((answer.status, answer.field("error")), (status, error), "{}", answer.text);
    assert!(!answer.field("error_description").is_empty());
    assert_eq!(answer.json.as_object().map(serde_json::Map::len), Some(2), "{}", answer.text);
    assert_eq!(answer.header("cache-control"), "no-store");
}

/// The status of a read with that token.
async fn read_with(house: &House, token: &str) -> Tested<u16> {
    let token = Secret::parse(SecretKind::AccessToken, token).ok_or("not an access token")?;
    Ok(house.send(bearer(get("/v1/repositories"), &token)).await?.status)
}

/// Adds an app.
pub(crate) async fn add(house: &House, app: App) -> Tested {
    let mut work = house.storage.begin().await?;
    work.apps().add(&app).await?;
    work.commit().await?;
    Ok(())
}

#[actix_web::test]
async fn a_code_that_comes_twice_ends_everything_that_was_issued_from_it() -> Tested {
    let house = House::ordinary().await?;
    let client = Client::number(1);
    let code = house.code(&client, Some(VERIFIER)).await?;
    let first = house.redeem(&client, &code, REDIRECT_URI, Some(VERIFIER)).await?;
    assert_eq!(read_with(&house, first.field("access_token")).await?, 200);

    let again = house.redeem(&client, &code, REDIRECT_URI, Some(VERIFIER)).await?;

    assert_rfc_error(&again, 400, "invalid_grant");
    assert_eq!(read_with(&house, first.field("access_token")).await?, 401);
    let refreshed = house.refresh(&client, first.field("refresh_token")).await?;
    assert_rfc_error(&refreshed, 400, "invalid_grant");
    Ok(())
}

#[actix_web::test]
async fn of_two_exchanges_at_the_same_time_one_wins_and_both_end() -> Tested {
    let house = House::ordinary().await?;
    let client = Client::number(1);
    let code = house.code(&client, Some(VERIFIER)).await?;
    let one = || house.redeem(&client, &code, REDIRECT_URI, Some(VERIFIER));
    let (first, second) = join(one(), one()).await;
    let (first, second) = (first?, second?);
    let (won, lost) = if first.status == 200 { (first, second) } else { (second, first) };
    assert_eq!(won.status, 200, "{}", won.text);
    assert_rfc_error(&lost, 400, "invalid_grant");
    assert_eq!(read_with(&house, won.field("access_token")).await?, 401);
    Ok(())
}

#[actix_web::test]
async fn a_refresh_token_that_comes_twice_ends_its_family() -> Tested {
    let house = House::ordinary().await?;
    let client = Client::number(1);
    let first = house.tokens(&client).await?;
    let second = house.refresh(&client, first.field("refresh_token")).await?;
    assert_eq!(read_with(&house, second.field("access_token")).await?, 200);

    let again = house.refresh(&client, first.field("refresh_token")).await?;

    assert_rfc_error(&again, 400, "invalid_grant");
    assert_eq!(read_with(&house, first.field("access_token")).await?, 401);
    assert_eq!(read_with(&house, second.field("access_token")).await?, 401);
    let third = house.refresh(&client, second.field("refresh_token")).await?;
    assert_rfc_error(&third, 400, "invalid_grant");
    Ok(())
}

#[actix_web::test]
async fn a_code_is_good_only_with_what_it_was_asked_with() -> Tested {
    let house = House::ordinary().await?;
    let client = Client::number(1);
    let elsewhere = format!("{REDIRECT_URI}/");
    let other_verifier = VERIFIER.replace('d', "e");
    for (redirect_uri, verifier) in [
        (elsewhere.as_str(), Some(VERIFIER)),
        ("", Some(VERIFIER)),
        (REDIRECT_URI, None),
        (REDIRECT_URI, Some("")),
        (REDIRECT_URI, Some(other_verifier.as_str())),
    ] {
        let code = house.code(&client, Some(VERIFIER)).await?;
        let refused = house.redeem(&client, &code, redirect_uri, verifier).await?;
        assert_rfc_error(&refused, 400, "invalid_grant");
        let right = house.redeem(&client, &code, REDIRECT_URI, Some(VERIFIER)).await?;
        assert_eq!(right.status, 200, "a refused exchange used the code up: {}", right.text);
    }
    Ok(())
}

#[actix_web::test]
async fn a_verifier_without_a_challenge_is_refused() -> Tested {
    let house = House::ordinary().await?;
    let (app, client) = (App { require_pkce: false, ..an_app(2) }, Client::number(2));
    add(&house, app).await?;
    let code = house.code(&client, None).await?;
    let refused = house.redeem(&client, &code, REDIRECT_URI, Some(VERIFIER)).await?;
    assert_rfc_error(&refused, 400, "invalid_grant");
    let right = house.redeem(&client, &code, REDIRECT_URI, None).await?;
    assert_eq!(right.status, 200, "{}", right.text);
    Ok(())
}

#[actix_web::test]
async fn another_app_gets_nothing_for_a_code_and_does_not_spoil_it() -> Tested {
    let house = House::ordinary().await?;
    add(&house, an_app(2)).await?;
    let (owner, stranger) = (Client::number(1), Client::number(2));
    let code = house.code(&owner, Some(VERIFIER)).await?;
    let refused = house.redeem(&stranger, &code, REDIRECT_URI, Some(VERIFIER)).await?;
    assert_rfc_error(&refused, 400, "invalid_grant");
    let right = house.redeem(&owner, &code, REDIRECT_URI, Some(VERIFIER)).await?;
    assert_eq!(right.status, 200, "{}", right.text);
    let refused = house.refresh(&stranger, right.field("refresh_token")).await?;
    assert_rfc_error(&refused, 400, "invalid_grant");
    let refreshed = house.refresh(&owner, right.field("refresh_token")).await?;
    assert_eq!(refreshed.status, 200, "{}", refreshed.text);
    Ok(())
}

#[actix_web::test]
async fn a_code_is_good_for_a_minute() -> Tested {
    let house = House::ordinary().await?;
    let client = Client::number(1);
    let code = house.code(&client, Some(VERIFIER)).await?;
    house.clock.advance(Duration::from_secs(61));
    let refused = house.redeem(&client, &code, REDIRECT_URI, Some(VERIFIER)).await?;
    assert_rfc_error(&refused, 400, "invalid_grant");
    Ok(())
}

#[actix_web::test]
async fn nobody_gets_more_than_was_approved() -> Tested {
    let house = House::ordinary().await?;
    let client = Client::number(1);
    let first = house.tokens(&client).await?;
    let fields = [
        ("grant_type", "refresh_token"),
        ("refresh_token", first.field("refresh_token")),
        ("scope", "read:tags events:subscribe"),
    ];
    assert_rfc_error(&house.exchange(&client, &fields).await?, 400, "invalid_scope");
    let fields = [("grant_type", "client_credentials"), ("scope", "write:everything")];
    assert_rfc_error(&house.exchange(&client, &fields).await?, 400, "invalid_scope");
    let fields = [("grant_type", "client_credentials"), ("scope", "events:subscribe")];
    assert_rfc_error(&house.exchange(&client, &fields).await?, 400, "invalid_scope");
    Ok(())
}

#[actix_web::test]
async fn errors_have_the_shape_of_the_rfc_for_forms_and_the_canonical_one_for_json() -> Tested {
    let house = House::ordinary().await?;
    let client = Client::number(1);
    let wrong = Client { secret: Client::number(2).secret, ..client.clone() };
    for (client, fields, rfc, canonical) in [
        (&client, json!({}), (400, "invalid_request"), (400, "INVALID_REQUEST")),
        (
            &client,
            json!({ "grant_type": "password" }),
            (400, "unsupported_grant_type"),
            (400, "INVALID_REQUEST"),
        ),
        (
            &client,
            json!({ "grant_type": "refresh_token", "refresh_token": "x" }),
            (400, "invalid_grant"),
            (400, "INVALID_REQUEST"),
        ),
        (
            &client,
            json!({ "grant_type": "client_credentials", "scope": "x" }),
            (400, "invalid_scope"),
            (403, "INSUFFICIENT_SCOPE"),
        ),
        (
            &wrong,
            json!({ "grant_type": "client_credentials" }),
            (401, "invalid_client"),
            (401, "INVALID_CREDENTIALS"),
        ),
    ] {
        let request = || TestRequest::post().uri("/oauth/token").insert_header(client.basic());
        let by_form = house.send(request().set_form(&fields)).await?;
        assert_rfc_error(&by_form, rfc.0, rfc.1);
        let challenge = if rfc.0 == 401 { "Basic realm=\"gitlodge\"" } else { "" };
        assert_eq!(by_form.header("www-authenticate"), challenge);
        let by_json = house.send(request().set_json(&fields)).await?;
        assert_eq!(by_json.verdict(), canonical, "{}", by_json.text);
        assert_eq!(by_json.json["error"]["request_id"], by_json.header("x-request-id"));
    }
    Ok(())
}

#[actix_web::test]
async fn credentials_come_in_one_place_and_well_formed() -> Tested {
    let house = House::ordinary().await?;
    let client = Client::number(1);
    let fields = [
        ("grant_type", "client_credentials"),
        ("client_id", client.id.as_str()),
        ("client_secret", client.secret.as_str()),
    ];
    let token = || TestRequest::post().uri("/oauth/token");
    let both = token().insert_header(client.basic()).set_form(fields);
    assert_rfc_error(&house.send(both).await?, 400, "invalid_request");
    let same_id = token().insert_header(client.basic()).set_form(&fields[..2]);
    assert_eq!(house.send(same_id).await?.status, 200);
    let neither = token().set_form(&fields[..1]);
    assert_rfc_error(&house.send(neither).await?, 401, "invalid_client");
    let cut = STANDARD.encode(format!("{}&x:{}", client.id, client.secret));
    let cut = format!("Basic {cut}");
    for malformed in ["Basic %%%", "Basic bm9jb2xvbg==", "Basic /w==", "Basic ", &cut] {
        let request = token().insert_header((header::AUTHORIZATION, malformed));
        let refused = house.send(request.set_form(&fields[..1])).await?;
        assert_rfc_error(&refused, 400, "invalid_request");
    }
    Ok(())
}

#[actix_web::test]
async fn an_ended_client_secret_is_no_secret() -> Tested {
    let house = House::ordinary().await?;
    let app = an_app(2);
    let secrets = app.secrets.iter().map(|it| ClientSecret {
        expires_at: Some(it.created_at.plus(Duration::from_mins(1))),
        ..it.clone()
    });
    let app = App { secrets: secrets.collect(), ..app };
    add(&house, app).await?;
    let fields = [("grant_type", "client_credentials")];
    assert_eq!(house.exchange(&Client::number(2), &fields).await?.status, 200);
    house.clock.advance(Duration::from_mins(1));
    let refused = house.exchange(&Client::number(2), &fields).await?;
    assert_rfc_error(&refused, 401, "invalid_client");
    Ok(())
}

#[actix_web::test]
async fn what_is_said_of_tokens_of_others_tells_nothing() -> Tested {
    let house = House::ordinary().await?;
    add(&house, an_app(2)).await?;
    let (owner, stranger) = (Client::number(1), Client::number(2));
    let issued = house.tokens(&owner).await?;
    let ask = |client: &Client, path: &str, token: &str| {
        let form = [("token", token)];
        TestRequest::post().uri(path).insert_header(client.basic()).set_form(form)
    };
    for token in ["x", "sggat_", issued.field("access_token"), issued.field("refresh_token")] {
        let said = house.send(ask(&stranger, "/oauth/introspect", token)).await?;
        assert_eq!((said.status, &said.json), (200, &json!({ "active": false })), "{token}");
        let revoked = house.send(ask(&stranger, "/oauth/revoke", token)).await?;
        assert_eq!((revoked.status, revoked.text.as_str()), (200, ""), "{token}");
    }
    for path in ["/oauth/introspect", "/oauth/revoke"] {
        assert_rfc_error(&house.send(ask(&owner, path, "")).await?, 400, "invalid_request");
    }
    assert_eq!(read_with(&house, issued.field("access_token")).await?, 200);
    let said = house.send(ask(&owner, "/oauth/introspect", issued.field("refresh_token"))).await?;
    assert_eq!(said.json["active"], true);
    let revoked = house.send(ask(&owner, "/oauth/revoke", issued.field("refresh_token"))).await?;
    assert_eq!(revoked.status, 200);
    assert_eq!(read_with(&house, issued.field("access_token")).await?, 401);
    Ok(())
}
