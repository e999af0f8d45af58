//! GitLab passes the contract of every host that courses come from, and what
//! it delivers agrees with what it lists.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so by panicking")]

mod common;

use common::GitLab;
use lodge_activity::{Actor, ActorId, CiStatus, Fact, Subject};
use lodge_forge::EventKind;
use lodge_kernel::{Digest, Timestamp};
use lodge_pagination::PageRequest;
use lodge_provider::{Community, CourseHost, NewHook, ProviderError};
use lodge_provider_gitlab::SCHEME;
use lodge_simulators::{Fault, GitLabProof, gitlab_delivery, sandbox::account};
use lodge_testkit::{
    course_contract,
    course_contract::Known,
    provider_contract::{everything, first_page},
};

async fn known() -> (Known, GitLab) {
    let gitlab = GitLab::start().await;
    let address = gitlab.sandbox.simulation.address("gitlab");
    let known = Known {
        host: gitlab.host.courses.clone().unwrap(),
        group: format!("{address}/groups/team/-/group_members"),
        project: format!("{address}/team/full.git"),
        nowhere: format!("{address}/team/none"),
        elsewhere: "https://git.example.com/team/full".to_owned(),
        full: gitlab.repository("team/full"),
        empty: gitlab.repository("team/empty"),
        missing: lodge_simulators::sandbox::repository_at(account(1), "9999").unwrap(),
    };
    (known, gitlab)
}

course_contract!(known().await);

#[tokio::test]
async fn teachers_and_programs_are_told_from_students() {
    let (known, _gitlab) = known().await;
    let of = Community::Project(known.full.id.clone());
    let members = known.host.list_members(account(1), &of, first_page()).await.unwrap().items;
    let told = members.iter().map(|it| {
        let name = it.actor.username.clone().unwrap();
        assert_eq!(it.actor.email, None);
        (name, it.maintains, it.bot)
    });
    let mut told: Vec<_> = told.collect();
    told.sort();
    let told: Vec<_> = told.iter().map(|(name, one, two)| (name.as_str(), *one, *two)).collect();
    let bot = format!("project_{}_bot_1f2e3d4c", known.full.id);
    let expected =
        [("ada", true, false), ("bo", false, false), ("cy", false, false), (&*bot, false, true)];
    assert_eq!(told, expected);
}

#[tokio::test]
async fn a_thread_holds_what_people_said_and_nothing_else() {
    let (known, _gitlab) = known().await;
    let of = known.full.clone();
    let ask = async |page| known.host.list_merge_requests(of.clone(), None, page).await;
    for it in everything("100", ask).await.unwrap() {
        let on = Subject::MergeRequest(it.number);
        let notes = async |page| known.host.list_notes(of.clone(), &on, page).await;
        let notes = everything("2", notes).await.unwrap();
        let [asked, answered, fine] = notes.as_slice() else { panic!("{notes:?}") };
        assert_eq!(asked.thread, answered.thread);
        assert_ne!(asked.thread, fine.thread);
        let merged = it.merged_at.is_some();
        assert_eq!((asked.resolved, fine.resolved), (Some(merged), None));
        assert_eq!(asked.path.as_deref(), Some("README.md"));
        let approvals = known.host.approvals(of.clone(), &it).await.unwrap();
        assert_eq!(approvals.len(), usize::from(merged));
    }
}

#[tokio::test]
async fn a_run_that_has_ended_is_told_whole() {
    let (known, gitlab) = known().await;
    let before = gitlab.sandbox.faults().counted("gitlab");
    let page = PageRequest { limit: lodge_pagination::Limit::MAX, ..first_page() };
    let runs = known.host.list_pipelines(known.full.clone(), None, page).await.unwrap();
    assert_eq!((runs.items.len(), runs.next.is_some()), (25, true));
    assert_eq!(gitlab.sandbox.faults().counted("gitlab") - before, 26);
    for it in runs.items {
        assert!(matches!(it.status, CiStatus::Success | CiStatus::Failed));
        let took = it.finished_at.unwrap().since(it.started_at.unwrap());
        assert_eq!((took.as_secs(), it.coverage), (60, Some(8750)));
        assert_eq!(it.by.unwrap().username.as_deref(), Some("ada"));
    }
}

