//! What the adapter says of each resource is what there is.
//!
//! Bitbucket does not tell, and so the adapter says nothing of: a commit's
//! committer; a file's hash; a tag object's hash; whether a branch is guarded;
//! when a pull request was merged or closed; its labels, and in lists its
//! reviewers; the app behind a check; the address and the ref of a deployment,
//! and when it was asked for. Pull requests tell 12 digits of a hash.

use lodge_forge::{
    CheckKind, Commit, Diff, EntryKind, PullRequest, PullRequestState, Signature, Tag,
};
use lodge_pagination::Page;
use lodge_provider::{CheckFilter, DeploymentFilter, PullRequestFilter, TreeFilter};
use lodge_simulators::sandbox::account;
use lodge_testkit::provider_contract::{everything, first_page};

use crate::bench::{Bench, id_of};

/// With the account that belongs to the address.
fn known(signature: Option<Signature>) -> Option<Signature> {
    signature.map(|it| {
        let user = (it.email.as_deref() == Some("ada@example.org")).then(|| "ada".to_owned());
        Signature { user, ..it }
    })
}

#[tokio::test]
async fn the_profile_agrees() {
    let bench = Bench::new().await;
    let profile = bench.provider().profile(account(7)).await.unwrap();
    let user = bench.sandbox.world().user();
    assert_eq!(profile.login, user.login);
    assert_eq!(profile.name.as_ref(), Some(&user.name));
    assert_eq!(profile.email.as_ref(), Some(&user.email), "the main address");
    assert!(profile.id.starts_with('{') && profile.avatar_url.is_some());
    assert_eq!(profile.connection_id, account(7).connection);
}

#[tokio::test]
async fn repositories_agree() {
    let bench = Bench::new().await;
    let host = bench.provider();
    let told = everything("1", async |page| host.list_repositories(account(1), page).await);
    let told = told.await.unwrap();
    let world = bench.sandbox.world().repositories();
    assert_eq!(told.len(), world.len());
    for it in world {
        let one = told.iter().find(|one| one.id.as_str() == id_of(it)).unwrap();
        assert_eq!((&one.full_name, &one.namespace), (&it.full_name(), &it.namespace().to_owned()));
        assert_eq!((one.name.as_str(), &one.native_id), (it.name(), &format!("{{{}}}", it.uuid)));
        assert_eq!(one.default_branch, it.facts.default_branch);
        assert_eq!(one.visibility, it.facts.visibility);
        assert_eq!(one.description, it.facts.description);
        assert_eq!(one.size_bytes, it.facts.size_bytes);
        assert_eq!((one.created_at, one.updated_at), (it.facts.created_at, it.facts.updated_at));
        let clone = format!("https://bitbucket.org/{}.git", it.full_name());
        assert_eq!(one.clone_url, Some(clone), "without anybody's name");
        let found = host.find_repository(bench.full(1)).await.unwrap();
        assert!(found != *one || one.full_name == "team/full");
    }
}

#[tokio::test]
async fn branches_tags_and_commits_agree() {
    let bench = Bench::new().await;
    let (host, it, world) = (bench.provider(), bench.full(1), bench.world());
    let branches = everything("2", async |page| host.list_branches(it.clone(), page).await);
    let truth = world.branches().await;
    for (told, true_one) in branches.await.unwrap().iter().zip(&truth) {
        assert_eq!((&told.name, &told.sha), (&true_one.name, &true_one.sha));
        assert_eq!((told.default, told.protected), (true_one.default, None));
        assert_eq!(told.committed_at, true_one.committed_at);
    }

    let tags = everything("2", async |page| host.list_tags(it.clone(), page).await).await.unwrap();
    let truth = world.tags().await.into_iter().map(|tag| Tag {
        tag_object_sha: None,
        tagger: known(tag.tagger),
        ..tag
    });
    assert_eq!(tags, truth.collect::<Vec<_>>());

    let slashed = Some("feature/a".to_owned());
    for (branch, head) in [(None, "main"), (slashed, "feature/a")] {
        let commits = everything("10", async |page| {
            host.list_commits(it.clone(), branch.clone(), page).await
        });
        let commits = commits.await.unwrap();
        let truth = world.history(&world.resolve(head).await.unwrap());
        let truth = truth.iter().cloned().map(|commit| Commit {
            author: known(commit.author),
            committer: None,
            web_url: Some(format!("https://bitbucket.org/team/full/commits/{}", commit.sha)),
            ..commit
        });
        assert_eq!(commits, truth.collect::<Vec<_>>());
    }
}

