//! What the adapter answers is what the world knows, field by field. What
//! GitLab does not tell, or tells in other words, stands in each test as the
//! difference.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so by panicking")]

mod common;

use std::collections::BTreeMap;

use common::GitLab;
use lodge_forge::{
    AccountType, Branch, Check, CheckKind, CheckStatus, Commit, Deployment, DeploymentState,
    Profile, PullRequest, PullRequestSide, PullRequestState, Release, ReleaseAsset, Repository,
    RepositoryId, Tag, TreeEntry,
};
use lodge_kernel::Timestamp;
use lodge_provider::{
    CheckFilter, DeploymentFilter, ProviderError, PullRequestFilter, RepositoryRef, TreeFilter,
};
use lodge_simulators::{WorldRepository, sandbox::account};
use lodge_testkit::provider_contract::{everything, first_page};

/// The known repository: through the adapter, in the world, and its page.
async fn full() -> (GitLab, RepositoryRef, String) {
    let gitlab = GitLab::start().await;
    let at = gitlab.repository("team/full");
    let page = format!("{}/team/full", gitlab.sandbox.simulation.address("gitlab"));
    (gitlab, at, page)
}

impl GitLab {
    fn world(&self) -> &WorldRepository {
        self.sandbox.repository("team/full").unwrap()
    }

    async fn head(&self) -> String {
        self.world().head().await.unwrap()
    }
}

#[tokio::test]
async fn the_profile_is_the_account() {
    let (gitlab, at, _) = full().await;
    let (host, user) = (&gitlab.host.provider, gitlab.sandbox.world().user());
    let profile = Profile {
        id: user.id.to_string(),
        provider: host.name(),
        login: user.login.clone(),
        name: Some(user.name.clone()),
        email: Some(user.email.clone()),
        avatar_url: None,
        web_url: Some(format!("{}/ada", gitlab.sandbox.simulation.address("gitlab"))),
        account_type: AccountType::User,
        connection_id: at.account.connection,
    };
    assert_eq!(host.profile(account(1)).await.unwrap(), profile);
}

#[tokio::test]
async fn a_repository_is_what_the_world_has() {
    let (gitlab, at, page) = full().await;
    let (world, host) = (gitlab.world(), &gitlab.host.provider);
    let found = Repository {
        id: RepositoryId::parse(&world.number.to_string()).unwrap(),
        provider: host.name(),
        native_id: world.number.to_string(),
        archived: Some(false),
        fork: Some(false),
        clone_url: Some(format!("{page}.git")),
        web_url: Some(page),
        created_at: Timestamp::parse("2024-01-02T03:04:05.678Z").ok(),
        // GitLab has a time of the last activity, which is more than pushes.
        pushed_at: None,
        ..world.facts.clone()
    };
    let told = host.find_repository(at.clone()).await.unwrap();
    assert!(!format!("{told:?}").contains("GR1348941"), "the token of the runners");
    assert_eq!(told, found);
    let ask = async |page| host.list_repositories(account(1), page).await;
    let listed = everything("100", ask).await.unwrap();
    // Sizes are told of one repository alone.
    let as_listed = Repository { size_bytes: None, ..found };
    assert_eq!(listed.into_iter().find(|it| it.id == at.id), Some(as_listed));
}

#[tokio::test]
async fn branches_are_what_the_world_has() {
    let (gitlab, at, _) = full().await;
    let ask = async |page| gitlab.host.provider.list_branches(at.clone(), page).await;
    let known = gitlab.world().branches().await.into_iter();
    // GitLab guards the default branch.
    let known = known.map(|it| Branch { protected: it.default, ..it });
    assert_eq!(everything("3", ask).await.unwrap(), known.collect::<Vec<_>>());
}

#[tokio::test]
async fn commits_are_what_the_world_has() {
    let (gitlab, at, page) = full().await;
    let host = &gitlab.host.provider;
    for branch in [None, Some("main"), Some("feature/a")] {
        let ask = async |page| host.list_commits(at.clone(), branch.map(str::to_owned), page).await;
        let head = gitlab.world().resolve(branch.unwrap_or("main")).await.unwrap();
        let history = gitlab.world().history(&head);
        let known = history
            .iter()
            .cloned()
            .map(|it| Commit { web_url: Some(format!("{page}/-/commit/{}", it.sha)), ..it });
        assert_eq!(everything("9", ask).await.unwrap(), known.collect::<Vec<_>>(), "{branch:?}");
    }
}

