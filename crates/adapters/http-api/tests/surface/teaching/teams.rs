//! Teams, their members and projects.

use actix_web::test::TestRequest;
use lodge_testkit::builders::{student_id, team_id};
use serde_json::json;

use super::{TEACHER, a_school, course, fields, of, send};
use crate::support::Tested;

#[actix_web::test]
async fn a_locked_team_keeps_its_members_and_projects() -> Tested {
    let house = a_school().await?;
    let team = format!("/api/v1/teams/{}", team_id(1));
    let lock = |verb: &str| of(TEACHER, TestRequest::post().uri(&format!("{team}/{verb}")));
    assert_eq!(house.send(lock("lock")).await?.json["data"]["locked"], true);
    let member = json!({ "student_id": student_id(2).to_string() });
    let project = json!({ "name": "x", "origin": { "host": "local", "remote_id": "x" } });
    let (members, projects) = (format!("{team}/members"), format!("{team}/projects"));
    for (place, body) in [(&members, &member), (&projects, &project)] {
        let answer = house.send(of(TEACHER, send("POST", place, body))).await?;
        assert_eq!(answer.verdict(), (409, "conflict"), "{place}");
    }
    assert_eq!(house.send(lock("unlock")).await?.json["data"]["locked"], false);
    for (place, body, status) in [(&members, &member, 204), (&projects, &project, 201)] {
        let answer = house.send(of(TEACHER, send("POST", place, body))).await?;
        assert_eq!(answer.status, status, "{place}: {}", answer.text);
    }
    Ok(())
}

#[actix_web::test]
async fn a_place_at_a_host_that_cannot_be_used_is_named_whole() -> Tested {
    let house = a_school().await?;
    let body = json!({ "name": "x", "origin": { "host": "local", "remote_id": "" } });
    for place in [course("/teams"), format!("/api/v1/teams/{}/projects", team_id(1))] {
        let refused = house.send(of(TEACHER, send("POST", &place, &body))).await?;
        let named = (refused.status, fields(&refused));
        assert_eq!(named, (422, vec!["origin.remote_id"]), "{place}: {}", refused.text);
    }
    Ok(())
}
