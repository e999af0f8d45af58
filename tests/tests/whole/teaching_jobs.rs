//! Jobs: watched across restarts, done once however workers die, and stopped.

use std::{
    path::Path,
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context as _, ensure};
use end_to_end::{
    Server, Setup,
    listener::{Heard, Listener},
};
use serde_json::{Value, json};

use crate::postgres::Schema;

const TOKEN: &str = "course-token-of-the-tests-4f1d09c7b2";
const LEASE: u64 = 2;
/// How long something that takes a moment may take on a busy machine.
const PATIENCE: Duration = Duration::from_mins(1);

/// A gateway whose jobs are given to others two seconds after its death.
fn start(data: &Path, schema: Option<&Schema>) -> anyhow::Result<Server> {
    let setup = Setup::new(data)?
        .variable("TEACHER_API_TOKEN", TOKEN)
        .variable("GITLODGE_JOB_LEASE", &LEASE.to_string());
    match schema {
        Some(schema) => setup.variable("GITLODGE_DATABASE_URL", &schema.url).start(),
        None => setup.start(),
    }
}

fn rehearse(server: &Server, script: &Value) -> anyhow::Result<String> {
    let answer = server.client().bearing(TOKEN).post("/api/v1/jobs/rehearsal", script)?;
    ensure!(answer.status == 202, "{} {}", answer.status, answer.body);
    let job: Value = serde_json::from_str(&answer.body)?;
    Ok(job["data"]["id"].as_str().context("a job without an id")?.to_owned())
}

fn job(server: &Server, id: &str) -> anyhow::Result<Value> {
    let answer = server.client().bearing(TOKEN).get(&format!("/api/v1/jobs/{id}"))?;
    ensure!(answer.status == 200, "{} {}", answer.status, answer.body);
    Ok(serde_json::from_str::<Value>(&answer.body)?["data"].take())
}

/// Waits until the job stands where it shall.
fn wait_for(server: &Server, id: &str, state: &str) -> anyhow::Result<Value> {
    let begun = Instant::now();
    loop {
        let job = job(server, id)?;
        if job["state"] == state {
            return Ok(job);
        }
        ensure!(begun.elapsed() < PATIENCE, "it is not {state}: {job}");
        thread::sleep(Duration::from_millis(20));
    }
}

fn listen(server: &Server, id: &str, last: Option<u32>) -> anyhow::Result<Listener> {
    Listener::open(server.address(), &format!("/api/v1/jobs/{id}/stream"), TOKEN, last)
}

/// Everything that a job told, from another look at it.
fn all_told(server: &Server, id: &str) -> anyhow::Result<Vec<Heard>> {
    let mut listener = listen(server, id, None)?;
    let mut told = Vec::new();
    while let Some(heard) = listener.hear_told()? {
        told.push(heard);
    }
    Ok(told)
}

fn places(told: &[Heard]) -> Vec<u32> {
    told.iter().filter_map(|it| it.id).collect()
}

fn named<'a>(told: &'a [Heard], name: &str) -> Vec<&'a Heard> {
    told.iter().filter(|it| it.name == name).collect()
}

fn without_a_gap(told: &[Heard]) -> bool {
    (1..).zip(places(told)).all(|(expected, place)| expected == place)
}

#[test]
fn a_job_is_watched_across_a_restart_without_a_gap() -> anyhow::Result<()> {
    let data = tempfile::tempdir()?;
    let server = start(data.path(), None)?;
    let id = rehearse(&server, &json!({"steps": 12, "step_ms": 300}))?;
    let mut listener = listen(&server, &id, None)?;
    assert_eq!(listener.status, 200);
    assert!(listener.head.contains("content-type: text/event-stream"), "{}", listener.head);
    assert!(listener.head.contains("x-accel-buffering: no"), "{}", listener.head);
    assert!(!listener.head.contains("content-encoding"), "{}", listener.head);
    let mut told = Vec::new();
    while told.len() < 4 {
        told.push(listener.hear_told()?.context("the stream ended early")?);
    }
    assert!(listener.retry.is_some_and(|it| (1_000..4_000).contains(&it)));
    // The stream ends with the server; what comes until then is heard.
    server.terminate()?;
    while let Some(heard) = listener.hear_told()? {
        told.push(heard);
    }
    let stopped = server.wait(Duration::from_secs(30))?;
    assert!(stopped.status.success(), "{}", stopped.log);
    assert!(stopped.took < Duration::from_secs(10), "{:?}", stopped.took);

    let server = start(data.path(), None)?;
    let last = places(&told).last().copied();
    let mut listener = listen(&server, &id, last)?;
    while let Some(heard) = listener.hear_told()? {
        told.push(heard);
    }
    assert!(without_a_gap(&told), "{:?}", places(&told));
    assert_eq!(named(&told, "done").len(), 1);
    assert_eq!(told.last().map(|it| &it.data["result"]), Some(&json!({"steps": 12})));
    assert_eq!(all_told(&server, &id)?, told);
    // It was put back, and that was no attempt.
    assert_eq!(job(&server, &id)?["attempts"], 1);
    // Whoever has heard everything is told not to come back.
    let end = listen(&server, &id, places(&told).last().copied())?;
    assert_eq!(end.status, 204);
    server.stop()?;
    Ok(())
}

