//! Courses: made, changed, put away, copied and deleted.

use std::time::Duration;

use actix_web::test::TestRequest;
use lodge_testkit::builders::{NOW, user_id};
use serde_json::{Value, json};

use super::{
    ASSISTANT, STUDENT, TEACHER, a_school, bootstrap, course, csv, draft, fields, get, of, send,
};
use crate::support::{Answer, Tested};

#[actix_web::test]
async fn a_code_that_is_taken_is_named_and_everything_wrong_is_said_at_once() -> Tested {
    let house = a_school().await?;
    let make = |body: Value| bootstrap(send("POST", "/api/v1/courses/", &body));
    let made = house.send(make(draft("PV-2026"))).await?;
    assert_eq!(made.status, 201, "{}", made.text);
    assert_eq!(made.json["data"]["time_zone"], "Europe/Bratislava");
    assert_eq!(made.header("etag"), "\"r1\"");
    let place = made.header("location").to_owned();
    assert_eq!(house.send(bootstrap(get(&place))).await?.status, 200);
    let taken = house.send(make(draft("pv-2026"))).await?;
    assert_eq!(taken.verdict(), (409, "conflict"));
    assert!(taken.text.contains("pv-2026"), "{}", taken.text);
    let mut wrong = draft("no blanks");
    wrong["academic_year"] = json!("2026/2028");
    wrong["semester"] = json!("spring");
    wrong["time_zone"] = json!("Mars/Olympus");
    let wrong = house.send(make(wrong)).await?;
    assert_eq!(wrong.verdict(), (422, "unprocessable"));
    assert_eq!(fields(&wrong), ["code", "academic_year", "semester", "time_zone"]);
    let mut nowhere = draft("PV-3");
    nowhere["time_zone"] = json!("Mars/Olympus");
    assert_eq!(fields(&house.send(make(nowhere)).await?), ["time_zone"]);
    let mut unknown = draft("PV-3");
    unknown["colour"] = json!("red");
    assert_eq!(house.send(make(unknown)).await?.verdict(), (400, "invalid_request"));
    Ok(())
}

#[actix_web::test]
async fn a_change_of_something_else_than_was_seen_is_refused() -> Tested {
    let house = a_school().await?;
    let seen = house.send(of(TEACHER, get(&course("")))).await?;
    let etag = seen.header("etag").to_owned();
    let fresh = of(TEACHER, get(&course(""))).insert_header(("if-none-match", etag.clone()));
    assert_eq!(house.send(fresh).await?.status, 304);
    let change = |etag: &str| {
        let request = send("PATCH", &course(""), &json!({ "name": "Changed" }));
        of(TEACHER, request).insert_header(("if-match", etag.to_owned()))
    };
    let changed = house.send(change(&etag)).await?;
    assert_eq!((changed.status, changed.header("etag")), (200, "\"r2\""), "{}", changed.text);
    assert_eq!(house.send(change(&etag)).await?.verdict(), (412, "precondition_failed"));
    assert_eq!(house.send(change("\"other\", \"r2\"")).await?.status, 200);
    assert_eq!(house.send(change("*")).await?.status, 200);
    let put = send("PUT", &course("/settings"), &json!({ "thresholds": { "green": 90 } }));
    let put = of(TEACHER, put).insert_header(("if-match", etag));
    assert_eq!(house.send(put).await?.verdict(), (412, "precondition_failed"));
    Ok(())
}

#[actix_web::test]
async fn a_role_that_changes_is_seen_and_is_no_change_of_the_course() -> Tested {
    let house = a_school().await?;
    let seen = house.send(of(ASSISTANT, get(&course("")))).await?;
    let etag = seen.header("etag").to_owned();
    let body = json!({ "user_id": user_id(ASSISTANT).to_string(), "role": "teacher" });
    let raised = house.send(of(TEACHER, send("POST", &course("/staff"), &body))).await?;
    assert_eq!(raised.status, 200, "{}", raised.text);
    let known = of(ASSISTANT, get(&course(""))).insert_header(("if-none-match", etag.clone()));
    let again = house.send(known).await?;
    assert_eq!((again.status, &again.json["data"]["role"]), (200, &json!("teacher")));
    let change = of(ASSISTANT, send("PATCH", &course(""), &json!({ "name": "Changed" })));
    let changed = house.send(change.insert_header(("if-match", etag))).await?;
    assert_eq!(changed.status, 200, "{}", changed.text);
    Ok(())
}

#[actix_web::test]
async fn an_archived_course_is_read_and_not_changed() -> Tested {
    let house = a_school().await?;
    let archive = |verb: &str| of(TEACHER, TestRequest::post().uri(&course(verb)));
    let put_away = house.send(archive("/archive")).await?;
    assert_eq!(put_away.json["data"]["state"], "archived", "{}", put_away.text);
    assert_eq!(house.send(of(TEACHER, get(&course("/teams")))).await?.status, 200);
    for request in [
        send("PATCH", &course(""), &json!({ "name": "x" })),
        send("PUT", &course("/settings"), &json!({ "privacy": { "keep_days": 1 } })),
        send("POST", &course("/teams"), &json!({ "name": "x" })),
        csv(&course("/roster"), "name,email\nAda,ada@example.org\n"),
    ] {
        let answer = house.send(of(TEACHER, request)).await?;
        assert_eq!(answer.verdict(), (409, "conflict"), "{}", answer.text);
    }
    assert_eq!(house.send(archive("/unarchive")).await?.json["data"]["state"], "active");
    Ok(())
}

