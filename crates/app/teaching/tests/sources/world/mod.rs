//! A school with one worker, and a host whose groups, projects and people a
//! test may change at any time.

mod host;
mod mail;
mod posts;

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use lodge_access::{Action, AuditEntry, Tenant};
use lodge_activity::FactKind;
use lodge_courses::{Details, Semester, Settings};
use lodge_firewall::Rules;
use lodge_jobs::{Author, Job, JsonText, KindName, Request, Standing};
use lodge_kernel::{
    Clock as _, ConnectionId, CourseId, HookId, JobId, ProjectId, StudentId, Timestamp,
};
use lodge_provider::{Delivery, Host, Providers};
use lodge_storage::{
    AuditFilter, FactFilter, JobFilter, KnownActor, Listing, ProjectFilter, ProjectHook, Storage,
};
use lodge_teaching::{
    Caller, Expected, Teaching,
    courses::{
        change::CourseChange,
        forget::{DueCourses, ForgetStudents},
    },
    intake::{ActivityFacts, IntakePorts, OpenDoors, Schemes},
    jobs::{Bell, Crew, WorkerSettings, Workshop},
    projects::ProjectDraft,
    sources::{Address, CourseSync, DueSources, ImportInto, ImportWish, ProjectJob, Recheck},
};
use lodge_teams::{CourseSource, Origin, Project, SourceKind, Student, StudentState, Team};
use lodge_testkit::{
    CountingEntropy, DirectIntake, FixedClock, MemoryStorage, PlainKeyring, PlainReports,
    TestTasks,
    builders::{a_course, a_student, a_tenant, gitlab, hook_id, move_in, student_id, tenant_id},
};

pub(crate) use host::{World, project};
pub(crate) use posts::{Mishap, Post};

/// A course as it has become.
#[derive(Debug)]
pub(crate) struct Course {
    pub(crate) teams: Vec<Team>,
    pub(crate) students: Vec<Student>,
    pub(crate) projects: Vec<Project>,
}

/// A school with one worker.
pub(crate) struct School {
    pub(crate) teaching: Arc<Teaching>,
    storage: MemoryStorage,
    clock: Arc<FixedClock>,
    world: Arc<Mutex<World>>,
}

pub(crate) fn caller() -> Caller {
    Caller::Bootstrap { tenant: Some(tenant_id(1)) }
}

pub(crate) fn details() -> Details {
    Details {
        code: "PV-1".to_owned(),
        name: "Programming".to_owned(),
        academic_year: "2026/2027".to_owned(),
        semester: Semester::Winter,
        time_zone: "UTC".to_owned(),
        auto_sync: false,
    }
}

impl School {
    pub(crate) async fn open() -> Self {
        let (memory, clock) = (MemoryStorage::default(), Arc::new(FixedClock::default()));
        move_in(&memory).await.unwrap();
        let storage: Arc<dyn Storage> = Arc::new(memory.clone());
        let world = Arc::new(Mutex::new(World::at(clock.now())));
        let provider = Arc::new(host::provider(&world));
        let courses = Arc::new(host::Fake(Arc::clone(&world)));
        let webhooks = Arc::new(host::Fake(Arc::clone(&world)));
        let plain = Host::plain(provider);
        let hosts = [Host { courses: Some(courses), webhooks: Some(webhooks), ..plain }];
        let hosts = Providers::new(hosts);
        let teaching = Arc::new(Teaching {
            storage: Arc::clone(&storage),
            clock: clock.clone(),
            entropy: Arc::new(CountingEntropy::seeded(0)),
            keys: Arc::new(PlainKeyring),
            bootstrap: None,
            workshop: Workshop::new(Arc::new(TestTasks)).with_hosts(hosts),
            reports: Arc::new(PlainReports),
            intake: IntakePorts {
                vault: Arc::new(PlainKeyring),
                schemes: Schemes::new([(gitlab(), mail::MAIL)]),
                log: Arc::new(DirectIntake(storage)),
                rules: Arc::new(Rules::built_in()),
                handler: Arc::new(ActivityFacts {
                    keys: Arc::new(PlainKeyring),
                    clock: clock.clone(),
                    entropy: Arc::new(CountingEntropy::seeded(1)),
                }),
                installation: Some((gitlab(), mail::SECRET.into())),
                doors: OpenDoors::default(),
            },
        });
        let settings = WorkerSettings {
            name: "one".to_owned(),
            at_once: 2,
            lease: Duration::from_secs(30),
            patience: Duration::from_secs(5),
        };
        let crew = Crew::default().with(CourseSync).with(DueSources).with(ProjectJob);
        let crew = crew.with(Recheck).with(DueCourses).with(ForgetStudents);
        let stop = Arc::new(Bell::default());
        tokio::spawn(Arc::clone(&teaching).work(crew, settings, stop));
        Self { teaching, storage: memory, clock, world }
    }

