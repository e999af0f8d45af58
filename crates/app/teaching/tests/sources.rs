//! Courses are brought in from a host that exists here alone, by a worker over
//! the fake storage.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "what cannot be prepared ends the test"
)]

mod world;

use lodge_activity::FactKind;
use lodge_jobs::Standing;
use lodge_storage::Listing;
use lodge_teaching::{
    TeachingError,
    sources::{Address, ImportInto, ImportWish},
};
use lodge_teams::{OriginState, StudentState};
use world::{Course, School};

#[tokio::test(start_paused = true)]
async fn a_group_becomes_teams_students_and_facts_and_the_second_time_changes_nothing() {
    let school = School::open().await;
    let first = school.import("https://git/course").await;
    assert!(first.contains(r#""teams":{"created":2,"#), "{first}");
    assert!(first.contains(r#""projects":{"created":3,"#), "{first}");
    let Course { teams, students, projects } = school.course().await;
    let names: Vec<_> = teams.iter().map(|it| &*it.name).collect();
    assert_eq!(names, ["Red", "solo"]);
    // The bot and the maintainer are nobody here; Ada is in two places, and one.
    let names: Vec<_> = students.iter().map(|it| &*it.name).collect();
    assert_eq!(names, ["Ada", "Bob"]);
    assert_eq!(projects.len(), 3);
    assert_eq!(school.facts(FactKind::Commit).await, 6);

    let second = school.sync(false).await;
    assert!(second.contains(r#""teams":{"created":0,"updated":0,"unchanged":2"#), "{second}");
    assert!(second.contains(r#""projects":{"created":0,"updated":0,"unchanged":3"#), "{second}");
    assert!(second.contains(r#""facts":{"changed":0"#), "{second}");
    assert_eq!(school.course().await.students, students);
}

#[tokio::test(start_paused = true)]
async fn what_is_called_otherwise_is_renamed_unless_another_team_has_the_name() {
    let school = School::open().await;
    school.import("https://git/course").await;
    school.world(|it| it.groups[0].name = "Crimson".to_owned());
    school.sync(false).await;
    assert_eq!(school.course().await.teams[0].name, "Crimson");
    school.world(|it| it.groups[0].name = "SOLO".to_owned());
    let result = school.sync(false).await;
    assert!(result.contains("the name `SOLO` is taken here"), "{result}");
    assert_ne!(school.course().await.teams[0].name, "SOLO");
}

#[tokio::test(start_paused = true)]
async fn what_the_host_has_no_more_is_gone_and_comes_back_with_its_history() {
    let school = School::open().await;
    school.import("https://git/course").await;
    let removed = school.world(|it| it.projects.remove(0));
    let result = school.sync(false).await;
    assert!(result.contains(r#""gone":1"#), "{result}");
    let state = async || school.course().await.projects[0].state;
    assert_eq!(state().await, OriginState::Gone);
    assert_eq!(school.facts(FactKind::Commit).await, 6);
    school.world(|it| it.projects.insert(0, removed));
    school.sync(false).await;
    assert_eq!(state().await, OriginState::Active);
    assert_eq!(school.facts(FactKind::Commit).await, 6);
}

#[tokio::test(start_paused = true)]
async fn students_are_found_by_their_address_and_who_was_dropped_stays_away() {
    let school = School::open().await;
    let course = school.empty_course().await;
    let ada = school.enrol(course, "Ada Lovelace", "ada@example.org", StudentState::Active).await;
    let bob = school.enrol(course, "Robert", "bob@example.org", StudentState::Dropped).await;
    school.world(|it| {
        it.members[0].1.actor.email = Some("Ada@Example.org".to_owned());
        it.members[1].1.actor.email = Some("bob@example.org".to_owned());
    });
    school.import_into(course).await;
    let students = school.course().await.students;
    let ids: Vec<_> = students.iter().map(|it| (it.id, it.state)).collect();
    assert_eq!(ids, [(ada, StudentState::Active), (bob, StudentState::Dropped)]);
    assert_eq!(school.members(0).await, [ada]);
}

#[tokio::test(start_paused = true)]
async fn who_is_taken_out_leaves_unless_the_team_is_locked() {
    let school = School::open().await;
    school.import("https://git/course").await;
    assert_eq!(school.members(0).await.len(), 2);
    school.lock(0, true).await;
    let bob = school.world(|it| it.members.remove(1));
    school.sync(false).await;
    assert_eq!(school.members(0).await.len(), 2);
    school.lock(0, false).await;
    school.sync(false).await;
    assert_eq!(school.members(0).await.len(), 1);
    school.world(|it| it.members.push(bob));
    school.sync(false).await;
    assert_eq!(school.members(0).await.len(), 2);
}

#[tokio::test(start_paused = true)]
async fn one_broken_project_does_not_stop_the_others() {
    let school = School::open().await;
    school.world(|it| it.broken = Some("11".to_owned()));
    let result = school.import("https://git/course").await;
    let failed = r#""failures":1,"failed":[{"item":"backend","#;
    assert!(result.contains(failed), "{result}");
    assert_eq!(school.facts(FactKind::Commit).await, 4);
    school.world(|it| it.broken = None);
    let result = school.sync(false).await;
    assert!(!result.contains("backend"), "{result}");
    assert_eq!(school.facts(FactKind::Commit).await, 6);
}

#[tokio::test(start_paused = true)]
async fn what_was_cancelled_goes_on_where_it_was() {
    let school = School::open().await;
    school.world(|it| it.endless = Some("12".to_owned()));
    let id = school.begin_import("https://git/course").await;
    school.wait_until(|it| it.asked.iter().any(|it| it == "12")).await;
    school.cancel(id).await;
    school.wait_for(id, Standing::Cancelled).await;
    assert_eq!(school.facts(FactKind::Commit).await, 4);
    school.world(|it| it.endless = None);
    school.sync(false).await;
    assert_eq!(school.facts(FactKind::Commit).await, 6);
}

#[tokio::test(start_paused = true)]
async fn what_has_changed_alone_comes_to_the_same_as_everything() {
    let school = School::open().await;
    school.import("https://git/course").await;
    let later = school.now_plus_an_hour();
    school.world(|it| it.commit("10", "late", later));
    school.advance_an_hour();
    school.sync(false).await;
    let incremental = school.everything().await;
    school.sync(true).await;
    assert_eq!(school.everything().await, incremental);
    let other = School::open().await;
    other.world(|it| it.commit("10", "late", later));
    other.import("https://git/course").await;
    let count = |all: &[String]| all.len();
    assert_eq!(count(&other.everything().await), count(&incremental));
}

#[tokio::test(start_paused = true)]
async fn a_wrong_address_makes_nothing() {
    let school = School::open().await;
    let (url, host) = ("https://git/nothing".to_owned(), None);
    let address = Address { url, host, connection: None };
    let into = ImportInto::New(world::details());
    let wish = ImportWish { address, into };
    let refused = school.teaching.import_course(&world::caller(), wish).await;
    let Err(TeachingError::Invalid(faults)) = refused else { panic!("{refused:?}") };
    assert_eq!(faults[0].field, "url");
    assert!(faults[0].problem.contains("check the address"), "{faults:?}");
    let all = school.teaching.list_courses(&world::caller(), None, &Listing::first(9)).await;
    assert_eq!(all.unwrap(), []);
}
