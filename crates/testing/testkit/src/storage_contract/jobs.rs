//! Cases about jobs: who gets them, who may change them, and what they tell.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

use lodge_jobs::{End, Job, JobState, KindName, Lease, Progress, Queue, Standing, Told};
use lodge_kernel::{JobId, TenantId, Timestamp};
use lodge_storage::{Change, Claim, Depth, Enqueued, Head, Held, JobFilter, StorageError};

use super::{Fresh, Outcome, race};
use crate::builders::{NOW, a_job, course_id, job_id, tenant_id};

const LEASE: Duration = Duration::from_secs(30);
const LATER: Timestamp = Timestamp::from_micros(NOW.as_micros() + 30_000_000);

fn claim(limit: usize) -> Claim<'static> {
    claim_at(NOW, limit)
}

/// That this organisation was served last, in the line of these jobs.
fn served(n: u32) -> BTreeMap<Queue, TenantId> {
    BTreeMap::from([(Queue::Default, tenant_id(n))])
}

fn claim_at(now: Timestamp, limit: usize) -> Claim<'static> {
    let lease = Lease { owner: "worker 'one'".to_owned(), until: now.plus(LEASE) };
    Claim { now, lease, queues: &Queue::ALL, limit, after: BTreeMap::new() }
}

async fn enqueue(storage: &Fresh, jobs: &[Job]) -> Outcome {
    let mut work = storage.begin().await?;
    for it in jobs {
        assert_eq!(work.jobs().enqueue(it).await?, Enqueued::Added);
    }
    work.commit().await
}

/// Claims in a unit of work of its own.
async fn take(storage: &Fresh, claim: &Claim<'_>) -> Result<Vec<Job>, StorageError> {
    let mut work = storage.begin().await?;
    let taken = work.jobs().claim(claim).await?;
    work.commit().await?;
    Ok(taken)
}

async fn take_one(storage: &Fresh) -> Result<Job, StorageError> {
    let taken = take(storage, &claim(1)).await?;
    taken.into_iter().next().ok_or_else(|| StorageError::Other("nothing was claimed".into()))
}

fn ended(job: Job, end: End) -> Change {
    let Some((job, events)) = job.ended(end, LATER, 0) else { panic!("it does not run") };
    Change { from: Standing::Running, job, events }
}

async fn write(storage: &Fresh, changes: &[Change]) -> Result<Vec<JobId>, StorageError> {
    let mut work = storage.begin().await?;
    let written = work.jobs().write(changes).await?;
    work.commit().await?;
    Ok(written)
}

async fn find(storage: &Fresh, n: u32) -> Result<Job, StorageError> {
    let found = storage.read().await?.jobs().find(job_id(n)).await?;
    found.ok_or_else(|| StorageError::Other("the job is gone".into()))
}

