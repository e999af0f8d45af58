//! Cases about deliveries to courses, and the doors they come by.

use std::{collections::BTreeSet, time::Duration};

use lodge_intake::{Attempt, Intake, Kind, Outcome as Went, Reason, State, Tally, Tries};
use lodge_kernel::{IntakeId, Timestamp};
use lodge_storage::{IntakeFilter, Kept, Storage, StorageError, Turn};

use super::{Fresh, Outcome, race};
use crate::builders::{
    NOW, a_course, a_hook, a_hook_secret, a_project, a_team, a_tenant, an_intake, gitlab, hook_id,
    intake_id, local, move_in, project_id, tenant_id,
};

const LEASE: Duration = Duration::from_mins(1);

fn with_parcel(it: Intake) -> (Intake, String) {
    let parcel = format!("parcel of {}", it.id);
    (it, parcel)
}

async fn receive(
    storage: &dyn Storage,
    deliveries: impl IntoIterator<Item = Intake> + Send,
) -> Result<Vec<Kept>, StorageError> {
    let deliveries: Vec<_> = deliveries.into_iter().map(with_parcel).collect();
    let mut work = storage.begin().await?;
    let kept = work.intake().receive(&deliveries).await?;
    work.commit().await?;
    Ok(kept)
}

async fn claim(
    storage: &dyn Storage,
    now: Timestamp,
    limit: usize,
) -> Result<Vec<Intake>, StorageError> {
    claim_in(storage, Turn::First, now, limit).await
}

async fn claim_in(
    storage: &dyn Storage,
    turn: Turn,
    now: Timestamp,
    limit: usize,
) -> Result<Vec<Intake>, StorageError> {
    let mut work = storage.begin().await?;
    let taken = work.intake().claim(turn, now, LEASE, limit).await?;
    work.commit().await?;
    Ok(taken)
}

/// Makes one that has ended wait again; a conflict for who was overtaken.
async fn replay(storage: &dyn Storage, ended: &Intake) -> Result<Intake, StorageError> {
    let again = ended.clone().replayed(NOW).map_err(|it| StorageError::Other(it.into()))?;
    let mut work = storage.begin().await?;
    let overtaken = work.intake().change(&[(ended.clone(), again.clone())]).await?;
    work.commit().await?;
    if overtaken.is_empty() { Ok(again) } else { Err(late()) }
}

fn late() -> StorageError {
    StorageError::Conflict("somebody was there first".into())
}

/// Settles a claimed one as it went; a conflict for who was overtaken.
async fn settle(storage: &dyn Storage, it: Intake, went: Went) -> Result<Intake, StorageError> {
    let number = it.tries.made;
    let attempt = Attempt { number, began_at: NOW, ended_at: NOW, outcome: went.clone() };
    let settled = it.after(went, NOW, 128).map_err(|it| StorageError::Other(it.into()))?;
    let mut work = storage.begin().await?;
    let overtaken = work.intake().settle(&[(settled.clone(), attempt)]).await?;
    work.commit().await?;
    if overtaken.is_empty() { Ok(settled) } else { Err(late()) }
}

async fn tally(storage: &dyn Storage) -> Result<Tally, StorageError> {
    storage.read().await?.intake().tally(Some(tenant_id(1))).await
}

fn failed() -> Went {
    Went::Failed(Reason::new("no sense in it"))
}

/// Every field is kept, and the changeable ones are changed.
pub async fn a_hook_comes_back_as_it_was_and_changes(storage: Fresh) -> Outcome {
    move_in(&*storage).await?;
    let mut work = storage.begin().await?;
    work.hooks().add(&a_hook(1)).await?;
    work.hooks().add(&a_hook(2)).await?;
    assert_eq!(work.hooks().find(hook_id(1)).await?, Some(a_hook(1)));
    assert_eq!(work.hooks().find(hook_id(2)).await?, Some(a_hook(2)));
    let changed = a_hook(1).rotated(a_hook_secret(7), LEASE, NOW.plus(LEASE));
    work.hooks().update(&a_hook(1), &changed).await?;
    assert_eq!(work.hooks().find(hook_id(1)).await?, Some(changed));
    let unknown = work.hooks().update(&a_hook(3), &a_hook(3)).await;
    assert!(matches!(unknown, Err(StorageError::Orphan { .. })), "{unknown:?}");
    assert_eq!(work.hooks().find(hook_id(3)).await?, None);
    Ok(())
}

