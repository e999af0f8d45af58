//! What a developer sees of what was read.

use std::time::Duration;

use lodge_access::{SecretKind, UsageRow};
use lodge_storage::Storage as _;
use lodge_testkit::builders::{
    NOW, a_customer_session, a_repository_id, a_session, a_usage_row, an_app, authorization_id,
    client_id, connection_id, customer_id, request_id, tenant_id,
};

use crate::support::{Answer, House, Tested, bearer, get, secret};

/// A developer with two apps, a few reads of theirs, and one of another
/// organisation.
async fn a_house() -> Tested<House> {
    let house = House::ordinary().await?;
    let failed =
        UsageRow { status: 404, error_code: Some("RESOURCE_NOT_FOUND".into()), ..a_usage_row(3) };
    let rows = [
        a_usage_row(1),
        UsageRow {
            client: client_id(2),
            customer: None,
            duration: Duration::from_millis(30),
            ..a_usage_row(2)
        },
        failed,
        UsageRow { repository: Some(a_repository_id("api")), ..a_usage_row(4) },
        UsageRow { tenant: tenant_id(2), ..a_usage_row(5) },
    ];
    let mut work = house.storage.begin().await?;
    work.sessions().add(&a_session(1)).await?;
    work.apps().add(&an_app(2)).await?;
    work.usage().append(&rows).await?;
    work.commit().await?;
    Ok(house)
}

async fn ask(house: &House, path: &str) -> Tested<Answer> {
    house.send(bearer(get(path), &secret(SecretKind::UserSession, 1))).await
}

fn ids(answer: &Answer) -> Vec<String> {
    let rows = answer.json["data"].as_array().into_iter().flatten();
    rows.map(|it| it["requestId"].as_str().unwrap_or_default().to_owned()).collect()
}

fn numbered(all: &[u32]) -> Vec<String> {
    all.iter().map(|n| request_id(*n).to_string()).collect()
}

#[actix_web::test]
async fn the_journal_is_filtered_and_stays_inside_the_organisation() -> Tested {
    let house = a_house().await?;
    for (query, expected) in [
        (String::new(), vec![4, 3, 2, 1]),
        (format!("?clientId={}", client_id(2)), vec![2]),
        ("?failed=true".to_owned(), vec![3]),
        ("?repositoryId=api&provider=local".to_owned(), vec![4]),
        ("?endpointKey=tags.list".to_owned(), vec![]),
        ("?from=2026-11-22&to=2026-11-23".to_owned(), vec![4, 3, 2, 1]),
        ("?to=2026-11-22".to_owned(), vec![]),
        ("?top=2&offset=1".to_owned(), vec![3, 2]),
        (format!("?cursor={}", request_id(3)), vec![2, 1]),
        (format!("?requestId={}", request_id(1)), vec![1]),
    ] {
        let answer = ask(&house, &format!("/v1/account/usage/logs{query}")).await?;
        assert_eq!(answer.status, 200, "{query}: {}", answer.text);
        assert_eq!(ids(&answer), numbered(&expected), "{query}");
    }
    let foreign = format!("/v1/account/usage/logs?requestId={}", request_id(5));
    assert_eq!(ask(&house, &foreign).await?.verdict(), (404, "RESOURCE_NOT_FOUND"));
    Ok(())
}

#[actix_web::test]
async fn the_pages_of_the_journal_follow_each_other() -> Tested {
    let house = a_house().await?;
    let (mut path, mut seen) = ("/v1/account/usage/logs?limit=3".to_owned(), Vec::new());
    loop {
        let page = ask(&house, &path).await?;
        seen.extend(ids(&page));
        if page.next_cursor().is_empty() {
            break;
        }
        path = format!("/v1/account/usage/logs?limit=3&cursor={}", page.next_cursor());
    }
    assert_eq!(seen, numbered(&[4, 3, 2, 1]));
    Ok(())
}