/// Every field is kept, through all its states.
pub async fn a_job_comes_back_as_it_was_from_its_birth_to_its_end(storage: Fresh) -> Outcome {
    let job = Job {
        course: Some(course_id(3)),
        key: Some("course 3".to_owned()),
        queue: Queue::High,
        ..a_job(1)
    };
    enqueue(&storage, std::slice::from_ref(&job)).await?;
    assert_eq!(find(&storage, 1).await?, job);
    let mut held = take_one(&storage).await?;
    assert_eq!(Some(&held), job.clone().claimed(claim(1).lease, NOW).as_ref());
    assert_eq!(find(&storage, 1).await?, held);
    let event = held.progressed(Progress::new(1, Some(7), "one of \"seven\""), NOW);
    let events = event.into_iter().collect();
    let change = Change { from: Standing::Running, job: held.clone(), events };
    assert_eq!(write(&storage, &[change]).await?, [job_id(1)]);
    assert_eq!(find(&storage, 1).await?, held);
    let again = ended(held, End::Broken("the host is away".to_owned()));
    assert_eq!(write(&storage, std::slice::from_ref(&again)).await?, [job_id(1)]);
    assert_eq!(find(&storage, 1).await?, again.job);
    let JobState::Queued { run_at } = again.job.state else { panic!("{:?}", again.job.state) };
    assert_eq!(take(&storage, &claim_at(run_at.minus(Duration::from_micros(1)), 9)).await?, []);
    let held = take(&storage, &claim_at(run_at, 9)).await?.remove(0);
    assert_eq!((held.attempts.made, held.fence), (2, 2));
    let done = ended(held, End::Done(Some(lodge_jobs::JsonText::empty())));
    assert_eq!(write(&storage, std::slice::from_ref(&done)).await?, [job_id(1)]);
    assert_eq!(find(&storage, 1).await?, done.job);
    let mut work = storage.read().await?;
    let told = work.jobs().events_after(tenant_id(1), job_id(1), 0, 9).await?;
    assert_eq!(told.iter().map(|it| it.sequence).collect::<Vec<_>>(), [1, 2, 3]);
    assert_eq!(told.last(), done.events.last());
    let rest = work.jobs().events_after(tenant_id(1), job_id(1), 1, 1).await?;
    assert_eq!(rest.first(), told.get(1));
    assert_eq!(rest.len(), 1);
    assert_eq!(work.jobs().events_after(tenant_id(2), job_id(1), 0, 9).await?, []);
    let heads = work.jobs().heads(&[job_id(1), job_id(2)]).await?;
    assert_eq!(heads, [Head { job: job_id(1), sequence: 3 }]);
    Ok(())
}

/// `JobRepository::enqueue`: one of each key, however many ask.
pub async fn a_key_waits_once_however_many_ask(storage: Fresh) -> Outcome {
    let numbers = Arc::new(std::sync::atomic::AtomicU32::new(1));
    let asked = race(&storage, move |storage| {
        let n = numbers.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        async move {
            let mut work = storage.begin().await?;
            let job = Job { key: Some("course 3".to_owned()), ..a_job(n) };
            let asked = work.jobs().enqueue(&job).await?;
            work.commit().await?;
            Ok((job.id, asked))
        }
    });
    let asked = asked.await.into_iter().collect::<Result<Vec<_>, _>>()?;
    let mut added = asked.iter().filter(|(_, it)| *it == Enqueued::Added).map(|(id, _)| *id);
    let there = added.next().map(Enqueued::There);
    assert_eq!(added.next(), None, "it waits twice");
    assert_eq!(asked.iter().filter(|(_, it)| Some(*it) == there).count(), 7, "{asked:?}");
    // Another organisation, and another kind, have keys of their own.
    let same = |n| Job { key: Some("course 3".to_owned()), ..a_job(n) };
    let kind = lodge_jobs::KindName::parse("other").map_err(|it| StorageError::Other(it.into()))?;
    let others = [Job { tenant: tenant_id(2), ..same(21) }, Job { kind, ..same(22) }];
    enqueue(&storage, &others).await?;
    // A job that has ended makes room.
    let held = take(&storage, &claim(9)).await?;
    let ends: Vec<_> = held.into_iter().map(|it| ended(it, End::Done(None))).collect();
    assert_eq!(write(&storage, &ends).await?.len(), 3);
    enqueue(&storage, &[same(23)]).await
}

/// `JobRepository::write`: who gives up its key makes room while it runs, and
/// has none when it waits again.
pub async fn a_running_job_that_gives_up_its_key_makes_room(storage: Fresh) -> Outcome {
    let same = |n| Job { key: Some("course 3".to_owned()), ..a_job(n) };
    enqueue(&storage, &[same(1)]).await?;
    let held = take_one(&storage).await?;
    let asked = storage.begin().await?.jobs().enqueue(&same(2)).await?;
    assert_eq!(asked, Enqueued::There(job_id(1)));
    let keyless = Job { key: None, ..held.clone() };
    let change = Change { from: Standing::Running, job: keyless.clone(), events: Vec::new() };
    assert_eq!(write(&storage, &[change]).await?, [job_id(1)]);
    assert_eq!(find(&storage, 1).await?, keyless);
    enqueue(&storage, &[same(2)]).await?;
    // Its worker may have missed that it has none any more.
    let again = ended(held, End::Broken("the host is away".to_owned()));
    assert_eq!(write(&storage, std::slice::from_ref(&again)).await?, [job_id(1)]);
    assert_eq!(find(&storage, 1).await?.key, None);
    assert_eq!(find(&storage, 2).await?.key, same(2).key);
    Ok(())
}

