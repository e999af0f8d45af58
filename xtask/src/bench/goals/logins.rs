//! P11: what a reader notices while people log in. Their passwords are hashed on
//! purpose slowly, and must not take the cores from everybody else.

use std::{
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, bail};
use serde_json::json;

use super::{
    Outcome,
    throughput::{fill, page},
};
use crate::{
    bench::{
        Bench, build,
        gateway::{Gateway, StartError},
        http::Client,
    },
    scratch::Scratch,
};

/// How many people log in, each again as soon as it is in.
const PEOPLE: usize = 20;

/// How many connections read, and how often each does. Together it is a small
/// part of what the server can do: what is looked at is how long it takes.
const READERS: u32 = 4;
const PAUSE: Duration = Duration::from_millis(20);

const PASSWORD: &str = "a long password of nobody";

pub(super) fn measure(bench: &Bench<'_>) -> anyhow::Result<Outcome> {
    let binary = build::server(bench)?;
    let folder = Scratch::open("repositories", 200)?;
    fill(&folder)?;
    // Twenty people of one network would wait for each other after the thirtieth
    // attempt: each has a network of their own, which only a proxy can say.
    let flags = ["--trusted-proxies=127.0.0.1", "--oauth-rate-limit=1000000"];
    let gateway =
        Gateway::start(bench, &binary, &folder.folder, &flags).map_err(StartError::into_error)?;
    let (path, _) = page(&gateway)?;
    let people: Vec<Person> = (0..PEOPLE).map(Person::new).collect();
    for it in &people {
        let person = json!({ "email": it.email, "password": PASSWORD, "organisation": it.email });
        let opened = it.client(&gateway).post_json("/v1/account/signup", &person)?;
        opened.json().context("an account was refused")?;
    }

    let logins = AtomicU64::new(0);
    let series = bench.protocol.compare(
        bench,
        |window| while_people_log_in(&gateway, &people, &logins, || p99(&gateway, &path, window)),
        |window| p99(&gateway, &path, window),
    )?;
    Ok(Outcome::Measured {
        figure: series.figure(),
        details: format!(
            "{}; {PEOPLE} people, {} logins in all; {READERS} readers, every {} ms",
            series.spread(),
            logins.load(Ordering::Relaxed),
            PAUSE.as_millis()
        ),
    })
}

/// Somebody with an account.
struct Person {
    email: String,
    address: String,
}

impl Person {
    fn new(number: usize) -> Self {
        Self {
            email: format!("person-{number}@example.com"),
            address: format!("198.18.{number}.1"),
        }
    }

    fn client(&self, gateway: &Gateway) -> Client {
        let mut client = Client::new(&gateway.url);
        client.address = Some(self.address.clone());
        client
    }
}

/// Below how many seconds 99 of 100 reads were answered, counted from when they
/// should have been sent: who has to wait for its turn notices that, too.
fn p99(gateway: &Gateway, path: &str, window: Duration) -> anyhow::Result<f64> {
    let taken = Mutex::new(Vec::new());
    let begun = Instant::now();
    thread::scope(|scope| {
        let readers = (0..READERS).map(|reader| {
            let taken = &taken;
            scope.spawn(move || -> anyhow::Result<()> {
                let mut client = Client::new(&gateway.url);
                client.bearer = Some(gateway.token.clone());
                let mut due = begun + PAUSE * reader / READERS;
                let mut mine = Vec::new();
                while due < begun + window {
                    thread::sleep(due.saturating_duration_since(Instant::now()));
                    client.get(path)?.json().context("a read was refused")?;
                    mine.push(due.elapsed().as_secs_f64());
                    due += PAUSE;
                }
                taken.lock().map_err(|_poisoned| anyhow::anyhow!("a reader failed"))?.extend(mine);
                Ok(())
            })
        });
        let readers: Vec<_> = readers.collect();
        readers.into_iter().try_for_each(joined)
    })?;
    let mut taken = taken.into_inner().map_err(|_poisoned| anyhow::anyhow!("a reader failed"))?;
    taken.sort_by(f64::total_cmp);
    taken.get(taken.len() * 99 / 100).copied().context("nothing was read")
}

/// What `measured` gives while everybody logs in.
fn while_people_log_in(
    gateway: &Gateway,
    people: &[Person],
    logins: &AtomicU64,
    measured: impl FnOnce() -> anyhow::Result<f64>,
) -> anyhow::Result<f64> {
    let enough = AtomicBool::new(false);
    let before = logins.load(Ordering::Relaxed);
    let figure = thread::scope(|scope| {
        let people = people.iter().map(|it| {
            let enough = &enough;
            scope.spawn(move || -> anyhow::Result<()> {
                let person = json!({ "email": it.email, "password": PASSWORD });
                let mut client = it.client(gateway);
                while !enough.load(Ordering::Relaxed) {
                    let answer = client.post_json("/v1/account/login", &person)?;
                    answer.json().context("a login was refused")?;
                    logins.fetch_add(1, Ordering::Relaxed);
                }
                Ok(())
            })
        });
        let people: Vec<_> = people.collect();
        let figure = measured();
        enough.store(true, Ordering::Relaxed);
        people.into_iter().try_for_each(joined)?;
        figure
    })?;
    if logins.load(Ordering::Relaxed) == before {
        bail!("nobody came in");
    }
    Ok(figure)
}

fn joined(it: thread::ScopedJoinHandle<'_, anyhow::Result<()>>) -> anyhow::Result<()> {
    it.join().map_err(|_panic| anyhow::anyhow!("a thread failed"))?
}
