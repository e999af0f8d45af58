//! Teams, their members and projects.

use actix_web::test::TestRequest;
use lodge_activity::{ActorId, Commit, Fact};
use lodge_kernel::Digest;
use lodge_storage::Storage as _;
use lodge_testkit::builders::{NOW, project_id, student_id, team_id, tenant_id};
use serde_json::json;

use super::{TEACHER, a_school, course, fields, get, of, send};
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

#[actix_web::test]
async fn what_is_counted_says_whether_anything_is_left_out() -> Tested {
    let house = a_school().await?;
    let commits = (0..3_u8).map(|n| {
        Fact::Commit(Commit {
            sha: format!("{n:040x}"),
            parents: None,
            message: "Begin".to_owned(),
            author: ActorId(Digest([1; 32])),
            authored_at: NOW,
            changes: None,
            web_url: None,
        })
    });
    let commits: Vec<_> = commits.collect();
    let mut work = house.storage.begin().await?;
    work.activity().tell(tenant_id(1), project_id(1), &commits).await?;
    work.commit().await?;
    let (team, student) = (team_id(1), student_id(1));
    for place in [
        format!("/api/v1/teams/{team}/timeline"),
        format!("/api/v1/teams/{team}/metrics"),
        format!("/api/v1/students/{student}/activity"),
    ] {
        let answer = house.send(of(TEACHER, get(&place))).await?;
        assert_eq!(answer.status, 200, "{place}: {}", answer.text);
        assert_eq!(answer.json["truncated"], false, "{place}: {}", answer.text);
    }
    let line = house.send(of(TEACHER, get(&format!("/api/v1/teams/{team}/timeline")))).await?;
    assert_eq!(line.json["data"][0]["commits"], 3, "{}", line.text);
    Ok(())
}
