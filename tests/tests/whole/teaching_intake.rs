//! Hosts deliver to courses: nothing is lost, nothing counts twice.
//!
//! A [`Ledger`] outside the server says what was sent and what was answered.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context as _, ensure};
use end_to_end::{App, Client, Server, Setup, client::text};
use serde_json::{Value, json};

use crate::postgres::Schema;

pub(crate) const TEACHER: &str = "a-token-of-teachers-with-more-than-32-bytes";
pub(crate) const SECRET: &str = "the-secret-of-this-installation";
pub(crate) const WEBHOOK: &str = "/api/v1/webhooks/gitlab";
/// How long a server that was killed may take to be ready again, on a machine
/// that does other things, too.
const READY: Duration = Duration::from_secs(20);

/// A server's place: its data folder and, for PostgreSQL, its schema.
pub(crate) struct Place {
    pub(crate) data: tempfile::TempDir,
    pub(crate) schema: Option<Schema>,
}

impl Place {
    pub(crate) fn embedded() -> anyhow::Result<Self> {
        Ok(Self { data: tempfile::tempdir()?, schema: None })
    }

    pub(crate) fn postgres() -> anyhow::Result<Self> {
        Ok(Self { data: tempfile::tempdir()?, schema: Some(Schema::new()?) })
    }

    pub(crate) fn start(&self) -> anyhow::Result<Server> {
        self.start_with(|it| it)
    }

    /// The same, set up otherwise.
    pub(crate) fn start_with(&self, settle: impl FnOnce(Setup) -> Setup) -> anyhow::Result<Server> {
        let setup = Setup::new(self.data.path())?
            .variable("TEACHER_API_TOKEN", TEACHER)
            .variable("GITLODGE_GITLAB_WEBHOOK_SECRET", SECRET);
        let setup = settle(setup);
        match &self.schema {
            Some(schema) => setup.variable("GITLODGE_DATABASE_URL", &schema.url).start(),
            None => setup.start(),
        }
    }

    /// Starts it for the first time: there is an organisation afterwards.
    pub(crate) fn open(&self) -> anyhow::Result<Server> {
        self.open_with(|it| it)
    }

    /// The same, set up otherwise.
    pub(crate) fn open_with(&self, settle: impl FnOnce(Setup) -> Setup) -> anyhow::Result<Server> {
        let server = self.start_with(settle)?;
        let folder = path(self.data.path())?;
        match &self.schema {
            Some(schema) => {
                App::register(&server, &["--data", folder, "--database-url", &schema.url])?
            }
            None => App::register_in(&server, self.data.path())?,
        };
        Ok(server)
    }
}

fn path(folder: &Path) -> anyhow::Result<&str> {
    folder.to_str().context("the folder is not text")
}

pub(crate) fn teacher(server: &Server) -> Client {
    server.client().bearing(TEACHER)
}

/// A push to project 7 with a body that nothing else has.
pub(crate) fn a_push(n: u32) -> String {
    json!({
        "object_kind": "push",
        "event_name": "push",
        "project_id": 7,
        "project": {"id": 7, "path_with_namespace": "course/team-1"},
        "commits": [{"id": format!("{n:040}"), "timestamp": "2026-11-20T10:00:00Z"}],
    })
    .to_string()
}

/// The headers of a delivery with its own id, and a secret.
pub(crate) fn headers<'a>(id: &'a str, secret: &'a str) -> [(&'a str, &'a str); 4] {
    [
        ("Content-Type", "application/json"),
        ("X-Gitlab-Event", "Push Hook"),
        ("X-Gitlab-Token", secret),
        ("Idempotency-Key", id),
    ]
}

/// What was sent, and what was answered: event ids by the deliveries' ids.
#[derive(Default)]
pub(crate) struct Ledger {
    sent: Mutex<BTreeSet<String>>,
    kept: Mutex<BTreeMap<String, String>>,
    refused: AtomicU32,
}

impl Ledger {
    /// Sends the push `n`. `true` when it was taken.
    pub(crate) fn send(&self, client: &mut Client, n: u32, secret: &str) -> bool {
        let id = format!("delivery-{n}");
        self.deliver(client, &id, &headers(&id, secret), &a_push(n))
    }

