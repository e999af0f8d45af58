//! Cases about reports.

use std::{slice, time::Duration};

use lodge_kernel::Timestamp;
use lodge_storage::{ReportFilter, StorageError, StoredReport};
use lodge_teams::Team;

use super::{Fresh, Outcome, courses::open_school};
use crate::builders::{NOW, a_course, a_report, a_team, course_id, report_id, team_id, tenant_id};

fn after(seconds: u64) -> Timestamp {
    NOW.plus(Duration::from_secs(seconds))
}

fn is_orphan(answer: &Result<(), StorageError>) -> bool {
    matches!(answer, Err(StorageError::Orphan { .. }))
}

/// Course 1 with teams 1 and 2, course 2 with team 3, and course 3 of
/// organisation 2.
pub(super) async fn open_courses(storage: &Fresh) -> Outcome {
    open_school(storage).await?;
    let mut work = storage.begin().await?;
    work.courses().add(&a_course(2)).await?;
    let abroad = lodge_courses::Course { tenant: tenant_id(2), ..a_course(3) };
    work.courses().add(&abroad).await?;
    for n in [1, 2] {
        work.teams().add(&a_team(n)).await?;
    }
    work.teams().add(&Team { course: course_id(2), ..a_team(3) }).await?;
    work.commit().await
}

/// A report of course 3 of organisation 2.
fn abroad(n: u32) -> StoredReport {
    StoredReport { tenant: tenant_id(2), course: course_id(3), team: None, ..a_report(n) }
}

/// Every field is kept, and the body; nobody else finds, reads or removes it.
pub async fn a_report_comes_back_with_its_body_and_goes(storage: Fresh) -> Outcome {
    open_courses(&storage).await?;
    let tenant = tenant_id(1);
    let of_team = StoredReport { team: Some(team_id(1)), ..a_report(1) };
    let longest = "ž".repeat(StoredReport::LONGEST_FILE_NAME / 2);
    let of_course = StoredReport { file_name: longest, bytes: 0, ..a_report(2) };
    let mut work = storage.begin().await?;
    work.reports().add(&of_team, b"\0 the\xff first").await?;
    work.reports().add(&of_course, b"").await?;
    work.commit().await?;

    let mut work = storage.begin().await?;
    let mut reports = work.reports();
    for (it, body) in [(&of_team, b"\0 the\xff first".as_slice()), (&of_course, b"")] {
        assert_eq!(reports.find(tenant, &it.file_name).await?.as_ref(), Some(it));
        assert_eq!(reports.body(tenant, it.id).await?.as_deref(), Some(body));
        assert_eq!(reports.find(tenant_id(2), &it.file_name).await?, None);
        assert_eq!(reports.body(tenant_id(2), it.id).await?, None);
    }
    assert_eq!(reports.find(tenant, &of_team.file_name.to_uppercase()).await?, None);
    assert!(!reports.remove(tenant_id(2), of_team.id).await?);
    assert!(reports.remove(tenant, of_team.id).await?);
    assert!(!reports.remove(tenant, of_team.id).await?);
    assert_eq!(reports.find(tenant, &of_team.file_name).await?, None);
    assert_eq!(reports.body(tenant, of_team.id).await?, None);
    assert!(reports.body(tenant, of_course.id).await?.is_some());
    Ok(())
}

/// Five MiB of it, byte for byte.
pub async fn a_large_report_comes_back_as_it_was(storage: Fresh) -> Outcome {
    open_courses(&storage).await?;
    let body: Vec<u8> = (0..5_u32 << 20).map(|n| n.to_le_bytes()[0] ^ n.to_le_bytes()[1]).collect();
    let large = StoredReport { bytes: 5 << 20, ..a_report(1) };
    let mut work = storage.begin().await?;
    work.reports().add(&large, &body).await?;
    work.commit().await?;
    let mut work = storage.read().await?;
    let any = ReportFilter::default();
    let found = work.reports().list(tenant_id(1), &any, None, 9).await?;
    assert_eq!(found, slice::from_ref(&large));
    let read = work.reports().body(tenant_id(1), large.id).await?;
    assert!(read.is_some_and(|it| it == body), "it is another body");
    Ok(())
}