/// `HookRepository::find_by_secret`: the newest secret, and the one before.
pub async fn a_secret_opens_one_hook(storage: Fresh) -> Outcome {
    move_in(&*storage).await?;
    let mut work = storage.begin().await?;
    work.hooks().add(&a_hook(1)).await?;
    let same = lodge_intake::Hook { secret: a_hook_secret(1), ..a_hook(2) };
    let refused = work.hooks().add(&same).await;
    assert!(matches!(refused, Err(StorageError::Duplicate { .. })), "{refused:?}");
    let changed = a_hook(1).rotated(a_hook_secret(7), LEASE, NOW);
    work.hooks().update(&a_hook(1), &changed).await?;
    for (n, found) in [(1, Some(&changed)), (7, Some(&changed)), (8, None)] {
        let it = work.hooks().find_by_secret(a_hook_secret(n).digest, NOW).await?;
        assert_eq!(it.as_ref(), found, "secret {n}");
    }
    Ok(())
}

/// The secret before is its hook's until it ends: then it opens nothing, and may
/// be another's newest, which comes first whatever the clock says.
pub async fn a_former_secret_is_nobody_elses_until_it_ends(storage: Fresh) -> Outcome {
    move_in(&*storage).await?;
    let mut work = storage.begin().await?;
    work.hooks().add(&a_hook(1)).await?;
    let changed = a_hook(1).rotated(a_hook_secret(7), LEASE, NOW);
    work.hooks().update(&a_hook(1), &changed).await?;
    let same = lodge_intake::Hook { secret: a_hook_secret(1), ..a_hook(2) };
    let refused = work.hooks().add(&same).await;
    assert!(matches!(refused, Err(StorageError::Duplicate { .. })), "{refused:?}");
    work.hooks().add(&a_hook(3)).await?;
    let rotated = a_hook(3).rotated(a_hook_secret(1), LEASE, NOW);
    let refused = work.hooks().update(&a_hook(3), &rotated).await;
    assert!(matches!(refused, Err(StorageError::Duplicate { .. })), "{refused:?}");

    let (digest, ended) = (a_hook_secret(1).digest, NOW.plus(LEASE));
    assert_eq!(work.hooks().find_by_secret(digest, ended).await?, None);
    let later = lodge_intake::Hook { created_at: ended, updated_at: ended, ..same };
    work.hooks().add(&later).await?;
    for now in [NOW, ended] {
        assert_eq!(work.hooks().find_by_secret(digest, now).await?, Some(later.clone()));
    }
    Ok(())
}

/// `HookRepository::update`: of two that rotate at once, one does, and the other
/// begins again with what it left.
pub async fn of_two_rotations_at_once_none_loses_a_secret(storage: Fresh) -> Outcome {
    move_in(&*storage).await?;
    let mut work = storage.begin().await?;
    work.hooks().add(&a_hook(1)).await?;
    let first = a_hook(1).rotated(a_hook_secret(7), LEASE, NOW);
    work.hooks().update(&a_hook(1), &first).await?;
    work.commit().await?;
    let mut work = storage.begin().await?;
    let second = a_hook(1).rotated(a_hook_secret(8), LEASE, NOW);
    let late = work.hooks().update(&a_hook(1), &second).await;
    assert!(matches!(late, Err(StorageError::Conflict(_))), "{late:?}");
    drop(work);
    let mut work = storage.read().await?;
    assert_eq!(work.hooks().find(hook_id(1)).await?, Some(first));
    Ok(())
}

