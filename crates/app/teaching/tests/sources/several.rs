//! A course of several sources: each is read through its own account, and none
//! keeps the others from what they do.

use lodge_activity::FactKind;
use lodge_jobs::Standing;
use lodge_teams::OriginState;
use lodge_testkit::builders::connection_id;

use crate::world::{self, School};

const EXTRA: &str = "https://git/project/99";

/// A course that was brought in, and beside it a project that was not.
async fn a_course() -> School {
    let school = School::open().await;
    school.import("https://git/course").await;
    let at = school.now_plus_an_hour();
    school.world(|it| {
        it.projects.push(world::project("elsewhere", "99", "extra"));
        it.commit("99", "one", at);
    });
    school
}

/// The same, of which the newest source has an account that sees its own project
/// alone.
async fn a_course_of_two_accounts() -> School {
    let school = a_course().await;
    school.add_source("99", Some(connection_id(1))).await;
    school.world(|it| it.blind = Some((connection_id(1), "99".to_owned())));
    school
}

async fn state(school: &School, remote_id: &str) -> OriginState {
    let projects = school.course().await.projects;
    projects.into_iter().find(|it| it.origin.remote_id == remote_id).unwrap().state
}

#[tokio::test(start_paused = true)]
async fn a_source_that_comes_while_the_others_are_read_is_read_too() {
    let school = a_course().await;
    let course = school.course().await.projects[0].course;
    school.world(|it| it.answered = Some(1));
    let running = school.teaching.sync_course(&world::caller(), course, false).await.unwrap();
    school.wait_until(|it| it.asked.len() == 4).await;
    let import = school.begin_import_into(course, EXTRA).await;
    assert_ne!(import, running.id);
    // Whoever asks twice is told of the same.
    assert_eq!(school.begin_import_into(course, EXTRA).await, import);
    school.world(|it| it.answered = None);
    school.wait_for(import, Standing::Done).await;
    assert_eq!(school.facts(FactKind::Commit).await, 7);
}

#[tokio::test(start_paused = true)]
async fn a_source_that_does_not_answer_for_a_while_is_tried_again_though_others_were_read() {
    let school = a_course().await;
    school.add_source("99", None).await;
    let course = school.course().await.projects[0].course;
    let later = school.now_plus_an_hour();
    school.world(|it| {
        it.busy_at = Some(EXTRA.to_owned());
        it.commit("10", "late", later);
    });
    let job = school.teaching.sync_course(&world::caller(), course, false).await.unwrap();
    school.wait_until_tried(job.id).await;
    // The others do not wait for it.
    assert_eq!(school.facts(FactKind::Commit).await, 7);
    school.world(|it| it.busy_at = None);
    school.wait_for(job.id, Standing::Done).await;
    assert_eq!(school.facts(FactKind::Commit).await, 8);
}

#[tokio::test(start_paused = true)]
async fn what_never_will_be_read_does_not_end_what_may_be_read_later() {
    let school = School::open().await;
    school.world(|it| it.projects.push(world::project("elsewhere", "99", "extra")));
    school.import(EXTRA).await;
    school.add_broken_source().await;
    let course = school.course().await.projects[0].course;
    school.world(|it| it.busy_at = Some(EXTRA.to_owned()));
    let job = school.teaching.sync_course(&world::caller(), course, false).await.unwrap();
    school.wait_until_tried(job.id).await;
    school.world(|it| it.busy_at = None);
    school.wait_for(job.id, Standing::Done).await;
}

#[tokio::test(start_paused = true)]
async fn what_one_source_has_lost_is_gone_and_of_one_that_cannot_be_read_nobody_knows() {
    let school = a_course().await;
    school.add_source("99", None).await;
    school.sync(false).await;
    school.world(|it| it.projects.retain(|(_, it)| !["11", "99"].contains(&it.id.as_str())));
    let result = school.sync(false).await;
    assert!(result.contains(r#"{"item":"https://git/project/99","#), "{result}");
    let expected = [
        ("10", OriginState::Active),
        ("11", OriginState::Gone),
        ("12", OriginState::Active),
        ("99", OriginState::Active),
    ];
    for (id, expected) in expected {
        assert_eq!(state(&school, id).await, expected, "{id}");
    }
    let teams = school.course().await.teams;
    assert!(teams.iter().all(|it| it.state == OriginState::Active), "{teams:?}");
}

#[tokio::test(start_paused = true)]
async fn a_project_is_looked_for_through_the_account_that_has_listed_it() {
    let school = a_course_of_two_accounts().await;
    school.sync(false).await;
    assert_eq!(school.facts(FactKind::Commit).await, 7);
    // Out of its group, but still there.
    school.world(|it| {
        let moved = it.projects.iter_mut().find(|(_, it)| it.id.as_str() == "10").unwrap();
        moved.0 = "elsewhere".to_owned();
    });
    school.sync(false).await;
    assert_eq!(state(&school, "10").await, OriginState::Active);
}

#[tokio::test(start_paused = true)]
async fn a_push_is_followed_up_through_the_account_that_has_listed_the_project() {
    let school = a_course_of_two_accounts().await;
    school.deliver("push 10 1").await;
    school.wait_until(|it| it.times_asked("10") == 2).await;
}
