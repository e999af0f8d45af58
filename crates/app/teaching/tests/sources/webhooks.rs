//! Webhooks are made at the host of a project, tried, given new secrets and
//! removed, whatever becomes of its answers.

use std::time::Duration;

use lodge_access::Role;
use lodge_courses::{CourseState, StaffRole, TokenScopes};
use lodge_kernel::{HookId, ProjectId};
use lodge_storage::ProjectHook;
use lodge_teaching::{
    Caller, Expected, Person, TeachingError, courses::staff::Who, sources::HookState,
};
use lodge_testkit::builders::{connection_id, tenant_id, user_id};

use crate::world::{self, Mishap, Post, School};

const ISSUER: &str = "https://lodge.example.com";

/// A course that was brought in, with one project of it.
struct Desk {
    school: School,
    project: ProjectId,
}

impl Desk {
    async fn open() -> Self {
        let school = School::open().await;
        school.import("https://git/course").await;
        let project = school.course().await.projects[0].id;
        Self { school, project }
    }

    async fn install(&self) -> Result<HookState, TeachingError> {
        self.school.teaching.install_webhook(&world::caller(), self.project, ISSUER).await
    }

    async fn rotate(&self) -> Result<HookState, TeachingError> {
        self.school.teaching.rotate_webhook(&world::caller(), self.project, ISSUER).await
    }

    async fn remove(&self) -> Result<(), TeachingError> {
        self.school.teaching.remove_webhook(&world::caller(), self.project).await
    }

    /// The host's ids that are kept of its one webhook, which the host knows.
    async fn noted(&self) -> Vec<String> {
        let tried = self.school.teaching.try_webhook(&world::caller(), self.project).await;
        let state = tried.unwrap().state;
        assert!(state.active, "the host has not what is kept");
        state.hook.remote_ids
    }

    fn mishap(&self, mishap: Option<Mishap>) {
        self.school.world(|it| it.mishap = mishap);
    }

    /// What the host has.
    fn posts(&self) -> Vec<Post> {
        self.school.world(|it| it.posts.clone())
    }

    /// Whether what `post` sends is taken.
    async fn is_heard(&self, post: &Post) -> bool {
        let door: HookId = post.url.rsplit_once("?hook=").unwrap().1.parse().unwrap();
        self.school.knock(door, &post.secret).await
    }

    /// Whose rotation made a second webhook at the host, and could not remove the
    /// first.
    async fn half_rotated() -> Self {
        let desk = Self::open().await;
        desk.install().await.unwrap();
        desk.mishap(Some(Mishap::KeepsAll));
        desk.rotate().await.unwrap_err();
        assert_eq!(desk.posts().len(), 2);
        desk.mishap(None);
        desk
    }

    /// Ends the mishap after so many milliseconds.
    async fn is_well_after(&self, millis: u64) {
        tokio::time::sleep(Duration::from_millis(millis)).await;
        self.mishap(None);
    }

    /// `hook` is what is kept here, and its webhook the only one at the host, which
    /// is heard.
    async fn has_this_alone(&self, hook: &ProjectHook) {
        let [post] = <[Post; 1]>::try_from(self.posts()).unwrap();
        assert_eq!(hook.remote_ids, std::slice::from_ref(&post.id));
        assert_eq!(self.noted().await, hook.remote_ids);
        assert!(self.is_heard(&post).await);
    }

    /// How many doors there are here.
    async fn n_doors(&self) -> usize {
        self.school.teaching.hooks(&world::caller(), None, 9).await.unwrap().len()
    }
}

/// Whoever rotated it was told that somebody else was faster.
fn is_told_of_the_other(refused: &Result<HookState, TeachingError>) {
    let Err(TeachingError::Blocked(problem)) = refused else { panic!("{refused:?}") };
    assert!(problem.starts_with("somebody else has just"), "{problem}");
}

#[tokio::test(start_paused = true)]
async fn a_webhook_is_made_once_heard_switched_on_again_and_removed() {
    let desk = Desk::open().await;
    let made = desk.install().await.unwrap();
    assert!(made.active && made.created);
    let [post] = <[Post; 1]>::try_from(desk.posts()).unwrap();
    assert_eq!(made.hook.remote_ids, std::slice::from_ref(&post.id));
    assert!(post.url.starts_with("https://lodge.example.com/api/v1/webhooks/gitlab?hook=whk_"));
    assert!(desk.is_heard(&post).await);
    desk.school.world(|it| it.posts[0].active = false);
    let again = desk.install().await.unwrap();
    assert!(again.active && !again.created);
    assert_eq!(desk.posts(), std::slice::from_ref(&post));
    desk.remove().await.unwrap();
    assert_eq!((desk.posts(), desk.n_doors().await), (Vec::new(), 0));
    assert!(!desk.is_heard(&post).await);
    let none = desk.remove().await;
    assert!(matches!(none, Err(TeachingError::NotFound(_))), "{none:?}");
}

