//! Jobs: who sees and stops which, and what is answered.

use std::collections::BTreeMap;

use lodge_jobs::{End, INSTALLATION, Job, JobState, JsonText, Lease, Progress, Queue, Standing};
use lodge_storage::{Change, Claim, Storage as _};
use lodge_testkit::builders::{NOW, a_job, course_id, job_id, tenant_id};
use serde_json::{Value, json};

use crate::{
    support::{House, Tested},
    teaching::{
        ASSISTANT, COLLEAGUE, OWNER, STRANGER, STUDENT, TEACHER, a_school, bootstrap, get, of, send,
    },
};

/// A school with a job of course 1, one of the organisation, one of the
/// installation, and one of another organisation.
async fn a_busy_school() -> Tested<House> {
    let house = a_school().await?;
    let mut work = house.storage.begin().await?;
    for it in [
        Job { course: Some(course_id(1)), ..a_job(1) },
        a_job(2),
        Job { tenant: INSTALLATION, ..a_job(3) },
        Job { tenant: tenant_id(2), ..a_job(4) },
    ] {
        work.jobs().enqueue(&it).await?;
    }
    work.commit().await?;
    Ok(house)
}

fn job(n: u32, rest: &str) -> String {
    format!("/api/v1/jobs/{}{rest}", job_id(n))
}

/// Does what waits, and ends it well.
async fn do_jobs(house: &House) -> Tested {
    let lease = Lease { owner: "worker".to_owned(), until: NOW };
    let claim = Claim { now: NOW, lease, queues: &Queue::ALL, limit: 9, after: BTreeMap::new() };
    let mut work = house.storage.begin().await?;
    let mut changes = Vec::new();
    for mut it in work.jobs().claim(&claim).await? {
        let mut events: Vec<_> =
            it.progressed(Progress::new(1, Some(2), "team 1"), NOW).into_iter().collect();
        let result = JsonText::new("{\"created\":\n2}")?;
        let Some((job, more)) = it.ended(End::Done(Some(result)), NOW, 0) else { continue };
        events.extend(more);
        changes.push(Change { from: Standing::Running, job, events });
    }
    work.jobs().write(&changes).await?;
    work.commit().await?;
    Ok(())
}

#[actix_web::test]
async fn a_job_is_seen_by_whoever_sees_what_it_is_about() -> Tested {
    let house = a_busy_school().await?;
    // The job of the course, of the organisation, of the installation, of another.
    let seen = [
        (OWNER, [200, 200, 404, 404]),
        (TEACHER, [200, 404, 404, 404]),
        (ASSISTANT, [200, 404, 404, 404]),
        (STUDENT, [404, 404, 404, 404]),
        (COLLEAGUE, [404, 404, 404, 404]),
        (STRANGER, [404, 404, 404, 200]),
    ];
    for (who, expected) in seen {
        for (n, status) in (1..).zip(expected) {
            let answer = house.send(of(who, get(&job(n, "")))).await?;
            assert_eq!(answer.status, status, "person {who}, job {n}");
        }
    }
    for (n, status) in (1..).zip([200, 200, 200, 404]) {
        assert_eq!(house.send(bootstrap(get(&job(n, "")))).await?.status, status, "job {n}");
    }
    Ok(())
}

#[actix_web::test]
async fn a_list_has_what_its_reader_may_see() -> Tested {
    let house = a_busy_school().await?;
    let ids = |json: &Value| -> Vec<String> {
        let data = json["data"].as_array().cloned().unwrap_or_default();
        data.iter().filter_map(|it| it["id"].as_str().map(ToOwned::to_owned)).collect()
    };
    let expected = |numbers: &[u32]| -> Vec<String> {
        numbers.iter().map(|n| job_id(*n).to_string()).collect()
    };
    let all = "/api/v1/jobs/";
    assert_eq!(ids(&house.send(of(OWNER, get(all))).await?.json), expected(&[2, 1]));
    assert_eq!(ids(&house.send(of(STRANGER, get(all))).await?.json), expected(&[4]));
    assert_eq!(ids(&house.send(bootstrap(get(all))).await?.json), expected(&[3, 2, 1]));
    let answer = house.send(of(TEACHER, get(all))).await?;
    assert_eq!(answer.verdict(), (422, "unprocessable"));
    assert_eq!(answer.json["error"]["details"][0]["field"], "course_id");
    let course = format!("/api/v1/jobs/?course_id={}", course_id(1));
    assert_eq!(ids(&house.send(of(TEACHER, get(&course))).await?.json), expected(&[1]));
    assert_eq!(house.send(of(STUDENT, get(&course))).await?.status, 403);
    assert_eq!(house.send(of(STRANGER, get(&course))).await?.status, 404);

    let first = house.send(bootstrap(get("/api/v1/jobs/?limit=2"))).await?;
    assert_eq!(ids(&first.json), expected(&[3, 2]));
    let next = format!("/api/v1/jobs/?limit=2&cursor={}", first.next_cursor());
    // It is good for the same list of the same caller.
    for other in [
        of(OWNER, get(&next)),
        bootstrap(get(&format!("{next}&state=queued"))),
        bootstrap(get(&format!("/api/v1/jobs/?cursor={}", job_id(2)))),
    ] {
        let refused = house.send(other).await?;
        let named = &refused.json["error"]["details"][0]["field"];
        assert_eq!((refused.verdict(), named), ((400, "invalid_request"), &json!("cursor")));
    }
    let rest = house.send(bootstrap(get(&next))).await?;
    assert_eq!(ids(&rest.json), expected(&[1]));
    assert_eq!(rest.json["page_info"]["has_next_page"], false);
    Ok(())
}

