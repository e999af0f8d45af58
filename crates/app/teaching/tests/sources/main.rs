//! Courses are brought in from a host that exists here alone, by a worker over
//! the fake storage.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "what cannot be prepared ends the test"
)]

mod forgotten;
mod kept;
mod several;
mod webhooks;
mod world;

use lodge_access::Role;
use lodge_activity::FactKind;
use lodge_courses::TokenScopes;
use lodge_jobs::Standing;
use lodge_storage::Listing;
use lodge_teaching::{
    Caller, Expected, Person, TeachingError,
    sources::{Address, ImportInto, ImportWish},
};
use lodge_teams::{OriginState, StudentState};
use lodge_testkit::builders::{tenant_id, user_id};
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
    let gone = removed.1.id.to_string();
    let state = async || {
        let projects = school.course().await.projects;
        projects.into_iter().find(|it| it.origin.remote_id == gone).map(|it| it.state)
    };
    assert_eq!(state().await, Some(OriginState::Gone));
    assert_eq!(school.facts(FactKind::Commit).await, 6);
    school.world(|it| it.projects.insert(0, removed));
    school.sync(false).await;
    assert_eq!(state().await, Some(OriginState::Active));
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
    // Which of the others came before it is chance; what was told is kept.
    let known = school.facts(FactKind::Commit).await;
    assert!(known < 6, "{known}");
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
async fn whatever_is_delivered_while_a_project_is_read_is_read_by_another_job() {
    let school = School::open().await;
    school.import("https://git/course").await;
    school.world(|it| it.answered = Some(1));
    school.deliver("push 10 1").await;
    // However often in a row something comes while the project is read.
    for n in 2..=5 {
        school.wait_until(|it| it.times_asked("10") == n).await;
        school.deliver(&format!("push 10 {n}")).await;
        school.world(|it| it.answered = Some(n));
    }
    school.wait_until(|it| it.times_asked("10") == 6).await;
}

