//! The students of an archived course are forgotten when its settings say so.

use lodge_access::{Action, Actor};
use lodge_courses::{CourseState, Settings};
use lodge_jobs::{JsonText, Standing};
use lodge_kernel::CourseId;
use lodge_teaching::Expected;
use lodge_teams::{Student, StudentState};

use crate::world::{self, School};

/// A course that was brought in, and is archived for as many days.
async fn archived(keep_days: u32) -> (School, CourseId) {
    let school = School::open().await;
    // The address that she commits with.
    school.world(|it| it.members[0].1.actor.email = Some("ada@example.org".to_owned()));
    school.import("https://git/course").await;
    let course = school.course_id().await;
    let (caller, any) = (world::caller(), Expected::any());
    let mut settings = Settings::default();
    settings.privacy.keep_days = keep_days;
    school.teaching.replace_settings(&caller, course, &any, settings).await.unwrap();
    become_state(&school, course, CourseState::Archived).await;
    (school, course)
}

async fn become_state(school: &School, course: CourseId, state: CourseState) {
    let (caller, any) = (world::caller(), Expected::any());
    school.teaching.set_course_state(&caller, course, &any, state).await.unwrap();
}

async fn ask_in_the_night(school: &School) -> String {
    school.ask("courses.keep-days", JsonText::empty()).await
}

async fn names(school: &School) -> Vec<String> {
    let students = school.course().await.students;
    let mut names: Vec<_> = students.into_iter().map(|it| it.name).collect();
    names.sort();
    names
}

/// What is kept of those whom the host told of.
async fn told(school: &School) -> String {
    let told: Vec<_> = school.actors().await.into_iter().map(|it| it.actor).collect();
    format!("{told:?}").to_lowercase()
}

#[tokio::test(start_paused = true)]
async fn who_took_an_archived_course_is_forgotten_when_its_days_are_over() {
    let (school, course) = archived(30).await;
    // Who has left the course is a student of it all the same.
    let (name, email, left) = ("Grace", "grace@example.org", StudentState::Dropped);
    school.enrol(course, name, email, left).await;
    school.advance_days(29);
    assert_eq!(ask_in_the_night(&school).await, r#"{"due":0,"failed":0}"#);
    assert_eq!(names(&school).await.len(), 3);
    assert!(told(&school).await.contains("ada@example.org"), "nothing is known of her");

    school.advance_days(1);
    assert_eq!(ask_in_the_night(&school).await, r#"{"due":1,"failed":0}"#);
    let jobs = school.jobs(course, "courses.forget").await;
    let job = school.wait_for(jobs[0].id, Standing::Done).await;
    assert_eq!(job.result.as_ref().map(JsonText::as_str), Some(r#"{"erased":3,"of":3}"#));
    let progress = job.progress.unwrap();
    assert_eq!((progress.done, progress.total, &*progress.item), (3, Some(3), "students"));
    let students = school.course().await.students;
    let blank =
        |it: &Student| it.state == StudentState::Erased && it.name.is_empty() && it.email.is_none();
    assert!(students.len() == 3 && students.iter().all(blank), "{students:?}");
    let left = told(&school).await;
    assert!(!left.contains("ada") && !left.contains("bob"), "{left}");

    let trail = school.trail(Action::StudentErased).await;
    assert_eq!(trail.len(), 3);
    for entry in &trail {
        assert_eq!(entry.event.actor, Actor::System);
        assert_eq!(entry.event.reason, Some(course.to_string()));
    }
    // There is nobody left to be erased the next night, nor when it is begun again.
    school.advance_days(1);
    assert_eq!(ask_in_the_night(&school).await, r#"{"due":0,"failed":0}"#);
    let again = JsonText::new(format!("\"{course}\"")).unwrap();
    assert_eq!(school.ask("courses.forget", again).await, r#"{"erased":3,"of":3}"#);
    assert_eq!(school.trail(Action::StudentErased).await, trail);
}

#[tokio::test(start_paused = true)]
async fn nobody_is_forgotten_of_a_course_that_says_never() {
    let (school, _) = archived(0).await;
    school.advance_days(4_000);
    assert_eq!(ask_in_the_night(&school).await, r#"{"due":0,"failed":0}"#);
    assert_eq!(names(&school).await, ["Ada", "Bob"]);
}

#[tokio::test(start_paused = true)]
async fn a_course_that_is_taken_out_again_keeps_everybody_and_its_days_begin_anew() {
    let (school, course) = archived(30).await;
    school.advance_days(31);
    become_state(&school, course, CourseState::Active).await;
    assert_eq!(ask_in_the_night(&school).await, r#"{"due":0,"failed":0}"#);
    become_state(&school, course, CourseState::Archived).await;
    school.advance_days(29);
    assert_eq!(ask_in_the_night(&school).await, r#"{"due":0,"failed":0}"#);
    assert_eq!(names(&school).await, ["Ada", "Bob"]);
}

#[tokio::test(start_paused = true)]
async fn a_job_that_was_asked_for_while_it_was_due_erases_nobody_of_a_course_that_is_not() {
    let (school, course) = archived(30).await;
    school.advance_days(31);
    let order = || JsonText::new(format!("\"{course}\"")).unwrap();
    become_state(&school, course, CourseState::Active).await;
    assert_eq!(school.ask("courses.forget", order()).await, r#"{"erased":0,"of":2}"#);
    // Another setting counts, too: it is archived, and for much longer.
    let (caller, any) = (world::caller(), Expected::any());
    let mut settings = Settings::default();
    settings.privacy.keep_days = 300;
    school.teaching.replace_settings(&caller, course, &any, settings).await.unwrap();
    become_state(&school, course, CourseState::Archived).await;
    school.advance_days(31);
    assert_eq!(school.ask("courses.forget", order()).await, r#"{"erased":0,"of":2}"#);
    assert_eq!(names(&school).await, ["Ada", "Bob"]);
    assert_eq!(school.trail(Action::StudentErased).await, []);
}
