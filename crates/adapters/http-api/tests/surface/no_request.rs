//! What is refused before any handler, on a real connection.

use lodge_access::SecretKind;
use serde_json::Value;

use crate::support::{House, Tested, secret};

/// One answer: its status, its head in small letters, its body.
type Told = (u16, String, String);

/// The answers in `text`. Only bodies with a length are understood.
fn answers(mut text: &str) -> Vec<Told> {
    let mut told = Vec::new();
    while let Some((head, rest)) = text.split_once("\r\n\r\n") {
        let head = head.to_ascii_lowercase();
        let status = head.get(9..12).and_then(|it| it.parse().ok()).unwrap_or_default();
        let len = head.lines().find_map(|it| it.strip_prefix("content-length: "));
        let len = len.and_then(|it| it.trim().parse().ok()).unwrap_or_default();
        let (body, rest) = rest.split_at(len);
        told.push((status, head, body.to_owned()));
        text = rest;
    }
    told
}

/// `told` is the canonical refusal with this status.
fn assert_refused(told: &Told, status: u16, about: &str) {
    let (given, head, body) = told;
    assert_eq!(*given, status, "{about}: {head}");
    let error: Value = serde_json::from_str(body).unwrap_or_default();
    assert_eq!(error["error"]["code"], "INVALID_REQUEST", "{about}: {body}");
    let id = error["error"]["request_id"].as_str().unwrap_or_default();
    assert!(id.starts_with("gf_req_"), "{about}: {body}");
    assert!(head.contains(&format!("x-request-id: {id}")), "{about}: {head}");
    assert!(head.contains("content-type: application/json"), "{about}: {head}");
    assert!(head.contains("connection: close"), "{about}: {head}");
}

#[actix_web::test]
async fn a_head_that_is_too_large_is_refused_with_the_canonical_error() -> Tested {
    let house = House::ordinary().await?;
    let long = "a".repeat(1 << 20);
    let many = "X-Filler: a\r\n".repeat(97);
    for (about, request) in [
        ("one header", format!("GET /health HTTP/1.1\r\nHost: x\r\nX-Filler: {long}\r\n\r\n")),
        ("the path", format!("GET /{long} HTTP/1.1\r\nHost: x\r\n\r\n")),
        ("many headers", format!("GET /health HTTP/1.1\r\nHost: x\r\n{many}\r\n")),
    ] {
        let text = house.raw(request).await?;
        let told = answers(&text);
        assert_eq!(told.len(), 1, "{about}: {text}");
        assert_refused(&told[0], 431, about);
    }
    Ok(())
}

#[actix_web::test]
async fn what_is_no_request_is_refused_with_the_canonical_error() -> Tested {
    let house = House::ordinary().await?;
    for request in [
        "\x16\x03\x01\x02\x00\x01\r\n\r\n",
        "GET /health\r\n\r\n",
        "GET /he alth HTTP/1.1\r\nHost: x\r\n\r\n",
        "POST /oauth/token HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n",
    ] {
        let text = house.raw(request.to_owned()).await?;
        let told = answers(&text);
        assert_eq!(told.len(), 1, "{request:?}: {text}");
        assert_refused(&told[0], 400, request);
    }
    Ok(())
}

#[actix_web::test]
async fn answers_before_a_refusal_come_as_they_are() -> Tested {
    let house = House::ordinary().await?;
    let token = secret(SecretKind::AccessToken, 1);
    let (head, tail) = ("HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ", "\r\n\r\n");
    let paths = ["/v1/repositories/local/web/commits", "/v1/nothing"];
    let order = ["GET", "GET", "OPTIONS"];
    let asked =
        |method: &&str, path: &str| format!("{method} {path} {head}{}{tail}", token.expose());
    let requests = order.iter().zip(paths.iter().cycle()).map(|(method, path)| asked(method, path));
    let request = requests.collect::<String>() + "nonsense\r\n\r\n";
    let text = house.raw(request).await?;
    let told = answers(&text);
    let statuses: Vec<_> = told.iter().map(|(status, ..)| *status).collect();
    assert_eq!(statuses, [200, 404, 204, 400], "{text}");
    assert!(told[0].2.starts_with("{\"data\":"), "{text}");
    assert!(told[1].2.contains("RESOURCE_NOT_FOUND"), "{text}");
    assert_refused(&told[3], 400, "nonsense at the end");
    Ok(())
}

#[actix_web::test]
async fn an_answer_to_head_before_a_refusal_is_not_mistaken_for_one_with_a_body() -> Tested {
    let house = House::ordinary().await?;
    let request = "HEAD /health HTTP/1.1\r\nHost: x\r\n\r\nnonsense\r\n\r\n";
    let text = house.raw(request.to_owned()).await?;
    let refusal = text.rfind("HTTP/1.1 400").ok_or("no refusal")?;
    assert!(text.starts_with("HTTP/1.1 200"), "{text}");
    assert_refused(&answers(&text[refusal..])[0], 400, "nonsense at the end");
    Ok(())
}
