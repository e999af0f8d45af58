//! Requests that make no sense: each is refused, and nothing changes.

use actix_web::{http::header, test::TestRequest};
use lodge_access::{Permission, PermissionSet, SecretKind, Token};
use lodge_http_api::{ROUTES, routes::Credential};
use lodge_storage::Storage as _;
use lodge_testkit::builders::{a_session, a_token, client_id};

use crate::support::{COMMIT, Client, House, Tested, bearer, secret};

/// A house with a developer's session; access token 2 may do everything.
async fn a_house() -> Tested<House> {
    let house = House::ordinary().await?;
    let mut work = house.storage.begin().await?;
    work.sessions().add(&a_session(1)).await?;
    work.commit().await?;
    let permissions: PermissionSet = Permission::ALL.iter().copied().collect();
    house.admit(&Token { permissions, ..a_token(2) }).await?;
    Ok(house)
}

/// Everything that takes JSON from a developer, with what its body lacks.
fn doors() -> [(&'static str, String, &'static str); 3] {
    let app = format!("/v1/developer/apps/{}", client_id(1));
    [
        ("POST", "/v1/developer/apps".to_owned(), r#"{"name":"App","allowedRedirectUris":"#),
        ("PATCH", app.clone(), r#"{"name":"#),
        ("POST", format!("{app}/connect-sessions"), r#"{"customerRef":"#),
    ]
}

fn door(method: &str, path: &str) -> TestRequest {
    let request = TestRequest::default().method(method.parse().unwrap_or_default()).uri(path);
    bearer(request, &secret(SecretKind::UserSession, 1))
}

fn json(request: TestRequest, body: impl Into<Vec<u8>>) -> TestRequest {
    request.insert_header((header::CONTENT_TYPE, "application/json")).set_payload(body.into())
}

#[actix_web::test]
async fn a_body_that_cannot_be_used_is_refused_and_changes_nothing() -> Tested {
    let house = a_house().await?;
    let before = house.storage.contents();
    for (method, path, opening) in doors() {
        let deep = format!("{opening}{}", "[".repeat(50_000));
        for body in [
            "",
            "{",
            "null",
            "7",
            "\"text\"",
            "{} {}",
            r#"{"colour":"red"}"#,
            r#"{"name":7,"customerRef":7}"#,
            r#"{"name":null,"name":"a","name":"b","customerRef":"a","customerRef":"b"}"#,
            opening,
            &deep,
        ] {
            let answer = house.send(json(door(method, &path), body)).await?;
            let shown: String = body.chars().take(60).collect();
            assert_eq!(answer.verdict(), (400, "INVALID_REQUEST"), "{method} {path}: {shown}");
        }
        let not_text = house.send(json(door(method, &path), b"{\"name\":\"\xff\"}")).await?;
        assert_eq!(not_text.verdict(), (400, "INVALID_REQUEST"), "{method} {path}");
    }
    assert_eq!(house.storage.contents(), before);
    Ok(())
}

#[actix_web::test]
async fn a_body_that_is_too_large_or_of_another_type_is_not_read() -> Tested {
    let house = a_house().await?;
    let before = house.storage.contents();
    for (method, path, opening) in doors() {
        let declared = json(door(method, &path), "{}")
            .insert_header((header::CONTENT_LENGTH, 100 * 1_024 * 1_024));
        let large = json(door(method, &path), format!("{opening}\"{}\"}}", "a".repeat(65 * 1_024)));
        for request in [declared, large] {
            let answer = house.send(request).await?;
            assert_eq!(answer.verdict(), (413, "INVALID_REQUEST"), "{method} {path}");
        }
        for kind in ["text/plain", "application/x-www-form-urlencoded", "", "application/jsonp"] {
            let request = door(method, &path).insert_header((header::CONTENT_TYPE, kind));
            let answer = house.send(request.set_payload("{}")).await?;
            assert_eq!(answer.verdict(), (415, "INVALID_REQUEST"), "{method} {path}: {kind}");
        }
    }
    assert_eq!(house.storage.contents(), before);
    Ok(())
}

#[actix_web::test]
async fn what_an_app_may_not_be_is_said_and_changes_nothing() -> Tested {
    let house = a_house().await?;
    let before = house.storage.contents();
    for body in [
        r#"{"name":"","allowedRedirectUris":["https://acme.example/"]}"#,
        r#"{"name":"App","allowedRedirectUris":[]}"#,
        r#"{"name":"App","allowedRedirectUris":["http://acme.example/"]}"#,
        r#"{"name":"App","allowedRedirectUris":["javascript:alert(1)"]}"#,
        r#"{"name":"App","allowedRedirectUris":["https://acme.example/#a"]}"#,
        r#"{"name":"App","allowedRedirectUris":["https://acme.example/"],"defaultPermissions":["x"]}"#,
        r#"{"name":"App","allowedRedirectUris":["https://acme.example/"],"embedOrigins":["*"]}"#,
    ] {
        let answer = house.send(json(door("POST", "/v1/developer/apps"), body)).await?;
        assert_eq!(answer.verdict(), (400, "INVALID_REQUEST"), "{body}");
    }
    assert_eq!(house.storage.contents(), before);
    Ok(())
}

#[actix_web::test]
async fn a_bad_body_at_the_oauth_endpoints_is_refused_in_its_own_words() -> Tested {
    let house = a_house().await?;
    let before = house.storage.contents();
    let client = Client::number(1);
    for path in ["/oauth/token", "/oauth/revoke", "/oauth/introspect", "/oauth/par"] {
        let request = || TestRequest::post().uri(path).insert_header(client.basic());
        let form = |body: &str| {
            request()
                .insert_header((header::CONTENT_TYPE, "application/x-www-form-urlencoded"))
                .set_payload(body.to_owned())
        };
        for body in ["{", "[", "7", r#"{"client_id":7}"#] {
            let answer = house.send(json(request(), body)).await?;
            assert_eq!(answer.verdict(), (400, "INVALID_REQUEST"), "{path}: {body}");
        }
        let twice = house.send(form("client_id=a&client_id=b")).await?;
        assert_eq!((twice.status, twice.field("error")), (400, "invalid_request"), "{path}");
        let large = house.send(form(&format!("token={}", "a".repeat(65 * 1_024)))).await?;
        assert_eq!((large.status, large.field("error")), (413, "invalid_request"), "{path}");
        let untyped = house.send(request().set_payload("token=a")).await?;
        assert_eq!(untyped.verdict(), (415, "INVALID_REQUEST"), "{path}");
    }
    assert_eq!(house.storage.contents(), before);
    Ok(())
}

#[actix_web::test]
async fn every_read_refuses_parameters_that_it_does_not_know_or_gets_twice() -> Tested {
    let house = a_house().await?;
    let mut n = 0;
    for row in ROUTES {
        let Credential::Token(permission) = row.credential else { continue };
        // Approval 1 does not let anybody subscribe.
        if row.method != "GET" || permission == Permission::SubscribeEvents {
            continue;
        }
        let path = row.path.replace("{provider}", "local").replace("{repoId}", "web");
        let path = path.replace("{commitId}", COMMIT).replace("{pullRequestId}", "7");
        for query in ["colour=red", "limit=1&limit=2", "format=json&format=json", "=", "Limit=1"] {
            let answer = house.read(&format!("{path}?{query}")).await?;
            assert_eq!(answer.verdict(), (400, "INVALID_REQUEST"), "{path}?{query}");
        }
        n += 1;
    }
    assert_eq!((n, house.host.calls()), (14, 0));
    Ok(())
}

#[actix_web::test]
async fn odd_values_are_refused_before_the_host_hears_of_them() -> Tested {
    let house = a_house().await?;
    for limit in ["0", "101", "-1", "%2B5", "+5", "1e1", "5.0", "", "a", "99999999999999999999"] {
        let answer = house.read_web(&format!("/commits?limit={limit}")).await?;
        assert_eq!(answer.verdict(), (400, "INVALID_LIMIT"), "{limit}");
    }
    for rest in [
        "/commits/main/diff",
        "/commits/000000000000000000000000000000000000000/diff",
        "/commits/..%2F..%2F0000000000000000000000000000000000/diff",
        "/commits/0000000000000000000000000000000000000001/diff?format=xml",
        "/pull-requests/x/diff",
        "/pull-requests/-1/diff",
        "/pull-requests/99999999999999999999/diff",
        "/pull-requests?state=odd",
        "/deployments?state=odd",
        "/checks?ref=main&branch=next",
        "/file-tree?ref=main&branch=next",
        "/file-tree?recursive=maybe",
        "/file-tree?path=../etc",
        "/file-tree?path=%2e%2e%2fetc",
        "/file-tree?path=src/../../etc",
        "/file-tree?path=/etc",
        "/file-tree?path=a%00b",
    ] {
        let answer = house.read_web(rest).await?;
        assert_eq!(answer.verdict(), (400, "INVALID_REQUEST"), "{rest}");
    }
    assert_eq!(house.host.calls(), 0);
    Ok(())
}

#[actix_web::test]
async fn a_path_that_could_mean_something_else_reaches_no_repository() -> Tested {
    let house = a_house().await?;
    for (path, verdict) in [
        ("/v1/repositories/local/web%2Fother", (400, "INVALID_REQUEST")),
        ("/v1/repositories/local/web%2fother/branches", (400, "INVALID_REQUEST")),
        ("/v1/repositories/local/..", (400, "INVALID_REQUEST")),
        ("/v1/repositories/local/../branches", (400, "INVALID_REQUEST")),
        ("/v1/repositories/local/%2e%2e/branches", (400, "INVALID_REQUEST")),
        ("/v1/repositories/local/web%00/branches", (400, "INVALID_REQUEST")),
        ("/v1/repositories/local/web%20/branches", (400, "INVALID_REQUEST")),
        ("/v1/repositories/local/%FF/branches", (400, "INVALID_REQUEST")),
        ("/v1/repositories/local/./branches", (400, "INVALID_REQUEST")),
        ("/v1/repositories/LOCAL/web", (400, "UNSUPPORTED_PROVIDER")),
        ("/v1/repositories/../web", (400, "UNSUPPORTED_PROVIDER")),
        ("/v1/repositories/local/WEB", (403, "REPOSITORY_NOT_APPROVED")),
        ("/v1/repositories/local/web/", (404, "RESOURCE_NOT_FOUND")),
        ("/v1/repositories//web", (404, "RESOURCE_NOT_FOUND")),
        ("//v1/repositories", (404, "RESOURCE_NOT_FOUND")),
        ("/v1/repositories/local/web/branches/../commits", (404, "RESOURCE_NOT_FOUND")),
    ] {
        let answer = house.read(path).await?;
        assert_eq!(answer.verdict(), verdict, "{path}: {}", answer.text);
    }
    assert_eq!(house.host.calls(), 0);
    Ok(())
}

#[actix_web::test]
async fn a_subscription_is_judged_like_every_other_request() -> Tested {
    let house = a_house().await?;
    let path = "/v1/repositories/local/web/events/subscribe";
    let ask = || bearer(TestRequest::post().uri(path), &secret(SecretKind::AccessToken, 2));
    let refused = house.send(json(ask(), r#"{"events":["push"]}"#)).await?;
    // The customer's approval is without it, whatever the token says.
    assert_eq!(refused.verdict(), (403, "INSUFFICIENT_SCOPE"));
    assert_eq!(house.host.calls(), 0);
    Ok(())
}