#[tokio::test(start_paused = true)]
async fn what_leaves_no_questions_open_asks_for_no_other_reading() {
    let school = School::open().await;
    school.import("https://git/course").await;
    school.world(|it| it.answered = Some(1));
    school.deliver("push 10 1").await;
    school.wait_until(|it| it.times_asked("10") == 2).await;
    school.deliver("pipeline 10 2").await;
    school.world(|it| it.answered = None);
    school.wait_five_minutes().await;
    assert_eq!(school.world(|it| it.times_asked("10")), 2);
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

fn person(tenant: u32, role: Role) -> Caller {
    let (user, tenant, scopes) = (user_id(1), tenant_id(tenant), TokenScopes::ALL);
    Caller::Person(Person { user, tenant, role, scopes, token: None })
}

fn address() -> Address {
    let (url, host) = ("https://git/course".to_owned(), Some("gitlab".to_owned()));
    Address { url, host, connection: None }
}

#[tokio::test(start_paused = true)]
async fn the_operators_account_is_for_the_oldest_organisation_alone() {
    let school = School::open().await;
    let course = school.course_elsewhere().await;
    let stranger = person(2, Role::Owner);
    let wish = ImportWish { address: address(), into: ImportInto::New(world::details()) };
    let refused = school.teaching.import_course(&stranger, wish).await;
    let Err(TeachingError::Invalid(faults)) = refused else { panic!("{refused:?}") };
    assert_eq!(faults[0].field, "connection_id");
    let refused = school.teaching.parse_address(&stranger, &address()).await;
    assert!(matches!(refused, Err(TeachingError::Invalid(_))), "{refused:?}");
    // Nor for what was written down before.
    let job = school.teaching.sync_course(&stranger, course, false).await.unwrap();
    school.wait_for(job.id, Standing::Failed).await;
    assert_eq!(school.world(|it| it.asked.len()), 0);
    let own = school.teaching.parse_address(&person(1, Role::Owner), &address()).await;
    assert!(own.is_ok(), "{own:?}");
}

#[tokio::test(start_paused = true)]
async fn who_makes_no_courses_and_runs_none_asks_no_host() {
    let school = School::open().await;
    let refused = school.teaching.parse_address(&person(1, Role::Viewer), &address()).await;
    assert!(matches!(refused, Err(TeachingError::Viewer)), "{refused:?}");
}

#[tokio::test(start_paused = true)]
async fn a_project_that_was_added_by_hand_is_not_read_through_the_courses_account() {
    let school = School::open().await;
    school.import("https://git/course").await;
    let at = school.now_plus_an_hour();
    school.world(|it| {
        it.projects.push(world::project("elsewhere", "99", "secret"));
        it.commit("99", "secret", at);
    });
    school.project_by_hand("99").await;
    school.sync(true).await;
    assert!(!school.world(|it| it.asked.contains(&"99".to_owned())));
    assert_eq!(school.facts(FactKind::Commit).await, 6);
}

#[tokio::test(start_paused = true)]
async fn who_was_erased_before_the_first_import_does_not_come_with_it() {
    for by_address in [false, true] {
        let school = School::open().await;
        let course = school.empty_course().await;
        let active = StudentState::Active;
        let ada = school.enrol(course, "Ada Lovelace", "ada@example.org", active).await;
        school.world(|it| {
            let actor = &mut it.members[0].1.actor;
            actor.email = Some("Ada@example.org".to_owned());
            if by_address {
                // A folder knows addresses alone.
                (actor.host_user, actor.username) = (None, None);
            }
        });
        school.teaching.erase_student(&world::caller(), ada).await.unwrap();
        school.import_into(course).await;
        let students = school.course().await.students;
        let names: Vec<_> = students.iter().map(|it| (it.state, &*it.name)).collect();
        assert_eq!(names.len(), 2, "{names:?}");
        assert!(names.contains(&(StudentState::Active, "Bob")), "{names:?}");
        let told: Vec<_> = school.actors().await.into_iter().map(|it| it.actor).collect();
        let told = format!("{told:?}").to_lowercase();
        assert!(!told.contains("ada") && told.contains("bob"), "{told}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_student_with_two_accounts_does_not_stop_the_team() {
    let school = School::open().await;
    let course = school.empty_course().await;
    let ada = school.enrol(course, "Ada", "ada@example.org", StudentState::Active).await;
    school.world(|it| {
        it.members[0].1.actor.email = Some("ada@example.org".to_owned());
        let mut second = it.members[0].clone();
        second.1.actor.host_user = Some("27".to_owned());
        second.1.actor.username = Some("ada-at-home".to_owned());
        it.members.push(second);
    });
    let result = school.import_into(course).await;
    assert!(!result.contains("course/red"), "{result}");
    let students = school.course().await.students;
    assert_eq!(students.len(), 2);
    assert!(school.members(0).await.contains(&ada));
    // Each is written with the row: who is erased at the same time is noticed.
    let row = students.iter().find(|it| it.id == ada).unwrap();
    assert_eq!(row.revision, 3);
}

#[tokio::test(start_paused = true)]
async fn nothing_is_gone_when_a_source_has_nothing_any_more() {
    let school = School::open().await;
    school.import("https://git/course").await;
    school.world(|it| {
        it.groups.clear();
        it.projects.clear();
    });
    let result = school.sync(false).await;
    assert!(result.contains("a source has nothing any more"), "{result}");
    let Course { teams, projects, .. } = school.course().await;
    assert!(teams.iter().all(|it| it.state == OriginState::Active));
    assert!(projects.iter().all(|it| it.state == OriginState::Active));
}

#[tokio::test(start_paused = true)]
async fn a_source_that_cannot_be_read_does_not_stop_the_others() {
    let school = School::open().await;
    school.import("https://git/course").await;
    school.add_broken_source().await;
    let later = school.now_plus_an_hour();
    school.world(|it| {
        it.commit("10", "late", later);
    });
    school.advance_an_hour();
    let result = school.sync(false).await;
    assert!(result.contains(r#"{"item":"https://git/nowhere","#), "{result}");
    assert_eq!(school.facts(FactKind::Commit).await, 7);
}

#[tokio::test(start_paused = true)]
async fn a_source_that_fails_is_left_alone_for_a_while_and_longer_each_time() {
    let school = School::open().await;
    school.import("https://git/course").await;
    school.keep_up().await;
    school.add_broken_source().await;
    let failures = async || {
        let all = school.sources().await;
        all.into_iter().map(|it| it.failure.map(|it| it.in_a_row)).collect::<Vec<_>>()
    };
    assert_eq!(school.ask_what_is_due().await, r#"{"due":1}"#);
    school.sync(false).await;
    assert_eq!(failures().await, [None, Some(1)]);
    let failure = school.sources().await.remove(1).failure.unwrap();
    assert!(failure.reason.contains("sees nothing at https://git/nowhere"), "{failure:?}");
    assert_eq!(school.ask_what_is_due().await, r#"{"due":0}"#);
    school.advance_an_hour();
    assert_eq!(school.ask_what_is_due().await, r#"{"due":1}"#);
    school.sync(false).await;
    assert_eq!(failures().await, [None, Some(2)]);
}

#[tokio::test(start_paused = true)]
async fn a_sync_that_ends_badly_is_noted_and_the_next_good_one_clears_it() {
    let school = School::open().await;
    school.world(|it| it.is_busy = true);
    let id = school.begin_import("https://git/course").await;
    school.wait_until_tried(id).await;
    let source = school.sources().await.remove(0);
    assert_eq!(source.failure.map(|it| it.reason).unwrap(), "the host was asked too often");
    assert_eq!(source.synced_at, None);
    school.world(|it| it.is_busy = false);
    school.wait_for(id, Standing::Done).await;
    let source = school.sources().await.remove(0);
    assert!(source.failure.is_none() && source.synced_at.is_some(), "{source:?}");
}

#[tokio::test(start_paused = true)]
async fn a_commit_that_the_host_keeps_to_itself_does_not_stop_the_others() {
    let school = School::open().await;
    school.world(|it| it.unreadable = vec![format!("{:040x}", 0)]);
    let result = school.import("https://git/course").await;
    assert!(result.contains(r#""failed":[{"item":"frontend","#), "{result}");
    school.world(|it| it.unreadable.clear());
    let result = school.sync(false).await;
    assert!(result.contains(r#""commits_read":1}"#), "{result}");
}

#[tokio::test(start_paused = true)]
async fn commits_that_are_never_given_do_not_stop_those_behind_them() {
    let school = School::open().await;
    let later = school.now_plus_an_hour();
    school.world(|it| {
        for _ in 0..8 {
            it.commit("10", "large", later);
        }
        it.unreadable = (6..14).map(|n| format!("{n:040x}")).collect();
    });
    school.advance_an_hour();
    school.import("https://git/course").await;
    // Each was asked for once, and all but the eight are known.
    assert_eq!(school.world(|it| it.diffs), 14);
    school.world(|it| it.unreadable.clear());
    let result = school.sync(false).await;
    assert!(result.contains(r#""commits_read":8}"#), "{result}");
}

#[tokio::test(start_paused = true)]
async fn a_private_address_of_who_was_erased_is_not_kept() {
    let school = School::open().await;
    school.import("https://git/course").await;
    let students = school.course().await.students;
    let ada = students.iter().find(|it| it.name == "Ada").unwrap().id;
    school.teaching.erase_student(&world::caller(), ada).await.unwrap();
    let later = school.now_plus_an_hour();
    school.world(|it| {
        it.commit_by("17-old@users.noreply.gitlab.com", ("10", "late"), later);
        it.commit_by("18-bob@users.noreply.gitlab.com", ("10", "later"), later);
    });
    school.advance_an_hour();
    school.sync(false).await;
    assert_eq!(school.facts(FactKind::Commit).await, 8);
    let told: Vec<_> = school.actors().await.into_iter().map(|it| it.actor).collect();
    let told = format!("{told:?}");
    assert!(!told.contains("17-old") && told.contains("18-bob"), "{told}");
}

#[tokio::test(start_paused = true)]
async fn a_project_goes_after_its_webhook() {
    let school = School::open().await;
    school.import("https://git/course").await;
    let project = school.course().await.projects[0].id;
    school.hook(project).await;
    let (caller, any) = (world::caller(), Expected::any());
    let refused = school.teaching.delete_project(&caller, project, &any).await;
    assert!(matches!(refused, Err(TeachingError::Blocked(_))), "{refused:?}");
}

#[tokio::test(start_paused = true)]
async fn a_team_and_a_course_go_after_the_webhooks_of_their_projects() {
    let school = School::open().await;
    school.import("https://git/course").await;
    let Course { teams, projects, .. } = school.course().await;
    let (hooked, course) = (&projects[0], projects[0].course);
    school.hook(hooked.id).await;
    let (caller, any, code) = (world::caller(), Expected::any(), world::details().code);
    let named = format!("`{}` ({})", hooked.name, hooked.id);
    let refused = school.teaching.delete_team(&caller, hooked.team, &any).await.unwrap_err();
    assert!(matches!(&refused, TeachingError::Hooked { projects } if *projects == named));
    assert!(refused.to_string().contains("DELETE /api/v1/projects/{id}/webhook"), "{refused}");
    let refused = school.teaching.delete_course(&caller, course, &any, &code).await.unwrap_err();
    assert!(matches!(&refused, TeachingError::Hooked { projects } if *projects == named));
    let refused = school.teaching.delete_course(&caller, course, &any, "?").await.unwrap_err();
    let TeachingError::Invalid(faults) = refused else { panic!("{refused:?}") };
    assert!(faults[0].problem.ends_with(&named), "{faults:?}");
    // Another team is not in the way, nor is one of it.
    let other = teams.iter().find(|it| it.id != hooked.team).unwrap().id;
    school.teaching.delete_team(&caller, other, &any).await.unwrap();
    school.unhook(hooked.id).await;
    school.teaching.delete_team(&caller, hooked.team, &any).await.unwrap();
    school.teaching.delete_course(&caller, course, &any, &code).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn of_many_webhooks_that_are_in_the_way_the_first_are_named() {
    let school = School::open().await;
    school.world(|it| {
        let more = ["13", "14", "15"].map(|id| world::project("1", id, id));
        it.projects.extend(more);
    });
    school.import("https://git/course").await;
    let projects = school.course().await.projects;
    for it in &projects {
        school.hook(it.id).await;
    }
    let (caller, any, course) = (world::caller(), Expected::any(), projects[0].course);
    let code = world::details().code;
    let refused = school.teaching.delete_course(&caller, course, &any, &code).await.unwrap_err();
    let TeachingError::Hooked { projects } = refused else { panic!("{refused:?}") };
    assert!(projects.ends_with(" and 3 more"), "{projects}");
    assert_eq!(projects.matches("project_").count(), 3, "{projects}");
}