/// `JobRepository::enqueue` belongs to the unit of work around it.
pub async fn a_job_is_undone_with_what_it_belongs_to(storage: Fresh) -> Outcome {
    let mut work = storage.begin().await?;
    work.jobs().enqueue(&a_job(1)).await?;
    drop(work);
    assert_eq!(storage.read().await?.jobs().find(job_id(1)).await?, None);
    assert_eq!(take(&storage, &claim(9)).await?, []);
    Ok(())
}

/// `JobRepository::claim`: of eight that race for a thousand jobs, each gets
/// others, and all are got.
pub async fn every_job_is_got_once_however_many_race(storage: Fresh) -> Outcome {
    let lines = Queue::ALL.into_iter().cycle();
    let jobs = (1..=1_000).zip(lines);
    let jobs = jobs.map(|(n, queue)| Job { tenant: tenant_id(n % 5), queue, ..a_job(n) });
    let jobs: Vec<Job> = jobs.collect();
    enqueue(&storage, &jobs).await?;
    let got = race(&storage, async |storage| {
        let (mut got, mut after) = (Vec::new(), BTreeMap::new());
        loop {
            let taken = match take(&storage, &Claim { after: after.clone(), ..claim(7) }).await {
                Err(StorageError::Conflict(_)) => continue,
                other => other?,
            };
            // Others may hold for a moment what is left.
            if taken.is_empty() {
                let depth = storage.read().await?.jobs().depth().await?;
                if depth.iter().all(|it| it.queued == 0) {
                    return Ok(got);
                }
            }
            after.extend(taken.last().map(|it| (it.queue, it.tenant)));
            got.extend(taken.into_iter().map(|it| it.id));
        }
    });
    let got = got.await.into_iter().collect::<Result<Vec<_>, _>>()?.concat();
    let different: BTreeSet<_> = got.iter().copied().collect();
    assert_eq!((got.len(), different.len()), (1_000, 1_000));
    Ok(())
}

/// `JobRepository::claim`: urgent lines first, and what has waited longest.
pub async fn urgent_jobs_come_first_and_then_the_oldest(storage: Fresh) -> Outcome {
    let earlier = NOW.minus(LEASE);
    let old =
        |n| Job { state: JobState::Queued { run_at: earlier }, created_at: earlier, ..a_job(n) };
    enqueue(
        &storage,
        &[
            Job { queue: Queue::Low, ..old(1) },
            a_job(2),
            old(3),
            Job { queue: Queue::High, ..a_job(4) },
            Job { state: JobState::Queued { run_at: LATER }, ..a_job(5) },
        ],
    )
    .await?;
    let ids = |jobs: Vec<Job>| jobs.into_iter().map(|it| it.id).collect::<Vec<_>>();
    assert_eq!(ids(take(&storage, &claim(2)).await?), [job_id(4), job_id(3)]);
    let low = Claim { queues: &[Queue::Low], ..claim(9) };
    assert_eq!(ids(take(&storage, &low).await?), [job_id(1)]);
    assert_eq!(ids(take(&storage, &claim(9)).await?), [job_id(2)]);
    assert_eq!(ids(take(&storage, &claim_at(LATER, 9)).await?), [job_id(5)]);
    let nothing = Claim { queues: &[], ..claim(9) };
    assert_eq!(take(&storage, &nothing).await?, []);
    Ok(())
}

