//! What holds for every answer: methods, headers, and pages of other origins.

use std::time::Duration;

use actix_web::{http::Method, test::TestRequest};
use lodge_access::SecretKind;
use lodge_http_api::ROUTES;
use lodge_provider::{Exchange, HostWatch as _};
use lodge_storage::StorageError;

use crate::support::{COMMIT, House, Tested, bearer, get, secret};

#[actix_web::test]
async fn options_answers_every_path_without_a_credential() -> Tested {
    let house = House::ordinary().await?;
    for path in ["*", "/", "/v1/repositories", "/oauth/token", "/v1/nothing"] {
        let request = TestRequest::default().method(Method::OPTIONS).uri(path);
        let request = request.insert_header(("origin", "https://console.example"));
        let answer = house.send(request).await?;
        assert_eq!((answer.status, answer.text.as_str()), (204, ""), "{path}");
        let methods = answer.header("access-control-allow-methods");
        assert_eq!(methods, "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
        let headers = answer.header("access-control-allow-headers");
        assert!(headers.contains("Authorization") && headers.contains("If-None-Match"));
        let origin = answer.header("access-control-allow-origin");
        assert_eq!(origin, "https://console.example");
        assert_eq!(answer.header("vary"), "Origin");
    }
    Ok(())
}

#[actix_web::test]
async fn only_pages_of_allowed_origins_may_read_answers() -> Tested {
    let house = House::ordinary().await?;
    let from = |origin: &'static str| {
        let request = get("/v1/repositories").insert_header(("origin", origin));
        house.send(bearer(request, &secret(SecretKind::AccessToken, 1)))
    };
    let allowed = from("https://console.example").await?;
    assert_eq!(allowed.header("access-control-allow-origin"), "https://console.example");
    assert!(allowed.header("access-control-expose-headers").contains("x-request-id"));
    for other in [
        "null",
        "https://console.example.evil.example",
        "https://evil.example",
        "http://console.example",
        "https://console.example:444",
    ] {
        let answer = from(other).await?;
        assert_eq!(answer.header("access-control-allow-origin"), "", "{other}");
    }
    assert_eq!(allowed.header("access-control-allow-credentials"), "");
    Ok(())
}

#[actix_web::test]
async fn every_answer_is_safe_to_show_and_has_an_id_of_its_own() -> Tested {
    let house = House::ordinary().await?;
    let mut ids = Vec::new();
    for path in ["/health", "/v1/providers", "/v1/repositories", "/v1/me?colour=1", "/nothing"] {
        let answer = house.read(path).await?;
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("referrer-policy"), "no-referrer", "{path}");
        let policy = answer.header("content-security-policy");
        assert_eq!(policy, "default-src 'none'; frame-ancestors 'none'", "{path}");
        assert!(!answer.header("cache-control").is_empty(), "{path}");
        ids.push(answer.header("x-request-id").to_owned());
    }
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 5);
    assert!(ids.iter().all(|it| it.starts_with("gf_req_")));
    Ok(())
}

#[actix_web::test]
async fn an_id_that_the_caller_sends_is_not_taken() -> Tested {
    let house = House::ordinary().await?;
    let request = get("/health").insert_header(("x-request-id", "gf_req_mine"));
    assert_ne!(house.send(request).await?.header("x-request-id"), "gf_req_mine");
    Ok(())
}

#[actix_web::test]
async fn a_wrong_method_is_told_the_right_ones() -> Tested {
    let house = House::ordinary().await?;
    for row in ROUTES {
        let path = row.path.replace("{commitId}", COMMIT).replace(['{', '}'], "");
        for method in [Method::PUT, Method::TRACE, Method::PATCH] {
            if ROUTES.iter().any(|it| it.path == row.path && it.method == method.as_str()) {
                continue;
            }
            let request = TestRequest::default().method(method.clone()).uri(&path);
            let answer = house.send(request).await?;
            assert_eq!(answer.verdict(), (405, "INVALID_REQUEST"), "{method} {path}");
            let allow = answer.header("allow");
            assert!(allow.split(", ").any(|it| it == row.method), "{method} {path}: {allow}");
        }
    }
    Ok(())
}

#[actix_web::test]
async fn what_is_not_there_is_said_in_the_canonical_shape() -> Tested {
    let house = House::ordinary().await?;
    for path in ["/", "/v1", "/v1/Repositories", "/health/", "/.env", "/v1/repositories/local"] {
        let answer = house.read(path).await?;
        assert_eq!(answer.verdict(), (404, "RESOURCE_NOT_FOUND"), "{path}");
        assert_eq!(answer.json["error"]["request_id"], answer.header("x-request-id"));
    }
    let script = house.read("/%3Cscript%3Ealert(1)%3C/script%3E").await?;
    assert_eq!(script.header("content-type"), "application/json");
    Ok(())
}

#[actix_web::test]
async fn health_tells_when_the_database_is_away() -> Tested {
    let house = House::ordinary().await?;
    let well = house.send(get("/health")).await?;
    assert_eq!((well.status, well.field("status")), (200, "ok"), "{}", well.text);
    house.storage.fail(Some(|| StorageError::Unavailable("no route".into())));
    let away = house.send(get("/health")).await?;
    assert_eq!((away.status, away.field("status")), (503, "degraded"), "{}", away.text);
    Ok(())
}

