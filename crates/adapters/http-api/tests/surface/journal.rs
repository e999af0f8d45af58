//! One row for each read, and validators that spare its body.

use std::time::Duration;

use lodge_access::{Permission, PermissionSet, SecretKind, Token};
use lodge_gateway::Policies;
use lodge_provider::ProviderError;
use lodge_testkit::builders::{
    NOW, a_repository_id, a_token, authorization_id, client_id, connection_id, customer_id, local,
    tenant_id, token_id,
};

use crate::support::{COMMIT, House, Plan, Tested, bearer, get, secret};

#[actix_web::test]
async fn a_read_leaves_one_row_that_says_who_read_what() -> Tested {
    let house = House::ordinary().await?;
    house.clock.advance(Duration::from_secs(7));
    let answer = house.read_web("/commits?limit=2").await?;
    let rows = house.journal.take();
    let [row] = rows.as_slice() else { panic!("not one row: {rows:?}") };
    assert_eq!(row.request.to_string(), answer.header("x-request-id"));
    assert_eq!(row.at, NOW.plus(Duration::from_secs(7)));
    assert_eq!((row.tenant, row.client, row.token), (tenant_id(1), client_id(1), token_id(1)));
    assert_eq!(row.authorization, Some(authorization_id(1)));
    assert_eq!(row.customer, Some(customer_id(1)));
    assert_eq!(row.connection, Some(connection_id(1)));
    assert_eq!(row.provider, Some(local()));
    assert_eq!(row.repository, Some(a_repository_id("web")));
    assert_eq!((row.endpoint.as_ref(), row.status), ("commits.list", 200));
    assert_eq!(row.error_code, None);
    assert_eq!((row.upstream.calls, row.items), (1, 2));
    assert_eq!(row.bytes, u64::try_from(answer.text.len())?);
    assert_eq!((row.withheld, row.masked), (0, 0));
    Ok(())
}

#[actix_web::test]
async fn every_read_leaves_a_row_with_its_own_name() -> Tested {
    let house = House::ordinary().await?;
    for (path, endpoint) in [
        ("/v1/me".to_owned(), "me"),
        ("/v1/repositories".to_owned(), "repositories.list"),
        (String::new(), "repositories.find"),
        ("/branches".to_owned(), "branches.list"),
        ("/commits".to_owned(), "commits.list"),
        (format!("/commits/{COMMIT}/diff"), "commits.diff"),
        (format!("/commits/{COMMIT}/diff?format=patch"), "commits.diff"),
        ("/pull-requests".to_owned(), "pull-requests.list"),
        ("/pull-requests/7/diff".to_owned(), "pull-requests.diff"),
        ("/contributors".to_owned(), "contributors.list"),
        ("/tags".to_owned(), "tags.list"),
        ("/releases".to_owned(), "releases.list"),
        ("/checks".to_owned(), "checks.list"),
        ("/deployments".to_owned(), "deployments.list"),
        ("/file-tree".to_owned(), "file-tree.list"),
    ] {
        let answer = if path.starts_with("/v1") {
            house.read(&path).await?
        } else {
            house.read_web(&path).await?
        };
        assert_eq!(answer.status, 200, "{path}: {}", answer.text);
        let rows = house.journal.take();
        let names: Vec<_> = rows.iter().map(|it| (it.endpoint.as_ref(), it.status)).collect();
        assert_eq!(names, [(endpoint, 200)], "{path}");
    }
    Ok(())
}

#[actix_web::test]
async fn a_refused_read_leaves_a_row_too() -> Tested {
    let house = House::ordinary().await?;
    let narrow: PermissionSet = [Permission::ReadBranches].into_iter().collect();
    house.admit(&Token { permissions: narrow, ..a_token(2) }).await?;
    house.host.script().failure = Some(|| ProviderError::TimedOut);
    for (token, rest, endpoint, status, code, upstream_calls) in [
        (2, "web/commits", "commits.list", 403, "INSUFFICIENT_SCOPE", 0),
        (1, "other/commits", "commits.list", 403, "REPOSITORY_NOT_APPROVED", 0),
        (1, "web/commits?limit=0", "commits.list", 400, "INVALID_LIMIT", 0),
        (1, "web/commits?cursor=x", "commits.list", 400, "INVALID_CURSOR", 0),
        (1, "web/commits?colour=red", "commits.list", 400, "INVALID_REQUEST", 0),
        (1, "web/commits/0000/diff", "commits.diff", 400, "INVALID_REQUEST", 0),
        (1, "web/pull-requests/7/diff?format=xml", "pull-requests.diff", 400, "INVALID_REQUEST", 0),
        (1, "web/commits", "commits.list", 504, "UPSTREAM_TIMEOUT", 1),
    ] {
        let asked = get(&format!("/v1/repositories/local/{rest}"));
        let answer = house.send(bearer(asked, &secret(SecretKind::AccessToken, token))).await?;
        assert_eq!(answer.verdict(), (status, code), "{rest}");
        let rows = house.journal.take();
        let [row] = rows.as_slice() else { panic!("{rest}: not one row: {rows:?}") };
        assert_eq!((row.status, row.error_code.as_deref()), (status, Some(code)), "{rest}");
        assert_eq!((row.token, row.endpoint.as_ref()), (token_id(token), endpoint), "{rest}");
        assert_eq!((row.items, row.bytes), (0, 0), "{rest}");
        assert_eq!(row.upstream.calls, upstream_calls, "{rest}");
        assert_eq!(row.request.to_string(), answer.header("x-request-id"));
    }
    Ok(())
}