#[actix_web::test]
async fn a_job_is_stopped_by_who_runs_the_course_and_once() -> Tested {
    let house = a_busy_school().await?;
    let before = house.storage.contents();
    for (who, status) in [(ASSISTANT, 403), (STUDENT, 404), (STRANGER, 404)] {
        let answer = house.send(of(who, send("POST", &job(1, "/cancel"), &json!({})))).await?;
        assert_eq!(answer.status, status, "person {who}");
    }
    assert_eq!(house.storage.contents(), before);
    let cancel = || send("POST", &job(1, "/cancel"), &json!({}));
    let answer = house.send(of(TEACHER, cancel())).await?;
    assert_eq!((answer.status, &answer.json["data"]["state"]), (202, &json!("cancelled")));
    assert_eq!(house.send(of(TEACHER, cancel())).await?.verdict(), (409, "conflict"));
    Ok(())
}

#[actix_web::test]
async fn a_stream_tells_everything_after_the_last_event_and_ends() -> Tested {
    let house = a_busy_school().await?;
    do_jobs(&house).await?;
    let stream = || get(&job(1, "/stream"));
    let answer = house.send(of(TEACHER, stream())).await?;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), "text/event-stream");
    assert_eq!(answer.header("cache-control"), "no-store");
    let (retry, told) = answer.text.split_once("\n\n").unwrap_or_default();
    assert!(retry.starts_with("retry: "), "{retry}");
    let at = "2026-11-22T09:30:00.000Z";
    let done =
        format!("id: 2\nevent: done\ndata: {{\"at\":\"{at}\",\"result\":{{\"created\":2}}}}\n\n");
    let progress = format!(
        "id: 1\nevent: progress\ndata: {{\"at\":\"{at}\",\"done\":1,\"item\":\"team 1\",\"total\":2}}\n\n"
    );
    assert_eq!(told, format!("{progress}{done}"));
    let after = house.send(of(TEACHER, stream().insert_header(("Last-Event-ID", "1")))).await?;
    assert!(after.text.ends_with(&format!("\n\n{done}")) && !after.text.contains("progress"));
    let query = house.send(of(TEACHER, get(&job(1, "/stream?last_event_id=1")))).await?;
    assert!(query.text.ends_with(&format!("\n\n{done}")) && !query.text.contains("progress"));
    let nothing = house.send(of(TEACHER, stream().insert_header(("Last-Event-ID", "2")))).await?;
    assert_eq!(nothing.status, 204);
    // A place that the job has not reached is of another job: everything is told.
    let beyond = house.send(of(TEACHER, stream().insert_header(("Last-Event-ID", "9")))).await?;
    assert!(beyond.text.contains("id: 1\n"));
    let wrong = house.send(of(TEACHER, stream().insert_header(("Last-Event-ID", "x")))).await?;
    assert_eq!(wrong.verdict(), (400, "invalid_request"));
    assert_eq!(house.send(of(STUDENT, stream())).await?.status, 404);
    Ok(())
}

#[actix_web::test]
async fn a_rehearsal_is_begun_by_who_runs_what_it_is_for() -> Tested {
    let house = a_school().await?;
    let path = "/api/v1/jobs/rehearsal";
    let course = json!({"steps": 2, "step_ms": 0, "course_id": course_id(1).to_string()});
    for (who, body, status) in [
        (OWNER, json!({}), 202),
        (TEACHER, json!({}), 403),
        (TEACHER, course.clone(), 202),
        (ASSISTANT, course.clone(), 403),
        (STRANGER, course, 404),
    ] {
        let answer = house.send(of(who, send("POST", path, &body))).await?;
        assert_eq!(answer.status, status, "person {who}: {}", answer.text);
    }
    let answer = house.send(bootstrap(send("POST", path, &json!({"steps": 1})))).await?;
    let id: lodge_kernel::JobId = answer.json["data"]["id"].as_str().unwrap_or_default().parse()?;
    assert_eq!(answer.header("location"), format!("/api/v1/jobs/{id}"));
    let found = house.storage.read().await?.jobs().find(id).await?;
    assert!(found.is_some_and(|it| matches!(it.state, JobState::Queued { .. })));
    Ok(())
}
