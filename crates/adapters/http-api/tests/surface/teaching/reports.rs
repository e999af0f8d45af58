//! Reports of teams, and gradebooks and results as files.

use lodge_courses::{Course, Settings, settings::StudentExport};
use lodge_storage::{Storage as _, StoredReport};
use lodge_testkit::builders::{
    a_course, a_report, course_id, report_id, student_id, team_id, tenant_id,
};
use serde_json::{Value, json};

use super::{
    ASSISTANT, COLLEAGUE, OWNER, STRANGER, STUDENT, TEACHER, bootstrap, course, fields, get, of,
    results::{a_term, team},
    send,
};
use crate::support::{Answer, House, Tested};

/// A report of team 1 that is there.
fn a_team_report(n: u32) -> StoredReport {
    let made_at = a_report(n).made_at.plus(std::time::Duration::from_secs(n.into()));
    StoredReport {
        id: report_id(n),
        team: Some(team_id(1)),
        file_name: format!("pv-team-1-{n}.html"),
        format: "html".to_owned(),
        made_at,
        ..a_report(n)
    }
}

async fn with_reports(count: u32) -> Tested<House> {
    let house = a_term().await?;
    let mut work = house.storage.begin().await?;
    for n in 1..=count {
        work.reports().add(&a_team_report(n), b"<p>").await?;
    }
    work.commit().await?;
    Ok(house)
}

fn names(answer: &Answer) -> Vec<String> {
    let all = answer.json["data"].as_array().cloned().unwrap_or_default();
    all.iter().filter_map(|it| it["file_name"].as_str().map(str::to_owned)).collect()
}

fn report(body: &Value) -> actix_web::test::TestRequest {
    send("POST", &format!("/api/v1/teams/{}/report", team_id(1)), body)
}

#[actix_web::test]
async fn a_report_is_asked_for_as_a_job() -> Tested {
    let house = a_term().await?;
    let asked = house.send(of(ASSISTANT, report(&json!({ "format": "xlsx" })))).await?;
    assert_eq!(asked.status, 202, "{}", asked.text);
    assert_eq!(asked.json["data"]["kind"], "teams.report");
    let id = asked.json["data"]["id"].as_str().unwrap_or_default().to_owned();
    // The same, as long as nobody has begun it; another format is another one.
    let twice = house.send(of(TEACHER, report(&json!({ "format": "xlsx" })))).await?;
    assert_eq!(twice.json["data"]["id"], id);
    let other = house.send(bootstrap(report(&json!({})))).await?;
    assert_eq!(other.status, 202, "{}", other.text);
    assert_ne!(other.json["data"]["id"], id);

    for wrong in [json!({ "format": "exe" }), json!({ "format": "" })] {
        let refused = house.send(of(TEACHER, report(&wrong))).await?;
        assert_eq!(refused.verdict(), (422, "unprocessable"));
        assert_eq!(fields(&refused), ["format"], "{}", refused.text);
    }
    let unknown = house.send(of(TEACHER, report(&json!({ "name": "x" })))).await?;
    assert_eq!(unknown.verdict(), (400, "invalid_request"));
    let archive = send("POST", &course("/archive"), &json!({}));
    assert_eq!(house.send(of(TEACHER, archive)).await?.status, 200);
    let late = house.send(of(TEACHER, report(&json!({ "format": "md" })))).await?;
    assert_eq!(late.status, 202, "{}", late.text);
    Ok(())
}

#[actix_web::test]
async fn reports_come_newest_first_page_by_page() -> Tested {
    let house = with_reports(5).await?;
    for path in [
        format!("/api/v1/teams/{}/report?limit=2", team_id(1)),
        format!("/api/v1/reports/?limit=2&course_id={}", course_id(1)),
        "/api/v1/reports/?limit=2".to_owned(),
    ] {
        let (mut found, mut next) = (Vec::new(), path.clone());
        for _ in 0..3 {
            let page = house.send(of(OWNER, get(&next))).await?;
            assert_eq!(page.status, 200, "{next}: {}", page.text);
            found.extend(names(&page));
            let Some(cursor) = page.json["page_info"]["next_cursor"].as_str() else { break };
            next = format!("{path}&cursor={cursor}");
        }
        let expected: Vec<_> = (1..=5).rev().map(|n| format!("pv-team-1-{n}.html")).collect();
        assert_eq!(found, expected, "{path}");
    }
    let nowhere = house.send(of(TEACHER, get("/api/v1/reports/"))).await?;
    assert_eq!(nowhere.verdict(), (422, "unprocessable"));
    assert_eq!(fields(&nowhere), ["course_id"], "{}", nowhere.text);
    let broken = house
        .send(of(TEACHER, get(&format!("/api/v1/reports/?course_id={}&cursor=x", course_id(1)))))
        .await?;
    assert_eq!(broken.status, 400, "{}", broken.text);
    Ok(())
}