#[actix_web::test]
async fn nobody_is_recorded_who_was_not_recognised() -> Tested {
    let house = House::ordinary().await?;
    house.send(get("/v1/repositories")).await?;
    house.send(bearer(get("/v1/repositories"), &secret(SecretKind::AccessToken, 99))).await?;
    house.send(get("/health")).await?;
    assert_eq!(house.journal.take(), []);
    Ok(())
}

#[actix_web::test]
async fn the_journal_can_be_switched_off_to_measure_its_cost() -> Tested {
    let policies = Policies { firewall: true, journal: false };
    let house = House::built(Plan { policies, ..Plan::default() }).await?;
    assert_eq!(house.read_web("/commits").await?.status, 200);
    assert_eq!(house.read_web("/commits?limit=0").await?.status, 400);
    assert_eq!(house.journal.take(), []);
    Ok(())
}

#[actix_web::test]
async fn data_that_has_not_changed_is_not_sent_again() -> Tested {
    let house = House::ordinary().await?;
    let first = house.read_web("/commits").await?;
    let etag = first.header("etag").to_owned();
    assert!(etag.starts_with('"') && etag.ends_with('"') && etag.len() > 20, "{etag}");
    assert_eq!(first.header("cache-control"), "private, no-cache");
    let again = |value: String| {
        let request = get("/v1/repositories/local/web/commits");
        let request = request.insert_header(("if-none-match", value));
        house.send(bearer(request, &secret(SecretKind::AccessToken, 1)))
    };
    house.clock.advance(Duration::from_secs(5));
    house.journal.take();
    for known in [etag.clone(), format!("\"a\", W/{etag}"), "*".to_owned()] {
        let same = again(known.clone()).await?;
        assert_eq!((same.status, same.text.as_str()), (304, ""), "{known}");
        assert_eq!(same.header("etag"), etag);
        let row = house.journal.take().pop().ok_or("no row")?;
        assert_eq!((row.status, row.bytes, row.items), (304, 0, 5));
    }
    assert_eq!(again("\"other\"".to_owned()).await?.status, 200);

    "Another title".clone_into(&mut house.host.script().commits[0].title);
    let changed = again(etag.clone()).await?;
    assert_eq!(changed.status, 200);
    assert_ne!(changed.header("etag"), etag);
    assert_eq!(changed.json["data"][0]["title"], "Another title");
    Ok(())
}

#[actix_web::test]
async fn a_page_that_goes_on_is_sent_whole_since_its_cursor_ends() -> Tested {
    let house = House::ordinary().await?;
    let first = house.read_web("/commits?limit=2").await?;
    let request = get("/v1/repositories/local/web/commits?limit=2");
    let request = request.insert_header(("if-none-match", first.header("etag")));
    let again = house.send(bearer(request, &secret(SecretKind::AccessToken, 1))).await?;
    assert_eq!((again.status, again.next_cursor().is_empty()), (200, false));
    Ok(())
}

#[actix_web::test]
async fn a_validator_opens_nothing_once_the_right_is_gone() -> Tested {
    let house = House::ordinary().await?;
    let narrow: PermissionSet = [Permission::ReadBranches].into_iter().collect();
    house.admit(&Token { permissions: narrow, ..a_token(2) }).await?;
    let request = get("/v1/repositories/local/web/commits").insert_header(("if-none-match", "*"));
    let refused = house.send(bearer(request, &secret(SecretKind::AccessToken, 2))).await?;
    assert_eq!(refused.verdict(), (403, "INSUFFICIENT_SCOPE"));
    Ok(())
}
