//! In which order a read is judged, and what a refusal tells.

use lodge_access::{Permission, PermissionSet, SecretKind, Token};
use lodge_provider::ProviderError;
use lodge_testkit::builders::{NOW, a_token};

use crate::support::{House, Plan, Tested, bearer, get, secret};

#[actix_web::test]
async fn a_read_is_judged_in_the_order_of_the_contract() -> Tested {
    let house = House::built(Plan { second_host: true, ..Plan::default() }).await?;
    let narrow: PermissionSet = [Permission::ReadBranches].into_iter().collect();
    house.admit(&Token { permissions: narrow, expires_at: NOW, ..a_token(2) }).await?;
    house.admit(&Token { permissions: narrow, ..a_token(3) }).await?;
    house.host.script().failure = Some(|| ProviderError::TimedOut);
    // From row to row, what was refused first is mended, and all else stays wrong.
    for (token, path, code) in [
        (0, "nowhere/other/commits?limit=0&cursor=x", "AUTH_REQUIRED"),
        (2, "nowhere/other/commits?limit=0&cursor=x", "AUTH_EXPIRED"),
        (3, "nowhere/other/commits?limit=0&cursor=x", "INSUFFICIENT_SCOPE"),
        (1, "nowhere/other/commits?limit=0&cursor=x", "UNSUPPORTED_PROVIDER"),
        (1, "second/other/commits?limit=0&cursor=x", "PROVIDER_ACCOUNT_NOT_CONNECTED"),
        (1, "local/other/commits?limit=0&cursor=x", "REPOSITORY_NOT_APPROVED"),
        (1, "local/web/commits?limit=0&cursor=x", "INVALID_LIMIT"),
        (1, "local/web/commits?limit=1&cursor=x", "INVALID_CURSOR"),
    ] {
        let request = get(&format!("/v1/repositories/{path}"));
        let answer = match token {
            0 => house.send(request).await?,
            n => house.send(bearer(request, &secret(SecretKind::AccessToken, n))).await?,
        };
        assert_eq!(answer.code(), code, "{path}");
        assert_eq!(house.host.calls(), 0, "the host heard of {path}");
    }
    assert_eq!(house.read_web("/commits?limit=1").await?.code(), "UPSTREAM_TIMEOUT");
    assert_eq!(house.host.calls(), 1);
    Ok(())
}

#[actix_web::test]
async fn a_missing_scope_is_named_beside_those_that_are_there() -> Tested {
    let house = House::ordinary().await?;
    let narrow: PermissionSet =
        [Permission::ReadBranches, Permission::ReadTags].into_iter().collect();
    house.admit(&Token { permissions: narrow, ..a_token(2) }).await?;
    let request = get("/v1/repositories/local/web/commits");
    let refused = house.send(bearer(request, &secret(SecretKind::AccessToken, 2))).await?;
    let expected = serde_json::json!({
        "required_scopes": ["read:commits"],
        "granted_scopes": ["read:branches", "read:tags"],
    });
    assert_eq!(refused.json["error"]["details"], expected, "{}", refused.text);
    Ok(())
}

#[actix_web::test]
async fn a_repository_outside_the_consent_looks_like_one_that_does_not_exist() -> Tested {
    let house = House::ordinary().await?;
    for rest in ["", "/branches", "/commits", "/file-tree", "/pull-requests", "/checks"] {
        let there = house.read(&format!("/v1/repositories/local/other{rest}")).await?;
        let not_there = house.read(&format!("/v1/repositories/local/nothing{rest}")).await?;
        assert_eq!(there.verdict(), (403, "REPOSITORY_NOT_APPROVED"), "{rest}");
        assert_eq!(there.status, not_there.status);
        assert_eq!(there.without_request_id(), not_there.without_request_id());
        let names = |it: &crate::support::Answer| -> Vec<String> {
            it.headers.keys().map(ToString::to_string).collect()
        };
        assert_eq!(names(&there), names(&not_there));
    }
    let listed = house.read("/v1/repositories").await?;
    assert_eq!(listed.json["data"].as_array().map(Vec::len), Some(1), "{}", listed.text);
    assert_eq!(house.host.calls(), 1, "only the listing is the host's business");
    Ok(())
}
