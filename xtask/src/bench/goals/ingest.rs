//! P5: deliveries of a host, each answered after its commit, beside what the
//! database does when nothing stands before it.

use std::{
    fs,
    path::Path,
    process::Command,
    sync::atomic::{AtomicU32, Ordering},
    time::{Duration, Instant},
};

use anyhow::{Context, bail};

use super::Outcome;
use crate::{
    bench::{
        Bench, build,
        gateway::{Gateway, StartError},
        repositories, wrk,
    },
    postgres::{self, Cluster},
    programs::{Needed, ensure, in_path},
    run::read,
    scratch::Scratch,
};

/// The size that was agreed on, in bytes: a push of a few commits.
const BODY: usize = 5_000;
/// Connections at once, as in `wrk`.
const CLIENTS: u32 = 32;
/// Deliveries are kept, and worked on by nobody: what is left of our turn would
/// else be worked on in the turn of the yardstick.
const ROLE: &str = "api";
/// What the host proves its deliveries with.
pub(super) const SECRET: &str = "the-secret-of-the-measurement";

const SQLITE: Needed = Needed {
    what: "SQLite's shell (sqlite3)",
    debian_package: "sqlite3",
    elsewhere: "see https://sqlite.org/download.html",
};

/// A push of that size, which no compression makes small.
pub(super) fn body() -> String {
    let mut body = String::from(
        r#"{"object_kind":"push","project_id":7,"project":{"id":7,"path_with_namespace":"bench/one"},"commits":["#,
    );
    let mut state: u64 = 7;
    let mut digits = || {
        // xorshift64: <https://www.jstatsoft.org/article/view/v008i14>.
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        format!("{state:016x}")
    };
    while body.len() < BODY - 100 {
        let id = [digits(), digits(), digits()].concat();
        body += r#"{"id":""#;
        body += &id;
        body += r#"","timestamp":"2026-11-20T10:00:00Z"},"#;
    }
    body.pop();
    body.push_str("]}");
    body
}

/// A server in the role `role` that takes deliveries. There is one repository,
/// since no customer can approve none.
pub(super) fn start(bench: &Bench<'_>, folder: &Path, role: &str) -> anyhow::Result<Gateway> {
    let binary = build::server(bench)?;
    repositories::make(&folder.join("one.git"), 20)?;
    let secret = format!("--gitlab-webhook-secret={SECRET}");
    let flags = ["--role", role, secret.as_str()];
    Gateway::start(bench, &binary, folder, &flags).map_err(StartError::into_error)
}

/// Deliveries that were answered with 202 in a second: each has an id of its own.
fn deliveries(url: &str, folder: &Path, window: Duration) -> anyhow::Result<f64> {
    static RUNS: AtomicU32 = AtomicU32::new(0);
    let run = RUNS.fetch_add(1, Ordering::Relaxed);
    let script = folder.join("deliver.lua");
    let text = format!(
        "wrk.method = 'POST'\n\
         wrk.headers['Content-Type'] = 'application/json'\n\
         wrk.headers['X-Gitlab-Event'] = 'Push Hook'\n\
         wrk.headers['X-Gitlab-Token'] = '{SECRET}'\n\
         wrk.body = [==[{}]==]\n\
         local n = 0\n\
         request = function()\n\
           n = n + 1\n\
           wrk.headers['Idempotency-Key'] = 'run-{run}-' .. n\n\
           return wrk.format()\n\
         end\n",
        body()
    );
    fs::write(&script, text).context("the script for wrk cannot be written")?;
    let load = wrk::load(url, "nobody", window, Some(&script))?;
    if load.refused > 0 {
        bail!("{} of {} deliveries were refused", load.refused, load.requests);
    }
    Ok(load.rate)
}

