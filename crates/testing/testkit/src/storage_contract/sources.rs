//! Cases about where courses are brought in from, and how far they are kept up.

use std::time::Duration;

use lodge_courses::{Course, CourseState, Details};
use lodge_kernel::Timestamp;
use lodge_storage::StorageError;
use lodge_teams::{CourseSource, ProjectSync, SourceFailure, SourceKind};

use super::{Fresh, Outcome, activity::open_projects};
use crate::builders::{
    NOW, a_course, a_project, connection_id, course_id, gitlab, local, project_id, tenant_id,
};

fn after(seconds: u64) -> Timestamp {
    NOW.plus(Duration::from_secs(seconds))
}

/// A group that course 1 is brought in from, and kept up with.
fn a_source(remote_id: &str) -> CourseSource {
    CourseSource {
        tenant: tenant_id(1),
        course: course_id(1),
        host: local(),
        connection: None,
        kind: SourceKind::Group,
        remote_id: remote_id.to_owned(),
        address: format!("https://git.college.example/{remote_id}"),
        auto_sync: true,
        created_at: NOW,
        synced_at: None,
        tried_at: None,
        failure: None,
    }
}

fn seconds(n: u64) -> Duration {
    Duration::from_secs(n)
}

/// Twice it failed, and is left alone until so many seconds.
fn a_failure(seconds: u64) -> SourceFailure {
    let reason = "the account sees nothing".to_owned();
    SourceFailure { in_a_row: 2, reason, retry_at: after(seconds) }
}

/// Every field is kept; what is written again is the same source.
pub async fn a_course_has_several_sources(storage: Fresh) -> Outcome {
    open_projects(&storage).await?;
    let (tenant, course) = (tenant_id(1), course_id(1));
    let first = CourseSource { connection: Some(connection_id(1)), ..a_source("z") };
    let second = CourseSource { kind: SourceKind::Project, created_at: after(1), ..a_source("a") };
    let mut work = storage.begin().await?;
    work.sources().put(&second).await?;
    work.sources().put(&first).await?;
    assert_eq!(work.sources().of_course(tenant, course).await?, [first.clone(), second.clone()]);
    let read = CourseSource {
        connection: None,
        kind: SourceKind::Project,
        address: "https://git.college.example/renamed".to_owned(),
        auto_sync: false,
        created_at: after(9),
        synced_at: Some(after(9)),
        tried_at: Some(after(10)),
        failure: Some(a_failure(11)),
        ..first
    };
    work.sources().put(&read).await?;
    // When it was made stays.
    let read = CourseSource { created_at: NOW, ..read };
    assert_eq!(work.sources().of_course(tenant, course).await?, [read, second]);
    assert_eq!(work.sources().of_course(tenant_id(2), course).await?, []);
    let orphan = work.sources().put(&CourseSource { course: course_id(9), ..a_source("a") }).await;
    assert!(matches!(orphan, Err(StorageError::Orphan { .. })), "{orphan:?}");
    drop(work);

    let mut work = storage.begin().await?;
    work.sources().put(&a_source("a")).await?;
    assert!(work.courses().remove(tenant, course, 1).await?);
    assert_eq!(work.sources().of_course(tenant, course).await?, []);
    Ok(())
}

/// `SourceRepository::note_outcome` and `keep_up` MUST change nothing else.
pub async fn one_field_of_a_source_is_written_and_no_other(storage: Fresh) -> Outcome {
    open_projects(&storage).await?;
    let (tenant, course) = (tenant_id(1), course_id(1));
    let before = a_source("a");
    let now = CourseSource { connection: Some(connection_id(1)), ..before.clone() };
    let other = CourseSource { created_at: after(1), ..a_source("b") };
    let mut work = storage.begin().await?;
    work.sources().put(&now).await?;
    work.sources().put(&other).await?;
    let failed = CourseSource { failure: Some(a_failure(50)), ..before.clone() };
    work.sources().note_outcome(&failed).await?;
    let now = CourseSource { failure: failed.failure, ..now };
    assert_eq!(work.sources().of_course(tenant, course).await?, [now.clone(), other.clone()]);
    let before = before.brought_in(after(5));
    work.sources().note_outcome(&before).await?;
    let now = now.brought_in(after(5));
    assert_eq!(work.sources().of_course(tenant, course).await?, [now.clone(), other.clone()]);
    // One that is not there is none, and that of another organisation another one.
    for it in [
        CourseSource { tenant: tenant_id(2), ..before.clone() },
        CourseSource { host: gitlab(), ..before.clone() },
        a_source("c"),
    ] {
        work.sources().note_outcome(&it.brought_in(after(9))).await?;
    }
    work.sources().keep_up(tenant_id(2), course, false).await?;
    work.sources().keep_up(tenant, course_id(2), false).await?;
    assert_eq!(work.sources().of_course(tenant, course).await?, [now.clone(), other.clone()]);
    work.sources().keep_up(tenant, course, false).await?;
    let kept = [now, other].map(|it| CourseSource { auto_sync: false, ..it });
    assert_eq!(work.sources().of_course(tenant, course).await?, kept);
    Ok(())
}

