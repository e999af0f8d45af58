//! Explain says of a read what the read itself says, and asks no host.

use lodge_access::{
    Authorization, AuthorizationState, Permission, PermissionSet, SecretKind, Token,
};
use lodge_storage::Storage as _;
use lodge_testkit::builders::{NOW, a_consent, a_token, an_authorization, authorization_id};
use serde_json::{Value, json};

use crate::support::{Answer, House, Plan, Tested, bearer, get, secret};

async fn explain(house: &House, token: u32, body: &Value) -> Tested<Answer> {
    let request = actix_web::test::TestRequest::post().uri("/v1/explain").set_json(body);
    house.send(bearer(request, &secret(SecretKind::AccessToken, token))).await
}

/// Tokens 1 to 6: good, old, narrow, without an approval, with one that waits, and
/// with one for fewer permissions.
async fn a_house() -> Tested<House> {
    let house = House::built(Plan { second_host: true, ..Plan::default() }).await?;
    let narrow: PermissionSet = [Permission::ReadBranches].into_iter().collect();
    let mut less = a_consent("web");
    less.permissions = narrow;
    let waiting = Authorization { state: AuthorizationState::Pending, ..an_authorization(5) };
    let partial =
        Authorization { repositories: vec![less, a_consent("api")], ..an_authorization(6) };
    let mut work = house.storage.begin().await?;
    work.authorizations().add(&waiting).await?;
    work.authorizations().add(&partial).await?;
    work.commit().await?;
    house.admit(&Token { expires_at: NOW, ..a_token(2) }).await?;
    house.admit(&Token { permissions: narrow, ..a_token(3) }).await?;
    house.admit(&Token { authorization: None, ..a_token(4) }).await?;
    house.admit(&Token { authorization: Some(authorization_id(5)), ..a_token(5) }).await?;
    house.admit(&Token { authorization: Some(authorization_id(6)), ..a_token(6) }).await?;
    Ok(house)
}

#[actix_web::test]
async fn the_first_refusal_is_the_error_of_the_read() -> Tested {
    let house = a_house().await?;
    let cursor = house.read_web("/commits?limit=1").await?.next_cursor().to_owned();
    let sha = "a".repeat(40);
    let paths = [
        "/v1/me".to_owned(),
        "/v1/me?provider=nowhere".to_owned(),
        "/v1/repositories".to_owned(),
        "/v1/repositories?cursor=x".to_owned(),
        "/v1/repositories?provider=second".to_owned(),
        "/v1/repositories/local/web".to_owned(),
        "/v1/repositories/local/..%2Fweb".to_owned(),
        "/v1/repositories/local/other/branches".to_owned(),
        "/v1/repositories/local/nothing/branches".to_owned(),
        "/v1/repositories/second/web/branches".to_owned(),
        "/v1/repositories/nowhere/web/branches?limit=0".to_owned(),
        "/v1/repositories/local/web/commits?limit=0".to_owned(),
        "/v1/repositories/local/web/commits?limit=101&cursor=x".to_owned(),
        "/v1/repositories/local/web/commits?cursor=x".to_owned(),
        "/v1/repositories/local/web/commits?color=red".to_owned(),
        format!("/v1/repositories/local/web/commits?limit=1&cursor={cursor}"),
        format!("/v1/repositories/local/web/branches?limit=1&cursor={cursor}"),
        format!("/v1/repositories/local/web/commits/{sha}/diff"),
        format!("/v1/repositories/local/web/commits/{sha}/diff?format=pdf"),
        "/v1/repositories/local/web/commits/main/diff".to_owned(),
        "/v1/repositories/local/web/pull-requests/one/diff".to_owned(),
        "/v1/repositories/local/web/file-tree?path=../etc".to_owned(),
        "/v1/repositories/local/web/file-tree?ref=a&branch=b".to_owned(),
        "/v1/repositories/local/web/checks?limit=5".to_owned(),
        "/v1/repositories/local/web/tags".to_owned(),
        "/v1/repositories/local/web/deployments".to_owned(),
    ];
    for token in 1..=6 {
        for path in &paths {
            let asked = house.host.calls();
            let said = explain(&house, token, &json!({ "path": path })).await?;
            assert_eq!(house.host.calls(), asked, "explaining {path} asked a host");
            if token == 2 {
                // An old token is told so, like everywhere.
                assert_eq!(said.verdict(), (401, "AUTH_EXPIRED"), "{path}");
                continue;
            }
            assert_eq!(said.status, 200, "{}", said.text);
            let data = &said.json["data"];
            let read = house.send(bearer(get(path), &secret(SecretKind::AccessToken, token)));
            let read = read.await?;
            let allowed = read.status < 400 || read.json["error"]["source"] == "provider";
            assert_eq!(data["allowed"], allowed, "{token} {path}: {} {}", said.text, read.text);
            let code = if allowed { Value::Null } else { read.json["error"]["code"].clone() };
            assert_eq!(data["error_code"], code, "{token} {path}");
            let steps = data["steps"].as_array().into_iter().flatten();
            let mut outcomes = steps.map(|it| it["outcome"].as_str().unwrap_or_default());
            let refused = outcomes.find(|it| *it != "pass");
            assert_eq!(refused, (!allowed).then_some("refuse"), "{token} {path}");
            assert!(outcomes.all(|it| it == "skipped"), "{token} {path}: {}", said.text);
        }
    }
    Ok(())
}