/// `JobRepository::claim`: an organisation with much that waits takes nothing
/// from one with little.
pub async fn organisations_take_turns(storage: Fresh) -> Outcome {
    let busy: Vec<Job> = (1..=200).map(a_job).collect();
    enqueue(&storage, &busy).await?;
    let few = [201, 202].map(|n| Job { tenant: tenant_id(2), ..a_job(n) });
    enqueue(&storage, &few).await?;
    let shares = |jobs: &[Job]| {
        jobs.iter().fold(BTreeMap::<TenantId, usize>::new(), |mut all, it| {
            *all.entry(it.tenant).or_default() += 1;
            all
        })
    };
    let both = shares(&take(&storage, &claim(2)).await?);
    assert_eq!(both, BTreeMap::from([(tenant_id(1), 1), (tenant_id(2), 1)]));
    // One at a time, too: whoever was served waits for the others.
    let after = |n| Claim { after: served(n), ..claim(1) };
    assert_eq!(shares(&take(&storage, &after(1)).await?), BTreeMap::from([(tenant_id(2), 1)]));
    assert_eq!(shares(&take(&storage, &after(2)).await?), BTreeMap::from([(tenant_id(1), 1)]));
    // When nobody else waits, all is given.
    assert_eq!(take(&storage, &claim(50)).await?.len(), 50);
    Ok(())
}

/// `JobRepository::claim`: who is served in one line loses no turn in another.
pub async fn turns_are_those_of_a_line(storage: Fresh) -> Outcome {
    let jobs = (1..=4).map(|n| Job { tenant: tenant_id(n), ..a_job(n) });
    let urgent = Job { tenant: tenant_id(1), queue: Queue::High, ..a_job(5) };
    enqueue(&storage, &jobs.chain([urgent]).collect::<Vec<_>>()).await?;
    let after = BTreeMap::from([(Queue::High, tenant_id(1)), (Queue::Default, tenant_id(2))]);
    let taken = take(&storage, &Claim { after, ..claim(2) }).await?;
    let taken: Vec<_> = taken.iter().map(|it| (it.queue, it.tenant)).collect();
    assert_eq!(taken, [(Queue::High, tenant_id(1)), (Queue::Default, tenant_id(3))]);
    Ok(())
}

/// `JobRepository::renew` and `write`: who holds an older lease changes nothing.
pub async fn a_stale_fence_changes_nothing(storage: Fresh) -> Outcome {
    enqueue(&storage, &[a_job(1)]).await?;
    let stale = take_one(&storage).await?;
    let mut work = storage.begin().await?;
    let over = work.jobs().expired(LATER, 9).await?;
    assert_eq!(over, std::slice::from_ref(&stale));
    assert_eq!(work.jobs().expired(LATER.minus(Duration::from_micros(1)), 9).await?, []);
    let Some((job, events)) = stale.clone().expired(LATER) else { panic!("it is not over") };
    let change = Change { from: Standing::Running, job, events };
    assert_eq!(work.jobs().write(&[change]).await?, [job_id(1)]);
    work.commit().await?;
    let held = take(&storage, &claim_at(LATER, 1)).await?.remove(0);
    assert_eq!(held.fence, 2);

    let mut told = stale.clone();
    let events = told.tell(Told::log("I am still here"), LATER).into_iter().collect();
    let tell = Change { from: Standing::Running, job: told, events };
    let done = ended(stale.clone(), End::Done(None));
    let freed = ended(stale.clone(), End::Released);
    assert_eq!(write(&storage, &[tell, done, freed]).await?, []);
    let mut work = storage.begin().await?;
    let fences = [(job_id(1), 1), (job_id(2), 1)];
    assert_eq!(work.jobs().renew(&fences, LATER.plus(LEASE)).await?, []);
    drop(work);
    assert_eq!(find(&storage, 1).await?, held, "the one who holds it is not disturbed");
    let mut work = storage.read().await?;
    assert_eq!(work.jobs().events_after(tenant_id(1), job_id(1), 0, 9).await?.len(), 1);
    Ok(())
}

/// `JobRepository::write`: of two ends of one job, one counts.
pub async fn a_job_ends_once_however_many_end_it(storage: Fresh) -> Outcome {
    enqueue(&storage, &[a_job(1)]).await?;
    let held = take_one(&storage).await?;
    let end = ended(held, End::Done(None));
    let ends = race(&storage, move |storage| {
        let end = end.clone();
        async move { write(&storage, &[end]).await }
    });
    let ends = ends.await.into_iter().collect::<Result<Vec<_>, _>>()?;
    assert_eq!(ends.concat(), [job_id(1)]);
    let mut work = storage.read().await?;
    assert_eq!(work.jobs().events_after(tenant_id(1), job_id(1), 0, 9).await?.len(), 1);
    Ok(())
}