#[actix_web::test]
async fn it_lives_when_the_database_is_away_and_is_not_ready() -> Tested {
    let house = House::ordinary().await?;
    let ready = house.send(get("/health/ready")).await?;
    assert_eq!((ready.status, ready.field("status")), (200, "ready"), "{}", ready.text);
    house.storage.fail(Some(|| StorageError::Unavailable("10.0.0.7 said no".into())));
    let live = house.send(get("/health/live")).await?;
    assert_eq!((live.status, live.field("status")), (200, "live"), "{}", live.text);
    let away = house.send(get("/health/ready")).await?;
    assert_eq!((away.status, away.field("status")), (503, "not-ready"), "{}", away.text);
    assert_eq!(away.json["checks"][1]["name"], "store");
    assert!(away.json["checks"][1]["mend"].is_string() && !away.text.contains("10.0.0.7"));
    Ok(())
}

#[actix_web::test]
async fn it_is_not_ready_from_the_moment_it_is_told_to_stop() -> Tested {
    let house = House::ordinary().await?;
    house.surface().readiness.stop();
    for answer in
        [house.send(get("/health/ready")).await?, house.send_admin(get("/health/ready")).await?]
    {
        assert_eq!((answer.status, answer.field("status")), (503, "not-ready"), "{}", answer.text);
        assert_eq!(answer.json["checks"][0]["problem"], "it was told to stop");
    }
    assert_eq!(house.send(get("/v1/providers")).await?.status, 200, "requests are refused");
    Ok(())
}

#[actix_web::test]
async fn a_host_that_fails_again_and_again_degrades_and_refuses_nobody() -> Tested {
    let house = House::ordinary().await?;
    let surface = house.surface();
    let host = surface.gateway.providers.iter().next().ok_or("no host")?.name();
    let exchanged = |how| surface.metrics.hosts.exchanged(&host, "GET", how, Duration::ZERO);
    for _ in 0..3 {
        exchanged(Exchange::Unreachable);
    }
    let failing = house.send(get("/health/ready")).await?;
    assert_eq!((failing.status, failing.field("status")), (200, "degraded"), "{}", failing.text);
    exchanged(Exchange::Answered(404));
    let again = house.send(get("/health/ready")).await?;
    assert_eq!((again.status, again.field("status")), (200, "ready"), "{}", again.text);
    let text = surface.metrics.text()?;
    let count = format!(
        "gitlab_api_requests_total{{host=\"{host}\",method=\"GET\",status=\"unreachable\"}} 3"
    );
    assert!(text.contains(&count), "{text}");
    Ok(())
}

/// The head and the body of an answer.
fn parts(answer: &str) -> (String, &str) {
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((answer, ""));
    (head.to_ascii_lowercase(), body)
}

#[actix_web::test]
async fn head_answers_like_get_without_the_body() -> Tested {
    let house = House::ordinary().await?;
    let token = secret(SecretKind::AccessToken, 1);
    let ask = |method: &str| {
        let path = "/v1/repositories/local/web/commits";
        format!(
            "{method} {path} HTTP/1.1\r\nHost: gate.example\r\nConnection: close\r\n\
             Authorization: Bearer {}\r\n\r\n",
            token.expose()
        )
    };
    let (got, head) = (house.raw(ask("GET")).await?, house.raw(ask("HEAD")).await?);
    let (got, head) = (parts(&got), parts(&head));
    assert!(head.0.starts_with("http/1.1 200 ok"), "{}", head.0);
    assert_eq!(head.1, "");
    assert!(got.1.starts_with("{\"data\":"), "{}", got.1);
    let named =
        |head: &str, name: &str| head.lines().find(|it| it.starts_with(name)).map(str::to_owned);
    for name in ["etag:", "content-type:", "content-length:", "cache-control:"] {
        assert!(named(&got.0, name).is_some(), "{}", got.0);
        assert_eq!(named(&head.0, name), named(&got.0, name));
    }
    Ok(())
}

#[actix_web::test]
async fn a_head_of_a_mebibyte_is_cut_off_and_a_declared_flood_is_not_waited_for() -> Tested {
    let house = House::ordinary().await?;
    let host = "Host: gate.example\r\nConnection: close\r\n";
    let fill = "a".repeat(1_024 * 1_024);
    let large = format!("GET /health HTTP/1.1\r\n{host}X-Fill: {fill}\r\n\r\n");
    let answer = house.raw(large).await?;
    let (head, _) = parts(&answer);
    assert!(head.starts_with("http/1.1 4"), "{head}");

    let flood = format!(
        "POST /oauth/token HTTP/1.1\r\n{host}Content-Type: application/json\r\n\
         Content-Length: 104857600\r\n\r\n{{"
    );
    let answer = house.raw(flood).await?;
    let (head, body) = parts(&answer);
    assert!(head.starts_with("http/1.1 413 "), "{head}");
    assert!(body.contains("\"code\":\"INVALID_REQUEST\""), "{body}");
    assert_eq!(house.read("/v1/me").await?.status, 200);
    Ok(())
}