/// `ReportRepository::add` MUST return `Duplicate` when the name is taken in the
/// organisation, and keep nothing of it.
pub async fn a_name_of_a_report_is_taken_once_in_an_organisation(storage: Fresh) -> Outcome {
    open_courses(&storage).await?;
    let mut work = storage.begin().await?;
    work.reports().add(&a_report(1), b"one").await?;
    let same = StoredReport { id: report_id(2), course: course_id(2), ..a_report(1) };
    let taken = work.reports().add(&same, b"two").await;
    assert!(matches!(taken, Err(StorageError::Duplicate { .. })), "{taken:?}");
    assert_eq!(work.reports().body(tenant_id(1), same.id).await?, None);
    let theirs = StoredReport { file_name: a_report(1).file_name, ..abroad(3) };
    work.reports().add(&theirs, b"three").await?;
    assert!(work.reports().remove(tenant_id(1), report_id(1)).await?);
    work.reports().add(&same, b"two").await?;
    assert_eq!(work.reports().find(tenant_id(2), &theirs.file_name).await?, Some(theirs));
    work.commit().await
}

/// Newest first, of those that were made at once too; each is on one page.
pub async fn reports_come_newest_first_in_pages_of_what_is_meant(storage: Fresh) -> Outcome {
    open_courses(&storage).await?;
    let mut work = storage.begin().await?;
    for (n, course, team, seconds) in [
        (1, 1, Some(1), 5),
        (2, 1, Some(2), 5),
        (3, 1, None, 9),
        (4, 2, Some(3), 5),
        (5, 2, None, 1),
        (6, 1, Some(1), 0),
    ] {
        let (course, team) = (course_id(course), team.map(team_id));
        let report = StoredReport { course, team, made_at: after(seconds), ..a_report(n) };
        work.reports().add(&report, b"body").await?;
    }
    work.reports().add(&abroad(7), b"body").await?;
    work.commit().await?;

    let mut work = storage.read().await?;
    let mut reports = work.reports();
    let of = |courses: &[u32], team: Option<u32>| ReportFilter {
        courses: Some(courses.iter().copied().map(course_id).collect()),
        team: team.map(team_id),
    };
    let any = ReportFilter::default();
    let of_team = |n| ReportFilter { courses: None, team: Some(team_id(n)) };
    for (filter, meant) in [
        (any, [3, 4, 2, 1, 5, 6].as_slice()),
        (of(&[1], None), &[3, 2, 1, 6]),
        (of(&[2, 1], None), &[3, 4, 2, 1, 5, 6]),
        (of(&[2, 3], None), &[4, 5]),
        (of(&[], None), &[]),
        (of_team(1), &[1, 6]),
        (of(&[1, 2], Some(3)), &[4]),
        (of(&[1], Some(3)), &[]),
    ] {
        let meant: Vec<_> = meant.iter().copied().map(report_id).collect();
        for limit in [1, 2, 9] {
            let (mut found, mut last) = (Vec::new(), None);
            loop {
                let page = reports.list(tenant_id(1), &filter, last, limit).await?;
                assert!(page.len() <= limit, "{filter:?}");
                let Some(oldest) = page.last() else { break };
                last = Some((oldest.made_at, oldest.id));
                found.extend(page.into_iter().map(|it| it.id));
            }
            assert_eq!(found, meant, "{filter:?}");
        }
    }
    let theirs = reports.list(tenant_id(2), &ReportFilter::default(), None, 9).await?;
    assert_eq!(theirs, [abroad(7)]);
    assert_eq!(reports.list(tenant_id(2), &of_team(1), None, 9).await?, []);
    assert_eq!(reports.list(tenant_id(2), &of(&[1], None), None, 9).await?, []);
    Ok(())
}

/// `ReportRepository::add` MUST return `Orphan` without the course, or when the
/// team is not in it.
pub async fn a_report_is_of_a_course_and_of_its_teams(storage: Fresh) -> Outcome {
    open_courses(&storage).await?;
    let of = |tenant, course, team: Option<u32>| StoredReport {
        tenant: tenant_id(tenant),
        course: course_id(course),
        team: team.map(team_id),
        ..a_report(1)
    };
    for orphan in [of(1, 9, None), of(1, 1, Some(9)), of(1, 1, Some(3)), of(2, 1, None)] {
        let mut work = storage.begin().await?;
        assert!(is_orphan(&work.reports().add(&orphan, b"body").await), "{orphan:?}");
    }
    let mut work = storage.read().await?;
    for tenant in [1, 2].map(tenant_id) {
        assert_eq!(work.reports().list(tenant, &ReportFilter::default(), None, 9).await?, []);
    }
    Ok(())
}

