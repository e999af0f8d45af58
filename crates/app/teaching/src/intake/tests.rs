//! Deliveries of a host that exists here alone, from the door to the end.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use lodge_firewall::Rules;
use lodge_intake::{Intake, Kind, Reason, State, Tally};
use lodge_kernel::{Clock as _, ExposeSecret as _, SecretString, Timestamp};
use lodge_provider::{About, BoxError, Delivery, HookRefused, WebhookScheme};
use lodge_storage::{Connections, IntakeFilter, Storage, StorageError, StoreState, UnitOfWork};
use lodge_teams::Project;
use lodge_testkit::{
    CountingEntropy, DirectIntake, FixedClock, MemoryStorage, PlainKeyring, PlainReports,
    TestTasks,
    builders::{
        NOW, a_course, a_project, a_team, an_intake, gitlab, local, move_in, project_id, tenant_id,
    },
};
use proptest::prelude::*;
use tokio::time::timeout;

use super::{
    Handled, HookWish, IntakeHandler, IntakePorts, LastActivity, OpenDoors, ReceiveError, Replayed,
    Schemes, events::MOST_REPLAYED,
};
use crate::{Caller, Teaching, jobs::Workshop};

/// A host that shows its secret. A body is `kind repository seconds`.
struct PlainScheme;

const PLAIN: &dyn WebhookScheme = &PlainScheme;

impl WebhookScheme for PlainScheme {
    fn verify(&self, secrets: &[SecretString], delivery: &Delivery) -> Result<(), HookRefused> {
        let given = self.shown_secret(delivery).ok_or(HookRefused::Unsigned)?;
        let fits = secrets.iter().any(|it| it.expose_secret() == given);
        if fits { Ok(()) } else { Err(HookRefused::WrongSignature) }
    }

    fn shown_secret<'a>(&self, delivery: &'a Delivery) -> Option<&'a str> {
        delivery.header("x-secret")
    }

    fn delivery_id(&self, delivery: &Delivery) -> Option<String> {
        delivery.header("x-event-id").map(str::to_owned)
    }

    fn headers(&self) -> &'static [&'static str] {
        &["x-event-id"]
    }

    fn about(&self, delivery: &Delivery) -> Result<About, BoxError> {
        let text = String::from_utf8(delivery.body.clone())?;
        let mut words = text.split(' ').map(str::to_owned);
        let kind = Kind::parse(&words.next().unwrap_or_default()).ok_or("no kind")?;
        Ok(About::new(kind, kind.name(), words.next(), None))
    }

    fn occurred_at(&self, delivery: &Delivery) -> Result<Option<Timestamp>, BoxError> {
        let text = String::from_utf8(delivery.body.clone())?;
        let seconds = text.split(' ').nth(2).ok_or("no time")?;
        Ok(Some(NOW.plus(Duration::from_secs(seconds.parse()?))))
    }
}

/// Panics at `boom`, never ends at `endless`, is overtaken three times at `busy`,
/// and leaves the rest to another.
#[derive(Default)]
struct Fearful {
    overtaken: AtomicU32,
}

#[async_trait]
impl IntakeHandler for Fearful {
    async fn handle(
        &self,
        work: &mut dyn UnitOfWork,
        scheme: &dyn WebhookScheme,
        intake: &Intake,
        delivery: &Delivery,
    ) -> Result<Handled, BoxError> {
        match intake.repository.as_deref() {
            Some("boom") => panic!("afraid"),
            Some("endless") => std::future::pending().await,
            Some("busy") if self.overtaken.fetch_add(1, Ordering::Relaxed) < 3 => {
                return Err(StorageError::Conflict("deadlock detected".into()).into());
            }
            _ => {}
        }
        LastActivity.handle(work, scheme, intake, delivery).await
    }
}

const SECRET: &str = "a-secret-of-twenty-four-bytes";

/// Counts how often it is read.
#[derive(Default)]
struct Counted {
    storage: MemoryStorage,
    reads: AtomicU32,
}

#[async_trait]
impl Storage for Counted {
    async fn begin(&self) -> Result<Box<dyn UnitOfWork>, StorageError> {
        self.storage.begin().await
    }

    async fn read(&self) -> Result<Box<dyn UnitOfWork>, StorageError> {
        self.reads.fetch_add(1, Ordering::Relaxed);
        self.storage.read().await
    }

    async fn access_version(&self) -> Result<u64, StorageError> {
        self.storage.access_version().await
    }

