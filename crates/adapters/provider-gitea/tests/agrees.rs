//! What the adapter answers is what the simulated world knows, field by field
//! for what the host tells. What it does not tell stands in each test.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so by panicking")]

mod common;

use common::sandbox;
use lodge_forge::{
    Check, CheckConclusion, CheckKind, CheckStatus, Commit, PullRequest, PullRequestState,
    Signature, Tag,
};
use lodge_kernel::Timestamp;
use lodge_provider::{
    CheckFilter, GitProvider, Host, PullRequestFilter, RepositoryRef, TreeFilter,
};
use lodge_simulators::{
    GiteaSimulator, Sandbox, WorldRepository,
    sandbox::{account, repository_at},
};
use lodge_testkit::provider_contract::{everything, folder};

struct Setting {
    host: Host,
    sandbox: Sandbox,
    name: &'static str,
    at: RepositoryRef,
}

impl Setting {
    async fn new() -> Self {
        let (host, sandbox) = sandbox(GiteaSimulator::default()).await;
        Self::over(host, sandbox, "team/full")
    }

    fn over(host: Host, sandbox: Sandbox, name: &'static str) -> Self {
        let number = sandbox.repository(name).unwrap().number.to_string();
        Self { host, sandbox, name, at: repository_at(account(1), &number).unwrap() }
    }

    fn host(&self) -> &dyn GitProvider {
        &*self.host.provider
    }

    fn truth(&self) -> &WorldRepository {
        self.sandbox.repository(self.name).unwrap()
    }
}

#[tokio::test]
async fn the_account_is_the_one_that_is_connected() {
    let it = Setting::new().await;
    let (told, truth) =
        (it.host().profile(it.at.account).await.unwrap(), it.sandbox.world().user());
    assert_eq!((told.id, told.login), (truth.id.to_string(), truth.login.clone()));
    assert_eq!((told.name, told.email), (Some(truth.name.clone()), Some(truth.email.clone())));
    assert!(told.avatar_url.is_some() && told.web_url.is_some());
}

#[tokio::test]
async fn repositories_are_as_the_world_knows_them() {
    let it = Setting::new().await;
    let ask = async |page| it.host().list_repositories(it.at.account, page).await;
    let all = everything("100", ask).await.unwrap();
    for truth in it.sandbox.world().repositories() {
        let told = all.iter().find(|it| it.native_id == truth.number.to_string()).unwrap();
        let facts = &truth.facts;
        assert_eq!(told.id.as_str(), told.native_id);
        assert_eq!(told.full_name, truth.full_name());
        assert_eq!(
            (told.namespace.as_str(), told.name.as_str()),
            (truth.namespace(), truth.name())
        );
        assert_eq!(told.description, facts.description);
        assert_eq!(told.default_branch, facts.default_branch);
        assert_eq!(told.visibility, facts.visibility);
        assert_eq!(told.object_format, facts.object_format);
        assert_eq!(
            told.created_at.map(Timestamp::as_seconds),
            facts.created_at.map(Timestamp::as_seconds)
        );
        assert!(told.permissions.unwrap().read && told.clone_url.is_some());
        // Not told: when somebody last pushed.
        assert_eq!(told.pushed_at, None);
        let at = repository_at(account(1), &told.native_id).unwrap();
        assert_eq!(&it.host().find_repository(at).await.unwrap(), told);
    }
}

#[tokio::test]
async fn branches_are_as_the_world_knows_them() {
    let it = Setting::new().await;
    let ask = async |page| it.host().list_branches(it.at.clone(), page).await;
    let mut told = everything("100", ask).await.unwrap();
    told.sort_by(|one, other| one.name.cmp(&other.name));
    let truth = it.truth().branches().await;
    assert_eq!(told.len(), truth.len());
    for (told, truth) in told.iter().zip(&truth) {
        assert_eq!((&told.name, &told.sha, told.default), (&truth.name, &truth.sha, truth.default));
        assert_eq!(
            told.committed_at,
            it.truth().commit(&truth.sha).unwrap().committer.unwrap().date
        );
        assert_eq!(told.protected, Some(told.name == "main"));
    }
}

/// As the world knows it, with the account that the host knows by its address.
fn with_account(signature: Option<Signature>) -> Option<Signature> {
    signature.map(|it| {
        let user = (it.email.as_deref() == Some("ada@example.org")).then(|| "ada".to_owned());
        Signature { user, ..it }
    })
}

