//! Patterns that somebody should look at, and what is decided about them.

use lodge_kernel::CourseId;
use lodge_storage::Storage as _;
use lodge_testkit::builders::{a_team, course_id, student_id, team_id};
use serde_json::{Value, json};

use super::{
    ASSISTANT, COLLEAGUE, OWNER, STRANGER, STUDENT, TEACHER, a_school, bootstrap, course, fields,
    get, of,
    results::{a_term, team},
    send,
};
use crate::support::{Answer, House, Tested};

fn all_of(course: CourseId) -> String {
    format!("/api/v1/telemetry/flags?course_id={course}")
}

fn flags(answer: &Answer) -> Vec<Value> {
    answer.json["data"].as_array().cloned().unwrap_or_default()
}

/// The one flag of the term: student 3 took in what nobody had reviewed.
async fn the_flag(house: &House) -> Tested<(String, Value)> {
    let answer = house.send(of(TEACHER, team("flags"))).await?;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let all = flags(&answer);
    assert_eq!(all.len(), 1, "{}", answer.text);
    let flag = all.first().cloned().unwrap_or_default();
    let id = flag["id"].as_str().unwrap_or_default();
    Ok((format!("/api/v1/telemetry/flags/{id}"), flag))
}

#[actix_web::test]
async fn a_pattern_is_shown_with_what_shows_it() -> Tested {
    let house = a_term().await?;
    let (path, flag) = the_flag(&house).await?;
    assert_eq!((&flag["kind"], &flag["severity"]), (&json!("self_merge"), &json!("low")));
    assert_eq!(flag["students"], json!([{ "id": student_id(3).to_string(), "name": "Student 3" }]));
    assert_eq!(
        (&flag["team_id"], &flag["state"]),
        (&json!(team_id(1).to_string()), &json!("open"))
    );
    let evidence = &flag["evidence"][0];
    assert_eq!((&evidence["kind"], &evidence["id"]), (&json!("merge_request"), &json!("2")));
    assert_eq!(house.send(of(TEACHER, get(&path))).await?.json["data"], flag);
    // Whoever asks, and however, it is the same one.
    for request in [
        of(ASSISTANT, get(&all_of(course_id(1)))),
        of(OWNER, get(&format!("/api/v1/telemetry/flags?team_id={}", team_id(1)))),
        bootstrap(team("flags?kind=self_merge&state=open&severity=low")),
    ] {
        assert_eq!(flags(&house.send(request).await?), std::slice::from_ref(&flag));
    }
    for none in ["kind=churn", "severity=medium", "state=confirmed"] {
        let answer = house.send(of(TEACHER, team(&format!("flags?{none}")))).await?;
        assert_eq!(flags(&answer), Vec::<Value>::new(), "{none}: {}", answer.text);
    }
    Ok(())
}

#[actix_web::test]
async fn flags_are_for_the_staff() -> Tested {
    let house = a_term().await?;
    let (path, _) = the_flag(&house).await?;
    let decision = json!({ "state": "dismissed" });
    for one in
        [team("flags"), get(&all_of(course_id(1))), get(&path), send("PATCH", &path, &decision)]
    {
        assert_eq!(house.send(of(STUDENT, one)).await?.verdict(), (403, "forbidden"));
    }
    for who in [COLLEAGUE, STRANGER] {
        for one in
            [team("flags"), get(&all_of(course_id(1))), get(&path), send("PATCH", &path, &decision)]
        {
            assert_eq!(house.send(of(who, one)).await?.verdict(), (404, "not_found"), "{who}");
        }
    }
    assert_eq!(the_flag(&house).await?.1["state"], "open");
    Ok(())
}

#[actix_web::test]
async fn the_last_decision_counts_and_no_score_changes() -> Tested {
    let house = a_term().await?;
    let before = house.send(of(TEACHER, team("compliance"))).await?;
    let (path, flag) = the_flag(&house).await?;
    let patch = |who, body| of(who, send("PATCH", &path, &body));
    let dismissed = json!({ "state": "dismissed", "note": " They sat together. " });
    let answer = house.send(patch(ASSISTANT, dismissed)).await?;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let seen = the_flag(&house).await?.1;
    assert_eq!(seen, answer.json["data"]);
    let said = json!([seen["id"], seen["state"], seen["note"]]);
    assert_eq!(said, json!([flag["id"], "dismissed", "They sat together."]));
    assert!(seen["decided_by"].is_string() && seen["decided_at"].is_string(), "{seen}");

    // What is absent stays, and what is null goes.
    let answer = house.send(patch(TEACHER, json!({ "state": "confirmed" }))).await?;
    let said = &answer.json["data"];
    assert_eq!(json!([said["state"], said["note"]]), json!(["confirmed", "They sat together."]));
    let answer = house.send(patch(TEACHER, json!({ "note": null }))).await?;
    let said = &answer.json["data"];
    assert_eq!(json!([said["state"], said["note"]]), json!(["confirmed", null]));
    let open =
        house.send(of(TEACHER, get(&format!("{}&state=open", all_of(course_id(1)))))).await?;
    assert_eq!(flags(&open), Vec::<Value>::new());
    let after = house.send(of(TEACHER, team("compliance"))).await?;
    assert_eq!(before.json["data"]["teams"], after.json["data"]["teams"]);
    Ok(())
}

