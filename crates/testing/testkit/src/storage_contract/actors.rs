//! Cases about people in courses, as hosts tell of them.

use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

use lodge_activity::{Actor, ActorId};
use lodge_kernel::Digest;
use lodge_storage::{KnownActor, StorageError};

use super::{
    Fresh, Outcome,
    activity::{open_projects, who},
    race,
};
use crate::builders::{course_id, local, tenant_id};

pub(super) fn somebody(n: u8, username: Option<&str>, email: Option<&str>) -> KnownActor {
    let actor = Actor {
        username: username.map(str::to_owned),
        email: email.map(str::to_owned),
        ..Actor::default()
    };
    KnownActor { id: who(n), host: local(), actor, erased: false }
}

/// Each is there once, and what was told before and is not told now stays.
pub async fn people_are_there_once_with_all_that_was_told(storage: Fresh) -> Outcome {
    open_projects(&storage).await?;
    let (tenant, course) = (tenant_id(1), course_id(1));
    let mut work = storage.begin().await?;
    let mut activity = work.activity();
    activity.meet(tenant, course, &[]).await?;
    // The same person twice in one call.
    let first = [
        somebody(2, Some("bob"), None),
        somebody(1, Some("ada"), None),
        somebody(2, None, Some("bob@college.example")),
    ];
    activity.meet(tenant, course, &first).await?;
    let bob = somebody(2, Some("bob"), Some("bob@college.example"));
    assert_eq!(activity.actors(tenant, course).await?, [first[1].clone(), bob.clone()]);
    let again = somebody(1, Some("ada2"), Some("ada@college.example"));
    activity.meet(tenant, course, std::slice::from_ref(&again)).await?;
    activity.meet(tenant, course, &[somebody(1, None, None)]).await?;
    assert_eq!(activity.actors(tenant, course).await?, [again, bob]);
    assert_eq!(activity.actors(tenant_id(2), course).await?, []);
    let orphan = activity.meet(tenant, course_id(9), &first).await;
    assert!(matches!(orphan, Err(StorageError::Orphan { .. })), "{orphan:?}");
    Ok(())
}

/// Those who are erased are found among others, also of whom no host has told,
/// in their own course alone.
pub async fn who_was_erased_is_found_among_others(storage: Fresh) -> Outcome {
    open_projects(&storage).await?;
    let (tenant, course) = (tenant_id(1), course_id(1));
    let told = [somebody(1, Some("ada"), None), somebody(2, Some("bob"), None)];
    let asked = [who(9), who(1), who(2), who(3), who(1)];
    let mut work = storage.begin().await?;
    work.activity().meet(tenant, course, &told).await?;
    assert!(work.activity().erased_among(tenant, course, &asked).await?.is_empty());
    work.activity().erase_actors(tenant, course, &[who(1), who(8), who(9)]).await?;
    let found = work.activity().erased_among(tenant, course, &asked).await?;
    assert_eq!(found, BTreeSet::from([who(1), who(9)]));
    assert!(work.activity().erased_among(tenant, course, &[]).await?.is_empty());
    for (tenant, course) in [(tenant_id(2), course), (tenant, course_id(2))] {
        assert!(work.activity().erased_among(tenant, course, &asked).await?.is_empty());
    }
    // More than are asked for at a time.
    let many: Vec<_> = (0..1_200_u16)
        .map(|n| {
            let [high, low] = n.to_be_bytes();
            ActorId(Digest(std::array::from_fn(|i| if i == 0 { high } else { low })))
        })
        .collect();
    work.activity().erase_actors(tenant, course, &many).await?;
    let found = work.activity().erased_among(tenant, course, &many).await?;
    assert_eq!(found, many.into_iter().collect::<BTreeSet<_>>());
    Ok(())
}

/// Of one who is erased MUST nothing be kept again.
pub async fn nothing_is_kept_again_of_who_was_erased(storage: Fresh) -> Outcome {
    open_projects(&storage).await?;
    let (tenant, course) = (tenant_id(1), course_id(1));
    let told = [somebody(1, Some("ada"), None), somebody(2, Some("bob"), None)];
    let gone = KnownActor { erased: true, ..somebody(1, None, None) };
    let mut work = storage.begin().await?;
    work.activity().meet(tenant, course, &told).await?;
    assert_eq!(work.activity().erase_actors(tenant_id(2), course, &[who(1)]).await?, 0);
    assert_eq!(work.activity().erase_actors(tenant, course, &[who(1), who(9)]).await?, 1);
    // Who is erased before a host tells of them is erased all the same.
    work.activity().meet(tenant, course, &told).await?;
    work.activity().meet(tenant, course, &[somebody(9, Some("zoe"), None)]).await?;
    assert_eq!(work.activity().actors(tenant, course).await?.len(), 2);
    assert_eq!(work.activity().erase_actors(tenant, course, &[who(9), who(9)]).await?, 0);
    work.commit().await?;
    let answers = race(&storage, |storage| async move {
        let mut work = storage.begin().await?;
        let told = [
            somebody(1, Some("ada"), None),
            somebody(2, None, Some("bob@a.example")),
            somebody(9, Some("zoe"), None),
        ];
        work.activity().meet(tenant_id(1), course_id(1), &told).await?;
        work.commit().await
    });
    answers.await.into_iter().collect::<Result<Vec<()>, _>>()?;
    let bob = somebody(2, Some("bob"), Some("bob@a.example"));
    let mut work = storage.begin().await?;
    assert_eq!(work.activity().actors(tenant, course).await?, [gone.clone(), bob]);
    // Somebody who comes as erased is.
    let second = KnownActor { erased: true, ..somebody(2, Some("bob"), None) };
    let third = KnownActor { erased: true, ..somebody(3, Some("eve"), None) };
    work.activity().meet(tenant, course, &[second, third]).await?;
    let of = |n| KnownActor { erased: true, ..somebody(n, None, None) };
    assert_eq!(work.activity().actors(tenant, course).await?, [gone, of(2), of(3)]);
    drop(work);
    // Nor of one who is told of at the same time.
    let turns = Arc::new(AtomicU32::new(0));
    let answers = race(&storage, move |storage| {
        let meets = turns.fetch_add(1, Ordering::Relaxed).is_multiple_of(2);
        async move {
            let mut work = storage.begin().await?;
            let (tenant, course) = (tenant_id(1), course_id(1));
            if meets {
                work.activity().meet(tenant, course, &[somebody(8, Some("max"), None)]).await?;
            } else {
                work.activity().erase_actors(tenant, course, &[who(8)]).await?;
            }
            work.commit().await
        }
    });
    answers.await.into_iter().collect::<Result<Vec<()>, _>>()?;
    let all = storage.begin().await?.activity().actors(tenant, course).await?;
    assert!(all.iter().all(|it| it.actor.username.as_deref() != Some("max")), "{all:?}");
    Ok(())
}