    /// Changes the host.
    pub(crate) fn world<T>(&self, change: impl FnOnce(&mut World) -> T) -> T {
        change(&mut self.world.lock().unwrap())
    }

    pub(crate) fn now_plus_an_hour(&self) -> Timestamp {
        self.clock.now().plus(Duration::from_hours(1))
    }

    pub(crate) fn advance_an_hour(&self) {
        self.clock.advance(Duration::from_hours(1));
    }

    pub(crate) fn advance_days(&self, days: u64) {
        self.clock.advance(Duration::from_hours(24 * days));
    }

    async fn pass(&self) {
        self.clock.advance(Duration::from_millis(500));
        tokio::time::sleep(Duration::from_millis(50)).await;
    }

    pub(crate) async fn wait_five_minutes(&self) {
        for _ in 0..600 {
            self.pass().await;
        }
    }

    pub(crate) async fn wait_for(&self, id: JobId, standing: Standing) -> Job {
        for _ in 0..5_000 {
            let found = self.storage.read().await.unwrap().jobs().find(id).await.unwrap();
            let job = found.unwrap();
            if job.state.standing() == standing {
                return job;
            }
            assert!(!matches!(job.state.standing(), Standing::Failed | Standing::Dead), "{job:?}");
            self.pass().await;
        }
        panic!("it never is {standing:?}");
    }

    pub(crate) async fn wait_until(&self, is_so: impl Fn(&World) -> bool) {
        for _ in 0..5_000 {
            if is_so(&self.world.lock().unwrap()) {
                return;
            }
            self.pass().await;
        }
        panic!("it never is so");
    }

    async fn result(&self, id: JobId) -> String {
        let job = self.wait_for(id, Standing::Done).await;
        job.result.as_ref().map(JsonText::as_str).unwrap_or_default().to_owned()
    }

    pub(crate) async fn begin_import(&self, url: &str) -> JobId {
        self.begin(url, ImportInto::New(details())).await
    }

    async fn begin(&self, url: &str, into: ImportInto) -> JobId {
        let host = Some("gitlab".to_owned());
        let address = Address { url: url.to_owned(), host, connection: None };
        let wish = ImportWish { address, into };
        self.teaching.import_course(&caller(), wish).await.unwrap().job.id
    }

    pub(crate) async fn import(&self, url: &str) -> String {
        let id = self.begin_import(url).await;
        self.result(id).await
    }

    pub(crate) async fn begin_import_into(&self, course: CourseId, url: &str) -> JobId {
        self.begin(url, ImportInto::Course(course, false)).await
    }

    pub(crate) async fn import_into(&self, course: CourseId) -> String {
        let id = self.begin_import_into(course, "https://git/course").await;
        self.result(id).await
    }

    pub(crate) async fn cancel(&self, id: JobId) {
        self.teaching.cancel_job(&caller(), id).await.unwrap();
    }

    pub(crate) async fn empty_course(&self) -> CourseId {
        let made = self.teaching.create_course(&caller(), details(), Settings::default()).await;
        made.unwrap().id
    }

    /// Another place that the course is brought in from, which is not there.
    pub(crate) async fn add_broken_source(&self) {
        let course = self.course_id().await;
        let mut work = self.storage.begin().await.unwrap();
        let all = work.sources().of_course(tenant_id(1), course).await.unwrap();
        let (kind, remote_id) = (SourceKind::Project, "77".to_owned());
        let address = "https://git/nowhere".to_owned();
        let synced_at = None;
        let source = CourseSource { kind, remote_id, address, synced_at, ..all[0].clone() };
        work.sources().put(&source).await.unwrap();
        work.commit().await.unwrap();
    }

    /// Another place that the course is brought in from: a project by itself,
    /// through this account.
    pub(crate) async fn add_source(&self, id: &str, connection: Option<ConnectionId>) {
        let first = self.sources().await.remove(0);
        let source = CourseSource {
            connection,
            kind: SourceKind::Project,
            remote_id: id.to_owned(),
            address: format!("https://git/project/{id}"),
            created_at: self.clock.now().plus(Duration::from_secs(1)),
            synced_at: None,
            ..first
        };
        let mut work = self.storage.begin().await.unwrap();
        work.sources().put(&source).await.unwrap();
        work.commit().await.unwrap();
    }

