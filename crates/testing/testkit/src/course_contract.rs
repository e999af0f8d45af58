//! What every host must do that courses come from, asked of one known course.
//!
//! A case takes a [`Known`] host; the macro
//! [`course_contract`](crate::course_contract!) makes each case a test.
#![expect(
    clippy::missing_errors_doc,
    clippy::missing_panics_doc,
    clippy::panic,
    reason = "a case panics when the contract is broken, and passes on what the host says"
)]

use std::{fmt::Debug, sync::Arc};

use lodge_activity::{Actor, FactKind, MergeRequest, Subject};
use lodge_kernel::Timestamp;
use lodge_pagination::{Limit, Page, PageRequest, Position};
use lodge_provider::{
    Account, Community, CourseHost, Depth, Located, ProviderError, RemoteGroup, RepositoryRef,
};

use crate::provider_contract::{
    folder,
    pages::{everything, first_page, limit_of, pages_join},
};

/// A host and what is known of it.
#[derive(Clone)]
pub struct Known {
    /// The host.
    pub host: Arc<dyn CourseHost>,
    /// The address of a group with two repositories below it, `full` and
    /// `empty`, and whatever else.
    pub group: String,
    /// The address of `full`.
    pub project: String,
    /// An address of the host's where nothing stands.
    pub nowhere: String,
    /// An address that cannot be the host's.
    pub elsewhere: String,
    /// A repository with [`folder::SHAPE`].
    pub full: RepositoryRef,
    /// A repository without commits.
    pub empty: RepositoryRef,
    /// No repository.
    pub missing: RepositoryRef,
}

/// What a case ends with.
pub type Outcome = Result<(), ProviderError>;

impl Known {
    fn account(&self) -> Account {
        self.full.account
    }

    async fn found(&self) -> Result<RemoteGroup, ProviderError> {
        match self.host.locate(self.account(), &self.group).await? {
            Located::Group(group) => Ok(group),
            other @ Located::Project(_) => panic!("{} is {other:?}", self.group),
        }
    }

    async fn merge_requests(
        &self,
        since: Option<Timestamp>,
    ) -> Result<Vec<MergeRequest<Actor>>, ProviderError> {
        let ask = async |page| self.host.list_merge_requests(self.full.clone(), since, page).await;
        everything("100", ask).await
    }
}

/// An address leads to a group or a project, and a group to what is in it.
pub async fn an_address_leads_to_what_stands_there(known: Known) -> Outcome {
    let (host, account) = (&known.host, known.account());
    let group = known.found().await?;
    match host.locate(account, &known.project).await? {
        Located::Project(project) => assert_eq!(project.id, known.full.id),
        other @ Located::Group(_) => panic!("{} is {other:?}", known.project),
    }
    for depth in [Depth::Direct, Depth::All] {
        let ask = async |page| host.list_projects(account, &group.id, depth, page).await;
        let projects = pages_join("projects", ask).await?;
        for id in [&known.full.id, &known.empty.id] {
            assert!(projects.iter().any(|it| it.id == *id), "{id} is not among {projects:?}");
        }
    }
    let ask = async |page| host.list_groups(account, &group.id, page).await;
    for inner in pages_join("groups", ask).await? {
        let below = format!("{}/", group.path);
        assert!(inner.path.starts_with(&below), "{} is not below {below}", inner.path);
    }
    Ok(())
}

/// Pages of any size join to the same listing.
pub async fn pages_of_any_size_join(known: Known) -> Outcome {
    let (host, full) = (&known.host, || known.full.clone());
    let group = known.found().await?;
    for of in [Community::Project(known.full.id.clone()), Community::Group(group.id)] {
        let ask = async |page| host.list_members(known.account(), &of, page).await;
        let members = pages_join("members", ask).await?;
        let named = members.iter().all(|it| it.actor != Actor::default());
        assert!(named, "somebody without a name: {members:?}");
        let people = members.iter().filter(|it| !it.bot).count();
        let wanted = matches!(of, Community::Project(_));
        assert!(people >= folder::SHAPE.contributors || !wanted, "{members:?}");
    }
    let ask = async |page| host.list_all_commits(full(), None, page).await;
    let commits = pages_join("commits", ask).await?;
    assert_eq!(commits.len(), folder::SHAPE.commits);
    assert!(commits.iter().all(|it| it.parents.is_some() && it.author.email.is_some()));
    let ask = async |page| host.list_merge_requests(full(), None, page).await;
    for it in pages_join("merge requests", ask).await? {
        let on = Subject::MergeRequest(it.number);
        let ask = async |page| host.list_notes(full(), &on, page).await;
        let notes = pages_join("notes", ask).await?;
        assert!(notes.iter().all(|note| note.on == on), "{notes:?}");
        for approval in host.approvals(full(), &it).await? {
            assert!(approval.approved && approval.merge_request == it.number, "{approval:?}");
        }
    }
    let ask = async |page| host.list_issues(full(), None, page).await;
    pages_join("issues", ask).await?;
    let ask = async |page| host.list_pipelines(full(), None, page).await;
    pages_join("pipelines", ask).await?;
    Ok(())
}