#[tokio::test]
async fn commits_and_what_they_changed_are_as_the_world_knows_them() {
    let it = Setting::new().await;
    for branch in [None, Some("feature-x".to_owned()), Some("feature/a".to_owned())] {
        let ask = async |page| it.host().list_commits(it.at.clone(), branch.clone(), page).await;
        let told = everything("7", ask).await.unwrap();
        let head = match &branch {
            Some(branch) => it.truth().resolve(branch).await,
            None => it.truth().head().await,
        };
        let truth = it.truth().history(&head.unwrap());
        let plain = |it: Commit| Commit { web_url: None, ..it };
        let expected = |it: &Commit| Commit {
            author: with_account(it.author.clone()),
            committer: with_account(it.committer.clone()),
            ..it.clone()
        };
        let told: Vec<_> = told.into_iter().map(plain).collect();
        assert_eq!(told, truth.iter().map(expected).collect::<Vec<_>>());
        for commit in told {
            let diff = it.host().commit_diff(it.at.clone(), commit.sha.clone()).await.unwrap();
            assert_eq!(diff, it.truth().diff(&commit.sha).await.unwrap(), "{}", commit.title);
        }
    }
}

#[tokio::test]
async fn pull_requests_and_what_they_change_are_as_the_world_knows_them() {
    let ended = Setting::new().await;
    pull_requests_agree(&ended, &[PullRequestState::Merged, PullRequestState::Closed]).await;

    let sandbox = Sandbox::start_over(GiteaSimulator::default(), |root| {
        let mut stream = folder::Stream::default();
        stream.commit("main", "Ada <ada@example.org>", "Begin");
        stream.file("a.txt", "one\n");
        stream.branch("draft/more", "main");
        stream.commit("draft/more", "Bo <bo@example.org>", "Say more");
        stream.file("ä b.txt", "two\n");
        stream.remove("a.txt");
        folder::make(root, "team/open.git", stream.as_bytes())
    });
    let sandbox = sandbox.await.unwrap();
    let host = common::open(&sandbox, lodge_provider_kit::KitConfig::default());
    let open = Setting::over(host, sandbox, "team/open");
    pull_requests_agree(&open, &[PullRequestState::Open]).await;
}

async fn pull_requests_agree(it: &Setting, states: &[PullRequestState]) {
    let list = async |state| {
        let filter = PullRequestFilter { state };
        let ask = async |page| it.host().list_pull_requests(it.at.clone(), filter, page).await;
        let mut told = everything("2", ask).await.unwrap();
        told.sort_by_key(|it| it.number);
        told
    };
    let truth = it.truth().pull_requests().await;
    let expected = |it: &PullRequest| PullRequest {
        native_state: if it.state == PullRequestState::Open { "open" } else { "closed" }.to_owned(),
        ..it.clone()
    };
    let told: Vec<_> =
        list(None).await.into_iter().map(|it| PullRequest { web_url: None, ..it }).collect();
    assert_eq!(told, truth.iter().map(expected).collect::<Vec<_>>());
    for state in states.iter().copied() {
        let numbers: Vec<_> = list(Some(state)).await.iter().map(|it| it.number).collect();
        let known = truth.iter().filter(|it| it.state == state).map(|it| it.number);
        assert_eq!(numbers, known.collect::<Vec<_>>(), "{state:?}");
        assert!(!numbers.is_empty(), "the world has one that is {state:?}");
    }
    for pull_request in &truth {
        let number = pull_request.number;
        let diff = it.host().pull_request_diff(it.at.clone(), number).await.unwrap();
        assert_eq!(diff, it.truth().pull_request_diff(number).await.unwrap(), "{number}");
    }
}

#[tokio::test]
async fn tags_and_releases_are_as_the_world_knows_them() {
    let it = Setting::new().await;
    let ask = async |page| it.host().list_tags(it.at.clone(), page).await;
    let mut told = everything("100", ask).await.unwrap();
    told.sort_by(|one, other| one.name.cmp(&other.name));
    // Not told: who made a tag.
    let expected = |it: Tag| Tag { tagger: None, ..it };
    assert_eq!(told, it.truth().tags().await.into_iter().map(expected).collect::<Vec<_>>());

    let ask = async |page| it.host().list_releases(it.at.clone(), page).await;
    let told = everything("2", ask).await.unwrap();
    let truth = it.truth().releases().await;
    assert_eq!(told.len(), truth.len());
    for (told, truth) in told.iter().zip(&truth) {
        assert_eq!((&told.tag, &told.name, &told.body), (&truth.tag, &truth.name, &truth.body));
        assert_eq!(told.author.as_deref(), Some("ada"));
        assert_eq!(told.published_at, truth.published_at.or(truth.created_at));
        assert_eq!((told.draft, told.prerelease, told.from_tag), (Some(false), Some(false), false));
        assert_eq!(told.assets.first().and_then(|it| it.size), Some(1234));
    }
}