/// `JobRepository::renew`: a lease is renewed, and says when nobody wants the
/// job any more; then it does not wait again.
pub async fn a_job_that_is_not_wanted_is_held_until_it_ends(storage: Fresh) -> Outcome {
    enqueue(&storage, &[a_job(1), a_job(2)]).await?;
    let held = take(&storage, &claim(9)).await?;
    let mut work = storage.begin().await?;
    assert!(work.jobs().ask_to_stop(job_id(1)).await?);
    assert!(!work.jobs().ask_to_stop(job_id(3)).await?);
    let mut renewed = work.jobs().renew(&[(job_id(1), 1), (job_id(2), 1)], LATER).await?;
    renewed.sort_by_key(|it| it.job);
    let both = [true, false].into_iter().zip(1..);
    let both: Vec<_> =
        both.map(|(cancelling, n)| Held { job: job_id(n), fence: 1, cancelling }).collect();
    assert_eq!(renewed, both);
    work.commit().await?;
    let freed: Vec<_> = held.iter().map(|it| ended(it.clone(), End::Released)).collect();
    assert_eq!(write(&storage, &freed).await?, [job_id(2)]);
    let unwanted = find(&storage, 1).await?;
    assert!(matches!(unwanted.state, JobState::Running { cancelling: true, .. }));
    assert_eq!(write(&storage, &[ended(unwanted, End::Released)]).await?, [job_id(1)]);
    assert_eq!(find(&storage, 1).await?.state, JobState::Cancelled { at: LATER });
    Ok(())
}

/// `JobRepository::write` from waiting: a withdrawn job is claimed by nobody,
/// and a claimed job is withdrawn by nobody.
pub async fn a_waiting_job_is_withdrawn_or_claimed_and_not_both(storage: Fresh) -> Outcome {
    enqueue(&storage, &[a_job(1), a_job(2)]).await?;
    let withdrawn = |n| {
        let Some((job, events)) = a_job(n).withdrawn(NOW) else { panic!("it does not wait") };
        Change { from: Standing::Queued, job, events }
    };
    assert_eq!(write(&storage, &[withdrawn(1)]).await?, [job_id(1)]);
    let taken = take(&storage, &claim(9)).await?;
    assert_eq!(taken.iter().map(|it| it.id).collect::<Vec<_>>(), [job_id(2)]);
    assert_eq!(write(&storage, &[withdrawn(2), withdrawn(1)]).await?, []);
    assert_eq!(find(&storage, 1).await?.state.standing(), Standing::Cancelled);
    assert_eq!(find(&storage, 2).await?.state.standing(), Standing::Running);
    Ok(())
}