/// What changed at an instant, or later, is not left out by who asks since
/// then.
pub async fn since_leaves_out_nothing_that_changed(known: Known) -> Outcome {
    let (host, full) = (&known.host, || known.full.clone());
    let all = known.merge_requests(None).await?;
    for since in all.iter().map(|it| it.updated_at) {
        let some = known.merge_requests(Some(since)).await?;
        covers(&some, &all, |it| it.updated_at >= since);
    }
    let issues = async |since| {
        everything("100", async |page| host.list_issues(full(), since, page).await).await
    };
    let all = issues(None).await?;
    for since in all.iter().map(|it| it.updated_at) {
        covers(&issues(Some(since)).await?, &all, |it| it.updated_at >= since);
    }
    let pipelines = async |since| {
        everything("100", async |page| host.list_pipelines(full(), since, page).await).await
    };
    let all = pipelines(None).await?;
    for since in all.iter().map(|it| it.updated_at).step_by(7) {
        covers(&pipelines(Some(since)).await?, &all, |it| it.updated_at >= since);
    }
    let commits = async |since| {
        everything("100", async |page| host.list_all_commits(full(), since, page).await).await
    };
    let all = commits(None).await?;
    for since in all.iter().map(|it| it.authored_at).step_by(9) {
        covers(&commits(Some(since)).await?, &all, |it| it.authored_at >= since);
    }
    Ok(())
}

/// `some` are of `all`, in their order, and have those that `must` be told.
fn covers<T: Debug + PartialEq>(some: &[T], all: &[T], must: impl Fn(&T) -> bool) {
    let kept: Vec<_> = all.iter().filter(|it| some.contains(it)).collect();
    assert!(kept.iter().copied().eq(some), "something else, or in another order: {some:?}");
    for it in all.iter().filter(|it| must(it)) {
        assert!(some.contains(it), "{it:?} is left out");
    }
}

/// An empty repository has empty listings.
pub async fn an_empty_repository_has_empty_listings(known: Known) -> Outcome {
    let (host, it, page) = (&known.host, || known.empty.clone(), first_page);
    assert_eq!(host.list_all_commits(it(), None, page()).await?, Page::empty());
    assert_eq!(host.list_merge_requests(it(), None, page()).await?, Page::empty());
    assert_eq!(host.list_issues(it(), None, page()).await?, Page::empty());
    assert_eq!(host.list_pipelines(it(), None, page()).await?, Page::empty());
    let of = Community::Project(known.empty.id.clone());
    let members = host.list_members(known.account(), &of, page()).await?.items;
    assert!(members.iter().all(|it| it.bot), "{members:?}");
    Ok(())
}

/// Of what a host never tells, its lists are empty.
pub async fn what_a_host_never_tells_it_does_not_list(known: Known) -> Outcome {
    let (host, it, page) = (&known.host, || known.full.clone(), first_page);
    for kind in host.silent_on() {
        let is_empty = match kind {
            FactKind::MergeRequest => known.merge_requests(None).await?.is_empty(),
            FactKind::Issue => host.list_issues(it(), None, page()).await?.items.is_empty(),
            FactKind::Pipeline => host.list_pipelines(it(), None, page()).await?.items.is_empty(),
            FactKind::Note => {
                let on = Subject::MergeRequest(1);
                host.list_notes(it(), &on, page()).await?.items.is_empty()
            }
            // Runs have jobs, and merge requests approvals.
            FactKind::CiJob => host.silent_on().contains(&FactKind::Pipeline),
            FactKind::Approval => host.silent_on().contains(&FactKind::MergeRequest),
            FactKind::Milestone => true,
            FactKind::Commit => false,
        };
        assert!(is_empty, "{kind:?}");
    }
    Ok(())
}

