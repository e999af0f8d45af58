//! Two gateways over one PostgreSQL.

use std::{
    env,
    process::id,
    thread,
    time::{Duration, Instant, SystemTime},
};

use anyhow::Context as _;
use end_to_end::{App, Setup};
use tokio::runtime::Builder;

use crate::{main_job::do_the_main_job, reading::Shelf};

const VARIABLE: &str = "GITLODGE_TEST_DATABASE_URL";

#[test]
fn the_main_job_is_done_on_postgresql() -> anyhow::Result<()> {
    let (shelf, data, schema) = (Shelf::with_commits(3_000)?, tempfile::tempdir()?, Schema::new()?);
    let server = Setup::new(data.path())?
        .repositories(shelf.path())
        .variable("GITLODGE_DATABASE_URL", &schema.url)
        .start()?;
    let folder = data.path().to_str().context("the folder is not text")?;
    let app = App::register(&server, &["--data", folder, "--database-url", &schema.url])?;
    do_the_main_job(&server, &app, &shelf)?;
    server.stop()?;
    // The embedded store was not touched.
    assert!(!data.path().join("gitlodge.db").exists());
    Ok(())
}

#[test]
fn what_one_process_revokes_the_other_refuses_at_once() -> anyhow::Result<()> {
    let (shelf, data, schema) = (Shelf::with_commits(4)?, tempfile::tempdir()?, Schema::new()?);
    let start = || {
        let setup = Setup::new(data.path())?.repositories(shelf.path()).with("--rate-limit=0");
        setup.variable("GITLODGE_DATABASE_URL", &schema.url).start()
    };
    let (one, two) = (start()?, start()?);
    let folder = data.path().to_str().context("the folder is not text")?;
    let app = App::register(&one, &["--data", folder, "--database-url", &schema.url])?;

    let mut measured = Vec::new();
    for _ in 0..5 {
        // Asked for at one, used at the other: both read the same facts.
        let access = app.obtain_access(&one, &["college/library"])?;
        let mut reader = two.client().bearing(&access.token);
        assert_eq!(reader.get("/v1/repositories")?.status, 200);
        app.revoke(&one, &access.token)?;
        let revoked = Instant::now();
        while reader.get("/v1/repositories")?.status != 401 {
            assert!(revoked.elapsed() < Duration::from_secs(1), "a revoked token still reads");
            thread::sleep(Duration::from_millis(2));
        }
        measured.push(revoked.elapsed());
    }
    println!("revocation was seen by the other process after {measured:.0?}");
    one.stop()?;
    two.stop()?;
    Ok(())
}

/// A schema that is dropped with everything in it.
pub(crate) struct Schema {
    name: String,
    database: String,
    /// The database, seen from this schema.
    pub(crate) url: String,
}

impl Schema {
    pub(crate) fn new() -> anyhow::Result<Self> {
        let database = env::var(VARIABLE).with_context(|| {
            format!(
                "{VARIABLE} is not set: it names a PostgreSQL database in which tests may create \
                 schemas; `cargo xtask test` makes one"
            )
        })?;
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?.as_nanos();
        let name = format!("whole_{}_{now}", id());
        execute(&database, &format!("CREATE SCHEMA {name}"))?;
        let more = if database.contains('?') { '&' } else { '?' };
        let url =
            format!("{database}{more}options=-c%20search_path%3D{name}&application_name={name}");
        Ok(Self { name, database, url })
    }

    /// Runs statements inside.
    pub(crate) fn execute(&self, statements: &str) -> anyhow::Result<()> {
        execute(&self.url, statements)
    }

    /// Loses everything inside.
    pub(crate) fn empty(&self) -> anyhow::Result<()> {
        let name = &self.name;
        execute(&self.database, &format!("DROP SCHEMA {name} CASCADE; CREATE SCHEMA {name}"))
    }

    /// Cuts every connection that works in it.
    pub(crate) fn cut_connections(&self) -> anyhow::Result<()> {
        // Whoever uses `url` says the schema's name.
        execute(
            &self.database,
            &format!(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                 WHERE application_name = '{}'",
                self.name
            ),
        )
    }
}

impl Drop for Schema {
    fn drop(&mut self) {
        // The cluster is thrown away; a schema that stays does no harm there.
        let _ = execute(&self.database, &format!("DROP SCHEMA {} CASCADE", self.name));
    }
}

fn execute(database: &str, statement: &str) -> anyhow::Result<()> {
    Builder::new_current_thread().enable_all().build()?.block_on(async {
        let (client, connection) = tokio_postgres::connect(database, tokio_postgres::NoTls).await?;
        let driver = tokio::spawn(connection);
        client.batch_execute(statement).await?;
        drop(client);
        Ok(driver.await??)
    })
}
