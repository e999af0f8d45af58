//! How often tokens may be asked for.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    num::NonZeroU32,
};

use actix_web::test::TestRequest;
use serde_json::json;

use crate::support::{Answer, Client, House, Plan, Tested};

async fn a_house() -> Tested<House> {
    House::built(Plan { door_rate: NonZeroU32::new(1), ..Plan::default() }).await
}

/// A request of the machine number `n`.
fn from(n: u8, path: &str) -> TestRequest {
    let address = IpAddr::V4(Ipv4Addr::new(192, 0, 2, n));
    TestRequest::post().uri(path).peer_addr(SocketAddr::new(address, 4_711))
}

const PATHS: [&str; 4] = ["/oauth/token", "/oauth/revoke", "/oauth/introspect", "/oauth/par"];

/// As clients of OAuth understand it.
fn assert_told_by_form(answer: &Answer) {
    assert_eq!((answer.status, answer.field("error")), (429, "temporarily_unavailable"));
    assert!(answer.field("error_description").contains("Too many requests"));
    assert_eq!(answer.header("retry-after"), "1");
}

/// The first answer that asks to wait. Buckets fill by the real clock, and a
/// busy machine may be slow: how many come through is not counted.
async fn refused(house: &House, mut request: impl FnMut(u8) -> TestRequest) -> Tested<Answer> {
    for n in 1..=100 {
        let answer = house.send(request(n)).await?;
        if answer.status == 429 {
            return Ok(answer);
        }
    }
    Err("nobody was asked to wait".into())
}

#[actix_web::test]
async fn an_address_that_asks_too_often_waits_whatever_it_sends() -> Tested {
    let house = a_house().await?;
    for path in PATHS {
        let stranger = [("client_id", "x"), ("client_secret", "y")];
        assert_told_by_form(&refused(&house, |_| from(1, path).set_form(stranger)).await?);
        let by_json = refused(&house, |_| from(1, path).set_json(json!({}))).await?;
        assert_eq!(by_json.verdict(), (429, "RATE_LIMITED"), "{path}");
        assert_eq!(by_json.header("retry-after"), "1");
        assert_eq!(by_json.json["error"]["retry_after_seconds"], 1);
    }
    let platform = |_| from(1, "/v1/platform/tokens").set_json(json!({}));
    assert_eq!(refused(&house, platform).await?.verdict(), (429, "RATE_LIMITED"));
    let other = house.send(from(2, "/oauth/token").set_form([("client_id", "x")])).await?;
    assert_eq!(other.status, 401, "{}", other.text);
    Ok(())
}

#[actix_web::test]
async fn an_app_that_asks_too_often_waits_wherever_it_asks_from() -> Tested {
    let house = a_house().await?;
    let client = Client::number(1);
    let fields = [("grant_type", "client_credentials")];
    let ask = |n: u8, client: &Client| {
        from(n, "/oauth/token").insert_header(client.basic()).set_form(fields)
    };
    assert_eq!(house.send(ask(200, &client)).await?.status, 200);
    assert_told_by_form(&refused(&house, |n| ask(n, &client)).await?);
    // Who only knows its id has not used it up, and does not now.
    let wrong = Client { secret: Client::number(2).secret, ..client };
    assert_eq!(house.send(ask(201, &wrong)).await?.status, 401);
    Ok(())
}
