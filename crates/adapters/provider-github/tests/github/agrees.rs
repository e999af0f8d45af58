//! What the adapter tells is what is there.
//!
//! Gaps, where GitHub itself tells nothing, or would have to be asked once
//! more for each item:
//!
//! | resource | not told |
//! |---|---|
//! | branches | when the commit was made |
//! | commits | changed lines in lists; a message's last line end |
//! | diffs | modes; whether a file without a patch is binary |
//! | pull requests | the merge commit and the number of comments in lists |
//! | tags | the tag object, its message, tagger and date |
//! | checks | the app of a commit status |
//! | deployments | a page of their own |

use std::path::Path;

use lodge_forge::{
    Branch, Check, CheckKind, CheckStatus, Commit, DeploymentState, Diff, DiffFile, PatchState,
    PullRequest, PullRequestState, Release, Signature, Tag, TreeEntry,
};
use lodge_kernel::Timestamp;
use lodge_pagination::{Limit, PageRequest};
use lodge_provider::{
    CheckFilter, DeploymentFilter, Host, ProviderError, PullRequestFilter, TreeFilter,
};
use lodge_provider_kit::KitConfig;
use lodge_simulators::{GithubSimulator, Sandbox, WorldRepository};
use lodge_testkit::provider_contract::{
    everything, first_page,
    folder::{Stream, make, make_empty},
};

use crate::common::{self, account, full, github};

type Outcome = Result<(), ProviderError>;

fn world(sandbox: &Sandbox) -> &WorldRepository {
    sandbox.repository("team/full").unwrap()
}

/// A commit as GitHub tells it: the account of its author, and no last line
/// end.
fn told(commit: &Commit, web_url: Option<String>) -> Commit {
    let known = |it: &Signature| it.email.as_deref() == Some("ada@example.org");
    let account = |it: Option<Signature>| {
        it.map(|it| Signature { user: known(&it).then(|| "ada".to_owned()), ..it })
    };
    Commit {
        message: commit.message.trim_end().to_owned(),
        author: account(commit.author.clone()),
        committer: account(commit.committer.clone()),
        verified: Some(false),
        web_url,
        ..commit.clone()
    }
}

fn told_file(file: &DiffFile) -> DiffFile {
    let patch = file.patch.as_ref().filter(|it| !it.is_empty());
    DiffFile {
        mode: None,
        previous_mode: None,
        binary: patch.map(|_| false),
        patch_state: if patch.is_some() { PatchState::Full } else { PatchState::Omitted },
        patch: patch.map(|it| it.trim_end_matches('\n').to_owned()),
        additions: Some(file.additions.unwrap_or_default()),
        deletions: Some(file.deletions.unwrap_or_default()),
        ..file.clone()
    }
}

fn told_diff(diff: Diff) -> Diff {
    Diff { files: diff.files.iter().map(told_file).collect(), ..diff }
}

#[tokio::test]
async fn the_profile_is_that_of_the_account() -> Outcome {
    let (host, sandbox) = github().await;
    let profile = host.provider.profile(account()).await?;
    let user = sandbox.world().user();
    assert_eq!((profile.id, profile.login), (user.id.to_string(), user.login.clone()));
    assert_eq!(profile.name.as_ref(), Some(&user.name));
    assert_eq!(profile.email, None, "it is hidden");
    Ok(())
}

#[tokio::test]
async fn repositories_agree() -> Outcome {
    let (host, sandbox) = github().await;
    let found = host.provider.find_repository(full(&sandbox)).await?;
    let facts = &world(&sandbox).facts;
    assert_eq!(found.id.as_str(), world(&sandbox).number.to_string());
    assert_eq!((found.full_name.as_str(), found.namespace.as_str()), ("team/full", "team"));
    assert_eq!(found.default_branch, facts.default_branch);
    assert_eq!(found.visibility, facts.visibility);
    assert_eq!(
        found.pushed_at.map(Timestamp::as_seconds),
        facts.pushed_at.map(Timestamp::as_seconds)
    );
    assert!(found.permissions.is_some_and(|it| it.read && it.write && it.admin));
    let listed =
        everything("100", async |page| host.provider.list_repositories(account(), page).await)
            .await?;
    assert!(listed.contains(&found));
    assert_eq!(listed.len(), sandbox.world().repositories().len());
    Ok(())
}