#[actix_web::test]
async fn what_cannot_be_decided_changes_nothing() -> Tested {
    let house = a_term().await?;
    let (path, _) = the_flag(&house).await?;
    for (body, field) in [
        (json!({}), "state"),
        (json!({ "state": "guilty" }), "state"),
        (json!({ "note": "x".repeat(2_001) }), "note"),
        (json!({ "note": "a\u{0}b" }), "note"),
    ] {
        let answer = house.send(of(TEACHER, send("PATCH", &path, &body))).await?;
        assert_eq!(answer.verdict(), (422, "unprocessable"), "{body}");
        assert_eq!(fields(&answer), [field], "{}", answer.text);
    }
    let wrong = house.send(of(TEACHER, send("PATCH", &path, &json!({ "score": 3 })))).await?;
    assert_eq!(wrong.verdict(), (400, "invalid_request"));
    let other =
        format!("/api/v1/telemetry/flags/flag_{}_{:032x}", team_id(1).as_uuid().simple(), 7);
    for unknown in [&other, "/api/v1/telemetry/flags/flag_x", "/api/v1/telemetry/flags/1"] {
        for request in [get(unknown), send("PATCH", unknown, &json!({ "state": "open" }))] {
            assert_eq!(house.send(of(TEACHER, request)).await?.verdict(), (404, "not_found"));
        }
    }
    for query in ["", "?state=guilty", "?course_id=x", "?who=me"] {
        let path = format!("/api/v1/telemetry/flags{query}");
        let answer = house.send(of(TEACHER, get(&path))).await?;
        assert!(matches!(answer.status, 400 | 404), "{query}: {}", answer.text);
    }
    let both = format!("{}&team_id={}", all_of(course_id(1)), team_id(1));
    assert_eq!(house.send(of(TEACHER, get(&both))).await?.verdict(), (400, "invalid_request"));

    let archive = send("POST", &course("/archive"), &json!({}));
    assert_eq!(house.send(of(TEACHER, archive)).await?.status, 200);
    let late =
        house.send(of(TEACHER, send("PATCH", &path, &json!({ "state": "confirmed" })))).await?;
    assert_eq!(late.verdict(), (409, "conflict"));
    assert_eq!(the_flag(&house).await?.1["decided_at"], Value::Null);
    Ok(())
}

#[actix_web::test]
async fn a_course_says_what_is_looked_for() -> Tested {
    let house = a_term().await?;
    let (path, _) = the_flag(&house).await?;
    let settings = course("/settings");
    let shown = house.send(of(TEACHER, get(&settings))).await?;
    let mut wish = shown.json["data"].clone();
    assert_eq!(wish["flags"]["commit_spam"]["commits"], 5, "{}", shown.text);
    wish["flags"]["self_merge"]["enabled"] = json!(false);
    let put = house.send(of(TEACHER, send("PUT", &settings, &wish))).await?;
    assert_eq!(put.status, 200, "{}", put.text);
    assert_eq!(flags(&house.send(of(TEACHER, team("flags"))).await?), Vec::<Value>::new());
    assert_eq!(house.send(of(TEACHER, get(&path))).await?.verdict(), (404, "not_found"));

    wish["flags"]["churn"]["percent"] = json!(101);
    let refused = house.send(of(TEACHER, send("PUT", &settings, &wish))).await?;
    assert_eq!(refused.verdict(), (422, "unprocessable"));
    assert!(refused.text.contains("flags.churn.percent"), "{}", refused.text);
    Ok(())
}

#[actix_web::test]
async fn erasing_a_student_takes_the_notes_of_their_teams() -> Tested {
    let house = a_term().await?;
    // Who is alone in a team has nobody to review.
    let members = format!("/api/v1/teams/{}/members", team_id(1));
    let join = send("POST", &members, &json!({ "student_id": student_id(4).to_string() }));
    assert_eq!(house.send(of(TEACHER, join)).await?.status, 204);
    let (path, _) = the_flag(&house).await?;
    let decision = json!({ "state": "confirmed", "note": "Student 1 told me." });
    house.send(of(TEACHER, send("PATCH", &path, &decision))).await?;
    let erase = format!("/api/v1/students/{}/personal-data", student_id(1));
    let erased = house.send(of(TEACHER, send("DELETE", &erase, &json!({})))).await?;
    assert!((200..300).contains(&erased.status), "{}", erased.text);
    let (_, flag) = the_flag(&house).await?;
    assert_eq!(json!([flag["state"], flag["note"]]), json!(["confirmed", null]));
    Ok(())
}

#[actix_web::test]
async fn a_course_without_work_has_no_flags() -> Tested {
    let house = a_school().await?;
    let answer = house.send(of(TEACHER, get(&all_of(course_id(1))))).await?;
    assert_eq!((answer.status, flags(&answer)), (200, Vec::new()), "{}", answer.text);
    let mut work = house.storage.read().await?;
    let kept = work.flag_decisions().of_team(a_team(1).tenant, team_id(1)).await?;
    assert_eq!(kept, []);
    Ok(())
}
