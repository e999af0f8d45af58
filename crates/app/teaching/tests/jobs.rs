//! Workers over the fake storage: the clock moves only when a test says so.
#![expect(clippy::unwrap_used, reason = "what cannot be prepared ends the test")]

use std::{
    future::pending,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use lodge_firewall::Rules;
use lodge_jobs::{
    Author, Job, JsonText, KindName, Queue, Request, Schedule, Standing, Told, When, retry,
};
use lodge_kernel::{Clock as _, JobId};
use lodge_storage::{JobFilter, Storage};
use lodge_teaching::{
    Teaching,
    intake::{IntakePorts, LastActivity, OpenDoors, Schemes},
    jobs::{Bell, Crew, JobContext, JobError, JobKind, WorkerSettings, Workshop},
};
use lodge_testkit::{
    CountingEntropy, DirectIntake, FixedClock, MemoryStorage, PlainKeyring, PlainReports,
    TestTasks, builders::tenant_id,
};

/// A house with workers in it.
struct House {
    storage: MemoryStorage,
    clock: Arc<FixedClock>,
    teaching: Arc<Teaching>,
}

/// A process over the storage.
fn a_process(storage: &MemoryStorage, clock: &Arc<FixedClock>, seed: u32) -> Arc<Teaching> {
    let storage: Arc<dyn Storage> = Arc::new(storage.clone());
    Arc::new(Teaching {
        storage: Arc::clone(&storage),
        clock: clock.clone(),
        entropy: Arc::new(CountingEntropy::seeded(seed)),
        keys: Arc::new(PlainKeyring),
        bootstrap: None,
        workshop: Workshop::new(Arc::new(TestTasks)),
        reports: Arc::new(PlainReports),
        intake: IntakePorts {
            vault: Arc::new(PlainKeyring),
            schemes: Schemes::default(),
            log: Arc::new(DirectIntake(storage)),
            rules: Arc::new(Rules::built_in()),
            handler: Arc::new(LastActivity),
            installation: None,
            doors: OpenDoors::default(),
        },
    })
}

impl House {
    fn new() -> Self {
        let (storage, clock) = (MemoryStorage::default(), Arc::new(FixedClock::default()));
        let teaching = a_process(&storage, &clock, 0);
        Self { storage, clock, teaching }
    }

    /// Another process over the same storage.
    fn beside(&self) -> Arc<Teaching> {
        a_process(&self.storage, &self.clock, 9)
    }

    async fn ask(&self, name: &str) -> JobId {
        let kind = KindName::parse(name).unwrap();
        let request = Request::new(tenant_id(1), kind, JsonText::empty(), Author::Bootstrap);
        let mut work = self.storage.begin().await.unwrap();
        let id = self.teaching.enqueue(&mut *work, request).await.unwrap();
        work.commit().await.unwrap();
        self.teaching.job_waits();
        id
    }

    async fn find(&self, id: JobId) -> Job {
        self.storage.read().await.unwrap().jobs().find(id).await.unwrap().unwrap()
    }

    /// Lets time pass in small steps until the job stands where it shall.
    async fn wait_for(&self, id: JobId, standing: Standing) -> Job {
        for _ in 0..20_000 {
            let job = self.find(id).await;
            if job.state.standing() == standing {
                return job;
            }
            self.clock.advance(Duration::from_secs(1));
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("it is {:?}", self.find(id).await);
    }

    async fn told(&self, id: JobId) -> Vec<Told> {
        let mut work = self.storage.read().await.unwrap();
        let told = work.jobs().events_after(tenant_id(1), id, 0, 100).await.unwrap();
        assert!((1..).zip(&told).all(|(place, it)| it.sequence == place), "{told:?}");
        told.into_iter().map(|it| it.told).collect()
    }
}

fn settings(name: &str) -> WorkerSettings {
    WorkerSettings {
        name: name.to_owned(),
        at_once: 4,
        lease: Duration::from_secs(30),
        patience: Duration::from_secs(5),
    }
}

/// How a job of the tests goes.
enum Way {
    Well,
    Panic,
    Forever,
}

struct Kind {
    name: &'static str,
    way: Way,
    begun: Arc<AtomicUsize>,
}

impl Kind {
    fn new(name: &'static str, way: Way) -> (Self, Arc<AtomicUsize>) {
        let begun = Arc::new(AtomicUsize::new(0));
        (Self { name, way, begun: Arc::clone(&begun) }, begun)
    }
}

#[async_trait]
impl JobKind for Kind {
    fn name(&self) -> &'static str {
        self.name
    }

    async fn run(&self, job: &JobContext) -> Result<Option<JsonText>, JobError> {
        self.begun.fetch_add(1, Ordering::SeqCst);
        match self.way {
            Way::Well => {
                for step in 1..=5 {
                    job.progress(step, Some(5), &format!("step {step}")).await?;
                }
                Ok(Some(JsonText::new("[5]")?))
            }
            Way::Panic => panic!("a bug"),
            Way::Forever => pending().await,
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_job_is_done_and_its_last_progress_is_told_before_its_end() {
    let house = House::new();
    let (kind, _) = Kind::new("well", Way::Well);
    let id = house.ask("well").await;
    let stop = Arc::new(Bell::default());
    let worker = Arc::clone(&house.teaching).work(
        Crew::default().with(kind),
        settings("one"),
        Arc::clone(&stop),
    );
    let worker = tokio::spawn(worker);
    let job = house.wait_for(id, Standing::Done).await;
    assert_eq!(job.result.as_ref().map(JsonText::as_str), Some("[5]"));
    assert_eq!((job.attempts.made, job.fence), (1, 1));
    // What was told too soon after the first step comes with the last one.
    let told = house.told(id).await;
    let steps: Vec<_> = told
        .iter()
        .filter_map(|it| match it {
            Told::Progress(progress) => Some(progress.done),
            _ => None,
        })
        .collect();
    assert_eq!(steps, [1, 5]);
    assert_eq!(told.last(), Some(&Told::Done(job.result)));
    stop.ring();
    worker.await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_poison_job_is_given_up_after_its_tries_and_others_go_on() {
    let house = House::new();
    let (poison, begun) = Kind::new("poison", Way::Panic);
    let (kind, _) = Kind::new("well", Way::Well);
    let bad = house.ask("poison").await;
    let unknown = house.ask("unknown").await;
    let stop = Arc::new(Bell::default());
    let crew = Crew::default().with(poison).with(kind);
    let worker =
        tokio::spawn(Arc::clone(&house.teaching).work(crew, settings("one"), Arc::clone(&stop)));
    let good = house.ask("well").await;
    house.wait_for(good, Standing::Done).await;
    let dead = house.wait_for(bad, Standing::Dead).await;
    assert_eq!(dead.problem.as_deref(), Some("it panicked: a bug"));
    assert_eq!(begun.load(Ordering::SeqCst), usize::try_from(retry::TRIES).unwrap());
    let told = house.told(bad).await;
    assert_eq!(told.len(), usize::try_from(retry::TRIES).unwrap());
    assert!(matches!(told.last(), Some(Told::Failed(problem)) if problem.contains("a bug")));
    let dead = house.wait_for(unknown, Standing::Dead).await;
    assert!(dead.problem.unwrap_or_default().contains("no worker here knows"));
    stop.ring();
    worker.await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_job_that_is_not_wanted_is_dropped_even_when_it_never_looks_up() {
    let house = House::new();
    let (kind, _) = Kind::new("forever", Way::Forever);
    let id = house.ask("forever").await;
    let stop = Arc::new(Bell::default());
    let crew = Crew::default().with(kind);
    let worker =
        tokio::spawn(Arc::clone(&house.teaching).work(crew, settings("one"), Arc::clone(&stop)));
    house.wait_for(id, Standing::Running).await;
    let mut work = house.storage.begin().await.unwrap();
    assert!(work.jobs().ask_to_stop(id).await.unwrap());
    work.commit().await.unwrap();
    house.wait_for(id, Standing::Cancelled).await;
    assert_eq!(house.told(id).await, [Told::Cancelled]);
    stop.ring();
    worker.await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_worker_that_stops_puts_its_jobs_back() {
    let house = House::new();
    let (kind, begun) = Kind::new("forever", Way::Forever);
    let id = house.ask("forever").await;
    let stop = Arc::new(Bell::default());
    let crew = Crew::default().with(kind);
    let worker =
        tokio::spawn(Arc::clone(&house.teaching).work(crew, settings("one"), Arc::clone(&stop)));
    house.wait_for(id, Standing::Running).await;
    stop.ring();
    let job = house.wait_for(id, Standing::Queued).await;
    assert_eq!((job.attempts.made, job.fence), (0, 1));
    worker.await.unwrap();
    assert_eq!(begun.load(Ordering::SeqCst), 1);
}

#[tokio::test(start_paused = true)]
async fn a_job_of_a_worker_that_fell_silent_is_done_by_another() {
    let house = House::new();
    let (kind, _) = Kind::new("forever", Way::Forever);
    let id = house.ask("forever").await;
    let silent = tokio::spawn(Arc::clone(&house.teaching).work(
        Crew::default().with(kind),
        settings("silent"),
        Arc::default(),
    ));
    house.wait_for(id, Standing::Running).await;
    silent.abort();
    let (kind, _) = Kind::new("forever", Way::Well);
    let stop = Arc::new(Bell::default());
    let worker = tokio::spawn(house.beside().work(
        Crew::default().with(kind),
        settings("two"),
        Arc::clone(&stop),
    ));
    let job = house.wait_for(id, Standing::Done).await;
    assert_eq!((job.attempts.made, job.fence), (2, 2));
    let told = house.told(id).await;
    assert_eq!(told.first(), Some(&Told::log("worker silent fell silent")));
    stop.ring();
    worker.await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn what_comes_again_is_done_once_each_time_however_many_workers_there_are() {
    let house = House::new();
    let stop = Arc::new(Bell::default());
    let mut workers = Vec::new();
    let mut begun = Vec::new();
    for (n, teaching) in [Arc::clone(&house.teaching), house.beside()].into_iter().enumerate() {
        let (kind, count) = Kind::new("hourly", Way::Well);
        let hourly = Schedule {
            kind: KindName::parse("hourly").unwrap(),
            when: When::every(Duration::from_hours(1)).unwrap(),
            queue: Queue::Low,
        };
        let crew = Crew::default().with(kind).again(hourly);
        workers.push(tokio::spawn(teaching.work(crew, settings(&n.to_string()), stop.clone())));
        begun.push(count);
    }
    let first = house.clock.now();
    // Three hours, in which four turns begin: 9:00, 10:00, 11:00 and 12:00.
    while house.clock.now().since(first) < Duration::from_hours(3) {
        house.clock.advance(Duration::from_secs(20));
        tokio::time::sleep(Duration::from_millis(600)).await;
    }
    stop.ring();
    for it in workers {
        it.await.unwrap();
    }
    let times: usize = begun.iter().map(|it| it.load(Ordering::SeqCst)).sum();
    let jobs = house.storage.read().await.unwrap();
    let mut jobs = jobs;
    let jobs = jobs.jobs().list(&JobFilter::default(), None, 100).await.unwrap();
    assert_eq!((times, jobs.len()), (4, 4));
    assert!(jobs.iter().all(|it| it.state.standing() == Standing::Done), "{jobs:?}");
}