#[tokio::test]
async fn branches_and_tags_agree() -> Outcome {
    let (host, sandbox) = github().await;
    let at = || full(&sandbox);
    let branches =
        everything("2", async |page| host.provider.list_branches(at(), page).await).await?;
    let expected = world(&sandbox).branches().await.into_iter().map(|it| Branch {
        protected: Some(it.default == Some(true)),
        committed_at: None,
        ..it
    });
    assert_eq!(branches, expected.collect::<Vec<_>>());

    let tags = everything("2", async |page| host.provider.list_tags(at(), page).await).await?;
    let expected = world(&sandbox).tags().await.into_iter().rev().map(|it| Tag {
        tag_object_sha: None,
        annotated: None,
        message: None,
        tagger: None,
        created_at: None,
        ..it
    });
    assert_eq!(tags, expected.collect::<Vec<_>>());
    Ok(())
}

#[tokio::test]
async fn commits_and_what_each_changed_agree() -> Outcome {
    let (host, sandbox) = github().await;
    let at = || full(&sandbox);
    for branch in world(&sandbox).branches().await {
        let name = Some(branch.name.clone());
        let listed = everything("10", async |page| {
            host.provider.list_commits(at(), name.clone(), page).await
        })
        .await?;
        let expected = world(&sandbox).history(&branch.sha);
        assert_eq!(listed.len(), expected.len(), "{}", branch.name);
        for (listed, expected) in listed.iter().zip(expected.iter()) {
            assert_eq!(*listed, told(expected, listed.web_url.clone()));
        }
    }
    let head = world(&sandbox).head().await.unwrap();
    for commit in world(&sandbox).history(&head).iter() {
        let diff = host.provider.commit_diff(at(), commit.sha.clone()).await?;
        let expected = world(&sandbox).diff(&commit.sha).await.unwrap();
        assert_eq!(diff, told_diff(expected), "{}", commit.title);
    }
    Ok(())
}

#[tokio::test]
async fn files_of_a_commit_are_joined_page_by_page() -> Outcome {
    let simulator = GithubSimulator::default().with_files(1);
    let sandbox = Sandbox::start(simulator).await.unwrap();
    let host = common::open(&sandbox, "Ov23li.lodge", KitConfig::default());
    let head = world(&sandbox).head().await.unwrap();
    let diff = host.provider.commit_diff(full(&sandbox), head.clone()).await?;
    assert_eq!(diff.files.len(), 2);
    assert_eq!(diff, told_diff(world(&sandbox).diff(&head).await.unwrap()));
    Ok(())
}

#[tokio::test]
async fn pull_requests_and_what_each_changes_agree() -> Outcome {
    let add = |folder: &Path| make(folder, "team/ahead.git", a_branch_ahead().as_bytes());
    let sandbox = Sandbox::start_over(GithubSimulator::default(), add).await.unwrap();
    let host = common::open(&sandbox, "Ov23li.lodge", KitConfig::default());
    let mut states = Vec::new();
    for name in ["team/full", "team/ahead"] {
        let repository = sandbox.repository(name).unwrap();
        states.extend(pull_requests_agree(&host, repository).await?);
    }
    for state in [PullRequestState::Open, PullRequestState::Merged, PullRequestState::Closed] {
        assert!(states.contains(&state), "{state:?} is not tried");
    }
    Ok(())
}

/// `main` and `draft` have both moved on since they were one.
fn a_branch_ahead() -> Stream {
    let mut stream = Stream::default();
    stream.commit("main", "Ada <ada@example.org>", "Begin");
    stream.file("a.txt", "one\n");
    stream.branch("draft", "main");
    stream.commit("draft", "Bo <bo@example.org>", "Try");
    stream.file("a.txt", "two\n");
    stream.file("b.txt", "new\n");
    stream.commit("main", "Ada <ada@example.org>", "Go on");
    stream.file("c.txt", "three\n");
    stream
}

async fn pull_requests_agree(
    host: &Host,
    repository: &WorldRepository,
) -> Result<Vec<PullRequestState>, ProviderError> {
    let at = || common::at(&common::number(repository));
    let list = async |state| {
        let filter = PullRequestFilter { state };
        everything("2", async |page| host.provider.list_pull_requests(at(), filter, page).await)
            .await
    };
    let mut expected = repository.pull_requests().await;
    expected.reverse();
    let told = |it: &PullRequest, web_url: Option<String>| PullRequest {
        native_state: if it.state == PullRequestState::Open { "open" } else { "closed" }.to_owned(),
        merge_commit_sha: None,
        comments_count: None,
        web_url,
        ..it.clone()
    };
    let all = list(None).await?;
    assert_eq!(all.len(), expected.len());
    for (listed, expected) in all.iter().zip(&expected) {
        assert_eq!(*listed, told(expected, listed.web_url.clone()));
        let diff = host.provider.pull_request_diff(at(), listed.number).await?;
        let known = repository.pull_request_diff(listed.number).await.unwrap();
        assert_eq!(diff, told_diff(known), "{}", listed.title);
    }
    for state in [PullRequestState::Open, PullRequestState::Merged, PullRequestState::Closed] {
        let some: Vec<_> = all.iter().filter(|it| it.state == state).cloned().collect();
        assert_eq!(list(Some(state)).await?, some, "{state:?}");
    }
    let missing = host.provider.pull_request_diff(at(), 999).await;
    assert!(matches!(
        missing.as_ref().map_err(ProviderError::cause),
        Err(ProviderError::NotFound { what: "pull request" })
    ));
    Ok(all.into_iter().map(|it| it.state).collect())
}