fn named(fact: Fact<Actor>) -> Fact<ActorId> {
    fact.map(&mut |actor| {
        let best = actor.host_user.or(actor.username).or(actor.email).unwrap();
        let mut digest = [0; 32];
        for (to, from) in digest.iter_mut().zip(best.bytes()) {
            *to = from;
        }
        ActorId(Digest(digest))
    })
}

/// Where a page is, is the same at a real host; and when a merge request ended
/// as it does not stand, nobody asks.
fn without_page(fact: Fact<ActorId>) -> Fact<ActorId> {
    match fact {
        Fact::Commit(it) => Fact::Commit(lodge_activity::Commit { web_url: None, ..it }),
        Fact::MergeRequest(it) => {
            let closed_at = it.closed();
            Fact::MergeRequest(lodge_activity::MergeRequest { web_url: None, closed_at, ..it })
        }
        Fact::Issue(it) => Fact::Issue(lodge_activity::Issue { web_url: None, ..it }),
        other => other,
    }
}

async fn listed(host: &dyn CourseHost, known: &Known) -> Vec<Fact<ActorId>> {
    let at = || known.full.clone();
    let mut all = Vec::new();
    let ask = async |page| host.list_all_commits(at(), None, page).await;
    all.extend(everything("100", ask).await.unwrap().into_iter().map(Fact::Commit));
    let ask = async |page| host.list_issues(at(), None, page).await;
    all.extend(everything("100", ask).await.unwrap().into_iter().map(Fact::Issue));
    let ask = async |page| host.list_merge_requests(at(), None, page).await;
    for it in everything("100", ask).await.unwrap() {
        for on in [Subject::MergeRequest(it.number), Subject::Issue(it.number)] {
            let ask = async |page| host.list_notes(at(), &on, page).await;
            all.extend(everything("100", ask).await.unwrap().into_iter().map(Fact::Note));
        }
        let approvals = host.approvals(at(), &it).await.unwrap();
        all.extend(approvals.into_iter().map(Fact::Approval));
        all.push(Fact::MergeRequest(it));
    }
    all.into_iter().map(|it| without_page(named(it))).collect()
}

#[tokio::test]
async fn what_is_delivered_agrees_with_what_is_listed() {
    let (known, gitlab) = known().await;
    let listed = listed(&*known.host, &known).await;
    let (world, repository) =
        (gitlab.sandbox.world(), gitlab.sandbox.repository("team/full").unwrap());
    let mut agreed = 0;
    for event in [
        "push",
        "merge_request.open",
        "merge_request.merge",
        "merge_request.close",
        "note.merge_request",
        "note.issue",
        "issue",
    ] {
        // A merge request is told at the instant of its change.
        let deliver = async |at| {
            let proof = GitLabProof::default();
            let delivery = gitlab_delivery(world, repository, event, &proof, at).await;
            let facts = SCHEME.facts(&delivery).unwrap();
            assert!(!facts.is_empty(), "{event} tells nothing");
            facts.into_iter().map(|it| without_page(named(it))).collect::<Vec<_>>()
        };
        for told in deliver(Timestamp::EPOCH).await {
            let same = |it: &&Fact<ActorId>| it.key() == told.key();
            let listing = listed.iter().find(same).unwrap_or_else(|| panic!("{told:?}"));
            let told = match (&told, listing) {
                (Fact::MergeRequest(_), Fact::MergeRequest(it)) => {
                    deliver(it.updated_at).await.remove(0)
                }
                _ => told,
            };
            // What the listing knows is never lost, whichever comes first.
            let both = told.clone().merged(listing.clone());
            assert_eq!(&without_page(both), listing, "{event}");
            assert_eq!(&without_page(listing.clone().merged(told)), listing, "{event}");
            agreed += 1;
        }
    }
    assert_eq!(agreed, 20 + 6);
}