    /// From now on it is kept up by itself.
    pub(crate) async fn keep_up(&self) {
        let change = CourseChange { auto_sync: Some(true), ..CourseChange::default() };
        let (course, any) = (self.course_id().await, Expected::any());
        self.teaching.update_course(&caller(), course, &any, change).await.unwrap();
    }

    /// Where the course is brought in from.
    pub(crate) async fn sources(&self) -> Vec<CourseSource> {
        let course = self.course_id().await;
        let mut work = self.storage.read().await.unwrap();
        work.sources().of_course(tenant_id(1), course).await.unwrap()
    }

    /// What the clock asks for now.
    pub(crate) async fn ask_what_is_due(&self) -> String {
        self.ask("courses.due", JsonText::empty()).await
    }

    /// Has a job done that the clock asks for; answers what came of it.
    pub(crate) async fn ask(&self, kind: &str, payload: JsonText) -> String {
        let kind = KindName::parse(kind).unwrap();
        let request = Request::new(tenant_id(1), kind, payload, Author::Schedule);
        let mut work = self.storage.begin().await.unwrap();
        let id = self.teaching.enqueue(&mut *work, request).await.unwrap();
        work.commit().await.unwrap();
        self.teaching.job_waits();
        self.result(id).await
    }

    /// The jobs of this kind of a course, newest first.
    pub(crate) async fn jobs(&self, course: CourseId, kind: &str) -> Vec<Job> {
        let (course, kind) = (Some(course), KindName::parse(kind).ok());
        let filter = JobFilter { course, kind, ..JobFilter::default() };
        let mut work = self.storage.read().await.unwrap();
        work.jobs().list(&filter, None, 100).await.unwrap()
    }

    /// Who did what to which of these, newest first.
    pub(crate) async fn trail(&self, action: Action) -> Vec<AuditEntry> {
        let filter = AuditFilter { chain: None, action: Some(action) };
        let mut work = self.storage.read().await.unwrap();
        work.audit().newest(filter, None, 100).await.unwrap()
    }

    /// Until an attempt of the job has failed.
    pub(crate) async fn wait_until_tried(&self, id: JobId) {
        for _ in 0..5_000 {
            let found = self.storage.read().await.unwrap().jobs().find(id).await.unwrap();
            if found.unwrap().problem.is_some() {
                return;
            }
            self.pass().await;
        }
        panic!("it is never tried");
    }

    /// Moves where the course comes from to an organisation that is not the
    /// operator's.
    pub(crate) async fn course_elsewhere(&self) -> CourseId {
        let mut work = self.storage.begin().await.unwrap();
        let created_at = self.clock.now().plus(Duration::from_secs(1));
        work.tenants().add(&Tenant { created_at, ..a_tenant(2) }).await.unwrap();
        let course = lodge_courses::Course { tenant: tenant_id(2), ..a_course(7) };
        work.courses().add(&course).await.unwrap();
        let source = CourseSource {
            tenant: tenant_id(2),
            course: course.id,
            host: gitlab(),
            connection: None,
            kind: SourceKind::Group,
            remote_id: "0".to_owned(),
            address: "https://git/course".to_owned(),
            auto_sync: false,
            created_at,
            synced_at: None,
            tried_at: None,
            failure: None,
        };
        work.sources().put(&source).await.unwrap();
        work.commit().await.unwrap();
        course.id
    }

    /// A webhook of a project, as far as it is kept here.
    pub(crate) async fn hook(&self, project: ProjectId) {
        let mut work = self.storage.begin().await.unwrap();
        let hook = ProjectHook {
            tenant: tenant_id(1),
            project,
            hook: hook_id(1),
            remote_ids: Vec::new(),
            created_at: self.clock.now(),
        };
        work.sources().add_hook(&hook).await.unwrap();
        work.commit().await.unwrap();
    }

    /// And gone.
    pub(crate) async fn unhook(&self, project: ProjectId) {
        let mut work = self.storage.begin().await.unwrap();
        let hook = work.sources().hook_of(tenant_id(1), project).await.unwrap().unwrap();
        assert!(work.sources().remove_hook(&hook).await.unwrap());
        work.commit().await.unwrap();
    }

    /// The host delivers, and it is worked on.
    pub(crate) async fn deliver(&self, body: &str) {
        let headers = vec![("x-secret".to_owned(), mail::SECRET.to_owned())];
        let (body, received_at) = (body.as_bytes().to_vec(), self.clock.now());
        let delivery = Delivery { headers, body, received_at };
        self.teaching.receive_delivery("gitlab", None, delivery).await.unwrap();
        assert_eq!(self.teaching.process_deliveries(9).await.unwrap().len(), 1);
    }

