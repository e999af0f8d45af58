//! Reports are made by jobs, over the fake storage.
#![expect(clippy::unwrap_used, reason = "what cannot be prepared ends the test")]

use std::{
    sync::{Arc, Mutex, OnceLock, Weak},
    time::Duration,
};

use async_trait::async_trait;
use lodge_firewall::Rules;
use lodge_jobs::{Author, Job, JobState, Request, Standing};
use lodge_kernel::JobId;
use lodge_services::{RenderError, Report, ReportFormat, ReportRenderer};
use lodge_storage::{ReportFilter, Storage, StoredReport};
use lodge_teaching::{
    Caller, Teaching, TeachingError,
    intake::{IntakePorts, LastActivity, OpenDoors, Schemes},
    jobs::{Bell, Crew, WorkerSettings, Workshop},
    reports::{FileName, MakeReport},
};
use lodge_testkit::{
    CountingEntropy, DirectIntake, FixedClock, MemoryStorage, PlainKeyring, PlainReports,
    TestTasks,
    builders::{
        NOW, a_course, a_project, a_student, a_team, a_tenant, course_id, student_id, team_id,
        tenant_id,
    },
};

/// Writes as [`PlainReports`] does, and keeps what it is told; the first time,
/// a teacher erases student 1 meanwhile, where that is wanted.
#[derive(Default)]
struct Desk {
    told: Mutex<Vec<Report>>,
    teaching: OnceLock<Weak<Teaching>>,
    erases: bool,
}

#[async_trait]
impl ReportRenderer for Desk {
    async fn render(&self, report: Report, format: ReportFormat) -> Result<Vec<u8>, RenderError> {
        let before = {
            let mut told = self.told.lock().unwrap();
            told.push(report.clone());
            told.len()
        };
        if self.erases && before == 1 {
            let teaching = self.teaching.get().and_then(Weak::upgrade).unwrap();
            teaching.erase_student(&bootstrap(), student_id(1)).await.unwrap();
        }
        PlainReports.render(report, format).await
    }
}

fn bootstrap() -> Caller {
    Caller::Bootstrap { tenant: Some(tenant_id(1)) }
}

/// A school with a team of two, and a worker.
struct School {
    storage: MemoryStorage,
    clock: Arc<FixedClock>,
    desk: Arc<Desk>,
    teaching: Arc<Teaching>,
    stop: Arc<Bell>,
}

impl School {
    async fn new(erases: bool) -> Self {
        let (storage, clock) = (MemoryStorage::default(), Arc::new(FixedClock::default()));
        let desk = Arc::new(Desk { erases, ..Desk::default() });
        let shared: Arc<dyn Storage> = Arc::new(storage.clone());
        let teaching = Arc::new(Teaching {
            storage: Arc::clone(&shared),
            clock: clock.clone(),
            entropy: Arc::new(CountingEntropy::seeded(1)),
            keys: Arc::new(PlainKeyring),
            bootstrap: None,
            workshop: Workshop::new(Arc::new(TestTasks)),
            reports: desk.clone(),
            intake: IntakePorts {
                vault: Arc::new(PlainKeyring),
                schemes: Schemes::default(),
                log: Arc::new(DirectIntake(shared)),
                rules: Arc::new(Rules::built_in()),
                handler: Arc::new(LastActivity),
                installation: None,
                doors: OpenDoors::default(),
            },
        });
        desk.teaching.set(Arc::downgrade(&teaching)).unwrap();
        let mut work = storage.begin().await.unwrap();
        work.tenants().add(&a_tenant(1)).await.unwrap();
        work.courses().add(&a_course(1)).await.unwrap();
        work.teams().add(&a_team(1)).await.unwrap();
        work.projects().add(&a_project(1)).await.unwrap();
        for n in [1, 2] {
            work.students().add(&a_student(n)).await.unwrap();
            work.teams().join(&a_team(1), student_id(n), NOW).await.unwrap();
        }
        work.commit().await.unwrap();
        let settings = WorkerSettings {
            name: "one".to_owned(),
            at_once: 2,
            lease: Duration::from_secs(30),
            patience: Duration::from_secs(5),
        };
        let crew = Crew::default().with(MakeReport { clocks: |_| Box::new(|_| 3_600) });
        let stop = Arc::new(Bell::default());
        tokio::spawn(Arc::clone(&teaching).work(crew, settings, Arc::clone(&stop)));
        Self { storage, clock, desk, teaching, stop }
    }

    async fn ask(&self, format: ReportFormat) -> JobId {
        self.teaching.ask_for_report(&bootstrap(), team_id(1), format).await.unwrap().id
    }