/// Kills workers in the middle of a job, and looks at what others make of it.
fn a_killed_worker_is_replaced(schema: Option<&Schema>) -> anyhow::Result<()> {
    let data = tempfile::tempdir()?;
    let server = start(data.path(), schema)?;
    let id = rehearse(&server, &json!({"steps": 8, "step_ms": 300}))?;
    let mut listener = listen(&server, &id, None)?;
    while listener.hear_told()?.context("the stream ended early")?.name != "progress" {}
    // Dropped is killed.
    drop(server);

    let server = start(data.path(), schema)?;
    let done = wait_for(&server, &id, "done")?;
    assert_eq!(done["attempts"], 2);
    let told = all_told(&server, &id)?;
    assert!(without_a_gap(&told), "{:?}", places(&told));
    assert_eq!(named(&told, "done").len(), 1);
    let silent = |it: &&Heard| it.data["line"].to_string().contains("fell silent");
    assert_eq!(told.iter().filter(silent).count(), 1);
    server.stop()?;
    Ok(())
}

#[test]
fn a_job_of_a_killed_worker_is_done_by_another_and_ends_once() -> anyhow::Result<()> {
    a_killed_worker_is_replaced(None)
}

#[test]
fn a_job_of_a_killed_worker_is_done_by_another_over_postgresql() -> anyhow::Result<()> {
    a_killed_worker_is_replaced(Some(&Schema::new()?))
}

#[test]
fn two_processes_race_for_jobs_and_each_job_is_done_once() -> anyhow::Result<()> {
    let (data, schema) = (tempfile::tempdir()?, Schema::new()?);
    let (one, two) = (start(data.path(), Some(&schema))?, start(data.path(), Some(&schema))?);
    let script = json!({"steps": 2, "step_ms": 20});
    let asked: Vec<String> = (0..60)
        .map(|n| rehearse(if n % 2 == 0 { &one } else { &two }, &script))
        .collect::<Result<_, _>>()?;
    for id in &asked {
        let done = wait_for(&one, id, "done")?;
        assert_eq!(done["attempts"], 1, "{done}");
        // Asked of the one, heard from the other.
        let told = all_told(&two, id)?;
        assert!(without_a_gap(&told), "{:?}", places(&told));
        assert_eq!(named(&told, "log").len(), 1, "it was begun once");
        assert_eq!(named(&told, "done").len(), 1);
    }
    one.stop()?;
    two.stop()?;
    Ok(())
}

#[test]
fn a_job_that_panics_is_tried_again_and_holds_nobody_up() -> anyhow::Result<()> {
    let data = tempfile::tempdir()?;
    let server = start(data.path(), None)?;
    let poison = rehearse(&server, &json!({"steps": 1, "step_ms": 0, "ending": "panic"}))?;
    let begun = Instant::now();
    let job = loop {
        let job = job(&server, &poison)?;
        if job["state"] == "queued" && job["attempts"] == 1 {
            break job;
        }
        ensure!(begun.elapsed() < PATIENCE, "it is not tried again: {job}");
        thread::sleep(Duration::from_millis(20));
    };
    assert_eq!(job["problem"], "it panicked: it was to panic");
    let fine = rehearse(&server, &json!({"steps": 1, "step_ms": 0}))?;
    wait_for(&server, &fine, "done")?;
    let failing = rehearse(&server, &json!({"steps": 1, "step_ms": 0, "ending": "fail"}))?;
    assert_eq!(wait_for(&server, &failing, "failed")?["problem"], "it was to fail");
    server.stop()?;
    Ok(())
}

