//! Students: changed, and forgotten.

use lodge_testkit::builders::{student_id, team_id};
use serde_json::json;

use super::{ASSISTANT, TEACHER, a_school, fields, get, of, send};
use crate::support::Tested;

#[actix_web::test]
async fn an_erased_student_is_nowhere_and_the_trail_says_who_did_it() -> Tested {
    let house = a_school().await?;
    let student = format!("/api/v1/students/{}", student_id(1));
    let identity = json!({ "kind": "username", "value": "ada-lovelace" });
    let identities = format!("{student}/identities");
    let added = house.send(of(TEACHER, send("POST", &identities, &identity))).await?;
    assert_eq!((added.status, &*added.text), (204, ""));
    // A change of the student: an erasure at the same time and this exclude each other.
    assert_eq!(house.send(of(TEACHER, get(&student))).await?.header("etag"), "\"r2\"");
    let same = house.send(of(TEACHER, send("POST", &identities, &identity))).await?;
    assert_eq!(same.verdict(), (409, "conflict"));
    let erase = |who| of(who, send("DELETE", &format!("{student}/personal-data"), &json!({})));
    assert_eq!(house.send(erase(ASSISTANT)).await?.status, 403);
    let done = house.send(erase(TEACHER)).await?;
    assert_eq!((done.status, &done.json["data"]["identities"]), (200, &json!(1)), "{}", done.text);
    let kept = house.storage.contents();
    for gone in ["ada-lovelace", "student1@college.example", "Student 1\""] {
        assert!(!kept.contains(gone), "{gone} is still there");
    }
    assert!(kept.contains("StudentErased"), "the trail says nothing of it");
    // The team has the row, and nobody can make it somebody again.
    let team = house.send(of(TEACHER, get(&format!("/api/v1/teams/{}", team_id(1))))).await?;
    assert_eq!(team.json["data"]["members"][0]["state"], "erased");
    let again = house.send(of(TEACHER, send("PATCH", &student, &json!({ "name": "Ada" })))).await?;
    assert_eq!(again.verdict(), (409, "conflict"));
    let member = json!({ "student_id": student_id(1).to_string() });
    let join = send("POST", &format!("/api/v1/teams/{}/members", team_id(2)), &member);
    assert_eq!(house.send(of(TEACHER, join)).await?.verdict(), (422, "unprocessable"));
    Ok(())
}

#[actix_web::test]
async fn a_field_of_a_student_that_cannot_be_used_is_named_as_it_was_sent() -> Tested {
    let house = a_school().await?;
    let student = format!("/api/v1/students/{}", student_id(1));
    for (body, field) in [
        (json!({ "student_number": "a b" }), "student_number"),
        (json!({ "student_number": null, "email": null }), "student_number"),
        (json!({ "email": "nobody" }), "email"),
        (json!({ "state": "lost" }), "state"),
    ] {
        let refused = house.send(of(TEACHER, send("PATCH", &student, &body))).await?;
        assert_eq!((refused.status, fields(&refused)), (422, vec![field]), "{}", refused.text);
    }
    Ok(())
}