#[actix_web::test]
async fn a_row_of_the_journal_says_what_was_asked_of_hosts() -> Tested {
    let house = a_house().await?;
    let path = format!("/v1/account/usage/logs?requestId={}", request_id(3));
    let answer = ask(&house, &path).await?;
    let mut row = answer.json["data"][0].clone();
    row["requestId"].take();
    assert_eq!(
        row,
        serde_json::json!({
            "requestId": null,
            "at": NOW.plus(Duration::from_millis(3)).to_string(),
            "tenantId": tenant_id(1).to_string(),
            "clientId": client_id(1).to_string(),
            "tokenId": a_usage_row(1).token.to_string(),
            "authorizationId": authorization_id(1).to_string(),
            "customerId": customer_id(1).to_string(),
            "connectionId": connection_id(1).to_string(),
            "provider": "local",
            "repositoryId": "web",
            "endpointKey": "commits.list",
            "scope": "read:commits",
            "status": 404,
            "errorCode": "RESOURCE_NOT_FOUND",
            "durationMs": 1.25,
            "upstream": { "calls": 1, "confirmed": 0, "shared": 0, "waitedMs": 0.8 },
            "items": 25,
            "bytes": 4_700,
            "firewall": { "withheld": 0, "rules": [], "masked": 0 },
        })
    );
    Ok(())
}

#[actix_web::test]
async fn the_summary_adds_up_what_the_journal_has() -> Tested {
    let house = a_house().await?;
    let answer = ask(&house, "/v1/account/usage/summary?top=1").await?;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let data = &answer.json["data"];
    assert_eq!(data["context"], "developer");
    assert_eq!((&data["totals"]["requests"], &data["totals"]["errors"]), (&4.into(), &1.into()));
    assert_eq!((&data["p50Ms"], &data["p95Ms"]), (&1.2.into(), &30.0.into()));
    assert_eq!(data["timeline"].as_array().map(Vec::len), Some(1));
    assert_eq!(data["topClients"][0]["name"], an_app(1).name);
    assert_eq!(data["topClients"].as_array().map(Vec::len), Some(1));
    assert_eq!(data["topRepositories"][0]["repositoryId"], "web");
    assert_eq!(data["topRepositories"][0]["requests"], 3);
    let one = ask(&house, &format!("/v1/account/usage/summary?clientId={}", client_id(2))).await?;
    assert_eq!(one.json["data"]["totals"]["requests"], 1);
    Ok(())
}

#[actix_web::test]
async fn a_question_that_makes_no_sense_is_told_what_to_correct() -> Tested {
    let house = a_house().await?;
    for (rest, code, said) in [
        ("logs?top=0", "INVALID_LIMIT", "limit"),
        ("logs?cursor=x", "INVALID_CURSOR", "cursor"),
        ("logs?offset=-1", "INVALID_REQUEST", "`offset`"),
        ("logs?offset=10001", "INVALID_REQUEST", "`cursor`"),
        ("logs?clientId=x", "INVALID_REQUEST", "`clientId`"),
        ("logs?provider=..", "INVALID_REQUEST", "`provider`"),
        ("logs?requestId=x", "INVALID_REQUEST", "`requestId`"),
        ("logs?colour=red", "INVALID_REQUEST", "colour"),
        ("logs?from=2026-01-01", "INVALID_REQUEST", "92 days"),
        ("summary?from=x", "INVALID_REQUEST", "`from`"),
        ("summary?from=2026-11-02&to=2026-11-01", "INVALID_REQUEST", "before"),
        ("summary?top=x", "INVALID_LIMIT", "limit"),
    ] {
        let answer = ask(&house, &format!("/v1/account/usage/{rest}")).await?;
        assert_eq!(answer.verdict(), (400, code), "{rest}: {}", answer.text);
        let message = answer.json["error"]["message"].as_str().unwrap_or_default();
        assert!(message.contains(said), "{rest}: {message}");
    }
    Ok(())
}