/// A report goes with its course, and one of a team with its team.
pub async fn reports_go_with_their_team_and_course(storage: Fresh) -> Outcome {
    open_courses(&storage).await?;
    let tenant = tenant_id(1);
    let of = |n, course, team: Option<u32>| StoredReport {
        course: course_id(course),
        team: team.map(team_id),
        ..a_report(n)
    };
    let mut work = storage.begin().await?;
    for it in [of(1, 1, Some(1)), of(2, 1, Some(2)), of(3, 1, None), of(4, 2, Some(3))] {
        work.reports().add(&it, b"body").await?;
    }
    assert!(work.teams().remove(tenant, team_id(1), 1).await?);
    let any = ReportFilter::default();
    let left = [of(4, 2, Some(3)), of(3, 1, None), of(2, 1, Some(2))];
    assert_eq!(work.reports().list(tenant, &any, None, 9).await?, left);
    assert!(work.courses().remove(tenant, course_id(1), 1).await?);
    assert_eq!(work.reports().list(tenant, &any, None, 9).await?, [of(4, 2, Some(3))]);
    for n in [1, 2, 3] {
        assert_eq!(work.reports().body(tenant, report_id(n)).await?, None, "{n}");
    }
    assert!(work.reports().body(tenant, report_id(4)).await?.is_some());
    work.commit().await
}

/// Those of its teams, too, and of no other course.
pub async fn the_reports_of_a_course_are_removed(storage: Fresh) -> Outcome {
    open_courses(&storage).await?;
    let tenant = tenant_id(1);
    let of_team = StoredReport { team: Some(team_id(1)), ..a_report(2) };
    let other = StoredReport { course: course_id(2), ..a_report(3) };
    let mut work = storage.begin().await?;
    for it in [&a_report(1), &of_team, &other] {
        work.reports().add(it, b"body").await?;
    }
    assert_eq!(work.reports().remove_of_course(tenant_id(2), course_id(1)).await?, 0);
    assert_eq!(work.reports().remove_of_course(tenant, course_id(1)).await?, 2);
    assert_eq!(work.reports().remove_of_course(tenant, course_id(1)).await?, 0);
    assert_eq!(work.reports().body(tenant, of_team.id).await?, None);
    assert_eq!(work.reports().list(tenant, &ReportFilter::default(), None, 9).await?, [other]);
    Ok(())
}

/// The oldest of every organisation, and none that was made at that instant.
pub async fn the_oldest_reports_are_removed_and_no_more_than_asked(storage: Fresh) -> Outcome {
    open_courses(&storage).await?;
    let made = |it: StoredReport, seconds| StoredReport { made_at: after(seconds), ..it };
    let mut work = storage.begin().await?;
    for it in [made(a_report(1), 2), made(abroad(2), 1), made(a_report(3), 3), made(a_report(4), 4)]
    {
        work.reports().add(&it, b"body").await?;
    }
    let any = ReportFilter::default();
    assert_eq!(work.reports().remove_before(after(4), 0).await?, 0);
    assert_eq!(work.reports().remove_before(after(1), 9).await?, 0);
    assert_eq!(work.reports().remove_before(after(4), 1).await?, 1);
    assert_eq!(work.reports().list(tenant_id(2), &any, None, 9).await?, []);
    assert_eq!(work.reports().list(tenant_id(1), &any, None, 9).await?.len(), 3);
    assert_eq!(work.reports().remove_before(after(4), 9).await?, 2);
    assert_eq!(work.reports().remove_before(after(4), 9).await?, 0);
    let left = work.reports().list(tenant_id(1), &any, None, 9).await?;
    assert_eq!(left, [made(a_report(4), 4)]);
    assert_eq!(work.reports().body(tenant_id(1), report_id(1)).await?, None);
    Ok(())
}