#[actix_web::test]
async fn a_file_is_kept_and_never_run() -> Tested {
    let house = with_reports(1).await?;
    let path = "/api/v1/reports/pv-team-1-1.html";
    let answer = house.send(of(ASSISTANT, get(path))).await?;
    assert_eq!((answer.status, answer.text.as_str()), (200, "<p>"));
    assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
    assert_eq!(answer.header("content-disposition"), "attachment; filename=\"pv-team-1-1.html\"");
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    let policy = answer.header("content-security-policy");
    assert!(policy.starts_with("sandbox; default-src 'none'"), "{policy}");
    assert!(answer.header("cache-control").contains("private"));

    for wrong in
        ["..%2f..%2fetc%2fpasswd", "pv-team-1-1.exe", "pv-team-1-1", "%00.pdf", "PV-TEAM-1-1.html"]
    {
        for request in [
            get(&format!("/api/v1/reports/{wrong}")),
            send("DELETE", &format!("/api/v1/reports/{wrong}"), &json!({})),
        ] {
            let answer = house.send(of(TEACHER, request)).await?;
            assert_eq!(answer.verdict(), (404, "not_found"), "{wrong}");
        }
    }
    let gone = house.send(of(TEACHER, send("DELETE", path, &json!({})))).await?;
    assert_eq!(gone.status, 204, "{}", gone.text);
    assert_eq!(house.send(of(TEACHER, get(path))).await?.verdict(), (404, "not_found"));
    Ok(())
}

#[actix_web::test]
async fn reports_are_for_the_staff_of_the_course() -> Tested {
    let house = with_reports(1).await?;
    let path = "/api/v1/reports/pv-team-1-1.html";
    let of_course = format!("/api/v1/reports/?course_id={}", course_id(1));
    for request in [
        team("report"),
        get(&of_course),
        get(path),
        report(&json!({})),
        send("DELETE", path, &json!({})),
    ] {
        assert_eq!(house.send(of(STUDENT, request)).await?.verdict(), (403, "forbidden"));
    }
    for who in [COLLEAGUE, STRANGER] {
        for request in [
            team("report"),
            get(&of_course),
            get(path),
            report(&json!({})),
            send("DELETE", path, &json!({})),
        ] {
            assert_eq!(house.send(of(who, request)).await?.verdict(), (404, "not_found"), "{who}");
        }
    }
    // An assistant makes reports and does not remove them.
    let denied = house.send(of(ASSISTANT, send("DELETE", path, &json!({})))).await?;
    assert_eq!(denied.verdict(), (403, "forbidden"));
    let mut work = house.storage.read().await?;
    assert!(work.reports().find(tenant_id(1), "pv-team-1-1.html").await?.is_some());
    Ok(())
}

#[actix_web::test]
async fn a_gradebook_is_a_file_too() -> Tested {
    let house = a_term().await?;
    for (format, media) in [
        ("csv", "text/csv; charset=utf-8; header=present"),
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ] {
        let path = course(&format!("/gradebook?format={format}"));
        let answer = house.send(of(TEACHER, get(&path))).await?;
        assert_eq!(answer.status, 200, "{}", answer.text);
        assert_eq!(answer.header("content-type"), media);
        let name = answer.header("content-disposition");
        assert!(name.contains("-gradebook-2") && name.ends_with(&format!(".{format}\"")), "{name}");
        assert!(answer.text.contains("R13 Balanced contribution"), "{}", answer.text);
        assert!(answer.text.contains("student1@college.example"), "{}", answer.text);
        assert_eq!(house.send(of(STUDENT, get(&path))).await?.verdict(), (403, "forbidden"));
    }
    let json = house.send(of(TEACHER, get(&course("/gradebook?format=json")))).await?;
    assert!(json.json["data"]["columns"].is_array(), "{}", json.text);
    for wrong in ["pdf", "exe", ""] {
        let path = course(&format!("/gradebook?format={wrong}"));
        let answer = house.send(of(TEACHER, get(&path))).await?;
        assert_eq!(answer.verdict(), (400, "invalid_request"), "{wrong}");
        assert!(answer.text.contains("json, csv, xlsx"), "{}", answer.text);
    }
    Ok(())
}

#[actix_web::test]
async fn students_take_their_results_along_where_the_course_lets_them() -> Tested {
    let house = a_term().await?;
    let path = |n| format!("/api/v1/students/{}/compliance?format=md", student_id(n));
    let closed = house.send(of(STUDENT, get(&path(1)))).await?;
    assert_eq!(closed.verdict(), (403, "forbidden"));
    assert!(closed.text.contains("student_export"), "{}", closed.text);
    let staff = house.send(of(TEACHER, get(&path(1)))).await?;
    assert_eq!(staff.status, 200, "{}", staff.text);
    assert!(staff.text.contains("evidence") && staff.text.contains("Student 1"), "{}", staff.text);

    for (evidence, revision) in [(false, 2), (true, 3)] {
        let student_export = StudentExport { enabled: true, evidence };
        let settings = Settings { student_export, ..Settings::default() };
        let mut work = house.storage.begin().await?;
        work.courses().update(&Course { settings, revision, ..a_course(1) }).await?;
        work.commit().await?;
        let own = house.send(of(STUDENT, get(&path(1)))).await?;
        assert_eq!(own.status, 200, "{}", own.text);
        assert_eq!(own.text.contains("evidence"), evidence, "{}", own.text);
        assert!(own.text.contains("R01 Issue assigned"), "{}", own.text);
        assert!(!own.text.contains("Student 3"), "{}", own.text);
        assert_eq!(house.send(of(STUDENT, get(&path(3)))).await?.verdict(), (404, "not_found"));
    }
    let json = house
        .send(of(STUDENT, get(&format!("/api/v1/students/{}/compliance", student_id(1)))))
        .await?;
    assert_eq!(json.status, 200, "{}", json.text);
    Ok(())
}