#[tokio::test]
async fn the_diff_of_every_commit_agrees() {
    let bench = Bench::new().await;
    let (host, world) = (bench.provider(), bench.world());
    let head = world.head().await.unwrap();
    for commit in world.history(&head).iter() {
        let told = host.commit_diff(bench.full(1), commit.sha.clone()).await.unwrap();
        assert_eq!(told, comparable(world.diff(&commit.sha).await.unwrap()), "{}", commit.title);
    }
}

/// What a raw diff tells of a diff: files without lines have no hunks, and a
/// removed file has no mode.
fn comparable(mut diff: Diff) -> Diff {
    for file in &mut diff.files {
        file.patch = file.patch.take().filter(|it| !it.is_empty());
    }
    diff
}

#[tokio::test]
async fn pull_requests_agree() {
    let bench = Bench::new().await;
    let (host, world) = (bench.provider(), bench.world());
    let truth = world.pull_requests().await;
    assert!(!truth.is_empty());
    for state in [
        None,
        Some(PullRequestState::Open),
        Some(PullRequestState::Merged),
        Some(PullRequestState::Closed),
    ] {
        for limit in ["1", "100"] {
            let filter = PullRequestFilter { state };
            let told = everything(limit, async |page| {
                host.list_pull_requests(bench.full(1), filter, page).await
            });
            let told = told.await.unwrap();
            let wanted = truth.iter().filter(|it| state.is_none_or(|state| it.state == state));
            assert_eq!(told.len(), wanted.count(), "{state:?}");
            for one in told {
                let true_one = truth.iter().find(|it| it.number == one.number).unwrap();
                assert_eq!(one, as_told(true_one.clone(), &id_of(world)));
            }
        }
    }
}

fn as_told(one: PullRequest, home: &str) -> PullRequest {
    let short = |sha: Option<String>| sha.map(|it| it[..12].to_owned());
    let mut told = PullRequest {
        id: format!("{home}/{}", one.number),
        native_state: "OPEN".to_owned(),
        labels: Vec::new(),
        reviewers: Vec::new(),
        merged_at: None,
        closed_at: None,
        merge_commit_sha: short(one.merge_commit_sha),
        web_url: Some(format!("https://bitbucket.org/team/full/pull-requests/{}", one.number)),
        ..one
    };
    told.source.sha = short(told.source.sha);
    told.target.sha = short(told.target.sha);
    match told.state {
        PullRequestState::Open => {}
        PullRequestState::Merged => "MERGED".clone_into(&mut told.native_state),
        PullRequestState::Closed => {
            "DECLINED".clone_into(&mut told.native_state);
            told.traits = vec!["declined".to_owned()];
        }
    }
    told
}

#[tokio::test]
async fn the_diff_of_every_pull_request_agrees() {
    let bench = Bench::new().await;
    let (host, world) = (bench.provider(), bench.world());
    for one in world.pull_requests().await {
        let told = host.pull_request_diff(bench.full(1), one.number).await.unwrap();
        let truth = comparable(world.pull_request_diff(one.number).await.unwrap());
        assert_eq!(told, truth, "{}", one.title);
    }
}

#[tokio::test]
async fn contributors_agree() {
    let bench = Bench::new().await;
    let (host, world) = (bench.provider(), bench.world());
    let told = everything("2", async |page| host.list_contributors(bench.full(1), page).await);
    let told = told.await.unwrap();
    let history = world.history(&world.head().await.unwrap());
    for person in &told {
        let email = person.email.clone().unwrap().to_lowercase();
        let commits = history.iter().filter(|it| {
            let author = it.author.as_ref().and_then(|it| it.email.as_ref());
            author.is_some_and(|it| it.to_lowercase() == email)
        });
        assert_eq!(person.commits, u64::try_from(commits.count()).unwrap(), "{email}");
        assert!(person.derived);
        assert_eq!(person.login.is_some(), email == "ada@example.org");
    }
    assert_eq!(told.iter().map(|it| it.commits).sum::<u64>(), 26);
}