/// What is not there is not found, whatever is asked of it.
pub async fn what_is_not_there_is_not_found(known: Known) -> Outcome {
    let (host, it, page) = (&known.host, || known.missing.clone(), first_page);
    let account = known.account();
    let of = Community::Project(known.missing.id.clone());
    let on = Subject::Issue(1);
    let mut answers = vec![
        ("locate", host.locate(account, &known.nowhere).await.map(drop)),
        ("members", host.list_members(account, &of, page()).await.map(drop)),
        ("commits", host.list_all_commits(it(), None, page()).await.map(drop)),
        ("merge requests", host.list_merge_requests(it(), None, page()).await.map(drop)),
        ("notes", host.list_notes(it(), &on, page()).await.map(drop)),
        ("issues", host.list_issues(it(), None, page()).await.map(drop)),
        ("pipelines", host.list_pipelines(it(), None, page()).await.map(drop)),
    ];
    for wrong in ["", "..", "../..", "a/b", "9999999", "Li4", "%2e%2e"] {
        let groups = host.list_groups(account, wrong, page()).await;
        answers.push(("groups", groups.map(drop)));
        let projects = host.list_projects(account, wrong, Depth::All, page()).await;
        answers.push(("projects", projects.map(drop)));
        let of = Community::Group(wrong.to_owned());
        answers.push(("members", host.list_members(account, &of, page()).await.map(drop)));
    }
    for (name, answer) in answers {
        let missing = |it: &ProviderError| matches!(it.cause(), ProviderError::RepositoryNotFound);
        assert!(answer.as_ref().is_err_and(missing), "{name}: {answer:?}");
    }
    for wrong in [known.elsewhere.as_str(), ""] {
        let answer = host.locate(account, wrong).await;
        let invalid = |it: &ProviderError| matches!(it.cause(), ProviderError::Invalid { .. });
        assert!(answer.as_ref().is_err_and(invalid), "{wrong}: {answer:?}");
    }
    Ok(())
}

/// A position that another listing wrote, or nobody, is refused.
pub async fn a_foreign_position_is_refused(known: Known) -> Outcome {
    let (host, full) = (&known.host, || known.full.clone());
    let one = || PageRequest { from: None, limit: limit_of("1") };
    let of = Community::Project(known.full.id.clone());
    let group = known.found().await?;
    let account = known.account();
    let of_commits = host.list_all_commits(full(), None, one()).await?.next;
    let of_members = host.list_members(account, &of, one()).await?.next;
    assert!(of_commits.is_some() && of_members.is_some());
    let made_up = Position::new().with("page", "2").ok();
    for wrong in [of_commits.as_ref(), of_members.as_ref(), made_up.as_ref()] {
        let from = || PageRequest { from: wrong.cloned(), limit: Limit::default() };
        let on = Subject::MergeRequest(1);
        refused("groups", &host.list_groups(account, &group.id, from()).await);
        refused("projects", &host.list_projects(account, &group.id, Depth::All, from()).await);
        refused("merge requests", &host.list_merge_requests(full(), None, from()).await);
        refused("notes", &host.list_notes(full(), &on, from()).await);
        refused("issues", &host.list_issues(full(), None, from()).await);
        refused("pipelines", &host.list_pipelines(full(), None, from()).await);
        if wrong != of_commits.as_ref() {
            refused("commits", &host.list_all_commits(full(), None, from()).await);
        }
        if wrong != of_members.as_ref() {
            refused("members", &host.list_members(account, &of, from()).await);
        }
    }
    Ok(())
}

fn refused<T: Debug>(name: &str, answer: &Result<Page<T>, ProviderError>) {
    let position = |error: &ProviderError| matches!(error.cause(), ProviderError::Position);
    assert!(answer.as_ref().is_err_and(position), "{name}: {answer:?}");
}

/// Makes a test of every case.
///
/// `$known` gives a [`Known`] host, and what must live as long as it.
#[macro_export]
macro_rules! course_contract {
    ($known:expr) => {
        $crate::course_contract! { @cases $known;
            an_address_leads_to_what_stands_there
            pages_of_any_size_join
            since_leaves_out_nothing_that_changed
            an_empty_repository_has_empty_listings
            what_a_host_never_tells_it_does_not_list
            what_is_not_there_is_not_found
            a_foreign_position_is_refused
        }
    };
    (@cases $known:expr; $($case:ident)+) => {$(
        #[tokio::test]
        async fn $case() -> $crate::course_contract::Outcome {
            let (known, _alive) = $known;
            $crate::course_contract::$case(known).await
        }
    )+};
}