#[actix_web::test]
async fn an_unapproved_repository_is_explained_like_one_that_does_not_exist() -> Tested {
    let house = House::ordinary().await?;
    let of =
        |id: &str| json!({ "operation": "commits.list", "provider": "local", "repositoryId": id });
    let there = explain(&house, 1, &of("other")).await?;
    let not_there = explain(&house, 1, &of("thing")).await?;
    let plain = |it: &Answer, id: &str| it.without_request_id().to_string().replace(id, "ID");
    assert_eq!(plain(&there, "other"), plain(&not_there, "thing"));
    assert_eq!(there.json["data"]["error_code"], "REPOSITORY_NOT_APPROVED");
    Ok(())
}

#[actix_web::test]
async fn an_allowed_read_is_explained_step_by_step() -> Tested {
    let house = House::ordinary().await?;
    let body = json!({
        "operation": "file-tree.list", "provider": "local", "repositoryId": "web",
        "query": { "path": "keys/server.pem" },
    });
    let said = explain(&house, 1, &body).await?;
    assert_eq!(said.json["data"]["planned_upstream_calls"], 1, "{}", said.text);
    insta::assert_json_snapshot!(said.json["data"]);
    Ok(())
}

#[actix_web::test]
async fn what_is_no_read_cannot_be_explained() -> Tested {
    let house = House::ordinary().await?;
    for body in [
        json!({}),
        json!({ "path": "/v1/me", "operation": "me" }),
        json!({ "method": "DELETE", "path": "/v1/me" }),
        json!({ "path": "/v1/developer/apps" }),
        json!({ "path": "https://elsewhere.example/v1/me" }),
        json!({ "operation": "commits.list", "provider": "local" }),
        json!({ "operation": "commits.list", "provider": "local", "repositoryId": "a/b" }),
        json!({ "operation": "apps.delete" }),
        json!({ "path": "/v1/me", "color": "red" }),
    ] {
        let said = explain(&house, 1, &body).await?;
        assert_eq!(said.verdict(), (400, "INVALID_REQUEST"), "{body}");
    }
    let nobody = actix_web::test::TestRequest::post().uri("/v1/explain");
    let said = house.send(nobody.set_json(json!({ "path": "/v1/me" }))).await?;
    assert_eq!(said.verdict(), (401, "AUTH_REQUIRED"));
    Ok(())
}
