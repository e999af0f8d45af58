//! What breaks around the server: the disk is full, the database is stopped at
//! once, the orchestrator ends the process under load. Nothing that was taken is
//! lost.

use std::{
    env, fs,
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
    process::Command,
    sync::atomic::{AtomicBool, AtomicU32, Ordering},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context as _, ensure};
use end_to_end::{App, Client, Server, Setup};
use serde_json::Value;

use crate::teaching_intake::{Ledger, Place, SECRET, TEACHER};

/// What an orchestrator gives a process that ends.
const GRACE: Duration = Duration::from_secs(25);

/// Stops senders at its end, also where a test fails meanwhile: they would be
/// waited for otherwise.
pub(crate) struct Stop<'a>(pub(crate) &'a AtomicBool);

impl Drop for Stop<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Sends with two senders until told to stop; what is refused is sent again, as
/// a host does, until it is taken or nobody is there.
fn senders<T>(
    server: &Server,
    ledger: &Ledger,
    next: &AtomicU32,
    meanwhile: impl FnOnce() -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    let stop = AtomicBool::new(false);
    thread::scope(|scope| {
        let _stopped_at_the_end = Stop(&stop);
        for _ in 0..2 {
            let (mut client, stop) = (server.client(), &stop);
            scope.spawn(move || {
                while !stop.load(Ordering::Relaxed) {
                    let n = next.fetch_add(1, Ordering::Relaxed);
                    while !ledger.send(&mut client, n, SECRET) && !stop.load(Ordering::Relaxed) {
                        thread::sleep(Duration::from_millis(20));
                    }
                }
            });
        }
        meanwhile()
    })
}

/// Waits until `ledger` has taken `more` deliveries.
pub(crate) fn taken(ledger: &Ledger, more: usize) -> anyhow::Result<()> {
    let (began, goal) = (Instant::now(), ledger.taken().len() + more);
    while ledger.taken().len() < goal {
        ensure!(began.elapsed() < Duration::from_mins(1), "deliveries are not taken");
        thread::sleep(Duration::from_millis(5));
    }
    Ok(())
}

fn ready(server: &Server) -> anyhow::Result<(u16, String)> {
    let answer = Client::new(&server.admin_url).get("/health/ready")?;
    let body: Value = serde_json::from_str(&answer.body)?;
    let status = body["status"].as_str().context("no status")?.to_owned();
    Ok((answer.status, status))
}

fn terminated(place: &Place) -> anyhow::Result<()> {
    let server = place.open_with(|it| it.variable("GITLODGE_DRAIN", "2"))?;
    let (ledger, next) = (Ledger::default(), AtomicU32::new(0));
    assert_eq!(ready(&server)?, (200, "ready".to_owned()));
    senders(&server, &ledger, &next, || {
        taken(&ledger, 50)?;
        server.terminate()?;
        let began = Instant::now();
        while ready(&server)?.0 != 503 {
            ensure!(began.elapsed() < Duration::from_secs(1), "it is ready, and ends");
        }
        // Balancers have not noticed yet: what they send is taken.
        taken(&ledger, 10)
    })?;
    let stopped = server.wait(GRACE)?;
    assert_eq!(stopped.status.code(), Some(0), "{}", stopped.log);
    let server = place.start()?;
    ledger.check(&server)?;
    server.stop().map(drop)
}

#[test]
fn sigterm_under_load_loses_nothing_in_the_embedded_store() -> anyhow::Result<()> {
    terminated(&Place::embedded()?)
}

#[test]
fn sigterm_under_load_loses_nothing_on_postgresql() -> anyhow::Result<()> {
    terminated(&Place::postgres()?)
}

