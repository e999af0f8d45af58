//! Cases about courses and their staff.

use std::time::Duration;

use lodge_courses::{Course, CourseContents, CourseState, Details, Settings, Staff, StaffRole};
use lodge_storage::{CourseFilter, Listing, Order, Place, StorageError, UnitOfWork};
use lodge_teams::{Identity, IdentityKind, Student, StudentState};

use super::{Fresh, Outcome, race};
use crate::builders::{
    NOW, a_course, a_project, a_student, a_teacher, a_team, a_tenant, a_user, course_id,
    student_id, tenant_id, user_id,
};

/// Organisation 1 with people 1 and 2, organisation 2, and course 1.
pub(super) async fn open_school(storage: &Fresh) -> Result<(), StorageError> {
    let mut work = storage.begin().await?;
    for n in [1, 2] {
        work.tenants().add(&a_tenant(n)).await?;
        work.users().add(&a_user(n)).await?;
    }
    work.courses().add(&a_course(1)).await?;
    work.commit().await
}

fn named(n: u32, name: &str) -> Course {
    let course = a_course(n);
    Course { details: Details { name: name.to_owned(), ..course.details }, ..course }
}

/// Every field of a course is kept, and it changes only as it was seen.
pub async fn a_course_comes_back_as_it_was_and_changes_once(storage: Fresh) -> Outcome {
    open_school(&storage).await?;
    let mut settings = Settings::default();
    settings.thresholds.green = 90;
    let later = NOW.plus(Duration::from_secs(1));
    let course = a_course(1);
    let changed = Course {
        details: Details { auto_sync: true, ..course.details.clone() },
        settings,
        state: CourseState::Archived,
        ..course.clone()
    };
    let changed = changed.changed(later);
    let mut work = storage.begin().await?;
    assert_eq!(work.courses().find(tenant_id(1), course.id).await?, Some(course));
    assert_eq!(work.courses().find(tenant_id(2), changed.id).await?, None);
    assert!(work.courses().update(&changed).await?);
    assert!(!work.courses().update(&changed).await?);
    let elsewhere = Course { tenant: tenant_id(2), ..changed.clone().changed(later) };
    assert!(!work.courses().update(&elsewhere).await?);
    assert_eq!(work.courses().find(tenant_id(1), changed.id).await?, Some(changed));
    work.commit().await?;
    Ok(())
}

/// `CourseRepository::hold`: what is read of a course MUST stay true. Of eight
/// who each change it as they found it, none was overtaken.
pub async fn a_course_is_held_by_one_at_a_time(storage: Fresh) -> Outcome {
    open_school(&storage).await?;
    let (tenant, course) = (tenant_id(1), a_course(1));
    let mut work = storage.begin().await?;
    assert_eq!(work.courses().hold(tenant, course.id).await?, Some(course.clone()));
    assert_eq!(work.courses().hold(tenant_id(2), course.id).await?, None);
    assert_eq!(work.courses().hold(tenant, course_id(9)).await?, None);
    work.commit().await?;
    // To be held is no change.
    assert_eq!(storage.read().await?.courses().find(tenant, course.id).await?, Some(course));

    let changed = race(&storage, |storage| async move {
        let mut work = storage.begin().await?;
        let found = work.courses().hold(tenant_id(1), course_id(1)).await?;
        let Some(course) = found else { return Ok(false) };
        let written = work.courses().update(&course.changed(NOW)).await?;
        work.commit().await?;
        Ok(written)
    })
    .await;
    assert!(changed.iter().all(|it| matches!(it, Ok(true))), "{changed:?}");
    let course = storage.read().await?.courses().find(tenant, course_id(1)).await?;
    assert_eq!(course.map(|it| it.revision), Some(9));
    Ok(())
}

/// `CourseRepository::add` MUST refuse a code that the organisation has.
pub async fn a_code_is_taken_once_in_whatever_case(storage: Fresh) -> Outcome {
    open_school(&storage).await?;
    let same = |n, code: &str| {
        let course = a_course(n);
        Course { details: Details { code: code.to_owned(), ..course.details }, ..course }
    };
    let mut work = storage.begin().await?;
    let taken = work.courses().add(&same(2, "pv-1")).await;
    assert!(matches!(taken, Err(StorageError::Duplicate { .. })), "{taken:?}");
    work.courses().add(&Course { tenant: tenant_id(2), ..same(3, "pv-1") }).await?;
    work.courses().add(&a_course(4)).await?;
    work.commit().await?;
    let mut work = storage.begin().await?;
    let taken = work.courses().update(&same(4, "Pv-1").changed(NOW)).await;
    assert!(matches!(taken, Err(StorageError::Duplicate { .. })), "{taken:?}");
    Ok(())
}

