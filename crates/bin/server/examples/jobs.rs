//! How fast jobs are done on PostgreSQL: `jobs rate URL JOBS AT_ONCE` does that
//! many empty jobs and says how many a second; `jobs pickup URL JOBS` asks for
//! one at a time and says how long the median waited. Prints one line of JSON.
#![expect(clippy::print_stdout, reason = "the answer of this program")]

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail};
use async_trait::async_trait;
use lodge_firewall::Rules;
use lodge_jobs::{Author, INSTALLATION, JsonText, KindName, Request};
use lodge_kernel::Tasks as _;
use lodge_reports::Reports;
use lodge_storage::{JobFilter, Storage};
use lodge_store::{PostgresConfig, PostgresStorage};
use lodge_system::{BatchingIntake, FileKeyring, MasterKeys, OsEntropy, SystemClock, TokioTasks};
use lodge_teaching::{
    Teaching,
    intake::{IntakePorts, LastActivity, OpenDoors, Schemes},
    jobs::{Bell, Crew, JobContext, JobError, JobKind, WorkerSettings, Workshop},
};
use tokio::sync::mpsc;

const KIND: &str = "bench.nothing";
/// How many are asked for in one transaction.
const ASKED: usize = 1_000;

/// Does nothing, and says when it began.
struct Nothing {
    done: Arc<AtomicUsize>,
    began: mpsc::UnboundedSender<Instant>,
}

#[async_trait]
impl JobKind for Nothing {
    fn name(&self) -> &'static str {
        KIND
    }

    async fn run(&self, _job: &JobContext) -> Result<Option<JsonText>, JobError> {
        // Nobody listens when only the rate is asked for.
        let _ = self.began.send(Instant::now());
        self.done.fetch_add(1, Ordering::Relaxed);
        Ok(None)
    }
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["rate", url, jobs, at_once] => rate(url, jobs.parse()?, at_once.parse()?).await,
        ["pickup", url, jobs] => pickup(url, jobs.parse()?).await,
        _ => bail!("jobs rate URL JOBS AT_ONCE, or jobs pickup URL JOBS"),
    }
}

async fn open(url: &str) -> anyhow::Result<Arc<Teaching>> {
    let storage = Arc::new(PostgresStorage::connect(PostgresConfig::new(url)).await?);
    storage.migrate().await?;
    let keys = MasterKeys::parse(&"k1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA".into())?;
    let keys = Arc::new(FileKeyring::new(&keys));
    let storage: Arc<dyn Storage> = storage;
    // Nothing is delivered here.
    let (log, _writer) = BatchingIntake::start(&storage);
    Ok(Arc::new(Teaching {
        storage,
        clock: Arc::new(SystemClock),
        entropy: Arc::new(OsEntropy),
        keys: keys.clone(),
        bootstrap: None,
        workshop: Workshop::new(Arc::new(TokioTasks)),
        reports: Arc::new(Reports::default()),
        intake: IntakePorts {
            vault: keys,
            schemes: Schemes::default(),
            log: Arc::new(log),
            rules: Arc::new(Rules::built_in()),
            handler: Arc::new(LastActivity),
            installation: None,
            doors: OpenDoors::default(),
        },
    }))
}

fn a_job() -> anyhow::Result<Request> {
    let kind = KindName::parse(KIND)?;
    Ok(Request::new(INSTALLATION, kind, JsonText::empty(), Author::Bootstrap))
}

fn begin(
    teaching: &Arc<Teaching>,
    at_once: usize,
) -> (Arc<AtomicUsize>, mpsc::UnboundedReceiver<Instant>, Arc<Bell>) {
    let (began, heard) = mpsc::unbounded_channel();
    let (done, stop) = (Arc::new(AtomicUsize::new(0)), Arc::new(Bell::default()));
    let crew = Crew::default().with(Nothing { done: Arc::clone(&done), began });
    let settings = WorkerSettings {
        name: "bench".to_owned(),
        at_once,
        lease: Duration::from_secs(30),
        patience: Duration::from_secs(20),
    };
    tokio::spawn(Arc::clone(teaching).work(crew, settings, Arc::clone(&stop)));
    (done, heard, stop)
}

async fn rate(url: &str, jobs: usize, at_once: usize) -> anyhow::Result<()> {
    let teaching = open(url).await?;
    let mut asked = 0;
    while asked < jobs {
        let mut work = teaching.storage.begin().await?;
        for _ in 0..ASKED.min(jobs - asked) {
            teaching.enqueue(&mut *work, a_job()?).await?;
        }
        work.commit().await?;
        asked += ASKED;
    }
    let began = Instant::now();
    let (done, _heard, stop) = begin(&teaching, at_once);
    while done.load(Ordering::Relaxed) < jobs {
        TokioTasks.sleep(Duration::from_millis(1)).await;
    }
    // The last ends are written, too, before the clock is stopped.
    while !teaching.storage.read().await?.jobs().depth().await?.is_empty() {
        TokioTasks.sleep(Duration::from_millis(1)).await;
    }
    let seconds = began.elapsed().as_secs_f64();
    stop.ring();
    let there = teaching.storage.read().await?.jobs().list(&JobFilter::default(), None, 1).await?;
    there.first().context("no job is there")?;
    let count = u32::try_from(jobs)?;
    println!("{{\"jobs\":{jobs},\"jobs_per_s\":{:.1}}}", f64::from(count) / seconds);
    Ok(())
}

async fn pickup(url: &str, jobs: usize) -> anyhow::Result<()> {
    let teaching = open(url).await?;
    let (_, mut heard, stop) = begin(&teaching, 8);
    let mut waits = Vec::new();
    for _ in 0..jobs {
        // The worker has come to rest.
        TokioTasks.sleep(Duration::from_millis(40)).await;
        // What a run before this one has left is not what is asked for here.
        while heard.try_recv().is_ok() {}
        let asked = Instant::now();
        let mut work = teaching.storage.begin().await?;
        teaching.enqueue(&mut *work, a_job()?).await?;
        work.commit().await?;
        teaching.job_waits();
        let began = heard.recv().await.context("the worker is gone")?;
        waits.push(began.duration_since(asked));
    }
    stop.ring();
    waits.sort();
    let median = waits.get(waits.len() / 2).context("nothing was measured")?;
    println!("{{\"jobs\":{jobs},\"p50_ms\":{:.3}}}", median.as_secs_f64() * 1_000.0);
    Ok(())
}