/// Oldest first, after the given one; what is removed is gone.
pub async fn hooks_come_in_pages_and_go(storage: Fresh) -> Outcome {
    move_in(&*storage).await?;
    let mut work = storage.begin().await?;
    for n in [3, 1, 2] {
        work.hooks().add(&a_hook(n)).await?;
    }
    let page = work.hooks().of_tenant(tenant_id(1), None, 2).await?;
    assert_eq!(page, [a_hook(1), a_hook(2)]);
    let page = work.hooks().of_tenant(tenant_id(1), Some(hook_id(2)), 2).await?;
    assert_eq!(page, [a_hook(3)]);
    assert!(!work.hooks().remove(tenant_id(2), hook_id(1)).await?, "of another organisation");
    assert!(work.hooks().remove(tenant_id(1), hook_id(1)).await?);
    assert!(!work.hooks().remove(tenant_id(1), hook_id(1)).await?);
    assert_eq!(work.hooks().find(hook_id(1)).await?, None);
    Ok(())
}

/// Every field is kept, in its own organisation.
pub async fn a_delivery_comes_back_as_it_was_with_its_parcel(storage: Fresh) -> Outcome {
    let bare = Intake { door: None, repository: None, path: None, ..an_intake(2) };
    let kept = receive(&*storage, [an_intake(1), bare.clone()]).await?;
    assert_eq!(kept, [Kept::New, Kept::New]);
    let mut work = storage.read().await?;
    assert_eq!(work.intake().find(tenant_id(1), intake_id(1)).await?, Some(an_intake(1)));
    assert_eq!(work.intake().find(tenant_id(1), intake_id(2)).await?, Some(bare));
    let parcel = work.intake().parcel(tenant_id(1), intake_id(1)).await?;
    assert_eq!(parcel, Some(with_parcel(an_intake(1)).1));
    assert_eq!(work.intake().find(tenant_id(2), intake_id(1)).await?, None);
    assert_eq!(work.intake().parcel(tenant_id(2), intake_id(1)).await?, None);
    assert_eq!(work.intake().attempts(tenant_id(1), intake_id(1)).await?, []);
    Ok(())
}

/// `IntakeRepository::receive` MUST keep one of each key, however many come.
pub async fn a_delivery_is_kept_once_however_many_come(storage: Fresh) -> Outcome {
    let kept = race(&storage, async |storage| receive(&*storage, (1..=5).map(an_intake)).await);
    let kept = kept.await.into_iter().collect::<Result<Vec<_>, _>>()?;
    let new = kept.iter().flatten().filter(|it| **it == Kept::New).count();
    assert_eq!((new, kept.iter().flatten().count()), (5, 40));
    assert_eq!(tally(&*storage).await?, Tally { received: 5, pending: 5, ..Tally::default() });
    let mut work = storage.read().await?;
    let all = work.intake().newest(tenant_id(1), &IntakeFilter::default(), None, 99).await?;
    assert_eq!(all.len(), 5);
    Ok(())
}

/// Duplicates in one list, and of what was there, are told the first id.
pub async fn what_came_before_is_told_by_its_first_id(storage: Fresh) -> Outcome {
    receive(&*storage, [an_intake(1)]).await?;
    let again = |n| Intake { id: intake_id(n), ..an_intake(1) };
    let twice = |n| Intake { id: intake_id(n), ..an_intake(5) };
    let elsewhere = Intake { tenant: tenant_id(2), id: intake_id(9), ..an_intake(1) };
    let kept = receive(&*storage, [again(2), twice(3), twice(4), elsewhere]).await?;
    let first = Kept::Repeated(intake_id(1));
    assert_eq!(kept, [first, Kept::New, Kept::Repeated(intake_id(3)), Kept::New]);
    assert_eq!(tally(&*storage).await?.received, 2);
    let mut work = storage.read().await?;
    assert_eq!(work.intake().tally(None).await?.received, 3);
    assert_eq!(work.intake().find(tenant_id(1), intake_id(4)).await?, None);
    Ok(())
}

