//! Each of the 23 canonical errors, provoked over HTTP.

use std::{num::NonZeroU32, time::Duration};

use actix_web::test::TestRequest;
use lodge_access::{
    Authorization, AuthorizationState, Permission, PermissionSet, SecretKind, Token,
};
use lodge_forge::ProviderName;
use lodge_http_api::problem::Code;
use lodge_provider::ProviderError;
use lodge_storage::{Storage as _, StorageError};
use lodge_testkit::builders::{
    NOW, a_connection, a_token, an_authorization, authorization_id, connection_id,
};
use serde_json::{Value, json};

use crate::support::{Answer, Client, House, Plan, Tested, bearer, get, secret};

const EXPIRED: u32 = 2;
const UNAPPROVED: u32 = 3;
const PENDING: u32 = 4;
const NARROW: u32 = 5;
const TWO_HOSTS: u32 = 6;

/// A house with every token that can be refused.
async fn a_house() -> Tested<House> {
    let house = House::built(Plan { second_host: true, ..Plan::default() }).await?;
    let second = ProviderName::parse("second")?;
    let pending = Authorization {
        state: AuthorizationState::Pending,
        connections: Vec::new(),
        repositories: Vec::new(),
        ..an_authorization(2)
    };
    let two_hosts = Authorization {
        connections: vec![
            (connection_id(1), lodge_testkit::builders::local()),
            (connection_id(2), second.clone()),
        ],
        ..an_authorization(3)
    };
    let mut work = house.storage.begin().await?;
    let connection = lodge_access::Connection { provider: second, ..a_connection(2) };
    work.connections().add(&connection).await?;
    work.authorizations().add(&pending).await?;
    work.authorizations().add(&two_hosts).await?;
    work.commit().await?;
    let narrow: PermissionSet = [Permission::ReadBranches].into_iter().collect();
    for token in [
        Token { expires_at: NOW, ..a_token(EXPIRED) },
        Token { authorization: None, ..a_token(UNAPPROVED) },
        Token { authorization: Some(authorization_id(2)), ..a_token(PENDING) },
        Token { permissions: narrow, ..a_token(NARROW) },
        Token { authorization: Some(authorization_id(3)), ..a_token(TWO_HOSTS) },
    ] {
        house.admit(&token).await?;
    }
    Ok(house)
}

/// How one error is provoked.
struct Case {
    code: Code,
    path: &'static str,
    token: u32,
    host: Option<fn() -> ProviderError>,
    storage: Option<fn() -> StorageError>,
}

/// Access token `token` asks for `path`, and all else is well.
const fn asked(code: Code, token: u32, path: &'static str) -> Case {
    Case { code, path, token, host: None, storage: None }
}

/// The host fails when it is asked for commits.
const fn at_host(code: Code, failure: fn() -> ProviderError) -> Case {
    Case { host: Some(failure), ..asked(code, 1, COMMITS) }
}

/// The database fails.
const fn at_storage(code: Code, trouble: fn() -> StorageError) -> Case {
    Case { storage: Some(trouble), ..asked(code, 1, COMMITS) }
}

const COMMITS: &str = "/v1/repositories/local/web/commits";

#[rustfmt::skip]
const CASES: &[Case] = &[
    asked(Code::InvalidRequest, 1, "/v1/repositories?colour=red"),
    asked(Code::InvalidLimit, 1, "/v1/repositories/local/web/commits?limit=101"),
    asked(Code::InvalidCursor, 1, "/v1/repositories/local/web/commits?cursor=x"),
    asked(Code::PaginationNotSupported, TWO_HOSTS, "/v1/repositories?cursor=x"),
    asked(Code::AuthRequired, 0, COMMITS),
    asked(Code::AuthExpired, EXPIRED, COMMITS),
    asked(Code::InvalidCredentials, 99, COMMITS),
    asked(Code::InsufficientScope, NARROW, COMMITS),
    asked(Code::ProviderAccountNotConnected, 1, "/v1/repositories/second/web/commits"),
    asked(Code::RepositoryNotApproved, 1, "/v1/repositories/local/other/commits"),
    asked(Code::ApprovalRequired, UNAPPROVED, COMMITS),
    asked(Code::ApprovalPending, PENDING, COMMITS),
    asked(Code::ResourceNotFound, 1, "/v1/nothing"),
    asked(Code::UnsupportedProvider, 1, "/v1/repositories/nowhere/web/commits"),
    at_host(Code::UnsupportedEndpoint, || ProviderError::Unsupported { resource: lodge_forge::Resource::Commits }),
    at_host(Code::RepositoryNotFound, || ProviderError::RepositoryNotFound),
    at_host(Code::ResourceNotFound, || ProviderError::NotFound { what: "branch" }),
    at_host(Code::InvalidRequest, || ProviderError::Invalid { problem: "that is no branch".to_owned() }),
    at_host(Code::InvalidCursor, || ProviderError::Position),
    at_host(Code::InstallationNotFound, || ProviderError::InstallationNotFound),
    at_host(Code::AccessBlockedByPolicy, || ProviderError::Forbidden),
    at_host(Code::InsufficientScope, || ProviderError::InsufficientScope),
    at_host(Code::AuthExpired, || ProviderError::CredentialsRefused),
    at_host(Code::RateLimited, || ProviderError::RateLimited { retry_at: NOW.plus(Duration::from_secs(41)) }),
    at_host(Code::UpstreamTimeout, || ProviderError::TimedOut),
    at_host(Code::UpstreamUnavailable, || ProviderError::Unreachable { retry_at: None, source: "no route".into() }),
    at_host(Code::UpstreamUnavailable, || ProviderError::Malformed { resource: lodge_forge::Resource::Commits, source: "not a pack".into() }),
    at_storage(Code::UpstreamUnavailable, || StorageError::Unavailable("no route".into())),
    at_storage(Code::InternalError, || StorageError::Other("a bug".into())),
];