#[actix_web::test]
async fn an_archived_course_says_when_its_students_are_forgotten() -> Tested {
    let house = a_school().await?;
    let due = |answer: &Answer| answer.json["data"].get("personal_data_due_at").cloned();
    let turn = |verb: &str| of(TEACHER, TestRequest::post().uri(&course(verb)));
    // It says never unless a teacher says otherwise.
    assert_eq!(due(&house.send(turn("/archive")).await?), None);
    assert_eq!(due(&house.send(turn("/unarchive")).await?), None);
    let settings = json!({ "privacy": { "keep_days": 30 } });
    let put = of(TEACHER, send("PUT", &course("/settings"), &settings));
    assert_eq!(house.send(put).await?.status, 200);
    assert_eq!(due(&house.send(of(TEACHER, get(&course("")))).await?), None);
    let in_30_days = NOW.plus(Duration::from_hours(24 * 30)).to_string();
    assert_eq!(due(&house.send(turn("/archive")).await?), Some(json!(in_30_days)));
    // Students see it, too.
    assert_eq!(due(&house.send(of(STUDENT, get(&course("")))).await?), Some(json!(in_30_days)));
    assert_eq!(due(&house.send(turn("/unarchive")).await?), None);
    Ok(())
}

#[actix_web::test]
async fn a_course_is_exported_imported_and_exported_the_same() -> Tested {
    let house = a_school().await?;
    let chosen = json!({
        "thresholds": { "green": 90, "red": 40 },
        "checks": [{ "code": "R02", "weight": 9, "params": { "pattern": "^feature/" } }],
        "deadlines": [{ "name": "First", "at": "2026-12-20T23:00:00Z" }],
    });
    let put = of(TEACHER, send("PUT", &course("/settings"), &chosen));
    assert_eq!(house.send(put).await?.status, 200);
    let file = house.send(of(TEACHER, get(&course("/export")))).await?.json;
    let mut copy = file.clone();
    copy["course"]["code"] = json!("PV-COPY");
    let import = |body: &Value| of(TEACHER, send("POST", "/api/v1/courses/import/json", body));
    let made = house.send(import(&copy)).await?;
    assert_eq!(made.status, 201, "{}", made.text);
    let place = format!("{}/export", made.header("location"));
    assert_eq!(house.send(of(TEACHER, get(&place))).await?.json, copy);
    assert_eq!(house.send(import(&file)).await?.verdict(), (409, "conflict"));
    copy["settings"]["checks"][3]["weight"] = json!(-1);
    let wrong = house.send(import(&copy)).await?;
    assert_eq!((wrong.status, fields(&wrong)), (422, vec!["settings.checks[3].weight"]));
    Ok(())
}

#[actix_web::test]
async fn a_course_is_deleted_by_its_code_only_and_says_what_goes() -> Tested {
    let house = a_school().await?;
    let delete = |query: &str| of(TEACHER, send("DELETE", &course(query), &json!({})));
    let asked = house.send(delete("")).await?;
    assert_eq!((asked.status, fields(&asked)), (422, vec!["confirm"]));
    assert!(asked.text.contains("2 teams, 2 students, 1 projects"), "{}", asked.text);
    assert_eq!(house.send(delete("?confirm=PV-2")).await?.status, 422);
    let gone = house.send(delete("?confirm=PV-1")).await?;
    assert_eq!((gone.status, &gone.json["data"]["students"]), (200, &json!(2)));
    assert_eq!(house.send(of(TEACHER, get(&course("")))).await?.status, 404);
    Ok(())
}

#[actix_web::test]
async fn a_copy_has_the_settings_and_nobody_but_the_staff_that_was_asked_for() -> Tested {
    let house = a_school().await?;
    let mut body = json!({
        "code": "PV-NEW", "name": "Next year", "academic_year": "2027/2028", "semester": "summer",
        "with_staff": true,
    });
    let clone = |body: &Value| of(TEACHER, send("POST", &course("/clone"), body));
    let made = house.send(clone(&body)).await?;
    assert_eq!(made.status, 201, "{}", made.text);
    let place = made.header("location").to_owned();
    let count = async |rest: &str| -> Tested<usize> {
        let answer = house.send(of(TEACHER, get(&format!("{place}{rest}")))).await?;
        Ok(answer.json["data"].as_array().map_or(0, Vec::len))
    };
    assert_eq!(
        (count("/staff").await?, count("/students").await?, count("/teams").await?),
        (2, 0, 0)
    );
    assert_eq!(house.send(clone(&body)).await?.verdict(), (409, "conflict"));
    body["code"] = json!("PV-NEW-2");
    body["with_staff"] = json!(false);
    let alone = house.send(clone(&body)).await?.header("location").to_owned();
    let staff = house.send(of(TEACHER, get(&format!("{alone}/staff")))).await?;
    assert_eq!(staff.json["data"].as_array().map(Vec::len), Some(1));
    Ok(())
}