/// `IntakeRepository::claim`: two that claim at once MUST get different ones.
pub async fn deliveries_are_claimed_by_one_however_many_ask(storage: Fresh) -> Outcome {
    receive(&*storage, (1..=20).map(an_intake)).await?;
    let claims = race(&storage, async |storage| claim(&*storage, NOW, 2).await);
    let claims = claims.await.into_iter().collect::<Result<Vec<_>, _>>()?;
    let all: Vec<_> = claims.iter().flatten().map(|it| it.id).collect();
    let different: BTreeSet<_> = all.iter().copied().collect();
    assert_eq!(all.len(), different.len(), "something was claimed twice");
    let rest = claim(&*storage, NOW, 100).await?;
    assert_eq!(all.len() + rest.len(), 20);
    Ok(())
}

/// Who claims counts the try; when the lease is over, another may.
pub async fn a_try_that_does_not_end_is_made_again_by_another(storage: Fresh) -> Outcome {
    let later = Intake { state: State::Pending { next_at: NOW.plus(LEASE * 2) }, ..an_intake(2) };
    receive(&*storage, [an_intake(1), later]).await?;
    let taken = claim(&*storage, NOW, 9).await?;
    let state = State::Pending { next_at: NOW.plus(LEASE) };
    let tries = Tries { made: 1, forgiven: 0 };
    assert_eq!(taken, [Intake { state, tries, ..an_intake(1) }]);
    let one_before = NOW.plus(LEASE).minus(Duration::from_micros(1));
    assert_eq!(claim(&*storage, one_before, 9).await?, []);
    let again = claim_in(&*storage, Turn::Again, NOW.plus(LEASE), 9).await?;
    assert_eq!(
        again.iter().map(|it| (it.id, it.tries.made)).collect::<Vec<_>>(),
        [(intake_id(1), 2)]
    );
    Ok(())
}

/// `IntakeRepository::settle` MUST change nothing for who was overtaken.
pub async fn who_was_overtaken_settles_nothing(storage: Fresh) -> Outcome {
    receive(&*storage, [an_intake(1)]).await?;
    let mine = claim(&*storage, NOW, 1).await?.remove(0);
    let theirs = claim_in(&*storage, Turn::Again, NOW.plus(LEASE), 1).await?.remove(0);
    let late = settle(&*storage, mine, Went::Processed).await;
    assert!(matches!(late, Err(StorageError::Conflict(_))), "{late:?}");
    assert_eq!(tally(&*storage).await?.pending, 1);
    settle(&*storage, theirs.clone(), Went::Processed).await?;
    let twice = settle(&*storage, theirs, Went::Processed).await;
    assert!(matches!(twice, Err(StorageError::Conflict(_))), "{twice:?}");
    let done = Tally { received: 1, processed: 1, ..Tally::default() };
    assert_eq!(tally(&*storage).await?, done);
    let mut work = storage.read().await?;
    assert_eq!(work.intake().attempts(tenant_id(1), intake_id(1)).await?.len(), 1);
    Ok(())
}

/// A failed try is noted, and the next one comes when its time has come.
pub async fn a_try_that_fails_waits_and_is_noted(storage: Fresh) -> Outcome {
    receive(&*storage, [an_intake(1)]).await?;
    let taken = claim(&*storage, NOW, 1).await?.remove(0);
    let waiting = settle(&*storage, taken, failed()).await?;
    assert_eq!(waiting.state, State::Pending { next_at: NOW.plus(Duration::from_secs(5)) });
    assert_eq!(claim_in(&*storage, Turn::Again, NOW, 1).await?, []);
    let taken = claim_in(&*storage, Turn::Again, NOW.plus(LEASE), 1).await?.remove(0);
    let linked = Intake { project: Some(project_id(3)), ..taken };
    let done = settle(&*storage, linked, Went::Ignored(Reason::new("no course"))).await?;
    let mut work = storage.read().await?;
    let found = work.intake().find(tenant_id(1), intake_id(1)).await?;
    assert_eq!(found, Some(done));
    let tries = work.intake().attempts(tenant_id(1), intake_id(1)).await?;
    let went = |number, outcome| Attempt { number, began_at: NOW, ended_at: NOW, outcome };
    assert_eq!(tries, [went(1, failed()), went(2, Went::Ignored(Reason::new("no course")))]);
    Ok(())
}

