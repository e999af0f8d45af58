//! Teams, their members and projects.

use actix_web::test::TestRequest;
use lodge_activity::{ActorId, Commit, Fact};
use lodge_intake::Intake;
use lodge_kernel::Digest;
use lodge_storage::Storage as _;
use lodge_testkit::builders::{
    NOW, an_intake, intake_id, project_id, student_id, team_id, tenant_id,
};
use serde_json::json;

use super::{
    ASSISTANT, OWNER, STUDENT, TEACHER, a_school, bootstrap, course, fields, get, of, send,
};
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

#[actix_web::test]
async fn the_events_of_a_team_are_those_of_its_projects_for_the_staff() -> Tested {
    let house = a_school().await?;
    let of_project = |n, project| Intake { project: Some(project_id(project)), ..an_intake(n) };
    let all = [of_project(1, 1), an_intake(2), of_project(3, 1), of_project(4, 2)];
    let mut work = house.storage.begin().await?;
    work.intake().receive(&all.map(|it| (it, "sealed".to_owned()))).await?;
    work.commit().await?;
    let events =
        |team: u32, query: &str| get(&format!("/api/v1/teams/{}/events{query}", team_id(team)));
    for request in [
        bootstrap(events(1, "")),
        of(OWNER, events(1, "")),
        of(TEACHER, events(1, "")),
        of(ASSISTANT, events(1, "")),
    ] {
        let answer = house.send(request).await?;
        let data = answer.json["data"].as_array();
        let ids: Vec<_> = data.into_iter().flatten().filter_map(|it| it["id"].as_str()).collect();
        assert_eq!(answer.status, 200, "{}", answer.text);
        assert_eq!(ids, [3, 1].map(|n| intake_id(n).to_string()), "{}", answer.text);
    }
    assert_eq!(house.send(of(STUDENT, events(1, ""))).await?.verdict(), (403, "forbidden"));
    assert_eq!(house.send(of(STUDENT, events(2, ""))).await?.verdict(), (404, "not_found"));
    // A team without projects has nothing, rather than everything.
    let none = house.send(of(TEACHER, events(2, ""))).await?;
    assert_eq!((none.status, &none.json["data"]), (200, &json!([])), "{}", none.text);
    let dead = house.send(of(TEACHER, events(1, "?status=dead"))).await?;
    assert_eq!((dead.status, &dead.json["data"]), (200, &json!([])), "{}", dead.text);

    let first = house.send(of(TEACHER, events(1, "?limit=1"))).await?;
    let next = format!("?limit=1&cursor={}", first.next_cursor());
    let second = house.send(of(TEACHER, events(1, &next))).await?;
    assert_eq!(second.json["data"][0]["id"], intake_id(1).to_string(), "{}", second.text);
    assert_eq!(second.next_cursor(), "");
    let elsewhere = house.send(of(TEACHER, events(2, &next))).await?;
    assert_eq!(elsewhere.verdict(), (400, "invalid_request"));
    Ok(())
}