    /// Sends what has this id, and writes down the answer, if one came. `true`
    /// when it was taken.
    pub(crate) fn deliver(
        &self,
        client: &mut Client,
        id: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> bool {
        lock(&self.sent).insert(id.to_owned());
        let answer = client.send("POST", WEBHOOK, headers, Some(body));
        let Ok(answer) = answer else { return false };
        if !matches!(answer.status, 200 | 202) {
            self.refused.fetch_add(1, Ordering::Relaxed);
            return false;
        }
        let event = answer.json().ok().and_then(|it| text(&it, "id").ok().map(str::to_owned));
        let Some(event) = event else { return false };
        let before = lock(&self.kept).insert(id.to_owned(), event.clone());
        assert!(before.is_none_or(|it| it == event), "one delivery has two ids");
        true
    }

    /// How often a delivery was refused.
    pub(crate) fn refused(&self) -> u32 {
        self.refused.load(Ordering::Relaxed)
    }

    /// The numbers of the deliveries that were not taken.
    pub(crate) fn unanswered(&self) -> Vec<u32> {
        let kept = lock(&self.kept);
        let sent = lock(&self.sent);
        let missing = sent.iter().filter(|it| !kept.contains_key(*it));
        missing.filter_map(|it| it.trim_start_matches("delivery-").parse().ok()).collect()
    }

    /// The ids of the events that were taken.
    pub(crate) fn taken(&self) -> Vec<String> {
        lock(&self.kept).values().cloned().collect()
    }

    /// Every delivery that was taken is there once, nothing else is, all have
    /// come to an end, and the numbers add up.
    pub(crate) fn check(&self, server: &Server) -> anyhow::Result<Value> {
        let numbers = drained(server)?;
        let stored = all_events(server)?;
        let ids: BTreeSet<&str> = stored.iter().map(String::as_str).collect();
        ensure!(ids.len() == stored.len(), "an event is listed twice");
        let kept = lock(&self.kept);
        for (delivery, event) in kept.iter() {
            ensure!(ids.contains(event.as_str()), "{delivery} was taken as {event}, and is lost");
        }
        let sent = lock(&self.sent).len();
        ensure!(stored.len() <= sent, "{} are there, and {sent} were sent", stored.len());
        let distinct: BTreeSet<_> = kept.values().collect();
        ensure!(distinct.len() == kept.len(), "two deliveries have one id");
        Ok(numbers)
    }
}

pub(crate) fn lock<T>(it: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    it.lock().unwrap_or_else(PoisonError::into_inner)
}

pub(crate) fn numbers(server: &Server) -> anyhow::Result<Value> {
    Ok(teacher(server).get("/api/v1/events/stats")?.json()?["data"].clone())
}

/// Waits until nothing is pending.
pub(crate) fn drained(server: &Server) -> anyhow::Result<Value> {
    let began = Instant::now();
    loop {
        let numbers = numbers(server)?;
        ensure!(numbers["balanced"] == true, "the numbers do not add up: {numbers}");
        if numbers["pending"] == 0 {
            return Ok(numbers);
        }
        // What a worker held when it was killed is taken up again after a minute.
        ensure!(began.elapsed() < Duration::from_mins(2), "it does not end: {numbers}");
        thread::sleep(Duration::from_millis(50));
    }
}

pub(crate) fn all_events(server: &Server) -> anyhow::Result<Vec<String>> {
    let mut client = teacher(server);
    let (mut ids, mut cursor) = (Vec::new(), None::<String>);
    loop {
        let after = cursor.map(|it| format!("&cursor={it}")).unwrap_or_default();
        let page = client.get(&format!("/api/v1/events/?limit=100{after}"))?.json()?;
        let events = page["data"].as_array().context("no list")?;
        for event in events {
            ids.push(text(event, "id")?.to_owned());
        }
        match page["page_info"]["next_cursor"].as_str() {
            Some(next) => cursor = Some(next.to_owned()),
            None => return Ok(ids),
        }
    }
}

fn a_delivery_is_kept_once_worked_on_and_shown(place: &Place) -> anyhow::Result<()> {
    let server = place.open()?;
    let mut host = server.client();
    let first = host.send("POST", WEBHOOK, &headers("d-1", SECRET), Some(&a_push(1)))?;
    assert_eq!(first.status, 202, "{}", first.body);
    let first = first.json()?;
    assert_eq!(first["status"], "accepted");
    let again = host.send("POST", WEBHOOK, &headers("d-1", SECRET), Some(&a_push(1)))?;
    assert_eq!(again.status, 200, "{}", again.body);
    assert_eq!(again.json()?, json!({"id": first["id"], "status": "duplicate"}));

    let numbers = drained(&server)?;
    assert_eq!((&numbers["received"], &numbers["ignored"]), (&json!(1), &json!(1)), "{numbers}");
    let id = text(&first, "id")?;
    let event = teacher(&server).get(&format!("/api/v1/events/{id}"))?.json()?["data"].clone();
    assert_eq!(event["type"], "push");
    assert_eq!(event["path"], "course/team-1");
    assert_eq!(event["reason"], "no course has this repository");
    assert_eq!(event["headers"]["x-gitlab-event"], "Push Hook");
    assert!(!event.to_string().contains(SECRET), "the secret was kept: {event}");
    assert_eq!(event["tries"][0]["outcome"], "ignored");
    assert!(event["body"].as_str().is_some_and(|it| it.contains("course/team-1")), "{event}");
    server.stop().map(drop)
}

#[test]
fn a_delivery_is_kept_once_in_the_embedded_store() -> anyhow::Result<()> {
    a_delivery_is_kept_once_worked_on_and_shown(&Place::embedded()?)
}

#[test]
fn a_delivery_is_kept_once_on_postgresql() -> anyhow::Result<()> {
    a_delivery_is_kept_once_worked_on_and_shown(&Place::postgres()?)
}

/// Address, headers, body, status, and a part of what is said.
type Case<'a> = (&'a str, &'a [(&'a str, &'a str)], &'a str, u16, &'a str);

#[test]
fn what_cannot_be_taken_is_refused_with_what_to_do() -> anyhow::Result<()> {
    let place = Place::embedded()?;
    let server = place.open()?;
    let mut host = server.client();
    let large = format!("{{\"x\":\"{}\"}}", "y".repeat(6 << 20));
    let deep = format!("{}{}", "[".repeat(65), "]".repeat(65));
    let ok = headers("d", SECRET);
    let wrong = headers("d", "not-the-secret-of-it-at-all");
    let [kind, event, ..] = ok;
    let form = ("Content-Type", "application/x-www-form-urlencoded");
    let cases: [Case<'_>; 9] = [
        (WEBHOOK, &wrong, "{}", 401, "check that the secret"),
        (WEBHOOK, &[kind, event], "{}", 401, "?hook="),
        ("/api/v1/webhooks/sourceforge", &ok, "{}", 404, "it is one of"),
        // That is known before the body is looked at.
        ("/api/v1/webhooks/sourceforge", &[form], "a=b", 404, "it is one of"),
        (&format!("{WEBHOOK}?hook=nothing"), &ok, "{}", 404, "whk_"),
        (WEBHOOK, &ok, &large, 413, "5120 KiB"),
        (WEBHOOK, &[form, ok[2]], "a=b", 415, "application/json"),
        (WEBHOOK, &ok, "{\"object_kind\":", 400, "not what the host sends"),
        (WEBHOOK, &ok, &deep, 400, "64 levels"),
    ];
    for (path, headers, body, status, says) in cases {
        let answer = host.send("POST", path, headers, Some(body))?;
        assert_eq!(answer.status, status, "{path}: {}", answer.body);
        assert!(answer.body.contains(says), "{path}: {}", answer.body);
        answer.refusal()?;
    }
    assert_eq!(numbers(&server)?["received"], 0, "something of it was kept");
    server.stop().map(drop)
}

/// Several senders, while the server is killed again and again.
fn kills(place: &Place, rounds: u32) -> anyhow::Result<()> {
    let ledger = Ledger::default();
    let mut server = place.open()?;
    let next = AtomicU32::new(0);
    for round in 0..rounds {
        let stop = AtomicBool::new(false);
        thread::scope(|scope| {
            for _ in 0..4 {
                let mut client = server.client();
                let (ledger, next, stop) = (&ledger, &next, &stop);
                scope.spawn(move || {
                    while !stop.load(Ordering::Relaxed) {
                        let n = next.fetch_add(1, Ordering::Relaxed);
                        // What was not answered is sent again, as a host does.
                        if !ledger.send(&mut client, n, SECRET) {
                            return;
                        }
                    }
                });
            }
            // The first answer of a process takes a while: a kill before it would
            // try nothing.
            let began = Instant::now();
            let before = lock(&ledger.kept).len();
            while lock(&ledger.kept).len() == before && began.elapsed() < READY {
                thread::sleep(Duration::from_millis(1));
            }
            thread::sleep(Duration::from_millis(u64::from(round * 37 % 50)));
            // Dropped is killed, whatever it is doing.
            drop(server);
            stop.store(true, Ordering::Relaxed);
        });
        let began = Instant::now();
        server = place.start()?;
        ensure!(began.elapsed() < READY, "ready after {:?}", began.elapsed());
    }
    // Whoever had no answer sends it again: it is taken now, once.
    let mut client = server.client();
    for n in ledger.unanswered() {
        ensure!(ledger.send(&mut client, n, SECRET), "delivery {n} is not taken");
    }
    let sent = lock(&ledger.sent).len();
    let numbers = ledger.check(&server)?;
    assert_eq!(numbers["received"], json!(sent), "{numbers}");
    server.stop().map(drop)
}

#[test]
fn two_hundred_kills_lose_nothing_in_the_embedded_store() -> anyhow::Result<()> {
    kills(&Place::embedded()?, 200)
}

#[test]
fn two_hundred_kills_lose_nothing_on_postgresql() -> anyhow::Result<()> {
    kills(&Place::postgres()?, 200)
}

/// Each delivery five times, in disorder, over two senders at the same time.
fn repetitions(place: &Place) -> anyhow::Result<()> {
    const DELIVERIES: u32 = 60;
    let server = place.open()?;
    let ledger = Ledger::default();
    thread::scope(|scope| {
        for sender in 0..2 {
            let (ledger, mut client) = (&ledger, server.client());
            scope.spawn(move || {
                // One has three copies of each delivery and the other two, in one
                // order: 7 and 60 have no common divisor, so that all come.
                for copy in (0..5).filter(|it| it % 2 == sender) {
                    for turn in 0..DELIVERIES {
                        let n = (turn * 7 + copy / 2) % DELIVERIES;
                        assert!(ledger.send(&mut client, n, SECRET));
                    }
                }
            });
        }
    });
    let numbers = ledger.check(&server)?;
    assert_eq!(numbers["received"], DELIVERIES, "{numbers}");
    server.stop().map(drop)
}

#[test]
fn five_repetitions_in_disorder_count_once_in_the_embedded_store() -> anyhow::Result<()> {
    repetitions(&Place::embedded()?)
}

#[test]
fn five_repetitions_in_disorder_count_once_on_postgresql() -> anyhow::Result<()> {
    repetitions(&Place::postgres()?)
}

#[test]
fn a_poison_event_waits_and_the_others_go_on() -> anyhow::Result<()> {
    let place = Place::embedded()?;
    let server = place.open()?;
    let mut host = server.client();
    let poison = json!({"object_kind": "push", "project_id": 7, "commits": "of Ada"}).to_string();
    let taken = host.send("POST", WEBHOOK, &headers("poison", SECRET), Some(&poison))?;
    let poison = text(&taken.json()?, "id")?.to_owned();
    let ledger = Ledger::default();
    for n in 0..20 {
        assert!(ledger.send(&mut host, n, SECRET));
    }
    let began = Instant::now();
    let numbers = loop {
        let numbers = numbers(&server)?;
        if numbers["ignored"] == 20 {
            break numbers;
        }
        ensure!(began.elapsed() < Duration::from_secs(20), "the others wait: {numbers}");
        thread::sleep(Duration::from_millis(20));
    };
    assert_eq!((&numbers["pending"], &numbers["balanced"]), (&json!(1), &json!(true)));
    let event = teacher(&server).get(&format!("/api/v1/events/{poison}"))?.json()?["data"].clone();
    assert_eq!(event["status"], "pending");
    let reason = text(&event["tries"][0], "reason")?;
    assert!(reason.starts_with("the JSON is of another form, at line 1, column "), "{reason}");
    assert!(!reason.contains("Ada"), "it quotes the body: {reason}");
    assert!(event["next_at"].as_str() > event["received_at"].as_str(), "{event}");
    server.stop().map(drop)
}

/// A hook's secret is changed again and again while its host delivers, and
/// learns of each new secret a little later.
fn rotation(place: &Place) -> anyhow::Result<()> {
    let server = place.open()?;
    let mut teacher = teacher(&server);
    let wish = json!({"name": "Course", "host": "gitlab"});
    let made = teacher.post("/api/v1/hooks/", &wish)?.json()?["data"].clone();
    let (hook, secret) = (text(&made, "id")?.to_owned(), text(&made, "secret")?.to_owned());
    let (ledger, known, stop) = (Ledger::default(), Mutex::new(secret), AtomicBool::new(false));
    let next = AtomicU32::new(0);
    thread::scope(|scope| {
        let senders: Vec<_> = (0..3)
            .map(|_| {
                let mut client = server.client();
                let (ledger, known, stop, next) = (&ledger, &known, &stop, &next);
                scope.spawn(move || {
                    while !stop.load(Ordering::Relaxed) {
                        let secret = lock(known).clone();
                        let n = next.fetch_add(1, Ordering::Relaxed);
                        assert!(ledger.send(&mut client, n, &secret), "a valid one was refused");
                    }
                })
            })
            .collect();
        let rotated: anyhow::Result<()> = (0..10).try_for_each(|_| {
            let path = format!("/api/v1/hooks/{hook}/rotate");
            let rotated = teacher.post(&path, &json!({}))?.json()?["data"].clone();
            thread::sleep(Duration::from_millis(60));
            text(&rotated, "secret")?.clone_into(&mut lock(&known));
            thread::sleep(Duration::from_millis(60));
            Ok(())
        });
        stop.store(true, Ordering::Relaxed);
        for sender in senders {
            sender.join().ok().context("a sender failed")?;
        }
        rotated
    })?;
    assert_eq!(ledger.refused.load(Ordering::Relaxed), 0);
    ledger.check(&server)?;
    let end = json!({"overlap_seconds": 0});
    let last = lock(&known).clone();
    teacher.post(&format!("/api/v1/hooks/{hook}/rotate"), &end)?.json()?;
    let late = server.client().send("POST", WEBHOOK, &headers("late", &last), Some(&a_push(0)))?;
    assert_eq!(late.status, 401, "{}", late.body);
    server.stop().map(drop)
}

#[test]
fn a_rotation_under_load_refuses_nothing_valid_in_the_embedded_store() -> anyhow::Result<()> {
    rotation(&Place::embedded()?)
}

#[test]
fn a_rotation_under_load_refuses_nothing_valid_on_postgresql() -> anyhow::Result<()> {
    rotation(&Place::postgres()?)
}

#[test]
fn connections_that_are_cut_under_load_lose_nothing() -> anyhow::Result<()> {
    let place = Place::postgres()?;
    let schema = place.schema.as_ref().context("no schema")?;
    let server = place.open()?;
    let (ledger, next, stop) = (Ledger::default(), AtomicU32::new(0), AtomicBool::new(false));
    thread::scope(|scope| {
        for _ in 0..3 {
            let mut client = server.client();
            let (ledger, next, stop) = (&ledger, &next, &stop);
            scope.spawn(move || {
                while !stop.load(Ordering::Relaxed) {
                    let n = next.fetch_add(1, Ordering::Relaxed);
                    // A host sends again what is refused with 503.
                    while !ledger.send(&mut client, n, SECRET) {
                        thread::sleep(Duration::from_millis(20));
                    }
                }
            });
        }
        let cut = (0..10).try_for_each(|_| {
            thread::sleep(Duration::from_millis(100));
            schema.cut_connections()
        });
        stop.store(true, Ordering::Relaxed);
        cut
    })?;
    let numbers = ledger.check(&server)?;
    assert_eq!(numbers["received"], json!(lock(&ledger.sent).len()), "{numbers}");
    server.stop().map(drop)
}

#[test]
fn what_has_ended_is_replayed_and_counts_once() -> anyhow::Result<()> {
    let place = Place::embedded()?;
    let server = place.open()?;
    let mut host = server.client();
    let ledger = Ledger::default();
    for n in 0..12 {
        assert!(ledger.send(&mut host, n, SECRET));
    }
    let before = drained(&server)?;
    let mut teacher = teacher(&server);
    let plan = json!({"filter": {"status": "ignored", "type": "push"}, "dry_run": true});
    let planned = teacher.post("/api/v1/events/replay", &plan)?.json()?["data"].clone();
    assert_eq!(planned, json!({"dry_run": true, "events": 12, "left": 0, "next_before": null}));
    let newest = all_events(&server)?.into_iter().next().context("no event")?;
    let plan = json!({"before": newest, "dry_run": true});
    let older = teacher.post("/api/v1/events/replay", &plan)?.json()?["data"].clone();
    assert_eq!(older["events"], 11, "{older}");
    let plan = json!({"filter": {"status": "ignored"}});
    let done = teacher.post("/api/v1/events/replay", &plan)?.json()?["data"].clone();
    assert_eq!(done, json!({"dry_run": false, "events": 12, "left": 0, "next_before": null}));
    let after = ledger.check(&server)?;
    for number in ["received", "processed", "ignored", "dead", "pending"] {
        assert_eq!(before[number], after[number], "{number}: {after}");
    }
    let id = all_events(&server)?.pop().context("no event")?;
    let event = teacher.get(&format!("/api/v1/events/{id}"))?.json()?["data"].clone();
    assert_eq!(event["tries"].as_array().map(Vec::len), Some(2), "{event}");
    let none = teacher.post("/api/v1/events/replay", &json!({"filter": {"status": "pending"}}))?;
    assert_eq!(none.refusal()?, (422, "unprocessable".to_owned()));
    let waiting =
        teacher.send("DELETE", &format!("/api/v1/events/dead-letters/{id}"), &[], None)?;
    assert_eq!(waiting.refusal()?, (409, "conflict".to_owned()));
    server.stop().map(drop)
}