#[test]
fn a_full_disk_refuses_and_loses_nothing() -> anyhow::Result<()> {
    let place = Place::embedded()?;
    place.open()?.stop()?;
    let size = fs::metadata(place.data.path().join("gitlodge.db"))?.len();
    // No file grows beyond a MiB more: for the database it is a disk that is
    // full, and a process may be told so without a disk of its own.
    let server = place.start_with(|it| it.file_size_limit(size + (1 << 20)))?;
    let (ledger, next) = (Ledger::default(), AtomicU32::new(0));
    senders(&server, &ledger, &next, || {
        let began = Instant::now();
        while ledger.refused() < 20 {
            ensure!(began.elapsed() < Duration::from_mins(1), "the disk did not fill");
            thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    })?;
    assert!(ledger.taken().len() > 10, "it was full from the beginning");
    assert_eq!(Client::new(&server.admin_url).get("/health/live")?.status, 200);
    drop(server);
    // Somebody made room.
    let server = place.start()?;
    let mut client = server.client();
    for n in ledger.unanswered() {
        ensure!(ledger.send(&mut client, n, SECRET), "{n} is not taken");
    }
    ledger.check(&server)?;
    server.stop().map(drop)
}

/// A PostgreSQL of this test alone.
struct Cluster {
    programs: PathBuf,
    folder: tempfile::TempDir,
    /// PostgreSQL does not run as root.
    is_root: bool,
}

impl Cluster {
    /// Starts one with the programs that `cargo xtask test` found.
    fn start() -> anyhow::Result<Self> {
        let programs = programs().context("PostgreSQL's programs are not there")?;
        let folder = tempfile::Builder::new().prefix("pg").tempdir()?;
        let is_root = fs::metadata(folder.path())?.uid() == 0;
        let cluster = Self { programs, folder, is_root };
        let data = cluster.data();
        if is_root {
            cluster.run_as_root("chown", &["postgres", cluster.path()?])?;
        }
        cluster.run(
            "initdb",
            &["--pgdata", text(&data)?, "--auth=trust", "--username=lodge", "--no-sync"],
        )?;
        cluster.again()?;
        Ok(cluster)
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn path(&self) -> anyhow::Result<&str> {
        text(self.folder.path())
    }

    fn url(&self) -> anyhow::Result<String> {
        Ok(format!("postgresql:///postgres?host={}&user=lodge", self.path()?))
    }

    /// Starts it, and waits until it answers.
    fn again(&self) -> anyhow::Result<()> {
        let options = format!("-c listen_addresses= -c unix_socket_directories={}", self.path()?);
        let log = self.folder.path().join("log");
        let data = self.data();
        let start = [
            "start",
            "--wait",
            "--pgdata",
            text(&data)?,
            "--log",
            text(&log)?,
            "--options",
            &options,
        ];
        self.run("pg_ctl", &start)
    }

    /// Ends it as a power cut does: nobody is waited for, nothing is flushed.
    fn stop_at_once(&self) -> anyhow::Result<()> {
        let data = self.data();
        self.run("pg_ctl", &["stop", "--mode=immediate", "--pgdata", text(&data)?])
    }

    fn run(&self, program: &str, arguments: &[&str]) -> anyhow::Result<()> {
        let program = self.programs.join(program);
        if self.is_root {
            let program = text(&program)?.to_owned();
            return self.run_as_root(
                "runuser",
                &[&["-u", "postgres", "--", &program], arguments].concat(),
            );
        }
        run(Command::new(program).args(arguments))
    }

    fn run_as_root(&self, program: &str, arguments: &[&str]) -> anyhow::Result<()> {
        run(Command::new(program).args(arguments).current_dir(self.folder.path()))
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // One that does not run cannot be stopped, and need not be.
        let _ = self.stop_at_once();
    }
}

fn run(command: &mut Command) -> anyhow::Result<()> {
    // Not a pipe: the server keeps what it inherits.
    let status = command.stdout(std::process::Stdio::null()).status();
    let status = status.with_context(|| format!("{command:?} cannot be started"))?;
    ensure!(status.success(), "{command:?} failed");
    Ok(())
}

fn text(path: &Path) -> anyhow::Result<&str> {
    path.to_str().context("the path is not text")
}

/// Where `pg_ctl` is: in PATH, or where Debian puts it.
fn programs() -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let in_path = env::split_paths(&path).find(|it| it.join("pg_ctl").is_file());
    in_path.or_else(|| {
        let versions = fs::read_dir("/usr/lib/postgresql").ok()?.filter_map(Result::ok);
        let folders = versions.map(|it| it.path().join("bin"));
        folders.filter(|it| it.join("pg_ctl").is_file()).max()
    })
}

#[test]
fn a_database_that_is_stopped_at_once_loses_nothing() -> anyhow::Result<()> {
    let (cluster, data) = (Cluster::start()?, tempfile::tempdir()?);
    let url = cluster.url()?;
    let server = Setup::new(data.path())?
        .variable("TEACHER_API_TOKEN", TEACHER)
        .variable("GITLODGE_GITLAB_WEBHOOK_SECRET", SECRET)
        .variable("GITLODGE_DATABASE_URL", &url)
        .start()?;
    App::register(&server, &["--data", text(data.path())?, "--database-url", &url])?;
    let (ledger, next) = (Ledger::default(), AtomicU32::new(0));
    senders(&server, &ledger, &next, || {
        for _ in 0..3 {
            taken(&ledger, 30)?;
            cluster.stop_at_once()?;
            let away = ready(&server)?;
            ensure!(away == (503, "not-ready".to_owned()), "{away:?}");
            cluster.again()?;
        }
        taken(&ledger, 30)
    })?;
    let began = Instant::now();
    while ready(&server)?.0 != 200 {
        ensure!(began.elapsed() < Duration::from_secs(20), "it does not come back");
        thread::sleep(Duration::from_millis(50));
    }
    let mut client = server.client();
    for n in ledger.unanswered() {
        ensure!(ledger.send(&mut client, n, SECRET), "{n} is not taken");
    }
    ledger.check(&server)?;
    server.stop().map(drop)
}