/// `IntakeRepository::note_activity`: an earlier instant MUST NOT replace a
/// later one.
pub async fn the_last_activity_is_the_latest_in_whatever_order_it_is_noted(
    storage: Fresh,
) -> Outcome {
    let mut work = storage.begin().await?;
    for seconds in [60, 180, 120] {
        let at = NOW.plus(Duration::from_secs(seconds));
        work.intake().note_activity(tenant_id(1), project_id(1), at).await?;
    }
    work.intake().note_activity(tenant_id(2), project_id(1), NOW).await?;
    let last = work.intake().last_activity(tenant_id(1), project_id(1)).await?;
    assert_eq!(last, Some(NOW.plus(Duration::from_mins(3))));
    assert_eq!(work.intake().last_activity(tenant_id(1), project_id(2)).await?, None);
    Ok(())
}

/// Every part of a filter, alone and with others.
pub async fn the_newest_deliveries_that_are_meant_come_first_in_pages(storage: Fresh) -> Outcome {
    let hour = Duration::from_hours(1);
    let late = IntakeId::earliest(NOW.plus(hour));
    let all = [
        an_intake(1),
        Intake { kind: Kind::Note, repository: Some("8".to_owned()), ..an_intake(2) },
        Intake { project: Some(project_id(7)), source: local(), ..an_intake(3) },
        Intake {
            id: late,
            received_at: NOW.plus(hour),
            project: Some(project_id(8)),
            ..an_intake(4)
        },
    ];
    receive(&*storage, all).await?;
    let first = claim(&*storage, NOW, 1).await?.remove(0);
    let first = first.id;
    let mut work = storage.read().await?;
    let none = IntakeFilter::default();
    let of = |host, id: &str| Some((host, id.to_owned()));
    let cases = [
        (none.clone(), vec![late, intake_id(3), intake_id(2), intake_id(1)]),
        (IntakeFilter { kind: Some(Kind::Note), ..none.clone() }, vec![intake_id(2)]),
        (IntakeFilter { projects: vec![project_id(7)], ..none.clone() }, vec![intake_id(3)]),
        (
            IntakeFilter { projects: vec![project_id(7), project_id(8)], ..none.clone() },
            vec![late, intake_id(3)],
        ),
        (IntakeFilter { projects: vec![project_id(8), project_id(9)], ..none.clone() }, vec![late]),
        (IntakeFilter { projects: vec![project_id(9)], ..none.clone() }, vec![]),
        (IntakeFilter { repository: of(gitlab(), "7"), ..none.clone() }, vec![late, intake_id(1)]),
        (IntakeFilter { repository: of(gitlab(), "8"), ..none.clone() }, vec![intake_id(2)]),
        (IntakeFilter { repository: of(local(), "7"), ..none.clone() }, vec![intake_id(3)]),
        (IntakeFilter { since: Some(NOW.plus(hour)), ..none.clone() }, vec![late]),
        (
            IntakeFilter { until: Some(NOW.plus(hour)), kind: Some(Kind::Push), ..none.clone() },
            vec![intake_id(3), intake_id(1)],
        ),
        (IntakeFilter { state: Some(State::DEAD), ..none.clone() }, vec![]),
    ];
    for (filter, ids) in cases {
        let found = work.intake().newest(tenant_id(1), &filter, None, 9).await?;
        assert_eq!(found.iter().map(|it| it.id).collect::<Vec<_>>(), ids, "{filter:?}");
        let counted = work.intake().count(tenant_id(1), &filter, None).await?;
        assert_eq!(counted, u64::try_from(ids.len()).unwrap_or_default(), "{filter:?}");
    }
    let pending = IntakeFilter { state: Some(State::PENDING), ..none.clone() };
    let found = work.intake().newest(tenant_id(1), &pending, Some(intake_id(3)), 1).await?;
    assert_eq!(found.iter().map(|it| it.id).collect::<Vec<_>>(), [intake_id(2)]);
    assert_eq!(work.intake().count(tenant_id(1), &pending, Some(intake_id(3))).await?, 2);
    assert!(first <= intake_id(4), "the oldest is claimed first");
    assert_eq!(work.intake().count(tenant_id(2), &none, None).await?, 0);
    Ok(())
}