#[tokio::test]
async fn diffs_of_commits_are_what_the_world_has() {
    let (gitlab, at, _) = full().await;
    for commit in gitlab.world().history(&gitlab.head().await).iter() {
        let told = gitlab.host.provider.commit_diff(at.clone(), commit.sha.clone()).await;
        assert_eq!(told.ok(), gitlab.world().diff(&commit.sha).await, "{}", commit.title);
    }
}

#[tokio::test]
async fn contributors_are_counted_without_merges() {
    let (gitlab, at, _) = full().await;
    let mut known: BTreeMap<String, u64> = BTreeMap::new();
    for commit in gitlab.world().history(&gitlab.head().await).iter() {
        if let (Some(author), 0..=1) = (&commit.author, commit.parents.len()) {
            *known.entry(author.email.clone().unwrap().to_lowercase()).or_default() += 1;
        }
    }
    let ask = async |page| gitlab.host.provider.list_contributors(at.clone(), page).await;
    let told = everything("2", ask).await.unwrap();
    let told = told.into_iter().map(|it| (it.key, it.commits)).collect::<BTreeMap<_, _>>();
    assert_eq!(told, known);
}

#[tokio::test]
async fn tags_are_what_the_world_has() {
    let (gitlab, at, _) = full().await;
    let ask = async |page| gitlab.host.provider.list_tags(at.clone(), page).await;
    let known = gitlab.world().tags().await.into_iter();
    // Who made a tag is not told.
    let known = known.map(|it| Tag { tagger: None, ..it });
    assert_eq!(everything("3", ask).await.unwrap(), known.collect::<Vec<_>>());
}

#[tokio::test]
async fn releases_are_what_the_world_has() {
    let (gitlab, at, page) = full().await;
    let ask = async |page| gitlab.host.provider.list_releases(at.clone(), page).await;
    let known = gitlab.world().releases().await.into_iter().map(|it| Release {
        // Releases are made by accounts, of files that a folder does not have.
        author: Some("ada".to_owned()),
        assets: vec![ReleaseAsset {
            name: "notes.pdf".to_owned(),
            size: None,
            url: format!("{page}/-/releases/{}/downloads/notes.pdf", it.tag),
            content_type: None,
        }],
        from_tag: false,
        web_url: Some(format!("{page}/-/releases/{}", it.tag)),
        ..it
    });
    assert_eq!(everything("2", ask).await.unwrap(), known.collect::<Vec<_>>());
}

#[tokio::test]
async fn trees_are_what_the_world_has() {
    let (gitlab, at, _) = full().await;
    let host = &gitlab.host.provider;
    let tree = gitlab.world().tree(&gitlab.head().await).await;
    // Sizes are not told.
    let known: Vec<TreeEntry> = tree.into_iter().map(|it| TreeEntry { size: None, ..it }).collect();
    let below = |folder: &str| -> Vec<TreeEntry> {
        known.iter().filter(|it| it.path.starts_with(folder)).cloned().collect()
    };
    for (path, expected) in [(None, known.clone()), (Some("docs"), below("docs/"))] {
        let filter = TreeFilter {
            reference: Some("main".to_owned()),
            path: path.map(str::to_owned),
            recursive: true,
        };
        let ask = async |page| host.list_tree(at.clone(), filter.clone(), page).await;
        assert_eq!(everything("4", ask).await.unwrap(), expected, "{path:?}");
    }
}

#[tokio::test]
async fn pull_requests_are_what_the_world_has() {
    let (gitlab, at, page) = full().await;
    let host = &gitlab.host.provider;
    let mut known = gitlab.world().pull_requests().await;
    known.sort_by_key(|it| std::cmp::Reverse((it.created_at, it.number)));
    let known: Vec<PullRequest> = known
        .into_iter()
        .map(|it| PullRequest {
            native_state: match it.state {
                PullRequestState::Open => "opened",
                PullRequestState::Merged => "merged",
                PullRequestState::Closed => "closed",
            }
            .to_owned(),
            // A list does not tell where the target was; merged is not closed.
            target: PullRequestSide { sha: None, ..it.target },
            closed_at: it.closed_at.filter(|_| it.state == PullRequestState::Closed),
            web_url: Some(format!("{page}/-/merge_requests/{}", it.number)),
            ..it
        })
        .collect();
    for state in [None, Some(PullRequestState::Merged), Some(PullRequestState::Closed)] {
        let filter = PullRequestFilter { state };
        let ask = async |page| host.list_pull_requests(at.clone(), filter, page).await;
        let expected = known.iter().filter(|it| state.is_none_or(|state| it.state == state));
        let expected = expected.cloned().collect::<Vec<_>>();
        assert!(!expected.is_empty());
        assert_eq!(everything("2", ask).await.unwrap(), expected, "{state:?}");
    }
}

