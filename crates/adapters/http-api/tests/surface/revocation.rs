//! Rights that are taken away are gone at the next read.

use std::time::Duration;

use actix_web::test::TestRequest;
use lodge_access::{Authorization, PermissionSet, RepositoryConsent, SecretKind};
use lodge_storage::Storage as _;
use lodge_testkit::builders::{NOW, a_consent, a_session, an_authorization, client_id, token_id};
use serde_json::json;

use crate::support::{Client, House, Tested, bearer, secret};

/// Writes approval 1 anew, as the customer's own page would.
async fn rewrite(house: &House, authorization: &Authorization) -> Tested {
    let mut work = house.storage.begin().await?;
    work.authorizations().update(authorization).await?;
    work.touch_access().await?;
    work.commit().await?;
    Ok(())
}

#[actix_web::test]
async fn a_revoked_approval_ends_its_tokens() -> Tested {
    let house = House::ordinary().await?;
    assert_eq!(house.read_web("/commits").await?.status, 200);
    rewrite(&house, &an_authorization(1).revoke(NOW)).await?;
    for path in ["/v1/me", "/v1/repositories", "/v1/platform/client/me"] {
        assert_eq!(house.read(path).await?.verdict(), (401, "INVALID_CREDENTIALS"), "{path}");
    }
    let refused = house.read_web("/commits").await?;
    assert_eq!(refused.json["error"]["suggested_action"], "start_consent");
    assert_eq!(house.host.calls(), 1);
    Ok(())
}

#[actix_web::test]
async fn an_approval_ends_by_itself_to_the_second() -> Tested {
    let house = House::ordinary().await?;
    let ends = NOW.plus(Duration::from_mins(10));
    let web =
        RepositoryConsent { expires_at: NOW.plus(Duration::from_mins(5)), ..a_consent("web") };
    let api = RepositoryConsent { expires_at: ends, ..a_consent("api") };
    let both =
        Authorization { repositories: vec![web, api], expires_at: ends, ..an_authorization(1) };
    rewrite(&house, &both).await?;
    let api = "/v1/repositories/local/api/commits";
    house.clock.advance(Duration::from_micros(5 * 60_000_000 - 1));
    assert_eq!(house.read_web("/commits").await?.status, 200);
    house.clock.advance(Duration::from_micros(1));
    assert_eq!(house.read_web("/commits").await?.verdict(), (403, "REPOSITORY_NOT_APPROVED"));
    assert_eq!(house.read(api).await?.status, 200);
    let listed = house.read("/v1/repositories").await?;
    assert_eq!(listed.json["data"].as_array().map(Vec::len), Some(1), "{}", listed.text);
    house.clock.advance(Duration::from_mins(5));
    assert_eq!(house.read(api).await?.verdict(), (403, "APPROVAL_REQUIRED"));
    Ok(())
}

#[actix_web::test]
async fn a_permission_that_is_taken_out_of_one_repository_is_gone_there() -> Tested {
    let house = House::ordinary().await?;
    let less = RepositoryConsent {
        permissions: PermissionSet::parse("read:branches")?,
        ..a_consent("web")
    };
    let both = Authorization { repositories: vec![less, a_consent("api")], ..an_authorization(1) };
    rewrite(&house, &both).await?;
    assert_eq!(house.read_web("/commits").await?.verdict(), (403, "INSUFFICIENT_SCOPE"));
    assert_eq!(house.read_web("/branches").await?.status, 200);
    assert_eq!(house.read("/v1/repositories/local/api/commits").await?.status, 200);
    Ok(())
}

#[actix_web::test]
async fn a_deleted_app_reads_nothing_and_cannot_come_back() -> Tested {
    let house = House::ordinary().await?;
    let mut work = house.storage.begin().await?;
    work.sessions().add(&a_session(1)).await?;
    work.commit().await?;
    let issued = house.tokens(&Client::number(1)).await?;
    let path = format!("/v1/developer/apps/{}", client_id(1));
    let delete = || bearer(TestRequest::delete().uri(&path), &secret(SecretKind::UserSession, 1));
    let deleted = house.send(delete()).await?;
    assert_eq!((deleted.status, deleted.text.as_str()), (204, ""));
    assert_eq!(house.read("/v1/me").await?.verdict(), (401, "INVALID_CREDENTIALS"));
    let refused = house.refresh(&Client::number(1), issued.field("refresh_token")).await?;
    assert_eq!((refused.status, refused.field("error")), (401, "invalid_client"));
    assert_eq!(house.send(delete()).await?.verdict(), (404, "RESOURCE_NOT_FOUND"));
    Ok(())
}

#[actix_web::test]
async fn another_process_forgets_a_token_as_soon_as_its_watcher_looks() -> Tested {
    let house = House::ordinary().await?;
    let neighbour = house.neighbour()?;
    neighbour.gateway.watch_access().await?;
    assert_eq!(neighbour.read("/v1/me").await?.status, 200);

    let token = secret(SecretKind::AccessToken, 1);
    let about = json!({ "token": token.expose() });
    let revoke = TestRequest::post().uri("/oauth/revoke").set_json(about);
    let revoked = house.send(revoke.insert_header(Client::number(1).basic())).await?;
    assert_eq!(revoked.status, 200, "{}", revoked.text);
    assert_eq!(house.read("/v1/me").await?.status, 401);

    // Remembered until the watcher looks, which it does ten times a second.
    assert_eq!(neighbour.read("/v1/me").await?.status, 200);
    neighbour.gateway.watch_access().await?;
    assert_eq!(neighbour.read("/v1/me").await?.verdict(), (401, "INVALID_CREDENTIALS"));
    Ok(())
}

#[actix_web::test]
async fn a_process_that_cannot_watch_trusts_its_memory_for_200_ms_only() -> Tested {
    let house = House::ordinary().await?;
    let neighbour = house.neighbour()?;
    neighbour.gateway.watch_access().await?;
    assert_eq!(neighbour.read("/v1/me").await?.status, 200);
    let mut work = house.storage.begin().await?;
    assert!(work.tokens().revoke(token_id(1), NOW).await?);
    work.touch_access().await?;
    work.commit().await?;

    neighbour.clock.advance(Duration::from_millis(200));
    assert_eq!(neighbour.read("/v1/me").await?.status, 200);
    neighbour.clock.advance(Duration::from_micros(1));
    assert_eq!(neighbour.read("/v1/me").await?.verdict(), (401, "INVALID_CREDENTIALS"));
    Ok(())
}
