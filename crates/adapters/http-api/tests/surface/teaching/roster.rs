//! The roster: read, and written.

use actix_web::test::TestRequest;
use lodge_testkit::builders::{student_id, team_id};
use serde_json::json;

use super::{STUDENT, TEACHER, a_school, course, csv, fields, get, of, send};
use crate::support::Tested;

#[actix_web::test]
async fn a_roster_with_a_broken_line_changes_nothing_and_names_the_line() -> Tested {
    let house = a_school().await?;
    let good = |n: u32| format!("{n},Person {n},p{n}@college.example,Blue,user{n}\n");
    let lines: Vec<_> = (2..=30).map(good).collect();
    let head = "student_number,name,email,team,usernames\n";
    let mut broken = lines.clone();
    broken[15] = "17,Person 17,not an address,Blue,\n".to_owned();
    let file = |lines: &[String]| head.to_owned() + &lines.concat();
    let import =
        |query: &str, text: &str| of(TEACHER, csv(&course(&format!("/roster{query}")), text));
    let before = house.storage.contents();
    let refused = house.send(import("", &file(&broken))).await?;
    assert_eq!((refused.status, fields(&refused)), (422, vec!["line 17, column 3 (email)"]));
    let tried = house.send(import("?dry_run=true", &file(&lines))).await?;
    assert_eq!((tried.status, &tried.json["data"]["created"]), (200, &json!(29)));
    assert_eq!(house.storage.contents(), before);

    let done = house.send(import("", &file(&lines))).await?;
    assert_eq!((done.status, &done.json["data"]["teams_created"]), (200, &json!(1)));
    let again = house.send(import("", &file(&lines))).await?.json["data"].clone();
    assert_eq!((&again["unchanged"], &again["updated"]), (&json!(29), &json!(0)));
    let exported = house.send(of(TEACHER, get(&course("/roster")))).await?;
    let back = house.send(import("", &exported.text)).await?.json["data"].clone();
    assert_eq!(
        (&back["unchanged"], &back["updated"], &back["created"]),
        (&json!(31), &json!(0), &json!(0))
    );
    let dropped = house.send(import("?drop_missing=true", &file(&lines))).await?;
    assert_eq!(dropped.json["data"]["dropped"], 2, "{}", dropped.text);
    let left = of(TEACHER, get(&course("/students?state=dropped")));
    assert_eq!(house.send(left).await?.json["data"].as_array().map(Vec::len), Some(2));

    let large = house.send(import("", &"x".repeat((5 << 20) + 1))).await?;
    assert_eq!(large.verdict(), (413, "payload_too_large"));
    let untyped = of(TEACHER, TestRequest::post().uri(&course("/roster")).set_payload(head));
    assert_eq!(house.send(untyped).await?.verdict(), (415, "unsupported_media_type"));
    Ok(())
}

#[actix_web::test]
async fn a_student_in_several_teams_is_in_them_still_when_an_export_comes_back() -> Tested {
    let house = a_school().await?;
    let member = json!({ "student_id": student_id(1).to_string() });
    let join = send("POST", &format!("/api/v1/teams/{}/members", team_id(2)), &member);
    assert_eq!(house.send(of(TEACHER, join)).await?.status, 204);
    let exported = house.send(of(TEACHER, get(&course("/roster")))).await?;
    assert!(exported.text.contains("student1@college.example,,"), "{}", exported.text);
    let back = house.send(of(TEACHER, csv(&course("/roster"), &exported.text))).await?;
    assert_eq!(back.json["data"]["unchanged"], 2, "{}", back.text);
    let own = house.send(of(STUDENT, get(&course("/teams")))).await?;
    assert_eq!(own.json["data"].as_array().map(Vec::len), Some(2), "{}", own.text);
    Ok(())
}

#[actix_web::test]
async fn names_that_a_roster_adds_are_a_change_of_the_student() -> Tested {
    let house = a_school().await?;
    let text = "student_number,name,usernames\n101,Student 1,ada bob ADA\n";
    let done = house.send(of(TEACHER, csv(&course("/roster"), text))).await?;
    assert_eq!(done.json["data"]["updated"], 1, "{}", done.text);
    let student = format!("/api/v1/students/{}", student_id(1));
    let seen = house.send(of(TEACHER, get(&student))).await?;
    // So that an erasure at the same time is not undone by them.
    assert_eq!(seen.header("etag"), "\"r2\"");
    assert_eq!(seen.json["data"]["identities"].as_array().map(Vec::len), Some(2));
    Ok(())
}