#[tokio::test]
async fn diffs_of_pull_requests_are_what_the_world_has() {
    let (gitlab, at, _) = full().await;
    let host = &gitlab.host.provider;
    for it in gitlab.world().pull_requests().await {
        let told = host.pull_request_diff(at.clone(), it.number).await;
        assert_eq!(told.ok(), gitlab.world().pull_request_diff(it.number).await, "{}", it.number);
    }
    let missing = host.pull_request_diff(at, 9999).await.unwrap_err();
    let missing = missing.cause();
    assert!(matches!(missing, ProviderError::NotFound { what: "pull request" }), "{missing:?}");
}

#[tokio::test]
async fn checks_are_what_the_world_has_and_then_the_pipeline() {
    let (gitlab, at, page) = full().await;
    let host = &gitlab.host.provider;
    let head = gitlab.head().await;
    for reference in [None, Some("main".to_owned()), Some(head.clone())] {
        let filter = CheckFilter { reference };
        let ask = async |page| host.list_checks(at.clone(), filter.clone(), page).await;
        let mut told = everything("3", ask).await.unwrap();
        let pipeline = told.pop().unwrap();
        assert_eq!((pipeline.kind, pipeline.status), (CheckKind::Pipeline, CheckStatus::Running));
        assert_eq!((pipeline.sha.as_str(), pipeline.name.as_str()), (head.as_str(), "pipeline"));
        assert_eq!(pipeline.url, Some(format!("{page}/-/pipelines/{}", pipeline.id)));
        // Everything is a status there, and of no app.
        let known = gitlab.world().checks(&head).into_iter();
        let known = known.map(|it| Check { kind: CheckKind::Status, app: None, ..it });
        assert_eq!(told, known.collect::<Vec<_>>());
    }
    let nowhere = CheckFilter { reference: Some("nowhere".to_owned()) };
    let missing = host.list_checks(at, nowhere, first_page()).await.unwrap_err();
    assert!(matches!(missing.cause(), ProviderError::NotFound { what: "ref" }), "{missing:?}");
}

#[tokio::test]
async fn deployments_are_what_the_world_has() {
    let (gitlab, at, page) = full().await;
    let host = &gitlab.host.provider;
    let known = gitlab
        .world()
        .deployments()
        .await
        .into_iter()
        .map(|it| Deployment { url: Some(format!("{page}/-/jobs/664")), ..it });
    let known: Vec<Deployment> = known.collect();
    let staging = DeploymentFilter { environment: Some("staging".to_owned()), state: None };
    let in_state = |state| DeploymentFilter { environment: None, state: Some(state) };
    for (filter, expected) in [
        (DeploymentFilter::default(), known.len()),
        (staging, known.len() / 2),
        (in_state(DeploymentState::Running), 1),
        // GitLab has no such state.
        (in_state(DeploymentState::Inactive), 0),
    ] {
        let ask = async |page| host.list_deployments(at.clone(), filter.clone(), page).await;
        let told = everything("2", ask).await.unwrap();
        assert_eq!(told.len(), expected, "{filter:?}");
        assert!(told.iter().all(|it| known.contains(it)), "{told:?}");
        assert!(told.iter().map(|it| &it.id).is_sorted_by(|newer, older| newer > older));
    }
}

#[tokio::test]
async fn an_empty_repository_has_nothing_of_ci_either() {
    let gitlab = GitLab::start().await;
    let (host, at) = (&gitlab.host.provider, gitlab.repository("team/empty"));
    let checks = host.list_checks(at.clone(), CheckFilter::default(), first_page()).await.unwrap();
    assert_eq!(checks.items, []);
    assert_eq!(checks.next, None);
    let deployments = host.list_deployments(at, DeploymentFilter::default(), first_page()).await;
    assert_eq!(deployments.unwrap().items, []);
}