    /// The job, once it has ended.
    async fn ended(&self, id: JobId) -> Job {
        for _ in 0..20_000 {
            let mut work = self.storage.read().await.unwrap();
            let job = work.jobs().find(id).await.unwrap().unwrap();
            drop(work);
            if !matches!(job.state.standing(), Standing::Queued | Standing::Running) {
                return job;
            }
            self.clock.advance(Duration::from_secs(1));
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("it never ends");
    }

    async fn kept(&self) -> Vec<StoredReport> {
        let mut work = self.storage.read().await.unwrap();
        work.reports().list(tenant_id(1), &ReportFilter::default(), None, 10).await.unwrap()
    }
}

impl Drop for School {
    fn drop(&mut self) {
        self.stop.ring();
    }
}

#[tokio::test(start_paused = true)]
async fn a_report_is_made_once_and_called_as_it_was_asked_for() {
    let school = School::new(false).await;
    let id = school.ask(ReportFormat::Pdf).await;
    let twice = school.ask(ReportFormat::Pdf).await;
    assert_eq!(id, twice);
    let job = school.ended(id).await;
    assert!(matches!(job.state, JobState::Done { .. }), "{job:?}");
    let kept = school.kept().await;
    let [report] = &kept[..] else { panic!("{kept:?}") };
    let result = job.result.unwrap();
    assert!(result.as_str().contains(&format!("\"file_name\":\"{}\"", report.file_name)));
    assert!(result.as_str().contains(&format!("\"bytes\":{}", report.bytes)));
    let name: FileName = report.file_name.parse().unwrap();
    assert_eq!(name.format(), Some(ReportFormat::Pdf), "{name}");
    let (found, body) = school.teaching.read_report(&bootstrap(), &name).await.unwrap();
    assert_eq!((&found, u64::try_from(body.len()).unwrap()), (report, report.bytes));
    let text = String::from_utf8(body).unwrap();
    for said in ["Student 1", "Student 2", "Team 1", "project-1", "R01 Issue assigned"] {
        assert!(text.contains(said), "{said}: {text}");
    }
}

/// What a worker does whose process dies after it kept the file.
#[tokio::test(start_paused = true)]
async fn a_second_attempt_makes_no_second_file() {
    let school = School::new(false).await;
    let first = school.ended(school.ask(ReportFormat::Csv).await).await;
    let again = Request::new(tenant_id(1), first.kind, first.payload, Author::Bootstrap);
    let mut work = school.storage.begin().await.unwrap();
    let again = school.teaching.enqueue(&mut *work, again).await.unwrap();
    work.commit().await.unwrap();
    school.teaching.job_waits();
    let second = school.ended(again).await;
    assert!(matches!(second.state, JobState::Done { .. }), "{second:?}");
    assert_eq!(school.kept().await.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn who_is_erased_while_a_report_is_written_does_not_stand_in_it() {
    let school = School::new(true).await;
    let job = school.ended(school.ask(ReportFormat::Html).await).await;
    assert!(matches!(job.state, JobState::Done { .. }), "{job:?}");
    assert_eq!(job.attempts.made, 2);
    let kept = school.kept().await;
    let [report] = &kept[..] else { panic!("{kept:?}") };
    let name: FileName = report.file_name.parse().unwrap();
    let (_, body) = school.teaching.read_report(&bootstrap(), &name).await.unwrap();
    let text = String::from_utf8(body).unwrap();
    assert!(!text.contains("Student 1") && text.contains("Student 2"), "{text}");
    assert!(format!("{:?}", school.desk.told.lock().unwrap()[0]).contains("Student 1"));
}

#[tokio::test(start_paused = true)]
async fn erasing_a_student_removes_the_reports_of_the_course() {
    let school = School::new(false).await;
    school.ended(school.ask(ReportFormat::Json).await).await;
    assert_eq!(school.kept().await.len(), 1);
    school.teaching.erase_student(&bootstrap(), student_id(2)).await.unwrap();
    assert_eq!(school.kept().await, []);
}

#[tokio::test(start_paused = true)]
async fn a_report_that_is_removed_is_gone_for_everybody() {
    let school = School::new(false).await;
    school.ended(school.ask(ReportFormat::Xlsx).await).await;
    let name: FileName = school.kept().await[0].file_name.parse().unwrap();
    let by = bootstrap();
    let all = school.teaching.list_reports(&by, Some(course_id(1)), None, 5).await.unwrap();
    assert_eq!(all.len(), 1);
    school.teaching.remove_report(&by, &name).await.unwrap();
    let gone = school.teaching.read_report(&by, &name).await;
    assert!(matches!(gone, Err(TeachingError::NotFound("report"))));
    let again = school.teaching.remove_report(&by, &name).await;
    assert!(matches!(again, Err(TeachingError::NotFound("report"))));
}