#[tokio::test]
async fn contributors_agree() -> Outcome {
    let (host, sandbox) = github().await;
    let people =
        everything("100", async |page| host.provider.list_contributors(full(&sandbox), page).await)
            .await?;
    let head = world(&sandbox).head().await.unwrap();
    let commits = world(&sandbox).history(&head).len();
    assert_eq!(people.iter().map(|it| it.commits).sum::<u64>(), u64::try_from(commits).unwrap());
    let keys = people.iter().map(|it| it.key.as_str()).collect::<Vec<_>>();
    assert_eq!(keys, ["ada", "bo@example.org", "cy@example.org"]);
    assert!(people.iter().all(|it| !it.derived));
    Ok(())
}

#[tokio::test]
async fn releases_agree() -> Outcome {
    let (host, sandbox) = github().await;
    let releases =
        everything("2", async |page| host.provider.list_releases(full(&sandbox), page).await)
            .await?;
    let expected = world(&sandbox).releases().await;
    assert_eq!(releases.len(), expected.len());
    for (listed, expected) in releases.iter().zip(expected) {
        let told = Release {
            id: listed.id.clone(),
            draft: Some(false),
            prerelease: Some(expected.prerelease.unwrap_or_default()),
            target_commitish: Some("main".to_owned()),
            author: Some("ada".to_owned()),
            published_at: expected.published_at.or(expected.created_at),
            assets: listed.assets.clone(),
            from_tag: false,
            traits: Vec::new(),
            web_url: listed.web_url.clone(),
            ..expected
        };
        assert_eq!(*listed, told);
        assert_eq!(listed.assets.iter().map(|it| it.size).collect::<Vec<_>>(), [Some(12)]);
    }
    Ok(())
}

#[tokio::test]
async fn checks_agree_runs_first() -> Outcome {
    let (host, sandbox) = github().await;
    for reference in [None, Some("main"), Some("v1.0"), Some("feature/a")] {
        let filter = CheckFilter { reference: reference.map(str::to_owned) };
        let listed = everything("1", async |page| {
            host.provider.list_checks(full(&sandbox), filter.clone(), page).await
        })
        .await?;
        let sha = match reference {
            Some(reference) => world(&sandbox).resolve(reference).await.unwrap(),
            None => world(&sandbox).head().await.unwrap(),
        };
        let (statuses, runs): (Vec<_>, Vec<_>) =
            world(&sandbox).checks(&sha).into_iter().partition(|it| it.kind == CheckKind::Status);
        let statuses = statuses.into_iter().map(|it| Check { app: None, ..it });
        assert_eq!(listed, runs.into_iter().chain(statuses).collect::<Vec<_>>(), "{reference:?}");
        assert!(listed.iter().any(|it| it.status == CheckStatus::Running));
    }
    let filter = CheckFilter { reference: Some("nowhere".to_owned()) };
    let missing = host.provider.list_checks(full(&sandbox), filter, first_page()).await;
    assert!(matches!(
        missing.as_ref().map_err(ProviderError::cause),
        Err(ProviderError::NotFound { what: "ref" })
    ));
    Ok(())
}

#[tokio::test]
async fn deployments_agree_with_their_newest_status() -> Outcome {
    let (host, sandbox) = github().await;
    let list = async |filter: DeploymentFilter| {
        everything("2", async |page| {
            host.provider.list_deployments(full(&sandbox), filter.clone(), page).await
        })
        .await
    };
    let expected = world(&sandbox).deployments().await;
    let all = list(DeploymentFilter::default()).await?;
    assert_eq!(all, expected);
    for state in [DeploymentState::Running, DeploymentState::Success, DeploymentState::Failure] {
        let some: Vec<_> = all.iter().filter(|it| it.state == state).cloned().collect();
        let filter = DeploymentFilter { state: Some(state), environment: None };
        assert_eq!(list(filter).await?, some, "{state:?}");
    }
    let filter = DeploymentFilter { environment: Some("staging".to_owned()), state: None };
    assert_eq!(list(filter).await?.len(), expected.len() / 2);
    Ok(())
}