#[tokio::test]
async fn a_scope_that_is_missing_is_said_so() {
    let (known, gitlab) = known().await;
    let body = br#"{"error":"insufficient_scope","scope":"api read_api"}"#.to_vec();
    let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
    gitlab.sandbox.faults().order("gitlab", Fault::Answer { status: 403, headers, body });
    let page = first_page();
    let told = known.host.list_merge_requests(known.full.clone(), None, page).await.unwrap_err();
    assert!(matches!(told.cause(), ProviderError::InsufficientScope), "{told:?}");
}

#[tokio::test]
async fn a_repository_that_is_switched_off_has_no_commits() {
    let (known, gitlab) = known().await;
    let body = br#"{"message":"403 Forbidden"}"#.to_vec();
    let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
    gitlab.sandbox.faults().order("gitlab", Fault::Answer { status: 403, headers, body });
    let told = known.host.list_all_commits(known.full.clone(), None, first_page()).await.unwrap();
    assert!(told.items.is_empty() && told.next.is_none());
}

#[tokio::test]
async fn a_webhook_of_a_course_hears_everything_and_is_switched_on_by_a_test() {
    let gitlab = GitLab::start().await;
    let webhooks = gitlab.host.webhooks.clone().unwrap();
    let at = gitlab.repository("team/full");
    let new = |everything| NewHook {
        url: "https://lodge.example.com/api/v1/webhooks/gitlab".to_owned(),
        events: vec![EventKind::Push],
        everything,
        secret: "of this hook".to_owned().into(),
    };
    let some = webhooks.create_hook(at.clone(), new(false)).await.unwrap().ids;
    let made = webhooks.create_hook(at.clone(), new(true)).await.unwrap().ids;
    let world = gitlab.sandbox.world();
    let hears = async |ids: &[String], event| {
        gitlab.simulator.deliver(world, &ids[0], event, Timestamp::EPOCH).await.is_some()
    };
    for event in ["push", "note.issue", "issue", "build", "pipeline", "tag_push", "deployment"] {
        assert!(hears(&made, event).await, "{event}");
        assert_eq!(hears(&some, event).await, event == "push", "{event}");
    }
    gitlab.simulator.disable_hook(&made[0]);
    assert!(!hears(&made, "push").await);
    let found = webhooks.find_hook(at.clone(), made.clone()).await.unwrap().unwrap();
    assert_eq!((found.active, &found.ids), (false, &made));
    webhooks.test_hook(at.clone(), made.clone()).await.unwrap();
    let found = webhooks.find_hook(at.clone(), made.clone()).await.unwrap().unwrap();
    assert!(found.active && hears(&made, "push").await);
    let ending = "/webhooks/gitlab".to_owned();
    let all = webhooks.hooks_to(at.clone(), ending.clone()).await.unwrap();
    let ids: Vec<_> = all.into_iter().flat_map(|it| it.ids).collect();
    assert_eq!(ids, [some[0].clone(), made[0].clone()]);
    for (place, ending) in [(at.clone(), "/webhooks"), (gitlab.repository("team/empty"), "gitlab")]
    {
        assert_eq!(webhooks.hooks_to(place, ending.to_owned()).await.unwrap(), []);
    }
    webhooks.delete_hook(at.clone(), made.clone()).await.unwrap();
    assert_eq!(webhooks.hooks_to(at.clone(), ending).await.unwrap().len(), 1);
    assert_eq!(webhooks.find_hook(at.clone(), made.clone()).await.unwrap(), None);
    let gone = webhooks.test_hook(at, made).await.unwrap_err();
    assert!(matches!(gone.cause(), ProviderError::NotFound { what: "webhook" }), "{gone:?}");
    let empty = gitlab.repository("team/empty");
    let made = webhooks.create_hook(empty.clone(), new(true)).await.unwrap().ids;
    let nothing = webhooks.test_hook(empty, made).await.unwrap_err();
    assert!(matches!(nothing.cause(), ProviderError::Invalid { .. }), "{nothing:?}");
}