#[tokio::test(start_paused = true)]
async fn a_trial_says_what_the_host_said() {
    let desk = Desk::open().await;
    desk.install().await.unwrap();
    let (caller, teaching) = (world::caller(), &desk.school.teaching);
    let sent = teaching.try_webhook(&caller, desk.project).await.unwrap();
    assert_eq!((sent.problem, sent.state.active), (None, true));
    desk.mishap(Some(Mishap::SendsNothing));
    let tried = teaching.try_webhook(&caller, desk.project).await.unwrap();
    assert_eq!(tried.problem.as_deref(), Some("nobody has pushed yet"));
}

#[tokio::test(start_paused = true)]
async fn a_host_that_refuses_leaves_nothing_behind() {
    let desk = Desk::open().await;
    desk.mishap(Some(Mishap::Refuses));
    let refused = desk.install().await;
    assert!(matches!(refused, Err(TeachingError::Invalid(_))), "{refused:?}");
    assert_eq!(desk.n_doors().await, 0);
    let none = desk.rotate().await;
    assert!(matches!(none, Err(TeachingError::NotFound(_))), "{none:?}");
}

#[tokio::test(start_paused = true)]
async fn a_webhook_whose_making_was_not_answered_is_found_and_not_made_twice() {
    // Found at once, or the next time, when nothing is answered for a while.
    for (mishap, at_once) in [(Mishap::LosesAnswers, true), (Mishap::AnswersNobody, false)] {
        let desk = Desk::open().await;
        desk.mishap(Some(mishap));
        let first = desk.install().await;
        assert_eq!(first.is_ok(), at_once, "{first:?}");
        desk.mishap(None);
        let state = desk.install().await.unwrap();
        let [post] = <[Post; 1]>::try_from(desk.posts()).unwrap();
        assert_eq!(
            (state.hook.remote_ids.as_slice(), state.active),
            (&[post.id.clone()][..], true)
        );
        assert!(desk.is_heard(&post).await);
        assert_eq!(desk.n_doors().await, 1);
    }
}

#[tokio::test(start_paused = true)]
async fn a_webhook_whose_making_was_not_answered_is_removed_too() {
    let desk = Desk::open().await;
    desk.mishap(Some(Mishap::AnswersNobody));
    desk.install().await.unwrap_err();
    assert_eq!(desk.posts().len(), 1);
    desk.mishap(None);
    desk.remove().await.unwrap();
    assert_eq!((desk.posts(), desk.n_doors().await), (Vec::new(), 0));
}

#[tokio::test(start_paused = true)]
async fn a_rotation_leaves_one_webhook_and_the_secret_before_is_good_for_a_while() {
    let desk = Desk::open().await;
    desk.install().await.unwrap();
    let before = desk.posts();
    desk.rotate().await.unwrap();
    let after = desk.posts();
    assert_eq!((before.len(), after.len()), (1, 1));
    assert_ne!(before[0].secret, after[0].secret);
    assert!(desk.is_heard(&before[0]).await && desk.is_heard(&after[0]).await);
}