    async fn migrate(&self) -> Result<Vec<String>, StorageError> {
        self.storage.migrate().await
    }

    async fn state(&self) -> Result<StoreState, StorageError> {
        self.storage.state().await
    }

    fn connections(&self) -> Connections {
        self.storage.connections()
    }
}

struct School {
    teaching: Teaching,
    clock: Arc<FixedClock>,
}

/// Who looks after it.
fn caller() -> Caller {
    Caller::Bootstrap { tenant: Some(tenant_id(1)) }
}

impl School {
    async fn open() -> Self {
        Self::over(Arc::new(MemoryStorage::default())).await
    }

    async fn over(storage: Arc<dyn Storage>) -> Self {
        move_in(&*storage).await.unwrap();
        let mut work = storage.begin().await.unwrap();
        work.courses().add(&a_course(1)).await.unwrap();
        work.teams().add(&a_team(1)).await.unwrap();
        let origin = |id: &str| lodge_teams::Origin {
            host: gitlab(),
            remote_id: id.to_owned(),
            web_url: None,
        };
        for n in [1, 2] {
            let project = Project { origin: origin(&n.to_string()), ..a_project(n) };
            work.projects().add(&project).await.unwrap();
        }
        work.commit().await.unwrap();
        let clock = Arc::new(FixedClock::default());
        clock.advance(Duration::from_hours(1));
        let teaching = Teaching {
            storage: Arc::clone(&storage),
            clock: clock.clone(),
            entropy: Arc::new(CountingEntropy::default()),
            keys: Arc::new(PlainKeyring),
            bootstrap: None,
            workshop: Workshop::new(Arc::new(TestTasks)),
            reports: Arc::new(PlainReports),
            intake: IntakePorts {
                vault: Arc::new(PlainKeyring),
                schemes: Schemes::new([(gitlab(), PLAIN), (local(), PLAIN)]),
                log: Arc::new(DirectIntake(storage)),
                rules: Arc::new(Rules::built_in()),
                handler: Arc::new(Fearful::default()),
                installation: Some((gitlab(), SECRET.into())),
                doors: OpenDoors::default(),
            },
        };
        Self { teaching, clock }
    }

    async fn deliver(&self, secret: &str, body: &str) -> Result<super::Received, ReceiveError> {
        self.deliver_to("gitlab", secret, body).await
    }

    async fn deliver_to(
        &self,
        host: &str,
        secret: &str,
        body: &str,
    ) -> Result<super::Received, ReceiveError> {
        let delivery = Delivery {
            headers: vec![
                ("x-secret".to_owned(), secret.to_owned()),
                ("x-event-id".to_owned(), "one of many".to_owned()),
            ],
            body: body.as_bytes().to_vec(),
            received_at: self.clock.now(),
        };
        let received = self.teaching.receive_delivery(host, None, delivery).await;
        self.clock.advance(Duration::from_millis(5));
        received
    }

    /// Works on everything that is due.
    async fn work(&self) -> usize {
        let mut worked = 0;
        loop {
            match self.teaching.process_deliveries(3).await.unwrap().len() {
                0 => return worked,
                n => worked += n,
            }
        }
    }

    async fn tally(&self) -> Tally {
        let mut work = self.teaching.storage.read().await.unwrap();
        work.intake().tally(Some(tenant_id(1))).await.unwrap()
    }

    async fn activity(&self, n: u32) -> Option<Timestamp> {
        let mut work = self.teaching.storage.read().await.unwrap();
        work.intake().last_activity(tenant_id(1), project_id(n)).await.unwrap()
    }
}

#[tokio::test]
async fn a_panic_is_of_one_delivery_and_it_is_given_up_after_six_tries() {
    let school = School::open().await;
    let poison = school.deliver(SECRET, "push boom 1").await.unwrap();
    school.deliver(SECRET, "push 1 7").await.unwrap();
    assert_eq!(school.work().await, 2);
    let sum = Tally { received: 2, processed: 1, pending: 1, ..Tally::default() };
    assert_eq!(school.tally().await, sum);
    for _ in 0..5 {
        school.clock.advance(Duration::from_hours(2));
        assert_eq!(school.work().await, 1);
    }
    school.clock.advance(Duration::from_hours(2));
    assert_eq!(school.work().await, 0);
    let detail = school.teaching.event(&caller(), poison.id).await.unwrap();
    let State::Dead { reason, .. } = &detail.intake.state else { panic!("{detail:?}") };
    assert_eq!(reason.as_str(), "it made the program panic");
    assert_eq!(detail.attempts.len(), 6);
    let sum = Tally { received: 2, processed: 1, dead: 1, ..Tally::default() };
    assert_eq!(school.tally().await, sum);
}

