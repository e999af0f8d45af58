//! Cases about what people decided about flags.

use std::time::Duration;

use lodge_storage::{FlagDecision, StorageError};
use lodge_teams::FlagState;

use super::{Fresh, Outcome, reports::open_courses};
use crate::builders::{NOW, a_flag_decision, course_id, team_id, tenant_id, user_id};

fn a_decision(flag: &str) -> FlagDecision {
    FlagDecision { flag: flag.to_owned(), ..a_flag_decision(1) }
}

/// Every field is kept, and nothing of the decision before.
pub async fn a_flag_has_the_decision_that_came_last(storage: Fresh) -> Outcome {
    open_courses(&storage).await?;
    let (tenant, team) = (tenant_id(1), team_id(1));
    let longest = FlagDecision {
        state: FlagState::Confirmed,
        note: Some("ž".repeat(FlagDecision::LONGEST_NOTE)),
        decided_by: Some(user_id(2)),
        decided_at: NOW.plus(Duration::from_secs(1)),
        ..a_decision(&"f".repeat(FlagDecision::LONGEST_FLAG))
    };
    let bare = FlagDecision { note: None, decided_by: None, ..longest.clone() };
    let open = FlagDecision { state: FlagState::Open, decided_at: NOW, ..longest.clone() };
    for it in [a_decision(&longest.flag), longest, bare, open] {
        let mut work = storage.begin().await?;
        work.flag_decisions().put(&it).await?;
        work.commit().await?;
        let mut work = storage.read().await?;
        assert_eq!(work.flag_decisions().of_team(tenant, team).await?, [it]);
    }
    Ok(())
}

/// Those of a team by the flag, those of a course by the team, too.
pub async fn decisions_come_by_team_and_flag(storage: Fresh) -> Outcome {
    open_courses(&storage).await?;
    let tenant = tenant_id(1);
    let of_other = FlagDecision { team: team_id(2), ..a_decision("a") };
    let elsewhere = FlagDecision { course: course_id(2), team: team_id(3), ..a_decision("a") };
    let mut work = storage.begin().await?;
    for it in [&of_other, &a_decision("b"), &elsewhere, &a_decision("B"), &a_decision("a:1")] {
        work.flag_decisions().put(it).await?;
    }
    let mut decisions = work.flag_decisions();
    let sorted = [a_decision("B"), a_decision("a:1"), a_decision("b")];
    assert_eq!(decisions.of_team(tenant, team_id(1)).await?, sorted);
    let [first, second, third] = sorted;
    let all = [first, second, third, of_other];
    assert_eq!(decisions.of_course(tenant, course_id(1)).await?, all);
    assert_eq!(decisions.of_course(tenant, course_id(2)).await?, [elsewhere]);
    assert_eq!(decisions.of_team(tenant_id(2), team_id(1)).await?, []);
    assert_eq!(decisions.of_course(tenant_id(2), course_id(1)).await?, []);
    Ok(())
}

/// `FlagDecisionRepository::put` MUST return `Orphan` when the team is not in the
/// course, or nobody knows who decided.
pub async fn a_flag_is_of_a_team_of_its_course(storage: Fresh) -> Outcome {
    open_courses(&storage).await?;
    let mut work = storage.begin().await?;
    work.flag_decisions().put(&a_decision("known")).await?;
    work.commit().await?;
    for orphan in [
        FlagDecision { team: team_id(9), ..a_decision("new") },
        FlagDecision { team: team_id(3), ..a_decision("new") },
        FlagDecision { course: course_id(2), ..a_decision("known") },
        FlagDecision { tenant: tenant_id(2), ..a_decision("known") },
        FlagDecision { decided_by: Some(user_id(9)), ..a_decision("known") },
    ] {
        let mut work = storage.begin().await?;
        let put = work.flag_decisions().put(&orphan).await;
        assert!(matches!(put, Err(StorageError::Orphan { .. })), "{orphan:?}: {put:?}");
    }
    let mut work = storage.read().await?;
    let kept = work.flag_decisions().of_course(tenant_id(1), course_id(1)).await?;
    assert_eq!(kept, [a_decision("known")]);
    Ok(())
}

/// A decision goes with its team, and with the course.
pub async fn decisions_about_flags_go_with_their_team_and_course(storage: Fresh) -> Outcome {
    open_courses(&storage).await?;
    let tenant = tenant_id(1);
    let other = FlagDecision { team: team_id(2), ..a_decision("a") };
    let elsewhere = FlagDecision { course: course_id(2), team: team_id(3), ..a_decision("a") };
    let mut work = storage.begin().await?;
    for it in [&a_decision("a"), &other, &elsewhere] {
        work.flag_decisions().put(it).await?;
    }
    assert!(work.teams().remove(tenant, team_id(1), 1).await?);
    assert_eq!(work.flag_decisions().of_course(tenant, course_id(1)).await?, [other]);
    assert!(work.courses().remove(tenant, course_id(1), 1).await?);
    assert_eq!(work.flag_decisions().of_course(tenant, course_id(1)).await?, []);
    assert_eq!(work.flag_decisions().of_team(tenant, team_id(2)).await?, []);
    assert_eq!(work.flag_decisions().of_course(tenant, course_id(2)).await?, [elsewhere]);
    work.commit().await
}