#[test]
fn a_job_is_cancelled_while_it_waits_and_while_it_runs() -> anyhow::Result<()> {
    let data = tempfile::tempdir()?;
    let server = start(data.path(), None)?;
    let cancel = |id: &str| {
        let path = format!("/api/v1/jobs/{id}/cancel");
        server.client().bearing(TOKEN).post(&path, &json!({}))
    };
    let running = rehearse(&server, &json!({"steps": 1_000, "step_ms": 100}))?;
    wait_for(&server, &running, "running")?;
    let mut listener = listen(&server, &running, None)?;
    assert_eq!(cancel(&running)?.status, 202);
    let asked = Instant::now();
    let mut told = Vec::new();
    while let Some(heard) = listener.hear_told()? {
        told.push(heard);
    }
    assert!(asked.elapsed() < Duration::from_secs(8), "{:?}", asked.elapsed());
    assert_eq!(told.last().map(|it| it.name.as_str()), Some("cancelled"));
    assert_eq!(cancel(&running)?.status, 409);

    // It broke, and waits for its next attempt.
    let waiting = rehearse(&server, &json!({"steps": 1, "step_ms": 0, "ending": "break"}))?;
    let begun = Instant::now();
    while job(&server, &waiting)?["problem"].is_null() {
        ensure!(begun.elapsed() < PATIENCE, "it does not break");
        thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(cancel(&waiting)?.status, 202);
    assert_eq!(job(&server, &waiting)?["state"], "cancelled");
    server.stop()?;
    Ok(())
}

#[test]
fn a_server_that_is_told_to_stop_puts_its_jobs_back_at_once() -> anyhow::Result<()> {
    let (data, schema) = (tempfile::tempdir()?, Schema::new()?);
    let (one, two) = (start(data.path(), Some(&schema))?, start(data.path(), Some(&schema))?);
    let script = json!({"steps": 30, "step_ms": 200});
    let ids: Vec<String> = (0..12).map(|_| rehearse(&one, &script)).collect::<Result<_, _>>()?;
    let mut listener = listen(&one, &ids[0], None)?;
    let mut told = vec![listener.hear_told()?.context("the stream ended early")?];
    let stopped = one.stop()?;
    assert!(stopped.took < Duration::from_secs(10), "{:?}", stopped.took);
    while let Some(heard) = listener.hear_told()? {
        told.push(heard);
    }
    // The client comes back to the other process, and misses nothing.
    let mut listener = listen(&two, &ids[0], places(&told).last().copied())?;
    while let Some(heard) = listener.hear_told()? {
        told.push(heard);
    }
    assert!(without_a_gap(&told), "{:?}", places(&told));
    for id in &ids {
        let done = wait_for(&two, id, "done")?;
        assert_eq!(done["attempts"], 1, "putting back is no attempt: {done}");
        assert_eq!(named(&all_told(&two, id)?, "done").len(), 1);
    }
    two.stop()?;
    Ok(())
}

#[test]
fn roles_divide_the_work_between_processes() -> anyhow::Result<()> {
    let (data, schema) = (tempfile::tempdir()?, Schema::new()?);
    let setup = |role: &str| {
        let setup = Setup::new(data.path())?.variable("TEACHER_API_TOKEN", TOKEN);
        let setup = setup.variable("GITLODGE_DATABASE_URL", &schema.url);
        anyhow::Ok(setup.variable("GITLODGE_ROLE", role))
    };
    let api = setup("api")?.start()?;
    let id = rehearse(&api, &json!({"steps": 1, "step_ms": 0}))?;
    thread::sleep(Duration::from_secs(2));
    assert_eq!(job(&api, &id)?["state"], "queued", "a process of this role does no jobs");
    let worker = setup("worker")?.start_worker()?;
    wait_for(&api, &id, "done")?;
    worker.stop()?;
    api.stop()?;
    Ok(())
}

#[test]
fn a_stream_says_every_fifteen_seconds_that_it_lives() -> anyhow::Result<()> {
    let data = tempfile::tempdir()?;
    let server = start(data.path(), None)?;
    let id = rehearse(&server, &json!({"steps": 1, "step_ms": 20_000}))?;
    let mut listener = listen(&server, &id, None)?;
    let mut names = Vec::new();
    while let Some(heard) = listener.hear()? {
        names.push(heard.name);
    }
    // One clock beats for all streams, so that a second beat may be just in time.
    let beats = names.iter().filter(|it| *it == "heartbeat").count();
    assert!((1..=2).contains(&beats), "{names:?}");
    assert_eq!(names.last().map(String::as_str), Some("done"), "{names:?}");
    server.stop().map(drop)
}

#[test]
fn what_cannot_be_used_is_refused_in_plain_words() -> anyhow::Result<()> {
    let data = tempfile::tempdir()?;
    let server = start(data.path(), None)?;
    let mut client = server.client().bearing(TOKEN);
    for (path, status, code) in [
        ("/api/v1/jobs/?state=asleep", 400, "invalid_request"),
        ("/api/v1/jobs/?cursor=page-2", 400, "invalid_request"),
        ("/api/v1/jobs/?limit=0", 400, "invalid_request"),
        ("/api/v1/jobs/?kind=%00", 400, "invalid_request"),
        ("/api/v1/jobs/job_1", 404, "not_found"),
        ("/api/v1/jobs/job_00000000000070008000000000000000/stream", 404, "not_found"),
    ] {
        let answer = client.get(path)?;
        let body: Value = serde_json::from_str(&answer.body)?;
        assert_eq!((answer.status, body["error"]["code"].as_str()), (status, Some(code)), "{path}");
    }
    for (script, status) in [
        (json!({"steps": 0}), 422),
        (json!({"steps": 1_001}), 422),
        (json!({"step_ms": 60_001}), 422),
        (json!({"ending": "well"}), 400),
        (json!({"stairs": 1}), 400),
    ] {
        assert_eq!(client.post("/api/v1/jobs/rehearsal", &script)?.status, status, "{script}");
    }
    let id = rehearse(&server, &json!({"steps": 1, "step_ms": 0}))?;
    let path = format!("/api/v1/jobs/{id}/stream?last_event_id=first");
    assert_eq!(client.get(&path)?.status, 400);
    assert_eq!(server.client().get(&path)?.status, 401);
    let listed: Value = serde_json::from_str(&client.get("/api/v1/jobs?limit=1")?.body)?;
    assert_eq!(listed["data"][0]["id"], Value::from(id));
    server.stop()?;
    Ok(())
}