#[tokio::test]
async fn whom_the_database_lets_wait_begins_again_and_loses_no_try() {
    let school = School::open().await;
    let busy = school.deliver(SECRET, "push busy 1").await.unwrap();
    school.deliver(SECRET, "push 1 7").await.unwrap();
    assert_eq!(school.work().await, 2);
    let sum = Tally { received: 2, processed: 1, ignored: 1, ..Tally::default() };
    assert_eq!(school.tally().await, sum);
    assert_eq!(school.teaching.event(&caller(), busy.id).await.unwrap().attempts.len(), 1);
}

#[tokio::test]
async fn what_ends_its_worker_costs_its_neighbours_one_try_and_no_more() {
    let school = School::open().await;
    let endless = school.deliver(SECRET, "push endless 1").await.unwrap();
    let neighbour = school.deliver(SECRET, "push 1 7").await.unwrap();
    for _ in 0..2 {
        // Who is dropped in the middle is as good as dead.
        let work = school.teaching.process_deliveries(3);
        assert!(timeout(Duration::from_millis(50), work).await.is_err());
        school.clock.advance(Duration::from_secs(61));
    }
    // Of both, the one that has waited longer is taken up first.
    let work = school.teaching.process_deliveries(3);
    assert!(timeout(Duration::from_millis(50), work).await.is_err());
    let tries = async |id| school.teaching.event(&caller(), id).await.unwrap().intake.tries.made;
    assert_eq!((tries(endless.id).await, tries(neighbour.id).await), (3, 2));
    let sum = Tally { received: 2, processed: 1, pending: 1, ..Tally::default() };
    assert_eq!(school.tally().await, sum);
}

#[tokio::test]
async fn a_replay_goes_on_before_what_was_replayed_already() {
    let school = School::open().await;
    let more = u32::try_from(MOST_REPLAYED).unwrap() + 5;
    let ended = |it| Intake { state: State::Processed { at: NOW }, ..it };
    let all: Vec<_> = (1..=more).map(|n| (ended(an_intake(n)), String::new())).collect();
    let mut work = school.teaching.storage.begin().await.unwrap();
    work.intake().receive(&all).await.unwrap();
    work.commit().await.unwrap();
    let any = IntakeFilter::default();
    let replay = async |before, dry_run| {
        school.teaching.replay_events(&caller(), &any, before, dry_run).await.unwrap()
    };
    let newest = replay(None, false).await;
    assert_eq!((newest.events, newest.left), (1_000, 5));
    // They end as before, and are newer than those that are left.
    let mut work = school.teaching.storage.begin().await.unwrap();
    let waiting = IntakeFilter { state: Some(State::PENDING), ..any.clone() };
    let again = work.intake().newest(tenant_id(1), &waiting, None, MOST_REPLAYED).await.unwrap();
    let again: Vec<_> = again.into_iter().map(|it| (it.clone(), ended(it))).collect();
    assert_eq!(work.intake().change(&again).await.unwrap(), []);
    work.commit().await.unwrap();
    let rest = Replayed { events: 5, left: 0, next: None };
    assert_eq!(replay(newest.next, true).await, rest);
    assert_eq!(replay(newest.next, false).await, rest);
}

#[tokio::test]
async fn what_is_not_proved_is_not_read() {
    let school = School::open().await;
    let wrong = school.deliver("another-secret-altogether", "no kind at all").await;
    let refused = ReceiveError::Refused(HookRefused::WrongSignature);
    assert_eq!(wrong.unwrap_err().to_string(), refused.to_string());
    let other_host = school.deliver_to("local", SECRET, "push 1 1").await;
    assert_eq!(other_host.unwrap_err().to_string(), refused.to_string());
    let unreadable = school.deliver(SECRET, "no kind at all").await;
    assert!(matches!(unreadable, Err(ReceiveError::Unreadable(_))), "{unreadable:?}");
    let nobody = school.deliver_to("nowhere", SECRET, "push 1 1").await.unwrap_err();
    assert_eq!(nobody.to_string(), "no host is called that: it is one of gitlab, local");
    assert_eq!(school.tally().await, Tally::default());
}