async fn names(
    work: &mut dyn UnitOfWork,
    filter: CourseFilter,
    listing: &Listing<lodge_kernel::CourseId>,
) -> Result<Vec<String>, StorageError> {
    let found = work.courses().list(tenant_id(1), filter, listing).await?;
    Ok(found.into_iter().map(|it| it.details.name).collect())
}

/// Courses come by age and by name, both ways, in pages, and are searched.
pub async fn courses_come_in_pages_in_every_order(storage: Fresh) -> Outcome {
    open_school(&storage).await?;
    let mut work = storage.begin().await?;
    for (n, name) in [(2, "zoology"), (3, "Algebra"), (4, "100% Rust_1"), (5, "algebra")] {
        work.courses().add(&named(n, name)).await?;
    }
    let all = CourseFilter::default();
    let by =
        |order, descending, after, limit| Listing { search: None, order, descending, after, limit };
    let aged = ["Course 1", "zoology", "Algebra", "100% Rust_1", "algebra"];
    let sorted = ["100% Rust_1", "Algebra", "algebra", "Course 1", "zoology"];
    let reversed = |it: [&'static str; 5]| it.into_iter().rev().collect::<Vec<_>>();
    let work = &mut *work;
    assert_eq!(names(work, all, &by(Order::Age, false, None, 9)).await?, aged);
    assert_eq!(names(work, all, &by(Order::Age, true, None, 9)).await?, reversed(aged));
    assert_eq!(names(work, all, &by(Order::Name, false, None, 9)).await?, sorted);
    assert_eq!(names(work, all, &by(Order::Name, true, None, 9)).await?, reversed(sorted));
    // Equal names come by age, and a page goes on between them.
    let place = |name: &str, n| Some(Place { name: name.to_owned(), id: course_id(n) });
    let after = by(Order::Name, false, place("algebra", 3), 2);
    assert_eq!(names(work, all, &after).await?, ["algebra", "Course 1"]);
    let before = by(Order::Name, true, place("algebra", 5), 2);
    assert_eq!(names(work, all, &before).await?, ["Algebra", "100% Rust_1"]);
    let aged_after = by(Order::Age, false, place("", 3), 1);
    assert_eq!(names(work, all, &aged_after).await?, ["100% Rust_1"]);
    // What a search takes for itself elsewhere is a letter like others.
    for (text, found) in [("alg", 2), ("100%", 1), ("t_1", 1), ("r%t", 0), ("pv-3", 1)] {
        let search = Listing { search: Some(text.to_owned()), ..Listing::first(9) };
        assert_eq!(names(work, all, &search).await?.len(), found, "{text}");
    }
    Ok(())
}

/// A course is seen by its staff and by its students, and by nobody else.
pub async fn courses_of_a_person_are_those_they_are_something_in(storage: Fresh) -> Outcome {
    open_school(&storage).await?;
    let mut work = storage.begin().await?;
    for n in [2, 3] {
        work.courses().add(&a_course(n)).await?;
    }
    work.staff().put(&a_teacher(1)).await?;
    let student = Student { course: course_id(2), user: Some(user_id(1)), ..a_student(1) };
    work.students().add(&student).await?;
    let of = |n| CourseFilter { of: Some(user_id(n)), state: None };
    let work = &mut *work;
    let all = Listing::first(9);
    assert_eq!(names(work, of(1), &all).await?, ["Course 1", "Course 2"]);
    assert!(names(work, of(2), &all).await?.is_empty());
    // Who has left it is nothing in it.
    let left = Student { state: StudentState::Dropped, ..student }.changed(NOW);
    assert!(work.students().update(&left).await?);
    assert_eq!(names(work, of(1), &all).await?, ["Course 1"]);
    let put_away = CourseFilter { of: None, state: Some(CourseState::Archived) };
    assert!(names(work, put_away, &all).await?.is_empty());
    Ok(())
}

/// A course is removed with everything in it, and nothing of another one.
pub async fn a_course_goes_with_everything_in_it(storage: Fresh) -> Outcome {
    open_school(&storage).await?;
    let other = course_id(2);
    let mut work = storage.begin().await?;
    work.courses().add(&a_course(2)).await?;
    work.staff().put(&a_teacher(1)).await?;
    work.staff().put(&Staff { course: other, ..a_teacher(1) }).await?;
    work.teams().add(&a_team(1)).await?;
    let theirs = lodge_teams::Team { course: other, ..a_team(2) };
    work.teams().add(&theirs).await?;
    work.students().add(&a_student(1)).await?;
    let classmate = Student { course: other, ..a_student(2) };
    work.students().add(&classmate).await?;
    work.teams().join(&a_team(1), student_id(1), NOW).await?;
    work.teams().join(&theirs, student_id(2), NOW).await?;
    let ada = Identity { kind: IdentityKind::Username, host: None, value: "ada".to_owned() };
    work.students().identify(&a_student(1), &ada).await?;
    work.students().identify(&classmate, &ada).await?;
    work.projects().add(&a_project(1)).await?;
    let contents = CourseContents { teams: 1, students: 1, projects: 1, staff: 1 };
    assert_eq!(work.courses().contents(tenant_id(1), course_id(1)).await?, contents);
    assert!(!work.courses().remove(tenant_id(2), course_id(1), 1).await?);
    // Of another revision than was seen, everything stays.
    assert!(!work.courses().remove(tenant_id(1), course_id(1), 2).await?);
    assert_eq!(work.courses().contents(tenant_id(1), course_id(1)).await?, contents);
    assert!(work.courses().remove(tenant_id(1), course_id(1), 1).await?);
    assert!(!work.courses().remove(tenant_id(1), course_id(1), 1).await?);
    work.commit().await?;
    let mut work = storage.read().await?;
    let none = CourseContents::default();
    assert_eq!(work.courses().contents(tenant_id(1), course_id(1)).await?, none);
    assert_eq!(work.students().find(tenant_id(1), student_id(1)).await?, None);
    let kept = CourseContents { teams: 1, students: 1, projects: 0, staff: 1 };
    assert_eq!(work.courses().contents(tenant_id(1), other).await?, kept);
    assert_eq!(work.teams().members(tenant_id(1), theirs.id).await?, [classmate]);
    assert_eq!(work.students().identities(tenant_id(1), student_id(2)).await?, [ada]);
    Ok(())
}

/// Staff is added once, becomes another role, and leaves.
pub async fn staff_comes_back_changes_and_leaves(storage: Fresh) -> Outcome {
    open_school(&storage).await?;
    let (tenant, course) = (tenant_id(1), course_id(1));
    let mut work = storage.begin().await?;
    work.staff().put(&a_teacher(1)).await?;
    work.staff().put(&a_teacher(2)).await?;
    let later = NOW.plus(Duration::from_secs(1));
    let role = StaffRole::Assistant;
    work.staff().put(&Staff { role, created_at: later, ..a_teacher(2) }).await?;
    let assistant = Staff { role, ..a_teacher(2) };
    let everybody = [(a_teacher(1), a_user(1)), (assistant, a_user(2))];
    assert_eq!(work.staff().of_course(tenant, course).await?, everybody);
    assert_eq!(work.staff().find(tenant, course, user_id(2)).await?, Some(assistant));
    assert_eq!(work.staff().find(tenant_id(2), course, user_id(2)).await?, None);
    assert!(!work.staff().remove(tenant_id(2), course, user_id(2)).await?);
    assert!(work.staff().remove(tenant, course, user_id(2)).await?);
    assert!(!work.staff().remove(tenant, course, user_id(2)).await?);
    // Who leaves the organisation is of no staff there.
    work.courses().add(&a_course(2)).await?;
    work.courses().add(&Course { tenant: tenant_id(2), ..a_course(3) }).await?;
    let abroad = Staff { tenant: tenant_id(2), course: course_id(3), ..a_teacher(1) };
    for it in [a_teacher(2), Staff { course: course_id(2), ..a_teacher(1) }, abroad] {
        work.staff().put(&it).await?;
    }
    assert_eq!(work.staff().remove_person(tenant, user_id(1)).await?, 2);
    assert_eq!(work.staff().remove_person(tenant, user_id(1)).await?, 0);
    assert_eq!(work.staff().of_course(tenant, course).await?, [(a_teacher(2), a_user(2))]);
    assert_eq!(work.staff().of_course(tenant, course_id(2)).await?, []);
    let kept = work.staff().find(tenant_id(2), course_id(3), user_id(1)).await?;
    assert_eq!(kept, Some(abroad));
    let orphan = work.staff().put(&Staff { course: course_id(9), ..a_teacher(1) }).await;
    assert!(matches!(orphan, Err(StorageError::Orphan { .. })), "{orphan:?}");
    Ok(())
}
