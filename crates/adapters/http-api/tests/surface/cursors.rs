//! Cursors: who can go on with which, and for how long.

use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use lodge_access::{Authorization, Secret, SecretKind, Token};
use lodge_storage::Storage as _;
use lodge_testkit::builders::{a_consent, a_token, an_authorization, authorization_id};

use crate::support::{Answer, Client, House, Tested, bearer, get, secret};

/// A house where two approvals hold the repositories `api` and `web`; access
/// token 2 reads under the second.
async fn a_house() -> Tested<House> {
    let house = House::ordinary().await?;
    let both = |n| Authorization {
        repositories: vec![a_consent("api"), a_consent("web")],
        ..an_authorization(n)
    };
    let mut work = house.storage.begin().await?;
    work.authorizations().update(&both(1)).await?;
    work.authorizations().add(&both(2)).await?;
    work.commit().await?;
    let token = Token { authorization: Some(authorization_id(2)), ..a_token(2) };
    house.admit(&token).await?;
    Ok(house)
}

fn shas(answer: &Answer) -> Vec<String> {
    let items = answer.json["data"].as_array().into_iter().flatten();
    items.map(|it| it["sha"].as_str().unwrap_or_default().trim_start_matches('0').into()).collect()
}

#[actix_web::test]
async fn a_listing_is_walked_to_its_end_with_pages_of_any_size() -> Tested {
    let house = a_house().await?;
    let mut page = house.read_web("/commits?limit=2").await?;
    let mut seen = shas(&page);
    for limit in [1, 100] {
        assert_eq!(page.json["page_info"]["has_next_page"], true);
        let path = format!("/commits?limit={limit}&cursor={}", page.next_cursor());
        page = house.read_web(&path).await?;
        assert_eq!(page.json["page_info"]["limit"], limit, "{}", page.text);
        seen.extend(shas(&page));
    }
    assert_eq!(seen, ["1", "2", "3", "4", "5"]);
    assert_eq!(page.json["page_info"]["has_next_page"], false);
    assert_eq!(page.json["page_info"]["next_cursor"], serde_json::Value::Null);
    Ok(())
}

#[actix_web::test]
async fn a_page_of_repositories_may_be_empty_and_still_have_a_next_one() -> Tested {
    let house = a_house().await?;
    let (mut path, mut pages) = ("/v1/repositories?limit=1".to_owned(), Vec::<Vec<String>>::new());
    loop {
        let page = house.read(&path).await?;
        let ids = page.json["data"].as_array().into_iter().flatten();
        pages.push(ids.map(|it| it["id"].as_str().unwrap_or_default().to_owned()).collect());
        if page.next_cursor().is_empty() {
            break;
        }
        path = format!("/v1/repositories?limit=1&cursor={}", page.next_cursor());
    }
    let expected: [Vec<String>; 4] = [vec!["api".into()], vec![], vec![], vec!["web".into()]];
    assert_eq!(pages, expected);
    Ok(())
}

#[actix_web::test]
async fn a_cursor_with_one_flipped_bit_is_refused_wherever_the_bit_is() -> Tested {
    let house = a_house().await?;
    let first = house.read_web("/commits?limit=2").await?;
    let calls = house.host.calls();
    let bytes = URL_SAFE_NO_PAD.decode(first.next_cursor())?;
    for place in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[place] ^= 1 << (place % 8);
        let cursor = URL_SAFE_NO_PAD.encode(&changed);
        let refused = house.read_web(&format!("/commits?cursor={cursor}")).await?;
        assert_eq!(refused.verdict(), (400, "INVALID_CURSOR"), "byte {place}");
    }
    let cursor = first.next_cursor();
    for wrong in ["", "%00", "%F0%9F%A6%80", &cursor[1..], &format!("{cursor}A")] {
        let refused = house.read_web(&format!("/commits?cursor={wrong}")).await?;
        assert_eq!(refused.verdict(), (400, "INVALID_CURSOR"), "{wrong}");
    }
    assert_eq!(house.host.calls(), calls, "the host heard of a cursor that is none");
    Ok(())
}