#[tokio::test]
async fn a_door_that_is_remembered_opens_without_the_database() {
    let storage = Arc::new(Counted::default());
    let school = School::over(storage.clone()).await;
    school.deliver(SECRET, "push 1 1").await.unwrap();
    let before = storage.reads.load(Ordering::Relaxed);
    school.deliver(SECRET, "push 1 2").await.unwrap();
    assert_eq!(storage.reads.load(Ordering::Relaxed), before);
    school.clock.advance(Duration::from_millis(200));
    school.deliver(SECRET, "push 1 3").await.unwrap();
    assert!(storage.reads.load(Ordering::Relaxed) > before);
}

#[tokio::test]
async fn a_rotated_secret_opens_until_its_time_and_a_removed_hook_opens_no_more() {
    let school = School::open().await;
    let caller = caller();
    let wish = HookWish { name: "All".to_owned(), host: "gitlab".to_owned(), secret: None };
    let made = school.teaching.make_hook(&caller, wish).await.unwrap();
    school.deliver(&made.secret, "push 1 1").await.unwrap();
    let hour = Some(Duration::from_hours(1));
    let rotated = school.teaching.rotate_hook(&caller, made.hook.id, None, hour).await.unwrap();
    school.deliver(&made.secret, "push 1 2").await.unwrap();
    school.deliver(&rotated.secret, "push 1 3").await.unwrap();
    school.clock.advance(Duration::from_hours(1));
    assert!(school.deliver(&made.secret, "push 1 4").await.is_err());
    school.deliver(&rotated.secret, "push 1 5").await.unwrap();
    school.teaching.remove_hook(&caller, made.hook.id).await.unwrap();
    assert!(school.deliver(&rotated.secret, "push 1 6").await.is_err());
    assert_eq!(school.tally().await.received, 4);
}

#[tokio::test]
async fn the_first_hook_of_an_installation_makes_its_organisation() {
    let mut school = School::open().await;
    school.teaching.storage = Arc::new(MemoryStorage::default());
    let caller = Caller::Bootstrap { tenant: None };
    let wish = |host: &str| {
        let (name, host) = ("All".to_owned(), host.to_owned());
        HookWish { name, host, secret: None }
    };
    let organisations = async || {
        let mut work = school.teaching.storage.read().await.unwrap();
        work.tenants().list(None, 9).await.unwrap()
    };
    assert!(school.teaching.make_hook(&caller, wish("nowhere")).await.is_err());
    assert!(organisations().await.is_empty());
    let first = school.teaching.make_hook(&caller, wish("gitlab")).await.unwrap();
    // The second caller was let in before there was one.
    let second = school.teaching.make_hook(&caller, wish("local")).await.unwrap();
    let ids: Vec<_> = organisations().await.into_iter().map(|it| it.id).collect();
    assert_eq!(ids, [first.hook.tenant]);
    assert_eq!(second.hook.tenant, first.hook.tenant);
}

#[tokio::test]
async fn what_courses_do_not_use_is_ignored_with_the_reason() {
    let school = School::open().await;
    for (body, reason) in [
        ("other 1 1", "courses do not use `other`"),
        ("push 99 1", "no course has this repository"),
    ] {
        let received = school.deliver(SECRET, body).await.unwrap();
        school.work().await;
        let detail = school.teaching.event(&caller(), received.id).await.unwrap();
        assert_eq!(detail.intake.state.reason().map(Reason::as_str), Some(reason), "{body}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn repetitions_and_disorder_come_to_the_same(
        order in Just((0..12_u32).collect::<Vec<_>>()).prop_shuffle(),
        repeated in prop::collection::vec(0..12_usize, 0..20),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        runtime.block_on(async {
            let body = |n: u32| format!("push {} {}", 1 + n % 2, n * 60);
            let (ordered, shuffled) = (School::open().await, School::open().await);
            for n in 0..12 {
                ordered.deliver(SECRET, &body(n)).await.unwrap();
            }
            ordered.work().await;
            for (turn, n) in order.iter().enumerate() {
                shuffled.deliver(SECRET, &body(*n)).await.unwrap();
                for again in repeated.iter().filter(|it| *it % 12 == turn) {
                    let n = order[*again % (turn + 1)];
                    assert!(shuffled.deliver(SECRET, &body(n)).await.unwrap().repeated);
                }
                if turn % 3 == 0 {
                    shuffled.work().await;
                }
            }
            shuffled.work().await;
            assert_eq!(ordered.tally().await, shuffled.tally().await);
            for n in [1, 2] {
                assert_eq!(ordered.activity(n).await, shuffled.activity(n).await);
                assert!(ordered.activity(n).await.is_some());
            }
        });
    }
}