#[tokio::test(start_paused = true)]
async fn a_rotation_that_fails_half_way_keeps_a_secret_that_works() {
    for mishap in [Mishap::Refuses, Mishap::LosesAnswers, Mishap::KeepsAll] {
        let desk = Desk::open().await;
        desk.install().await.unwrap();
        let before = desk.posts();
        desk.mishap(Some(mishap));
        desk.rotate().await.unwrap_err();
        desk.mishap(None);
        assert_eq!(desk.posts()[0], before[0], "{mishap:?}");
        assert!(desk.is_heard(&before[0]).await, "{mishap:?}");
        // And the next one cleans up.
        desk.rotate().await.unwrap();
        let [post] = <[Post; 1]>::try_from(desk.posts()).unwrap();
        assert!(desk.is_heard(&post).await, "{mishap:?}");
        assert_ne!(post.id, before[0].id, "{mishap:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_a_failed_rotation_left_is_removed_with_the_webhook() {
    let desk = Desk::half_rotated().await;
    desk.remove().await.unwrap();
    assert_eq!(desk.posts(), []);
}

#[tokio::test(start_paused = true)]
async fn a_rotation_without_a_door_is_undone_at_the_host() {
    let desk = Desk::open().await;
    let made = desk.install().await.unwrap();
    let before = desk.posts();
    desk.school.teaching.remove_hook(&world::caller(), made.hook.hook).await.unwrap();
    let refused = desk.rotate().await;
    assert!(matches!(refused, Err(TeachingError::NotFound(_))), "{refused:?}");
    assert_eq!(desk.posts(), before);
    assert_eq!(desk.noted().await, made.hook.remote_ids);
}

#[tokio::test(start_paused = true)]
async fn of_two_rotations_of_what_both_have_seen_one_counts() {
    let desk = Desk::open().await;
    desk.install().await.unwrap();
    desk.mishap(Some(Mishap::Waits));
    let answer = desk.is_well_after(1_000);
    let (first, second, ()) = tokio::join!(desk.rotate(), desk.rotate(), answer);
    let (state, refused) = if first.is_ok() { (first, second) } else { (second, first) };
    is_told_of_the_other(&refused);
    desk.has_this_alone(&state.unwrap().hook).await;
}

#[tokio::test(start_paused = true)]
async fn a_rotation_takes_over_from_one_that_is_not_done() {
    let desk = Desk::open().await;
    desk.install().await.unwrap();
    desk.mishap(Some(Mishap::RemovesLate));
    // It asks every 50 ms, too, but is answered before the first is.
    let second = async {
        tokio::time::sleep(Duration::from_millis(1_010)).await;
        assert_eq!(desk.posts().len(), 2);
        desk.rotate().await
    };
    let answer = desk.is_well_after(2_005);
    let (first, second, ()) = tokio::join!(desk.rotate(), second, answer);
    let (first, second) = (first.unwrap().hook, second.unwrap().hook);
    assert_ne!(first.remote_ids, second.remote_ids);
    desk.has_this_alone(&second).await;
}

#[tokio::test(start_paused = true)]
async fn a_rotation_ends_that_saw_another_which_is_done_meanwhile() {
    let desk = Desk::open().await;
    desk.install().await.unwrap();
    desk.mishap(Some(Mishap::RemovesLate));
    let second = async {
        tokio::time::sleep(Duration::from_millis(1_010)).await;
        assert_eq!(desk.posts().len(), 2);
        // The first goes on, and this one waits.
        desk.mishap(Some(Mishap::Waits));
        desk.rotate().await
    };
    let answer = desk.is_well_after(2_000);
    let (first, refused, ()) = tokio::join!(desk.rotate(), second, answer);
    is_told_of_the_other(&refused);
    desk.has_this_alone(&first.unwrap().hook).await;
}

#[tokio::test(start_paused = true)]
async fn what_a_rotation_makes_outlives_whoever_has_not_seen_it() {
    for (mishap, removes) in [(Mishap::RemovesLate, true), (Mishap::LooksLate, false)] {
        let desk = Desk::open().await;
        desk.install().await.unwrap();
        desk.mishap(Some(mishap));
        let late =
            async { if removes { desk.remove().await } else { desk.install().await.map(drop) } };
        let rotated = async {
            tokio::time::sleep(Duration::from_secs(1)).await;
            desk.rotate().await
        };
        let (late, rotated, ()) = tokio::join!(late, rotated, desk.is_well_after(2_000));
        assert!(matches!(late, Err(TeachingError::Blocked(_))), "{mishap:?}: {late:?}");
        desk.has_this_alone(&rotated.unwrap().hook).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_webhook_at_a_host_that_nobody_reaches_is_not_in_the_way_for_ever() {
    let desk = Desk::open().await;
    let by_hand = desk.school.project_by_hand("99").await;
    desk.school.hook(by_hand.id).await;
    let (caller, any, teaching) = (world::caller(), Expected::any(), &desk.school.teaching);
    teaching.delete_project(&caller, by_hand.id, &any).await.unwrap_err();
    teaching.remove_webhook(&caller, by_hand.id).await.unwrap();
    teaching.delete_project(&caller, by_hand.id, &any).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn whoever_makes_a_webhook_that_another_is_making_leaves_it_alone() {
    let desk = Desk::open().await;
    desk.mishap(Some(Mishap::Waits));
    let second = async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        (desk.install().await, desk.rotate().await)
    };
    let answer = desk.is_well_after(2_000);
    let (first, (again, rotated), ()) = tokio::join!(desk.install(), second, answer);
    assert!(first.unwrap().created);
    for refused in [again, rotated] {
        assert!(matches!(refused, Err(TeachingError::Blocked(_))), "{refused:?}");
    }
    let [post] = <[Post; 1]>::try_from(desk.posts()).unwrap();
    assert!(desk.is_heard(&post).await);
    assert_eq!(desk.n_doors().await, 1);
}

#[tokio::test(start_paused = true)]
async fn what_another_finds_before_its_maker_is_answered_stays() {
    let desk = Desk::open().await;
    desk.mishap(Some(Mishap::AnswersLate));
    let second = async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        let found = desk.install().await;
        desk.mishap(None);
        found
    };
    let (made, found) = tokio::join!(desk.install(), second);
    for state in [made.unwrap(), found.unwrap()] {
        desk.has_this_alone(&state.hook).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_webhook_that_was_never_made_is_made_anew_after_a_while() {
    let desk = Desk::open().await;
    desk.school.hook(desk.project).await;
    let refused = desk.install().await;
    assert!(matches!(refused, Err(TeachingError::Blocked(_))), "{refused:?}");
    desk.school.advance_an_hour();
    assert!(desk.install().await.unwrap().created);
    assert_eq!((desk.posts().len(), desk.n_doors().await), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn what_a_failed_rotation_left_goes_when_the_webhook_is_made_again() {
    let desk = Desk::half_rotated().await;
    desk.install().await.unwrap();
    let [post] = <[Post; 1]>::try_from(desk.posts()).unwrap();
    assert!(desk.is_heard(&post).await);
    assert_eq!(desk.n_doors().await, 1);
}

#[tokio::test(start_paused = true)]
async fn a_host_that_takes_our_credentials_no_more_keeps_no_project() {
    let desk = Desk::open().await;
    desk.install().await.unwrap();
    desk.mishap(Some(Mishap::KnowsNobody));
    desk.remove().await.unwrap();
    assert_eq!((desk.posts().len(), desk.n_doors().await), (1, 0));
    let (caller, any) = (world::caller(), Expected::any());
    desk.school.teaching.delete_project(&caller, desk.project, &any).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn the_webhook_of_an_archived_course_is_removed_and_the_course_stays_as_it_is() {
    let desk = Desk::open().await;
    desk.install().await.unwrap();
    let (caller, any, teaching) = (world::caller(), Expected::any(), &desk.school.teaching);
    let course = desk.school.course_id().await;
    let archived = teaching.set_course_state(&caller, course, &any, CourseState::Archived).await;
    let archived = archived.unwrap();
    let code = &archived.details.code;
    desk.school.advance_an_hour();
    for refused in [desk.install().await, desk.rotate().await] {
        assert!(matches!(refused, Err(TeachingError::Blocked(_))), "{refused:?}");
    }
    let hooked = teaching.delete_course(&caller, course, &any, code).await;
    assert!(matches!(hooked, Err(TeachingError::Hooked { .. })), "{hooked:?}");
    desk.remove().await.unwrap();
    assert_eq!((desk.posts(), desk.n_doors().await), (Vec::new(), 0));
    assert_eq!(teaching.find_course(&caller, course).await.unwrap().course, archived);
    teaching.delete_course(&caller, course, &any, code).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn who_may_not_remove_webhooks_may_not_in_an_archived_course() {
    let desk = Desk::open().await;
    desk.install().await.unwrap();
    let (caller, any, teaching) = (world::caller(), Expected::any(), &desk.school.teaching);
    let course = desk.school.course_id().await;
    let who = Who::Id(user_id(1));
    teaching.put_staff(&caller, course, who, StaffRole::Assistant).await.unwrap();
    let state = CourseState::Archived;
    teaching.set_course_state(&caller, course, &any, state).await.unwrap();
    let somebody = |role, scopes| {
        let (user, tenant) = (user_id(1), tenant_id(1));
        Caller::Person(Person { user, tenant, role, scopes, token: None })
    };
    let assistant = somebody(Role::Viewer, TokenScopes::ALL);
    let denied = teaching.remove_webhook(&assistant, desk.project).await;
    assert!(matches!(denied, Err(TeachingError::Denied { .. })), "{denied:?}");
    let reader = somebody(Role::Owner, TokenScopes::parse(["courses:read"]).unwrap());
    let denied = teaching.remove_webhook(&reader, desk.project).await;
    assert!(matches!(denied, Err(TeachingError::Scope(_))), "{denied:?}");
    assert_eq!((desk.posts().len(), desk.n_doors().await), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn a_webhook_is_removed_through_the_account_that_sees_its_project() {
    let desk = Desk::open().await;
    desk.install().await.unwrap();
    desk.school.add_source("99", Some(connection_id(1))).await;
    desk.school.world(|it| it.blind = Some((connection_id(1), "99".to_owned())));
    desk.remove().await.unwrap();
    assert_eq!(desk.posts(), []);
}

#[tokio::test(start_paused = true)]
async fn what_was_removed_while_it_was_made_is_removed_at_the_host() {
    let desk = Desk::open().await;
    desk.mishap(Some(Mishap::Waits));
    let removal = async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        desk.remove().await.unwrap();
        desk.mishap(None);
    };
    let (made, ()) = tokio::join!(desk.install(), removal);
    assert!(matches!(made, Err(TeachingError::NotFound(_))), "{made:?}");
    assert_eq!((desk.posts(), desk.n_doors().await), (Vec::new(), 0));
}