    /// Whether what comes by this door, with that secret, is taken.
    pub(crate) async fn knock(&self, door: HookId, secret: &str) -> bool {
        let headers = vec![("x-secret".to_owned(), secret.to_owned())];
        let (body, received_at) = (b"issue 10 1".to_vec(), self.clock.now());
        let delivery = Delivery { headers, body, received_at };
        self.teaching.receive_delivery("gitlab", Some(door), delivery).await.is_ok()
    }

    /// Gives the first team a project that no sync knows.
    pub(crate) async fn project_by_hand(&self, remote_id: &str) -> Project {
        let team = self.course().await.teams[0].id;
        let origin = Origin { host: gitlab(), remote_id: remote_id.to_owned(), web_url: None };
        let draft = ProjectDraft { name: "Mine".to_owned(), origin };
        self.teaching.create_project(&caller(), team, draft).await.unwrap()
    }

    /// When something was last heard of a project.
    pub(crate) async fn last_activity(&self, project: ProjectId) -> Option<Timestamp> {
        let mut work = self.storage.read().await.unwrap();
        work.intake().last_activity(tenant_id(1), project).await.unwrap()
    }

    /// What hosts told of people.
    pub(crate) async fn actors(&self) -> Vec<KnownActor> {
        let course = self.course_id().await;
        let mut work = self.storage.read().await.unwrap();
        work.activity().actors(tenant_id(1), course).await.unwrap()
    }

    /// A student who is there before.
    pub(crate) async fn enrol(
        &self,
        course: CourseId,
        name: &str,
        email: &str,
        state: StudentState,
    ) -> StudentId {
        let mut work = self.storage.begin().await.unwrap();
        let n = work.students().all(tenant_id(1), course).await.unwrap().len();
        let id = student_id(u32::try_from(n).unwrap() + 1);
        let (name, email) = (name.to_owned(), Some(email.to_owned()));
        let student = Student { id, course, name, email, state, ..a_student(1) };
        let student = Student { number: None, user: None, ..student };
        work.students().add(&student).await.unwrap();
        work.commit().await.unwrap();
        id
    }

    pub(crate) async fn course_id(&self) -> CourseId {
        let all = self.teaching.list_courses(&caller(), None, &Listing::first(2)).await;
        all.unwrap()[0].id
    }

    pub(crate) async fn sync(&self, full: bool) -> String {
        let course = self.course_id().await;
        let id = self.teaching.sync_course(&caller(), course, full).await.unwrap().id;
        self.result(id).await
    }

    pub(crate) async fn course(&self) -> Course {
        let (tenant, course) = (tenant_id(1), self.course_id().await);
        let mut work = self.storage.read().await.unwrap();
        let listing = Listing::first(100);
        let filter = ProjectFilter::default();
        let teams = work.teams().all(tenant, course).await.unwrap();
        let students = work.students().all(tenant, course).await.unwrap();
        let projects = work.projects().list(tenant, course, filter, &listing).await.unwrap();
        Course { teams, students, projects }
    }

    pub(crate) async fn members(&self, team: usize) -> Vec<StudentId> {
        let team = self.course().await.teams[team].id;
        let mut work = self.storage.read().await.unwrap();
        let members = work.teams().members(tenant_id(1), team).await.unwrap();
        members.into_iter().map(|it| it.id).collect()
    }

    pub(crate) async fn lock(&self, team: usize, locked: bool) {
        let team = self.course().await.teams[team].id;
        self.teaching.lock_team(&caller(), team, &Expected::any(), locked).await.unwrap();
    }

    /// Every fact of the course, as a text without the ids of projects.
    pub(crate) async fn everything(&self) -> Vec<String> {
        let projects = self.course().await.projects.into_iter().map(|it| it.id).collect();
        let filter = FactFilter { projects, ..FactFilter::default() };
        let mut work = self.storage.read().await.unwrap();
        let all = work.activity().list(tenant_id(1), &filter, None, 1_000).await.unwrap();
        all.into_iter().map(|(_, fact)| format!("{fact:?}")).collect()
    }

    pub(crate) async fn facts(&self, kind: FactKind) -> usize {
        let projects = self.course().await.projects.into_iter().map(|it| it.id).collect();
        let filter = FactFilter { projects, kinds: vec![kind], ..FactFilter::default() };
        let mut work = self.storage.read().await.unwrap();
        work.activity().list(tenant_id(1), &filter, None, 1_000).await.unwrap().len()
    }
}
