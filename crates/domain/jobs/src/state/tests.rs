//! Whatever happens to a job, it keeps to the table, and ends once.

use std::time::Duration;

use lodge_kernel::{JobId, TenantId};
use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::{Author, KindName, Queue, Request};

const NOW: Timestamp = Timestamp::from_seconds(1_795_339_800);
const LEASE: Duration = Duration::from_secs(30);

fn a_job() -> Job {
    let request = Request {
        queue: Queue::High,
        ..Request::new(
            TenantId::from_uuid(Uuid::from_u128(1)),
            KindName::parse("jobs.rehearsal").unwrap(),
            JsonText::empty(),
            Author::Bootstrap,
        )
    };
    Job::asked(request, JobId::from_uuid(Uuid::from_u128(2)), NOW)
}

fn lease(now: Timestamp) -> Lease {
    Lease { owner: "w".to_owned(), until: now.plus(LEASE) }
}

/// A job may go from `from` to `next`.
fn may_become(from: Standing, next: Standing) -> bool {
    match from {
        Standing::Queued => matches!(next, Standing::Running | Standing::Cancelled),
        Standing::Running => next != Standing::Running,
        Standing::Done | Standing::Failed | Standing::Cancelled | Standing::Dead => false,
    }
}

/// What may happen to a job from outside.
#[derive(Clone, Debug)]
enum Step {
    Claim,
    End(End),
    Wait(u64),
    Expire,
    Withdraw,
    AskToStop,
    Tell,
}

fn a_step() -> impl Strategy<Value = Step> {
    let ends = prop_oneof![
        Just(End::Done(None)),
        Just(End::Failed("no".to_owned())),
        Just(End::Broken("not now".to_owned())),
        Just(End::Cancelled),
        Just(End::Released),
    ];
    prop_oneof![
        3 => Just(Step::Claim),
        2 => ends.prop_map(Step::End),
        2 => (0_u64..7_200).prop_map(Step::Wait),
        1 => Just(Step::Expire),
        1 => Just(Step::Withdraw),
        1 => Just(Step::AskToStop),
        1 => Just(Step::Tell),
    ]
}

proptest! {
    #[test]
    fn a_job_keeps_to_the_table_ends_once_and_tells_without_a_gap(
        steps in prop::collection::vec(a_step(), 0..60),
        jitter: u8,
    ) {
        let (mut job, mut now, mut told) = (a_job(), NOW, Vec::new());
        for step in steps {
            let before = job.clone();
            let next = match step {
                Step::Wait(seconds) => {
                    now = now.plus(Duration::from_secs(seconds));
                    None
                }
                Step::AskToStop => {
                    if let JobState::Running { cancelling, .. } = &mut job.state {
                        *cancelling = true;
                    }
                    None
                }
                Step::Tell => {
                    // Only a worker tells.
                    if before.state.standing() == Standing::Running {
                        told.extend(job.tell(Told::log("so far"), now));
                    }
                    None
                }
                Step::Claim => job.clone().claimed(lease(now), now).map(|it| (it, Vec::new())),
                Step::End(end) => job.clone().ended(end, now, jitter),
                Step::Expire => job.clone().expired(now),
                Step::Withdraw => job.clone().withdrawn(now),
            };
            let Some((next, events)) = next else { continue };
            let (was, is) = (before.state.standing(), next.state.standing());
            prop_assert!(may_become(was, is), "{was:?} became {is:?}");
            prop_assert!(next.attempts.made <= next.attempts.most);
            prop_assert_eq!(next.fence, before.fence + u64::from(is == Standing::Running));
            told.extend(events);
            job = next;
        }
        let last = told.iter().position(|it| it.told.is_last());
        prop_assert_eq!(last.is_some(), job.state.standing().has_ended());
        prop_assert!(last.is_none_or(|at| at + 1 == told.len()), "something came after the end");
        let gapless = told.iter().zip(1_u32..).all(|(it, place)| it.sequence == place);
        prop_assert!(gapless, "{:?}", told);
        prop_assert_eq!(usize::try_from(job.sequence).unwrap(), told.len());
    }
}

#[test]
fn what_always_breaks_is_dead_after_its_tries() {
    let (mut job, mut now, mut tries) = (a_job(), NOW, 0);
    while let JobState::Queued { run_at } = job.state {
        now = run_at;
        job = job.claimed(lease(now), now).unwrap();
        job = job.ended(End::Broken("it panicked".to_owned()), now, 255).unwrap().0;
        tries += 1;
    }
    assert_eq!(tries, retry::TRIES);
    assert_eq!(job.state, JobState::Dead { at: now });
    assert_eq!(job.problem.as_deref(), Some("it panicked"));
    let whole = now.since(NOW);
    assert!(whole > Duration::from_secs(4_355) && whole < Duration::from_secs(5_500), "{whole:?}");
}

#[test]
fn a_job_is_not_taken_before_its_time() {
    let job = Job { state: JobState::Queued { run_at: NOW.plus(LEASE) }, ..a_job() };
    assert_eq!(job.clone().claimed(lease(NOW), NOW), None);
    assert!(job.claimed(lease(NOW), NOW.plus(LEASE)).is_some());
}

#[test]
fn a_released_job_waits_again_and_has_lost_no_attempt() {
    let job = a_job().claimed(lease(NOW), NOW).unwrap();
    let (job, events) = job.ended(End::Released, NOW, 0).unwrap();
    assert_eq!(job.state, JobState::Queued { run_at: NOW });
    assert_eq!((job.attempts.made, job.fence), (0, 1));
    assert_eq!(events, []);
}

#[test]
fn a_job_that_is_not_wanted_is_not_tried_again() {
    for end in [End::Released, End::Broken("later".to_owned())] {
        let mut job = a_job().claimed(lease(NOW), NOW).unwrap();
        job.state = JobState::Running { lease: lease(NOW), cancelling: true };
        let (job, events) = job.ended(end, NOW, 0).unwrap();
        assert_eq!(job.state, JobState::Cancelled { at: NOW });
        assert_eq!(events.len(), 1);
    }
}

#[test]
fn a_talkative_job_is_cut_short_and_its_end_is_told() {
    let mut job = a_job().claimed(lease(NOW), NOW).unwrap();
    let told = (0..Job::MOST_EVENTS + 5).filter_map(|_| job.tell(Told::log("again"), NOW)).count();
    assert_eq!(told, usize::try_from(Job::MOST_EVENTS).unwrap());
    let progress = Progress::new(7, Some(9), "the eighth");
    assert_eq!(job.progressed(progress.clone(), NOW), None);
    assert_eq!(job.progress, Some(progress));
    let (job, events) = job.ended(End::Done(None), NOW, 0).unwrap();
    assert_eq!(events.first().map(|it| it.sequence), Some(Job::MOST_EVENTS + 1));
    assert!(job.state.standing().has_ended());
}

#[test]
fn the_table_in_the_documentation_is_the_table_in_the_code() {
    let page = include_str!("../../../../../docs/jobs.md");
    let (_, page) = page.split_once("## States").unwrap();
    for from in Standing::ALL {
        let next: Vec<_> = Standing::ALL.into_iter().filter(|it| may_become(from, *it)).collect();
        let words: Vec<_> = next.iter().map(|it| format!("`{}`", it.name())).collect();
        let words = if words.is_empty() { "nothing".to_owned() } else { words.join(", ") };
        let start = format!("| `{}` | ", from.name());
        let row = page.lines().find(|it| it.starts_with(&start)).unwrap_or_default();
        assert!(row.ends_with(&format!("| {words} |")), "{start}… {words}: {row}");
    }
}
