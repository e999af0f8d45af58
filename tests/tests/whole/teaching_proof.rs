//! A course of thirty teams is brought in, and hears of what happens in it: in
//! disorder, some of it twice, while the server that takes it in is killed again
//! and again. It comes to what a server comes to that heard everything once, in
//! order, and was left alone.
//!
//! There are 600 deliveries unless `GITLODGE_PROOF_DELIVERIES` says how many:
//!
//! ```sh
//! GITLODGE_PROOF_DELIVERIES=10000 cargo xtask test teaching_proof
//! ```
//!
//! Most of the time of a short run is the minute after which the work of a
//! killed server is taken up again.

mod deliveries;
mod state;

use std::{
    collections::VecDeque,
    env,
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context as _, ensure};
use end_to_end::{Client, History, Server};
use serde_json::Value;
use tempfile::TempDir;

use self::{
    deliveries::{Delivery, Project, plan},
    state::{Course, State, login},
};
use crate::{
    faults::Stop,
    teaching_import::TEAMS,
    teaching_intake::{Ledger, Place, lock},
};

const VARIABLE: &str = "GITLODGE_PROOF_DELIVERIES";
const DELIVERIES: usize = 600;
/// Of so many deliveries every project has had a whole story.
const STORY: usize = 16 * 30;
const KILLS: usize = 4;
const SENDERS: usize = 4;
/// Another number is another order of what is sent.
const SEED: u64 = 20_261_122;
/// How long the deliveries between two kills may take, on a machine that does
/// other things, too.
const PATIENCE: Duration = Duration::from_mins(10);

fn how_many() -> anyhow::Result<usize> {
    let Ok(told) = env::var(VARIABLE) else { return Ok(DELIVERIES) };
    told.parse().with_context(|| format!("{VARIABLE} is how many are delivered, not {told}"))
}

/// `pv/team-01/app` to `pv/team-30/app`, each written by two students and by
/// Ada, whom the imitated host takes for who runs it.
fn repositories() -> anyhow::Result<TempDir> {
    let folder = tempfile::tempdir()?;
    for n in 1..=TEAMS {
        let team = folder.path().join(format!("pv/team-{n:02}"));
        std::fs::create_dir_all(&team)?;
        let mut history = History::with_merges(3);
        for letter in ['a', 'b'] {
            let login = login(n, letter);
            history = history
                .by(&format!("Student {login}"), &format!("{login}@example.com"))
                .then("Go on", &[(&format!("{letter}.txt"), "more\n")]);
        }
        history.write(&team.join("app.git"))?;
    }
    Ok(folder)
}

fn start(place: &Place, folder: &TempDir) -> anyhow::Result<Server> {
    place.start_with(|it| {
        it.repositories(folder.path())
            .with("--demo")
            .with("--simulate=gitlab")
            .with("--rate-limit=0")
            .with("--job-lease=2")
            .variable("GITLAB_TOKEN", "personal-gitlab")
    })
}

/// What looks like chance, and is the same in every run: the generator of
/// Knuth's MMIX (The Art of Computer Programming, volume 2, 3.3.4).
struct Chance(u64);

impl Chance {
    /// A number below `n`.
    fn below(&mut self, n: usize) -> usize {
        const FACTOR: u64 = 6_364_136_223_846_793_005;
        const SUMMAND: u64 = 1_442_695_040_888_963_407;
        self.0 = self.0.wrapping_mul(FACTOR).wrapping_add(SUMMAND);
        usize::try_from(self.0 >> 33).unwrap_or_default() % n.max(1)
    }

    /// The numbers below `n` in disorder, a fifth of them twice.
    fn disorder(&mut self, n: usize) -> VecDeque<usize> {
        let twice: Vec<_> = (0..n).filter(|_| self.below(5) == 0).collect();
        let mut all: Vec<_> = (0..n).chain(twice).collect();
        for place in (1..all.len()).rev() {
            all.swap(place, self.below(place + 1));
        }
        all.into()
    }
}

/// A host that sends until everything was taken.
struct Host<'a> {
    plan: &'a [Delivery],
    waiting: Mutex<VecDeque<usize>>,
    taken: AtomicUsize,
    ledger: Ledger,
}

impl<'a> Host<'a> {
    fn of(plan: &'a [Delivery], waiting: VecDeque<usize>) -> Self {
        let (waiting, taken) = (Mutex::new(waiting), AtomicUsize::new(0));
        Self { plan, waiting, taken, ledger: Ledger::default() }
    }

    /// Sends with several senders until `meanwhile` is over.
    fn send(
        &self,
        clients: Vec<Client>,
        meanwhile: impl FnOnce() -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let stopping = AtomicBool::new(false);
        let stop = &stopping;
        thread::scope(|scope| {
            let _stopped_at_the_end = Stop(stop);
            for mut client in clients {
                scope.spawn(move || self.send_on(&mut client, stop));
            }
            meanwhile()
        })
    }

    fn send_on(&self, client: &mut Client, stop: &AtomicBool) {
        while !stop.load(Ordering::Relaxed) {
            let next = lock(&self.waiting).pop_front();
            let Some(n) = next else { return };
            let it = &self.plan[n];
            if self.ledger.deliver(client, &it.id, &it.headers(), &it.body) {
                self.taken.fetch_add(1, Ordering::Relaxed);
            } else {
                // What was not answered is sent again, as a host does.
                lock(&self.waiting).push_back(n);
                thread::sleep(Duration::from_millis(5));
            }
        }
    }