/// `JobRepository::list`: the newest of those that are meant, over all states.
pub async fn jobs_come_in_pages_of_what_is_meant(storage: Fresh) -> Outcome {
    let jobs = [
        a_job(1),
        Job { course: Some(course_id(1)), ..a_job(2) },
        Job { tenant: tenant_id(2), ..a_job(3) },
        Job { state: JobState::Queued { run_at: LATER }, ..a_job(4) },
    ];
    enqueue(&storage, &jobs).await?;
    let held = take(&storage, &Claim { after: served(2), ..claim(1) }).await?.remove(0);
    assert_eq!(held.id, job_id(1));
    write(&storage, &[ended(held, End::Failed("no".to_owned()))]).await?;
    let mut work = storage.read().await?;
    let mut ids = async |filter: JobFilter, before: Option<u32>, limit| {
        let jobs = work.jobs().list(&filter, before.map(job_id), limit).await?;
        let n = |id: JobId| (1..=4).find(|n| job_id(*n) == id).unwrap_or(0);
        Ok::<_, StorageError>(jobs.into_iter().map(|it| n(it.id)).collect::<Vec<_>>())
    };
    let all = JobFilter::default;
    assert_eq!(ids(all(), None, 9).await?, [4, 3, 2, 1]);
    assert_eq!(ids(all(), Some(4), 2).await?, [3, 2]);
    assert_eq!(ids(all(), Some(2), 2).await?, [1]);
    let mine = JobFilter { tenants: vec![tenant_id(1), tenant_id(7)], ..all() };
    assert_eq!(ids(mine, None, 9).await?, [4, 2, 1]);
    let about = JobFilter { course: Some(course_id(1)), ..all() };
    assert_eq!(ids(about, None, 9).await?, [2]);
    let queued = JobFilter { standing: Some(Standing::Queued), ..all() };
    assert_eq!(ids(queued, None, 9).await?, [4, 3, 2]);
    let failed = JobFilter { standing: Some(Standing::Failed), ..all() };
    assert_eq!(ids(failed, None, 9).await?, [1]);
    let kind = JobFilter { kind: KindName::parse("none").ok(), ..all() };
    assert!(ids(kind, None, 9).await?.is_empty());
    Ok(())
}

/// `JobRepository::depth`: what waits and what runs, for each line.
pub async fn lines_are_counted(storage: Fresh) -> Outcome {
    assert_eq!(storage.read().await?.jobs().depth().await?, []);
    let later = JobState::Queued { run_at: LATER };
    let low = Job { queue: Queue::Low, ..a_job(3) };
    enqueue(&storage, &[a_job(1), Job { state: later, ..a_job(2) }, low]).await?;
    take_one(&storage).await?;
    let depth = storage.read().await?.jobs().depth().await?;
    let lines = [
        Depth { queue: Queue::Default, queued: 1, running: 1, first_due: Some(LATER) },
        Depth { queue: Queue::Low, queued: 1, running: 0, first_due: Some(NOW) },
    ];
    assert_eq!(depth, lines);
    Ok(())
}

/// `JobRepository::forget`: the oldest ends, with what they told; what waits or
/// runs stays.
pub async fn ended_jobs_are_forgotten_with_what_they_told(storage: Fresh) -> Outcome {
    let jobs: Vec<Job> =
        (1..=4).map(|n| Job { tenant: tenant_id(1 + n % 2), ..a_job(n) }).collect();
    enqueue(&storage, &jobs).await?;
    let held = take(&storage, &claim(3)).await?;
    let ends: Vec<_> = held.into_iter().map(|it| ended(it, End::Done(None))).collect();
    assert_eq!(write(&storage, &ends).await?.len(), 3);
    let mut work = storage.begin().await?;
    assert_eq!(work.jobs().forget(LATER, 9).await?, 0, "they ended at that instant");
    let after = LATER.plus(LEASE);
    assert_eq!(work.jobs().forget(after, 2).await?, 2);
    assert_eq!(work.jobs().forget(after, 9).await?, 1);
    assert_eq!(work.jobs().list(&JobFilter::default(), None, 9).await?.len(), 1);
    for it in ends {
        let (tenant, job) = (it.job.tenant, it.job.id);
        assert_eq!(work.jobs().events_after(tenant, job, 0, 9).await?, []);
    }
    Ok(())
}

/// `JobRepository::take_slot`: one of all that ask, and never an older turn.
pub async fn a_turn_is_taken_once_however_many_ask(storage: Fresh) -> Outcome {
    let taken = race(&storage, async |storage| {
        let mut work = storage.begin().await?;
        let taken = work.jobs().take_slot("clean-up", NOW).await?;
        work.commit().await?;
        Ok(taken)
    });
    let taken = taken.await.into_iter().collect::<Result<Vec<_>, _>>()?;
    assert_eq!(taken.iter().filter(|it| **it).count(), 1);
    let mut work = storage.begin().await?;
    assert!(!work.jobs().take_slot("clean-up", NOW.minus(LEASE)).await?);
    assert!(work.jobs().take_slot("clean-up", LATER).await?);
    assert!(work.jobs().take_slot("another", NOW).await?);
    Ok(())
}