#[tokio::test]
async fn checks_of_a_commit_are_its_statuses_and_then_its_runs() {
    let it = Setting::new().await;
    let head = it.truth().head().await.unwrap();
    let truth = it.truth().checks(&head);
    // Not told: the app that said it, and a run's name without its file.
    let expected = |it: &Check| Check {
        app: None,
        kind: if it.kind == CheckKind::Status { CheckKind::Status } else { CheckKind::Pipeline },
        name: if it.kind == CheckKind::Status {
            it.name.clone()
        } else {
            format!("{}.yml", it.name)
        },
        reference: (it.kind != CheckKind::Status).then(|| "main".to_owned()),
        ..it.clone()
    };
    let (statuses, runs) = truth.split_at(2);
    let expected: Vec<_> = statuses.iter().rev().chain(runs.iter().rev()).map(expected).collect();
    for reference in [None, Some("main".to_owned()), Some("v2.0".to_owned()), Some(head.clone())] {
        let filter = CheckFilter { reference };
        for limit in ["1", "3", "100"] {
            let ask = async |page| it.host().list_checks(it.at.clone(), filter.clone(), page).await;
            assert_eq!(everything(limit, ask).await.unwrap(), expected, "{filter:?} by {limit}");
        }
    }
    assert!(
        expected.iter().any(|it| it.status == CheckStatus::Running && it.completed_at.is_none())
    );
    assert!(expected.iter().any(|it| it.conclusion == Some(CheckConclusion::Success)));
}

#[tokio::test]
async fn trees_are_as_the_world_knows_them_from_any_folder() {
    let it = Setting::new().await;
    let head = it.truth().head().await.unwrap();
    let truth = it.truth().tree(&head).await;
    for (path, recursive) in
        [(None, true), (None, false), (Some("src"), true), (Some("src/part19"), false)]
    {
        let filter = TreeFilter { reference: None, path: path.map(str::to_owned), recursive };
        let ask = async |page| it.host().list_tree(it.at.clone(), filter.clone(), page).await;
        let told = everything("7", ask).await.unwrap();
        let below = path.map(|it| format!("{it}/")).unwrap_or_default();
        let expected = truth.iter().filter(|it| {
            it.path.strip_prefix(&below).is_some_and(|rest| recursive || !rest.contains('/'))
        });
        assert_eq!(told, expected.cloned().collect::<Vec<_>>(), "{path:?} {recursive}");
        assert!(!told.is_empty());
    }
}

#[tokio::test]
async fn contributors_are_counted_from_all_commits() {
    let it = Setting::new().await;
    let ask = async |page| it.host().list_contributors(it.at.clone(), page).await;
    let told = everything("1", ask).await.unwrap();
    let counted: Vec<_> =
        told.iter().map(|it| (it.key.as_str(), it.commits, it.login.as_deref())).collect();
    assert_eq!(
        counted,
        [("ada", 17, Some("ada")), ("bo@example.org", 8, None), ("cy@example.org", 1, None)]
    );
    assert!(told.iter().all(|it| it.derived));
}

#[tokio::test]
async fn hashes_of_sha_256_are_as_good() {
    let sandbox = Sandbox::start_over(GiteaSimulator::default(), |root| {
        let init = ["init", "--quiet", "--bare", "--object-format=sha256", "--initial-branch=main"];
        folder::git(root, &[init.as_slice(), &["long.git"]].concat(), b"")?;
        let mut stream = folder::Stream::default();
        stream.commit("main", "Ada <ada@example.org>", "Begin");
        stream.file("a b.txt", "one\n");
        stream.commit("main", "Ada <ada@example.org>", "Go on");
        stream.file("a b.txt", "two\n");
        folder::git(&root.join("long.git"), &["fast-import", "--quiet"], stream.as_bytes())?;
        Ok(())
    });
    let sandbox = sandbox.await.unwrap();
    let host = common::open(&sandbox, lodge_provider_kit::KitConfig::default()).provider;
    let truth = sandbox.world().repositories().iter().find(|it| it.name() == "long").unwrap();
    let at = repository_at(account(1), &truth.number.to_string()).unwrap();
    assert_eq!(
        host.find_repository(at.clone()).await.unwrap().object_format.as_deref(),
        Some("sha256")
    );
    let ask = async |page| host.list_commits(at.clone(), None, page).await;
    let commits = everything("1", ask).await.unwrap();
    assert_eq!(commits.len(), 2);
    for commit in commits {
        assert_eq!(commit.sha.len(), 64);
        let diff = host.commit_diff(at.clone(), commit.sha.clone()).await.unwrap();
        assert_eq!(diff, truth.diff(&commit.sha).await.unwrap());
    }
}