#[tokio::test]
async fn checks_agree_by_branch_tag_and_hash() {
    let bench = Bench::new().await;
    let (host, world) = (bench.provider(), bench.world());
    let head = world.head().await.unwrap();
    for reference in [None, Some("feature/a"), Some("v1.0"), Some(head.as_str())] {
        let filter = CheckFilter { reference: reference.map(str::to_owned) };
        let told = everything("3", async |page| {
            host.list_checks(bench.full(1), filter.clone(), page).await
        });
        let sha = world.resolve(reference.unwrap_or("main")).await.unwrap();
        let truth = world.checks(&sha).into_iter().map(|it| lodge_forge::Check {
            kind: CheckKind::Status,
            app: None,
            ..it
        });
        assert_eq!(told.await.unwrap(), truth.collect::<Vec<_>>(), "{reference:?}");
    }
}

#[tokio::test]
async fn deployments_agree_with_the_names_of_their_environments() {
    let bench = Bench::new().await;
    let (host, world) = (bench.provider(), bench.world());
    let mut truth = world.deployments().await;
    truth.sort_by_key(|it| std::cmp::Reverse(it.created_at));
    for environment in [None, Some("staging"), Some("nowhere")] {
        for state in [None, Some(lodge_forge::DeploymentState::Running)] {
            let filter = DeploymentFilter { environment: environment.map(str::to_owned), state };
            let told = everything("2", async |page| {
                host.list_deployments(bench.full(1), filter.clone(), page).await
            });
            let told = told.await.unwrap();
            let wanted = truth.iter().filter(|it| {
                environment.is_none_or(|name| it.environment == name)
                    && state.is_none_or(|state| it.state == state)
            });
            let wanted = wanted.collect::<Vec<_>>();
            assert_eq!(told.len(), wanted.len());
            for (one, true_one) in told.iter().zip(wanted) {
                assert_eq!((&one.environment, one.state), (&true_one.environment, true_one.state));
                assert_eq!((&one.sha, &one.creator), (&true_one.sha, &true_one.creator));
                assert_eq!(one.finished_at, true_one.finished_at);
                assert_eq!(one.updated_at, true_one.updated_at);
                assert_eq!((one.created_at, &one.reference), (None, &None));
            }
        }
    }
}

#[tokio::test]
async fn the_tree_agrees_below_every_ref_and_folder() {
    let bench = Bench::new().await;
    let (host, world) = (bench.provider(), bench.world());
    for (reference, path, recursive) in [
        (None, None, true),
        (Some("feature/b"), None, true),
        (Some("v1.0"), Some("src"), true),
        (None, Some("src/part19"), false),
        (Some("main"), Some("docs/"), false),
    ] {
        let filter = TreeFilter {
            reference: reference.map(str::to_owned),
            path: path.map(str::to_owned),
            recursive,
        };
        let told =
            everything("7", async |page| host.list_tree(bench.full(1), filter.clone(), page).await);
        let mut told = told.await.unwrap();
        let commit = world.resolve(reference.unwrap_or("main")).await.unwrap();
        let below = path.map(|it| format!("{}/", it.trim_end_matches('/'))).unwrap_or_default();
        let mut truth = world.tree(&commit).await;
        truth.retain(|it| {
            it.path.strip_prefix(&below).is_some_and(|rest| recursive || !rest.contains('/'))
        });
        for it in &mut truth {
            it.sha = None;
            if it.kind == EntryKind::Tree {
                it.size = None;
            }
        }
        told.sort_by(|one, other| one.path.cmp(&other.path));
        truth.sort_by(|one, other| one.path.cmp(&other.path));
        assert_eq!(told, truth, "{reference:?} {path:?}");
    }
}

#[tokio::test]
async fn a_page_of_another_size_goes_on_where_the_last_one_ended() {
    let bench = Bench::new().await;
    let (host, it) = (bench.provider(), bench.full(1));
    let whole = everything("100", async |page| host.list_commits(it.clone(), None, page).await);
    let whole = whole.await.unwrap();
    let mut told = Vec::new();
    let mut page = first_page();
    for size in ["9", "4", "100", "2", "7"].iter().cycle() {
        page.limit = lodge_pagination::Limit::parse(Some(size)).unwrap();
        let Page { items, next } = host.list_commits(it.clone(), None, page.clone()).await.unwrap();
        assert!(items.len() <= page.limit.get());
        told.extend(items);
        page.from = next;
        if page.from.is_none() {
            break;
        }
    }
    assert_eq!(told, whole);
}