    fn wait_for(&self, taken: usize) -> anyhow::Result<()> {
        let began = Instant::now();
        while self.taken.load(Ordering::Relaxed) < taken {
            ensure!(began.elapsed() < PATIENCE, "deliveries are not taken");
            thread::sleep(Duration::from_millis(1));
        }
        Ok(())
    }

    /// Sends everything; the server is killed meanwhile, and started again.
    fn send_among_kills(
        &self,
        (place, folder): (&Place, &TempDir),
        mut server: Server,
    ) -> anyhow::Result<Server> {
        let all = lock(&self.waiting).len();
        for kill in 1..=KILLS {
            self.send(senders(&server), || {
                self.wait_for(all * kill / (KILLS + 1))?;
                // Dropped is killed, whatever it is doing.
                drop(server);
                Ok(())
            })?;
            server = start(place, folder)?;
        }
        self.send(senders(&server), || self.wait_for(all))?;
        Ok(server)
    }
}

fn senders(server: &Server) -> Vec<Client> {
    (0..SENDERS).map(|_| server.client()).collect()
}

/// What was told stands where it belongs.
fn has_all(state: &State, plan: &[Delivery]) -> anyhow::Result<()> {
    for it in plan {
        for (list, told) in &it.tells {
            let field = match *list {
                "commits" => "sha",
                "pipelines" => "id",
                _ => "number",
            };
            let path = format!("project {}/{list}", it.project);
            let listed = state.get(&path).and_then(Value::as_array);
            let listed = listed.with_context(|| format!("there is no {path}"))?;
            ensure!(listed.iter().any(|it| it[field] == *told), "{path} has no {told}");
        }
    }
    Ok(())
}

/// Work counts as that of the students who did it.
fn is_of_students(state: &State) -> anyhow::Result<()> {
    let of_teams = |path: &str| path.starts_with("team ") && path.ends_with("/contributions");
    let mut teams = 0;
    for (path, told) in state.iter().filter(|(path, _)| of_teams(path)) {
        teams += 1;
        let students = told["students"].as_array().with_context(|| path.clone())?;
        ensure!(students.len() == 2, "{path}: {told}");
        for field in ["commits", "share_of_commits"] {
            let is_there = |it: &Value| it[field].as_f64().is_some_and(|it| it > 0.0);
            ensure!(students.iter().all(is_there), "{path}: {told}");
        }
        let sum = |field: &str| students.iter().filter_map(|it| it[field].as_u64()).sum::<u64>();
        for field in ["merge_requests_opened", "notes_given", "approvals_given", "issues_opened"] {
            ensure!(sum(field) > 0, "nobody has {field}: {path}: {told}");
        }
    }
    ensure!(teams == TEAMS, "{teams} teams have contributions");
    Ok(())
}

fn comes_to_the_same(place: impl Fn() -> anyhow::Result<Place>) -> anyhow::Result<()> {
    let (n, folder) = (how_many()?, repositories()?);
    let place_of_kills = place()?;
    let mut server = start(&place_of_kills, &folder)?;
    let course = Course::bring_in(&mut server)?;
    let projects: Vec<&Project> = course.projects().collect();
    let plan = plan(&projects, n);
    let host = Host::of(&plan, Chance(SEED).disorder(n));
    let server = host.send_among_kills((&place_of_kills, &folder), server)?;

    // What a worker held when it was killed waits for a minute: the other course
    // is made meanwhile.
    let clean_place = place()?;
    let mut clean_server = start(&clean_place, &folder)?;
    let clean_course = Course::bring_in(&mut clean_server)?;
    let clean_host = Host::of(&plan, (0..n).collect());
    clean_host.send(vec![clean_server.client()], || clean_host.wait_for(n))?;

    let clean_numbers = clean_host.ledger.check(&clean_server)?;
    let numbers = host.ledger.check(&server)?;
    assert_eq!(numbers["received"], n, "{numbers}");
    assert_eq!(host.ledger.taken().len(), n, "deliveries are not in the ledger");
    for number in ["received", "processed", "ignored", "dead", "pending"] {
        assert_eq!(numbers[number], clean_numbers[number], "{number}: {numbers}");
    }
    assert_eq!(numbers["dead"], 0, "{numbers}");

    for (course, server) in [(&course, &server), (&clean_course, &clean_server)] {
        course.sync(server)?;
    }
    let (state, clean) = (course.state(&server)?, clean_course.state(&clean_server)?);
    has_all(&clean, &plan)?;
    if n >= STORY {
        is_of_students(&clean)?;
    }
    assert!(state.keys().eq(clean.keys()), "they have not the same lists");
    for (path, told) in &clean {
        assert_eq!(&state[path], told, "{path}");
    }
    server.stop()?;
    clean_server.stop().map(drop)
}

#[test]
fn disorder_repetitions_and_kills_come_to_what_a_clean_server_has() -> anyhow::Result<()> {
    comes_to_the_same(Place::embedded)
}

#[test]
fn disorder_repetitions_and_kills_come_to_the_same_on_postgresql() -> anyhow::Result<()> {
    comes_to_the_same(Place::postgres)
}