#[actix_web::test]
async fn a_developer_sees_what_was_approved_and_no_name_of_an_account() -> Tested {
    let house = a_house().await?;
    let approved = ask(&house, "/v1/account/repositories?provider=local&limit=1").await?;
    assert_eq!(approved.status, 200, "{}", approved.text);
    let first = &approved.json["data"][0];
    assert_eq!(first["clientId"], client_id(1).to_string());
    assert_eq!(first["authorizationId"], authorization_id(1).to_string());
    let none = ask(&house, "/v1/account/repositories?provider=elsewhere").await?;
    assert_eq!(none.json["data"], serde_json::json!([]));

    let accounts = ask(&house, "/v1/account/connections").await?;
    assert_eq!(accounts.json["data"][0]["id"], connection_id(1).to_string());
    assert_eq!(accounts.json["data"][0]["status"], "active");
    let keys = accounts.json["data"][0].as_object().map(|it| it.contains_key("account"));
    assert_eq!(keys, Some(false));

    for path in ["repositories", "connections"] {
        let own = format!("/v1/account/{path}?tenantId={}", tenant_id(1));
        assert_eq!(ask(&house, &own).await?.status, 200);
        let other = format!("/v1/account/{path}?tenantId={}", tenant_id(2));
        assert_eq!(ask(&house, &other).await?.verdict(), (404, "RESOURCE_NOT_FOUND"));
        let wrong = format!("/v1/account/{path}?cursor=x");
        assert_eq!(ask(&house, &wrong).await?.verdict(), (400, "INVALID_CURSOR"));
    }
    Ok(())
}

#[actix_web::test]
async fn the_journal_is_for_sessions_only() -> Tested {
    let house = a_house().await?;
    for path in ["usage/logs", "usage/summary", "connections", "repositories"] {
        let path = format!("/v1/account/{path}");
        assert_eq!(house.send(get(&path)).await?.verdict(), (401, "AUTH_REQUIRED"));
        let token = secret(SecretKind::AccessToken, 1);
        let answer = house.send(bearer(get(&path), &token)).await?;
        assert_eq!(answer.verdict(), (401, "INVALID_CREDENTIALS"));
    }
    Ok(())
}

#[actix_web::test]
async fn a_customer_sees_what_one_app_read_of_it_and_nothing_else() -> Tested {
    let house = a_house().await?;
    let mut work = house.storage.begin().await?;
    work.customer_sessions().add(&a_customer_session(1)).await?;
    let others = UsageRow { customer: Some(customer_id(2)), ..a_usage_row(6) };
    work.usage().append(&[others]).await?;
    work.commit().await?;
    let session = secret(SecretKind::CustomerSession, 1).expose().to_owned();
    let browse =
        |path: String| get(&path).insert_header(("cookie", format!("__Host-cs={session}")));
    let (logs, summary) = ("/v1/account/usage/logs", "/v1/account/usage/summary");
    let app = client_id(1);

    let page = house.send(browse(format!("{logs}?clientId={app}"))).await?;
    assert_eq!(ids(&page), numbered(&[4, 3, 1]), "{}", page.text);
    let told = house.send(browse(format!("{summary}?clientId={app}"))).await?;
    assert_eq!(told.json["data"]["context"], "customer", "{}", told.text);
    assert_eq!(told.json["data"]["totals"]["requests"], 3);
    assert_eq!(told.json["data"]["totals"]["errors"], 1);

    let own = format!("{logs}?clientId={app}&requestId={}", request_id(1));
    assert_eq!(ids(&house.send(browse(own)).await?), numbered(&[1]));
    for foreign in [2, 5, 6] {
        let asked = format!("{logs}?clientId={app}&requestId={}", request_id(foreign));
        let refused = house.send(browse(asked)).await?;
        assert_eq!(refused.verdict(), (404, "RESOURCE_NOT_FOUND"), "{foreign}");
    }
    let nameless = house.send(browse(summary.to_owned())).await?;
    assert_eq!(nameless.verdict(), (400, "INVALID_REQUEST"));
    let elsewhere = house.send(browse(format!("{summary}?clientId={}", client_id(2)))).await?;
    assert_eq!(elsewhere.verdict(), (401, "AUTH_REQUIRED"));
    Ok(())
}