/// `IntakeRepository::change`: of two that replay, one does.
pub async fn what_has_ended_can_wait_again_once(storage: Fresh) -> Outcome {
    receive(&*storage, [an_intake(1)]).await?;
    let taken = claim(&*storage, NOW, 1).await?.remove(0);
    let ended = settle(&*storage, taken, Went::Processed).await?;
    replay(&*storage, &ended).await?;
    let twice = replay(&*storage, &ended).await;
    assert!(matches!(twice, Err(StorageError::Conflict(_))), "{twice:?}");
    assert_eq!(tally(&*storage).await?, Tally { received: 1, pending: 1, ..Tally::default() });
    let taken = claim(&*storage, NOW, 1).await?.remove(0);
    assert_eq!(taken.tries, Tries { made: 2, forgiven: 1 });
    settle(&*storage, taken, Went::Processed).await?;
    let done = Tally { received: 1, processed: 1, ..Tally::default() };
    assert_eq!(tally(&*storage).await?, done);
    Ok(())
}

/// A dead letter that somebody discards is ignored, and no longer dead.
pub async fn a_dead_letter_that_is_discarded_is_ignored(storage: Fresh) -> Outcome {
    let tired = Intake { tries: Tries { made: 5, forgiven: 0 }, ..an_intake(1) };
    receive(&*storage, [tired]).await?;
    let taken = claim_in(&*storage, Turn::Again, NOW, 1).await?.remove(0);
    let dead = settle(&*storage, taken, failed()).await?;
    assert_eq!(dead.state, State::Dead { at: NOW, reason: Reason::new("no sense in it") });
    assert_eq!(tally(&*storage).await?, Tally { received: 1, dead: 1, ..Tally::default() });
    let gone = dead.clone().discarded(Reason::new("discarded"), NOW);
    let gone = gone.map_err(|it| StorageError::Other(it.into()))?;
    let mut work = storage.begin().await?;
    assert_eq!(work.intake().change(&[(dead, gone)]).await?, []);
    work.commit().await?;
    assert_eq!(tally(&*storage).await?, Tally { received: 1, ignored: 1, ..Tally::default() });
    Ok(())
}

/// Many that receive, claim, settle and replay at once: nothing is lost or
/// counted twice.
pub async fn whatever_happens_the_numbers_add_up(storage: Fresh) -> Outcome {
    receive(&*storage, (1..=64).map(an_intake)).await?;
    let worked = race(&storage, async |storage| {
        receive(&*storage, (60..=70).map(an_intake)).await?;
        for it in claim(&*storage, NOW, 9).await? {
            let went = match it.id.as_uuid().as_u128() % 3 {
                0 => Went::Processed,
                1 => Went::Ignored(Reason::new("no course")),
                _ => failed(),
            };
            let settled = settle(&*storage, it, went).await?;
            assert!(storage.read().await?.intake().tally(None).await?.adds_up());
            if settled.state.ended_at().is_some() {
                replay(&*storage, &settled).await?;
            }
        }
        Ok(())
    });
    worked.await.into_iter().collect::<Result<Vec<_>, _>>()?;
    let sum = tally(&*storage).await?;
    assert!(sum.adds_up(), "{sum:?}");
    assert_eq!(sum.received, 70);
    let mut work = storage.read().await?;
    for (state, kept) in [
        (State::PENDING, sum.pending),
        (State::PROCESSED, sum.processed),
        (State::IGNORED, sum.ignored),
        (State::DEAD, sum.dead),
    ] {
        let filter = IntakeFilter { state: Some(state), ..IntakeFilter::default() };
        assert_eq!(work.intake().count(tenant_id(1), &filter, None).await?, kept, "{state}");
    }
    Ok(())
}