/// A course that is kept up by itself.
fn kept_up(course: Course) -> Course {
    Course { details: Details { auto_sync: true, ..course.details.clone() }, ..course }
}

/// Those that are kept up by themselves; whose last attempt is longest ago comes
/// first.
pub async fn sources_whose_time_has_come_are_due(storage: Fresh) -> Outcome {
    open_projects(&storage).await?;
    let elsewhere = Course { tenant: tenant_id(2), ..a_course(2) };
    let archived = Course { state: CourseState::Archived, ..a_course(3) };
    let by_hand = a_course(4);
    let mut work = storage.begin().await?;
    for it in [&elsewhere, &archived] {
        work.courses().add(&kept_up(it.clone())).await?;
    }
    work.courses().add(&by_hand).await?;
    // What a course says counts, also when it says so later.
    assert!(work.courses().update(&kept_up(a_course(1)).changed(NOW)).await?);
    let never = a_source("never");
    let late =
        CourseSource { synced_at: Some(after(2)), tried_at: Some(after(9)), ..a_source("late") };
    let early = CourseSource {
        tenant: tenant_id(2),
        course: course_id(2),
        synced_at: Some(after(5)),
        tried_at: Some(after(5)),
        auto_sync: false,
        ..a_source("early")
    };
    let by_hand = CourseSource { course: course_id(4), ..a_source("by-hand") };
    let of_old = CourseSource { course: course_id(3), ..a_source("old") };
    for it in [&late, &early, &never, &by_hand, &of_old] {
        work.sources().put(it).await?;
    }
    let all = [never.clone(), early.clone(), late.clone()];
    assert_eq!(work.sources().due(after(99), seconds(1), 9).await?, all);
    assert_eq!(work.sources().due(after(99), seconds(94), 9).await?, [never.clone(), late]);
    assert_eq!(work.sources().due(after(99), seconds(1), 1).await?, [never]);
    let switched_off = a_course(1).changed(NOW).changed(NOW);
    assert!(work.courses().update(&switched_off).await?);
    assert_eq!(work.sources().due(after(99), seconds(1), 9).await?, [early]);
    Ok(())
}

/// Who fails is left alone for a while, and comes behind those that were not
/// tried for longer.
pub async fn sources_that_fail_do_not_keep_others_waiting(storage: Fresh) -> Outcome {
    open_projects(&storage).await?;
    let mut work = storage.begin().await?;
    assert!(work.courses().update(&kept_up(a_course(1)).changed(NOW)).await?);
    let failing = CourseSource { failure: Some(a_failure(50)), ..a_source("failing") };
    let good = CourseSource { created_at: after(1), ..a_source("good") };
    for it in [&failing, &good] {
        work.sources().put(it).await?;
    }
    assert_eq!(work.sources().due(after(49), seconds(1), 9).await?, std::slice::from_ref(&good));
    let due = work.sources().due(after(50), seconds(1), 1).await?;
    assert_eq!(due, std::slice::from_ref(&failing));
    work.sources().note_tries(&due, after(50)).await?;
    let tried = CourseSource { tried_at: Some(after(50)), ..failing };
    assert_eq!(work.sources().due(after(51), seconds(1), 9).await?, [good, tried]);
    // One that is gone meanwhile.
    work.sources().note_tries(&[a_source("gone")], after(52)).await
}

/// How far a project is kept up goes with the project.
pub async fn how_far_a_project_is_kept_up_comes_back(storage: Fresh) -> Outcome {
    open_projects(&storage).await?;
    let (tenant, project) = (tenant_id(1), project_id(1));
    let failed = ProjectSync {
        tenant,
        project,
        source: "7".to_owned(),
        read_since: None,
        synced_at: None,
        problem: Some("the host does not answer".to_owned()),
    };
    let read = ProjectSync {
        source: "a/b".to_owned(),
        read_since: Some(after(1)),
        synced_at: Some(after(2)),
        problem: None,
        ..failed.clone()
    };
    let mut work = storage.begin().await?;
    assert_eq!(work.sources().sync_of(tenant, project).await?, None);
    for it in [failed.clone(), read, failed] {
        work.sources().put_sync(&it).await?;
        assert_eq!(work.sources().sync_of(tenant, project).await?, Some(it));
    }
    assert_eq!(work.sources().sync_of(tenant_id(2), project).await?, None);
    assert_eq!(work.sources().sync_of(tenant, project_id(2)).await?, None);
    assert!(work.projects().remove(tenant, project, 1).await?);
    work.projects().add(&a_project(1)).await?;
    assert_eq!(work.sources().sync_of(tenant, project).await?, None);
    Ok(())
}