async fn tree(
    host: &Host,
    sandbox: &Sandbox,
    filter: &TreeFilter,
    limit: &str,
) -> Result<Vec<TreeEntry>, ProviderError> {
    let ask = async |page| host.provider.list_tree(full(sandbox), filter.clone(), page).await;
    everything(limit, ask).await
}

#[tokio::test]
async fn a_tree_agrees_whole_and_by_level_and_below_a_path() -> Outcome {
    let (host, sandbox) = github().await;
    let head = world(&sandbox).head().await.unwrap();
    let expected = world(&sandbox).tree(&head).await;
    for path in [None, Some("src"), Some("src/part19")] {
        for recursive in [true, false] {
            let filter = TreeFilter { reference: None, path: path.map(str::to_owned), recursive };
            let prefix = path.map(|it| format!("{it}/")).unwrap_or_default();
            let below = |it: &&TreeEntry| {
                let rest = it.path.strip_prefix(&prefix);
                rest.is_some_and(|rest| recursive || !rest.contains('/'))
            };
            let some: Vec<_> = expected.iter().filter(below).cloned().collect();
            assert!(!some.is_empty());
            assert_eq!(tree(&host, &sandbox, &filter, "3").await?, some, "{path:?} {recursive}");
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_truncated_tree_is_walked_level_by_level() -> Outcome {
    // The root has 4 entries, `src` has 10 and 21 below: both are cut.
    for most in [27, 20, 10] {
        let simulator = GithubSimulator::default().with_most_entries(most);
        let sandbox = Sandbox::start(simulator).await.unwrap();
        let host = common::open(&sandbox, "Ov23li.lodge", KitConfig::default());
        let head = world(&sandbox).head().await.unwrap();
        let expected = world(&sandbox).tree(&head).await;
        let filter = TreeFilter { recursive: true, ..TreeFilter::default() };
        for limit in ["1", "3", "100"] {
            assert_eq!(tree(&host, &sandbox, &filter, limit).await?, expected, "{most} {limit}");
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_github_app_lists_what_it_was_installed_for() -> Outcome {
    let sandbox = two_owners(GithubSimulator::default()).await;
    let host = common::open(&sandbox, "Iv1.lodge", KitConfig::default());
    let list = async || {
        everything("1", async |page| host.provider.list_repositories(account(), page).await).await
    };
    let names = list().await?.into_iter().map(|it| it.full_name).collect::<Vec<_>>();
    assert_eq!(names, ["other/more", "team/empty", "team/full"]);
    Ok(())
}

#[tokio::test]
async fn a_suspended_installation_is_left_out_and_no_other_is_none() -> Outcome {
    let suspended = GithubSimulator::default().with_suspended(7001);
    let sandbox = two_owners(suspended).await;
    let host = common::open(&sandbox, "Iv1.lodge", KitConfig::default());
    let page = host.provider.list_repositories(account(), first_page()).await?;
    assert!(page.items.iter().all(|it| it.namespace == "team"));

    let suspended = GithubSimulator::default().with_suspended(7001);
    let sandbox = Sandbox::start(suspended).await.unwrap();
    let host = common::open(&sandbox, "Iv1.lodge", KitConfig::default());
    let gone = host.provider.list_repositories(account(), first_page()).await;
    assert!(matches!(gone, Err(ProviderError::InstallationNotFound)));
    Ok(())
}

async fn two_owners(simulator: GithubSimulator) -> Sandbox {
    let add = |folder: &Path| make_empty(folder, "other/more.git");
    Sandbox::start_over(simulator, add).await.unwrap()
}

#[tokio::test]
async fn a_page_of_another_size_goes_on_where_the_last_one_ended() -> Outcome {
    let (host, sandbox) = github().await;
    let at = || full(&sandbox);
    let limit = |text| Limit::parse(Some(text)).unwrap();
    let mut request = PageRequest { from: None, limit: limit("10") };
    let mut shas = Vec::new();
    for next in ["3", "25", "4", "100", "100"] {
        let page = host.provider.list_commits(at(), None, request).await?;
        shas.extend(page.items.into_iter().map(|it| it.sha));
        let Some(from) = page.next else { break };
        request = PageRequest { from: Some(from), limit: limit(next) };
    }
    let head = world(&sandbox).head().await.unwrap();
    let expected =
        world(&sandbox).history(&head).iter().map(|it| it.sha.clone()).collect::<Vec<_>>();
    assert_eq!(shas, expected);
    Ok(())
}