async fn provoke(house: &House, case: &Case) -> Tested<Answer> {
    house.host.script().failure = case.host;
    house.storage.fail(case.storage);
    let request = get(case.path);
    let answer = match case.token {
        0 => house.send(request).await?,
        n => house.send(bearer(request, &secret(SecretKind::AccessToken, n))).await?,
    };
    house.storage.fail(None);
    house.host.script().failure = None;
    Ok(answer)
}

/// The body, after what every error has in common was looked at.
fn checked(answer: &Answer, code: Code) -> Value {
    assert_eq!(answer.verdict(), (code.status().as_u16(), code.name()), "{}", answer.text);
    let error = &answer.json["error"];
    assert_eq!(error["request_id"], answer.header("x-request-id"));
    assert!(answer.header("x-request-id").starts_with("gf_req_"));
    assert_eq!(answer.header("content-type"), "application/json");
    let retry_after = error["retry_after_seconds"].as_u64().map(|it| it.to_string());
    assert_eq!(answer.header("retry-after"), retry_after.unwrap_or_default());
    let mut shown = answer.without_request_id();
    shown["status"] = json!(answer.status);
    shown
}

#[actix_web::test]
async fn each_of_the_23_canonical_errors_says_what_it_is_and_what_to_do() -> Tested {
    let house = a_house().await?;
    let (mut seen, mut shown) = (Vec::new(), Vec::new());
    for case in CASES {
        let answer = provoke(&house, case).await?;
        shown.push(checked(&answer, case.code));
        seen.push(case.code);
    }
    let first = house.read("/v1/repositories?limit=1").await?;
    house.clock.advance(Duration::from_secs(15 * 60 + 1));
    let path = format!("/v1/repositories?cursor={}", first.next_cursor());
    shown.push(checked(&house.read(&path).await?, Code::CursorExpired));
    seen.push(Code::CursorExpired);

    insta::assert_json_snapshot!(shown);
    for code in Code::ALL {
        assert!(seen.contains(code), "{} was not provoked", code.name());
    }
    Ok(())
}

#[actix_web::test]
async fn a_limit_is_judged_before_the_cursor_that_no_listing_of_two_hosts_takes() -> Tested {
    let house = a_house().await?;
    for (path, code) in [
        ("/v1/repositories?limit=0&cursor=x", Code::InvalidLimit),
        ("/v1/repositories?limit=1&cursor=x", Code::PaginationNotSupported),
        ("/v1/repositories?limit=1&cursor=x&provider=second", Code::InvalidCursor),
    ] {
        let answer = provoke(&house, &asked(code, TWO_HOSTS, path)).await?;
        checked(&answer, code);
    }
    assert_eq!(house.host.calls(), 0, "the host heard of a request that was refused");
    Ok(())
}

#[actix_web::test]
async fn a_token_that_asks_too_often_is_told_when_to_come_back() -> Tested {
    let house = House::built(Plan { rate: NonZeroU32::new(1), ..Plan::default() }).await?;
    for _ in 0..10 {
        assert_eq!(house.read_web("/branches").await?.status, 200);
    }
    let refused = house.read_web("/branches").await?;
    let error = checked(&refused, Code::RateLimited);
    assert_eq!(error["error"]["source"], "gitlodge");
    assert_eq!(error["error"]["provider"], Value::Null);
    assert_eq!(error["error"]["retry_after_seconds"], 1);
    assert_eq!(house.host.calls(), 10, "the host heard of a request that was refused");
    Ok(())
}

#[actix_web::test]
async fn a_change_that_broke_off_is_not_to_be_repeated_blindly() -> Tested {
    let house = House::ordinary().await?;
    house.storage.fail(Some(|| StorageError::Other("a bug".into())));
    let body = json!({ "grant_type": "client_credentials" });
    let request = TestRequest::post().uri("/oauth/token");
    let request = request.insert_header(Client::number(1).basic()).set_json(body);
    let answer = house.send(request).await?;
    let error = checked(&answer, Code::InternalError);
    assert_eq!(error["error"]["retryable"], false);
    Ok(())
}

#[actix_web::test]
async fn nothing_of_a_failure_inside_leaves_with_the_answer() -> Tested {
    let house = a_house().await?;
    let case = at_storage(Code::InternalError, || {
        StorageError::Other("password of the database: tiger".into())
    });
    let answer = provoke(&house, &case).await?;
    assert!(!answer.text.contains("tiger"), "{}", answer.text);
    Ok(())
}