/// The numbers are of the transaction that changes them.
pub async fn numbers_of_a_unit_that_is_undone_are_undone(storage: Fresh) -> Outcome {
    let mut work = storage.begin().await?;
    work.tenants().add(&a_tenant(1)).await?;
    work.intake().receive(&[with_parcel(an_intake(1))]).await?;
    assert_eq!(work.intake().tally(None).await?.received, 1);
    drop(work);
    assert_eq!(tally(&*storage).await?, Tally::default());
    Ok(())
}

/// `IntakeRepository::forget`: what waits, and dead letters, stay.
pub async fn what_has_ended_is_forgotten_and_stays_counted(storage: Fresh) -> Outcome {
    receive(&*storage, (1..=5).map(an_intake)).await?;
    for (it, went) in claim(&*storage, NOW, 3).await?.into_iter().zip([
        Went::Processed,
        Went::Ignored(Reason::new("no course")),
        failed(),
    ]) {
        settle(&*storage, it, went).await?;
    }
    let before = tally(&*storage).await?;
    let mut work = storage.begin().await?;
    assert_eq!(work.intake().forget(NOW, 9).await?, 0, "it came at that instant");
    assert_eq!(work.intake().forget(NOW.plus(LEASE), 1).await?, 1);
    assert_eq!(work.intake().forget(NOW.plus(LEASE), 9).await?, 1);
    assert_eq!(work.intake().forget(NOW.plus(LEASE), 9).await?, 0);
    work.commit().await?;
    assert_eq!(tally(&*storage).await?, before);
    let mut work = storage.read().await?;
    assert_eq!(work.intake().count(tenant_id(1), &IntakeFilter::default(), None).await?, 3);
    Ok(())
}

/// `IntakeRepository::forget`: what somebody replays at the same time stays.
pub async fn what_is_replayed_meanwhile_is_not_forgotten(storage: Fresh) -> Outcome {
    receive(&*storage, [an_intake(1)]).await?;
    let taken = claim(&*storage, NOW, 1).await?.remove(0);
    let ended = settle(&*storage, taken, Went::Processed).await?;
    let again = ended.clone().replayed(NOW).map_err(|it| StorageError::Other(it.into()))?;
    let mut work = storage.begin().await?;
    assert_eq!(work.intake().change(&[(ended, again.clone())]).await?, []);
    let sweeper = std::sync::Arc::clone(&storage);
    let swept = tokio::spawn(async move {
        let mut work = sweeper.begin().await?;
        let forgotten = work.intake().forget(NOW.plus(LEASE), 9).await?;
        work.commit().await?;
        Ok::<_, StorageError>(forgotten)
    });
    // It has read what is about to change, where a store lets two write at once.
    tokio::time::sleep(Duration::from_millis(100)).await;
    work.commit().await?;
    let swept = swept.await.map_err(|lost| StorageError::Other(lost.into()))?;
    assert_eq!(swept?, 0);
    let mut work = storage.read().await?;
    assert_eq!(work.intake().find(tenant_id(1), intake_id(1)).await?, Some(again));
    assert!(work.intake().parcel(tenant_id(1), intake_id(1)).await?.is_some());
    assert_eq!(work.intake().attempts(tenant_id(1), intake_id(1)).await?.len(), 1);
    Ok(())
}

/// Those that somebody has taken up before come in a turn of their own; after a
/// replay they are as new.
pub async fn what_was_taken_up_before_has_another_turn(storage: Fresh) -> Outcome {
    receive(&*storage, [an_intake(1)]).await?;
    let left = claim(&*storage, NOW, 1).await?;
    assert_eq!(left.len(), 1);
    receive(&*storage, [an_intake(2)]).await?;
    let ids = |them: Vec<Intake>| them.iter().map(|it| it.id).collect::<Vec<_>>();
    let later = NOW.plus(LEASE);
    assert_eq!(ids(claim(&*storage, later, 9).await?), [intake_id(2)]);
    let again = claim_in(&*storage, Turn::Again, later, 9).await?;
    assert_eq!(ids(again.clone()), [intake_id(1)]);
    for it in again {
        let ended = settle(&*storage, it, Went::Processed).await?;
        replay(&*storage, &ended).await?;
    }
    assert_eq!(claim_in(&*storage, Turn::Again, later, 9).await?, []);
    assert_eq!(ids(claim(&*storage, later, 9).await?), [intake_id(1)]);
    Ok(())
}

