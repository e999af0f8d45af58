//! Checks that a course makes for itself, in its results.

use actix_web::test::TestRequest;
use lodge_testkit::builders::{course_id, team_id};
use serde_json::{Value, json};

use super::{
    TEACHER, course, get, of,
    results::{a_term, team},
};
use crate::support::{House, Tested};

/// Whether merge requests say what they are about.
fn a_check(value: &str) -> Value {
    json!({
        "key": "says_why", "title": "Says why", "weight": 5, "subject": "merge_requests",
        "filters": [{ "field": "description", "comparison": "contains", "value": value }],
        "aggregate": "share", "target": 100,
    })
}

/// The course's settings with that check.
async fn with(house: &House, check: Value) -> Tested<Value> {
    let path = format!("/api/v1/courses/{}/settings", course_id(1));
    let mut settings = house.send(of(TEACHER, get(&path))).await?.json["data"].clone();
    settings["custom_checks"] = json!([check]);
    let put = TestRequest::put().uri(&path).set_json(&settings);
    let answer = house.send(of(TEACHER, put)).await?;
    assert_eq!(answer.status, 200, "{}", answer.text);
    Ok(answer.json)
}

#[actix_web::test]
async fn a_check_of_the_course_counts_beside_the_others() -> Tested {
    let house = a_term().await?;
    let before = house.send(of(TEACHER, team("compliance"))).await?;
    with(&house, a_check("written")).await?;
    let answer = house.send(of(TEACHER, team("compliance"))).await?;
    let of_team = &answer.json["data"]["teams"][0];
    let last = |student: usize| {
        let checks = of_team["students"][student]["checks"].as_array();
        checks.and_then(|it| it.last()).cloned().unwrap_or_default()
    };
    let (ada, other) = (last(0), last(1));
    let head = json!([ada["code"], ada["name"], ada["weight"], ada["status"], ada["because"]]);
    let because = "1 of 1 merge requests fit, 100 % wanted";
    assert_eq!(head, json!(["says_why", "Says why", 5, "passed", because]), "{}", answer.text);
    assert_eq!(ada["evidence"][0]["kind"], "merge_request");
    assert_eq!((&other["code"], &other["status"]), (&json!("says_why"), &json!("failed")));
    let mean = of_team["checks"].as_array().and_then(|it| it.last()).cloned().unwrap_or_default();
    assert_eq!((&mean["code"], &mean["score"]), (&json!("says_why"), &json!(50.0)));
    let score = |it: &Value| it["data"]["teams"][0]["students"][0]["score"].as_f64();
    assert!(score(&answer.json) > score(&before.json), "{} {}", before.text, answer.text);

    let book = house.send(of(TEACHER, get(&course("/gradebook")))).await?;
    let columns = book.json["data"]["columns"].as_array().cloned().unwrap_or_default();
    let column = json!({ "code": "says_why", "name": "Says why", "weight": 5 });
    assert_eq!(columns.last(), Some(&column), "{}", book.text);
    assert_eq!(book.json["data"]["rows"][0]["results"]["says_why"], 100.0, "{}", book.text);
    Ok(())
}

#[actix_web::test]
async fn another_target_is_another_result_at_once() -> Tested {
    let house = a_term().await?;
    for (value, status) in [("nothing of the kind", "failed"), ("was written", "passed")] {
        with(&house, a_check(value)).await?;
        let path = format!("/api/v1/teams/{}/compliance", team_id(1));
        let answer = house.send(of(TEACHER, get(&path))).await?;
        let checks = &answer.json["data"]["teams"][0]["students"][0]["checks"];
        let last = checks.as_array().and_then(|it| it.last()).cloned().unwrap_or_default();
        assert_eq!(last["status"], status, "{value}: {}", answer.text);
    }
    Ok(())
}