#[actix_web::test]
async fn a_cursor_continues_only_the_listing_that_it_came_from() -> Tested {
    let house = a_house().await?;
    let commits = house.read_web("/commits?limit=2").await?;
    let of_branch = house.read_web("/commits?limit=2&branch=next").await?;
    let branches = house.read_web("/branches?limit=1").await?;
    let repositories = house.read("/v1/repositories?limit=1").await?;
    let tree = house.read_web("/file-tree?limit=1&path=src").await?;
    for (path, origin) in [
        ("/v1/repositories/local/web/branches?", &commits),
        ("/v1/repositories/local/web/tags?", &branches),
        ("/v1/repositories/local/api/commits?", &commits),
        ("/v1/repositories/local/web/commits?branch=next&", &commits),
        ("/v1/repositories/local/web/commits?branch=main&", &of_branch),
        ("/v1/repositories/local/web/commits?", &of_branch),
        ("/v1/repositories/local/web/file-tree?", &tree),
        ("/v1/repositories/local/web/file-tree?path=src&recursive=true&", &tree),
        ("/v1/repositories/local/web/commits?", &repositories),
        ("/v1/repositories?", &commits),
    ] {
        let cursor = origin.next_cursor();
        assert!(!cursor.is_empty(), "{path}: {}", origin.text);
        let refused = house.read(&format!("{path}cursor={cursor}")).await?;
        assert_eq!(refused.verdict(), (400, "INVALID_CURSOR"), "{path}");
    }
    Ok(())
}

#[actix_web::test]
async fn a_cursor_of_another_approval_is_refused_however_old_it_is() -> Tested {
    let house = a_house().await?;
    let first = house.read_web("/commits?limit=2").await?;
    let path = format!("/v1/repositories/local/web/commits?cursor={}", first.next_cursor());
    let other = secret(SecretKind::AccessToken, 2);
    let fresh = house.send(bearer(get(&path), &other)).await?;
    assert_eq!(fresh.verdict(), (400, "INVALID_CURSOR"));
    house.clock.advance(Duration::from_mins(16));
    let old = house.send(bearer(get(&path), &other)).await?;
    assert_eq!(old.verdict(), (400, "INVALID_CURSOR"), "its age was told to a stranger");
    Ok(())
}

#[actix_web::test]
async fn a_cursor_is_good_for_a_quarter_of_an_hour() -> Tested {
    let house = a_house().await?;
    let first = house.read_web("/commits?limit=2").await?;
    let next = format!("/commits?cursor={}", first.next_cursor());
    house.clock.advance(Duration::from_mins(15));
    assert_eq!(shas(&house.read_web(&next).await?), ["3", "4", "5"]);
    house.clock.advance(Duration::from_micros(1));
    assert_eq!(house.read_web(&next).await?.verdict(), (410, "CURSOR_EXPIRED"));
    Ok(())
}

#[actix_web::test]
async fn a_refreshed_token_goes_on_where_the_old_one_was() -> Tested {
    let house = a_house().await?;
    let client = Client::number(1);
    let token = |it: &Answer| Secret::parse(SecretKind::AccessToken, it.field("access_token"));
    let issued = house.tokens(&client).await?;
    let path = "/v1/repositories/local/web/commits?limit=2";
    let old = token(&issued).ok_or("no token")?;
    let first = house.send(bearer(get(path), &old)).await?;
    let refreshed = house.refresh(&client, issued.field("refresh_token")).await?;
    let new = token(&refreshed).ok_or("no token")?;
    let next = format!("{path}&cursor={}", first.next_cursor());
    assert_eq!(shas(&house.send(bearer(get(&next), &new)).await?), ["3", "4"]);
    Ok(())
}