/// `IntakeRepository::settle` of many: each that is still one's own, whoever has
/// taken the others, and of two organisations that are taken in two orders none
/// waits for ever.
pub async fn many_are_settled_together_but_those_of_others(storage: Fresh) -> Outcome {
    let elsewhere = |n| Intake { tenant: tenant_id(2), ..an_intake(n) };
    let all = (1..=32).map(|n| if n % 2 == 0 { elsewhere(n) } else { an_intake(n) });
    receive(&*storage, all).await?;
    let together = race(&storage, async |storage| {
        let mut taken = claim(&*storage, NOW, 4).await?;
        taken.reverse();
        let went = taken.into_iter().map(|it| {
            let (number, outcome) = (it.tries.made, Went::Processed);
            let attempt = Attempt { number, began_at: NOW, ended_at: NOW, outcome };
            let settled = it.after(Went::Processed, NOW, 128);
            settled.map(|it| (it, attempt)).map_err(|it| StorageError::Other(it.into()))
        });
        let mut went = went.collect::<Result<Vec<_>, _>>()?;
        let mut work = storage.begin().await?;
        assert_eq!(work.intake().settle(&went).await?, []);
        work.commit().await?;
        // Nothing of it is one's own any more.
        went.sort_by_key(|(it, _)| (it.tenant, it.id));
        let mut work = storage.begin().await?;
        let ids: Vec<_> = went.iter().map(|(it, _)| it.id).collect();
        assert_eq!(work.intake().settle(&went).await?, ids);
        work.commit().await
    });
    together.await.into_iter().collect::<Result<Vec<_>, _>>()?;
    let sum = storage.read().await?.intake().tally(None).await?;
    assert_eq!(sum, Tally { received: 32, processed: 32, ..Tally::default() });
    Ok(())
}

/// `IntakeRepository::oldest_pending`: what has ended does not wait.
pub async fn the_oldest_that_waits_is_known(storage: Fresh) -> Outcome {
    assert_eq!(storage.read().await?.intake().oldest_pending(None).await?, None);
    let later = NOW.plus(LEASE);
    let second =
        Intake { received_at: later, state: State::Pending { next_at: later }, ..an_intake(2) };
    receive(&*storage, [an_intake(1), second]).await?;
    let mut work = storage.read().await?;
    assert_eq!(work.intake().oldest_pending(Some(tenant_id(1))).await?, Some(NOW));
    assert_eq!(work.intake().oldest_pending(Some(tenant_id(2))).await?, None);
    drop(work);
    let taken = claim(&*storage, NOW, 9).await?.remove(0);
    settle(&*storage, taken, Went::Processed).await?;
    let oldest = storage.read().await?.intake().oldest_pending(None).await?;
    assert_eq!(oldest, Some(later));
    Ok(())
}

/// `ProjectRepository::of_origin`: in every course, and in no other
/// organisation.
pub async fn a_repository_is_found_in_every_course_that_has_it(storage: Fresh) -> Outcome {
    move_in(&*storage).await?;
    let mut work = storage.begin().await?;
    work.courses().add(&a_course(1)).await?;
    work.teams().add(&a_team(1)).await?;
    let project = a_project(1);
    work.projects().add(&project).await?;
    let (host, id) = (project.origin.host.clone(), project.origin.remote_id.clone());
    let found = work.projects().of_origin(tenant_id(1), &host, &id).await?;
    assert_eq!(found, [project]);
    assert_eq!(work.projects().of_origin(tenant_id(2), &host, &id).await?, []);
    assert_eq!(work.projects().of_origin(tenant_id(1), &host, "another").await?, []);
    Ok(())
}