pub(super) fn on_postgres(bench: &Bench<'_>) -> anyhow::Result<Outcome> {
    let bench = Bench { postgres: true, ..*bench };
    let folder = Scratch::open("ingest", 200)?;
    let gateway = start(&bench, &folder.folder, ROLE)?;
    let cluster = Cluster::start()?;
    let table = "CREATE TABLE deliveries (id BIGINT PRIMARY KEY, body TEXT NOT NULL)";
    let psql = postgres::program("psql")?;
    read(Command::new(&psql).arg(cluster.url()).args(["--quiet", "--command", table]))?;
    let script = folder.folder.join("insert.sql");
    let insert = format!(
        "\\set id random(1, 9000000000000000000)\n\
         INSERT INTO deliveries VALUES (:id, '{}') ON CONFLICT DO NOTHING;\n",
        body()
    );
    fs::write(&script, insert).context("the script for pgbench cannot be written")?;
    let pgbench = postgres::program("pgbench")?;
    let url = format!("{}/api/v1/webhooks/gitlab", gateway.url);
    let series = bench.protocol.compare(
        &bench,
        |window| deliveries(&url, &folder.folder, window),
        |window| commits(&pgbench, &cluster, &script, window),
    )?;
    Ok(Outcome::Measured {
        figure: series.figure(),
        details: format!("{}; bodies of {} bytes, PostgreSQL", series.spread(), body().len()),
    })
}

/// Commits of one row in a second.
fn commits(
    pgbench: &Path,
    cluster: &Cluster,
    script: &Path,
    window: Duration,
) -> anyhow::Result<f64> {
    let mut command = Command::new(pgbench);
    command.args(["--no-vacuum", "--protocol=prepared", "--jobs=1"]);
    command.arg(format!("--client={CLIENTS}"));
    command.arg(format!("--time={}", window.as_secs().max(1)));
    let said = read(command.arg("--file").arg(script).arg(cluster.url()))?;
    let rate = said.lines().find_map(|it| it.strip_prefix("tps = "));
    let rate = rate.and_then(|it| it.split(' ').next()?.parse().ok());
    rate.with_context(|| format!("pgbench said something new:\n{said}"))
}

pub(super) fn embedded(bench: &Bench<'_>) -> anyhow::Result<Outcome> {
    let bench = Bench { postgres: false, ..*bench };
    let folder = Scratch::open("ingest", 200)?;
    let gateway = start(&bench, &folder.folder, ROLE)?;
    let sqlite = ensure(&SQLITE, || in_path("sqlite3"))?;
    let url = format!("{}/api/v1/webhooks/gitlab", gateway.url);
    let series = bench.protocol.compare(
        &bench,
        |window| deliveries(&url, &folder.folder, window),
        |window| rows(&sqlite, &folder.folder, window),
    )?;
    Ok(Outcome::Measured {
        figure: series.figure(),
        details: format!("{}; bodies of {} bytes, embedded", series.spread(), body().len()),
    })
}

/// Rows in a second, fifty in a transaction, each of which waits for the disk.
fn rows(sqlite: &Path, folder: &Path, window: Duration) -> anyhow::Result<f64> {
    /// Transactions in one run of the script.
    const BATCHES: u32 = 100;
    // Anew each time: a disk that fills is not what is looked at.
    let file = folder.join("rows.db");
    if file.exists() {
        fs::remove_file(&file).context("the rows of the last time cannot be removed")?;
    }
    let head = "PRAGMA journal_mode = WAL;\nPRAGMA synchronous = FULL;\n\
                CREATE TABLE IF NOT EXISTS deliveries (id BLOB PRIMARY KEY, body TEXT NOT NULL) \
                WITHOUT ROWID;\n";
    let batch = format!(
        "INSERT INTO deliveries WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n \
         WHERE i < 50) SELECT randomblob(16), hex(randomblob({})) FROM n;\n",
        BODY / 2
    );
    let script = head.to_owned() + &batch.repeat(usize::try_from(BATCHES)?);
    let path = folder.join("rows.sql");
    fs::write(&path, script).context("the script for sqlite3 cannot be written")?;
    let (started, mut rounds) = (Instant::now(), 0_u32);
    while started.elapsed() < window {
        let read_script = format!(".read {}", path.display());
        read(Command::new(sqlite).arg(&file).arg(read_script))?;
        rounds += 1;
    }
    let rows = f64::from(rounds * BATCHES) * 50.0;
    Ok(rows / started.elapsed().as_secs_f64())
}
