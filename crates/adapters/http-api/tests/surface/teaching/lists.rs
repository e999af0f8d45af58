//! Lists: pages, order and filters.

use std::time::Duration;

use serde_json::json;

use super::{TEACHER, a_school, course, get, of, send};
use crate::support::Tested;

#[actix_web::test]
async fn a_list_goes_on_where_it_ended_and_a_cursor_fits_its_list_only() -> Tested {
    let house = a_school().await?;
    for n in [3, 4, 5] {
        let body = json!({ "name": format!("team {}", 9 - n) });
        assert_eq!(
            house.send(of(TEACHER, send("POST", &course("/teams"), &body))).await?.status,
            201
        );
        house.clock.advance(Duration::from_secs(1));
    }
    let mut names = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = course(&format!("/teams?sort=-name&limit=2{cursor}"));
        let page = house.send(of(TEACHER, get(&page))).await?;
        assert_eq!(page.status, 200, "{}", page.text);
        let data = page.json["data"].as_array().cloned().unwrap_or_default();
        names.extend(data.iter().filter_map(|it| it["name"].as_str().map(ToOwned::to_owned)));
        let Some(next) = page.json["page_info"]["next_cursor"].as_str() else { break };
        for other in ["sort=name&limit=2", "sort=-name&q=team"] {
            let elsewhere = course(&format!("/teams?{other}&cursor={next}"));
            let answer = house.send(of(TEACHER, get(&elsewhere))).await?;
            assert_eq!(answer.verdict(), (400, "invalid_request"), "{other}");
        }
        cursor = format!("&cursor={next}");
    }
    assert_eq!(names, ["team 6", "team 5", "team 4", "Team 2", "Team 1"]);
    let found = house.send(of(TEACHER, get(&course("/teams?q=TEAM%206")))).await?;
    assert_eq!(found.json["data"].as_array().map(Vec::len), Some(1));
    let unreadable = ["q=%00", "q=a%0Ab"];
    let wrong = ["limit=0", "sort=colour", "state=lost", "colour=red", "team_id=x"];
    for wrong in wrong.into_iter().chain(unreadable) {
        let answer = house.send(of(TEACHER, get(&course(&format!("/teams?{wrong}"))))).await?;
        assert_eq!(answer.verdict(), (400, "invalid_request"), "{wrong}");
    }
    Ok(())
}

#[actix_web::test]
async fn a_list_by_name_goes_on_after_the_longest_name() -> Tested {
    let house = a_school().await?;
    // 200 characters of four bytes each but the last.
    let names = ["b", "a"].map(|last| "𝒜".repeat(199) + last);
    for name in &names {
        let made =
            house.send(of(TEACHER, send("POST", &course("/teams"), &json!({ "name": name }))));
        assert_eq!(made.await?.status, 201);
        house.clock.advance(Duration::from_secs(1));
    }
    let page = |cursor: &str| get(&course(&format!("/teams?sort=-name&limit=1{cursor}")));
    let first = house.send(of(TEACHER, page(""))).await?;
    assert_eq!(first.json["data"][0]["name"], names[0], "{}", first.text);
    let next = first.next_cursor();
    assert_ne!(next, "");
    let second = house.send(of(TEACHER, page(&format!("&cursor={next}")))).await?;
    assert_eq!(second.json["data"][0]["name"], names[1], "{}", second.text);
    Ok(())
}
