//! What the adapter answers is what the world knows, field by field. What Azure
//! DevOps does not tell is listed at each test as a gap.

use crate::scene::{Scene, id, page};
use lodge_forge::{
    CheckKind, Commit, Deployment, DeploymentState, Diff, DiffFile, EntryKind, FileStatus,
    PatchState, PullRequestState,
};
use lodge_pagination::{Limit, PageRequest};
use lodge_provider::{CheckFilter, DeploymentFilter, HostTokenKind, PullRequestFilter, TreeFilter};
use lodge_provider_kit::KitConfig;
use lodge_simulators::{AzureSimulator, sandbox::account};
use lodge_testkit::provider_contract::everything;

/// Gaps: a picture, a page.
#[tokio::test]
async fn the_profile_agrees() {
    let scene = Scene::new().await;
    let profile = scene.provider().profile(account(1)).await.unwrap();
    let user = scene.sandbox.world().user();
    assert_eq!(profile.login, user.email);
    assert_eq!(profile.name.as_ref(), Some(&user.name));
    assert_eq!(profile.email.as_ref(), Some(&user.email));
    assert_eq!(profile.connection_id, account(1).connection);
}

/// A token of one organisation cannot read the profile that spans all.
#[tokio::test]
async fn a_token_of_one_organization_reads_the_profile_there() {
    let simulator = AzureSimulator::default();
    let kind = HostTokenKind::Personal;
    let scene = Scene::with(simulator, kind, KitConfig::default(), &["team"]).await;
    let profile = scene.provider().profile(account(1)).await.unwrap();
    let user = scene.sandbox.world().user();
    assert_eq!((profile.login, profile.name), (user.email.clone(), Some(user.name.clone())));
    let repositories = scene.provider().list_repositories(account(1), page()).await.unwrap();
    assert_eq!(repositories.items.len(), 2);
}

/// Gaps: description, language, dates, permissions, the object format.
#[tokio::test]
async fn repositories_agree() {
    let scene = Scene::new().await;
    let provider = scene.provider();
    let listed = everything("1", async |page| provider.list_repositories(account(1), page).await);
    let listed = listed.await.unwrap();
    let world = scene.sandbox.world();
    assert_eq!(listed.len(), world.repositories().len());
    for known in world.repositories() {
        let found = listed.iter().find(|it| it.id.as_str() == id(known)).unwrap();
        assert_eq!(found.native_id, known.uuid.to_string());
        assert_eq!(found.full_name, format!("team/Main Project/{}", known.name()));
        assert_eq!(found.namespace, "team/Main Project");
        assert_eq!(found.name, known.name());
        assert_eq!(found.default_branch, known.facts.default_branch);
        assert_eq!(found.size_bytes, Some(known.facts.size_bytes.unwrap_or_default()));
        assert_eq!(found.archived, Some(false));
        let page = scene.sandbox.base().unwrap();
        let page = format!("{}/team/Main%20Project/_git/{}", page.url(), known.name());
        assert_eq!(found.web_url.as_ref(), Some(&page));
        assert_eq!(found.clone_url.as_ref(), Some(&page));
    }
    let found = provider.find_repository(scene.full()).await.unwrap();
    assert!(listed.contains(&found));
}

/// Gaps: protection (policies are not told), the commit's date.
#[tokio::test]
async fn branches_agree() {
    let scene = Scene::new().await;
    let provider = scene.provider();
    let told = everything("3", async |page| provider.list_branches(scene.full(), page).await);
    let told = told.await.unwrap();
    let known = scene.known().branches().await;
    assert_eq!(told.len(), known.len());
    for (told, known) in told.iter().zip(&known) {
        assert_eq!((&told.name, &told.sha), (&known.name, &known.sha));
        assert_eq!(told.default, Some(known.name == "main"));
    }
}

/// Gaps: changed lines, signatures. The vendor's batches may or may not tell
/// parents.
#[tokio::test]
async fn commits_agree_whatever_a_batch_leaves_out() {
    for simulator in [AzureSimulator::default(), AzureSimulator::default().with_sparse_batches()] {
        let kit = KitConfig::default();
        let scene = Scene::with(simulator, HostTokenKind::OAuth, kit, &[]).await;
        let provider = scene.provider();
        let ask = async |page| provider.list_commits(scene.full(), None, page).await;
        let told = everything("7", ask).await.unwrap();
        let head = scene.known().head().await.unwrap();
        let known = scene.known().history(&head);
        assert_eq!(told.len(), known.len());
        for (told, known) in told.iter().zip(known.iter()) {
            assert_eq!((&told.sha, &told.message), (&known.sha, &known.message));
            assert_eq!((&told.title, &told.parents), (&known.title, &known.parents));
            assert_eq!((&told.author, &told.committer), (&known.author, &known.committer));
            let end = format!("_git/full/commit/{}", known.sha);
            assert!(told.web_url.as_ref().unwrap().ends_with(&end));
        }
    }
}

#[tokio::test]
async fn commits_of_a_branch_stay_pinned_to_its_first_page() {
    let scene = Scene::new().await;
    let branch = Some("feature-x".to_owned());
    let first = PageRequest { limit: Limit::parse(Some("2")).unwrap(), ..page() };
    let first = scene.provider().list_commits(scene.full(), branch, first).await.unwrap();
    // The branch is not named again: the position alone says which it was.
    let rest = PageRequest { from: first.next, ..page() };
    let rest = scene.provider().list_commits(scene.full(), None, rest).await.unwrap();
    let head = scene.known().resolve("feature-x").await.unwrap();
    let known = scene.known().history(&head);
    let told = first.items.iter().chain(&rest.items).map(|it| &it.sha).collect::<Vec<_>>();
    assert_eq!(told, known.iter().map(|it| &it.sha).collect::<Vec<_>>());
}

/// Gap: modes.
#[tokio::test]
async fn diffs_of_commits_agree() {
    let scene = Scene::new().await;
    let head = scene.known().head().await.unwrap();
    for commit in scene.known().history(&head).iter() {
        let told = scene.provider().commit_diff(scene.full(), commit.sha.clone()).await.unwrap();
        let known = scene.known().diff(&commit.sha).await.unwrap();
        same_diff(&told, &known);
    }
}

/// Gap: modes.
#[tokio::test]
async fn diffs_of_pull_requests_agree() {
    let scene = Scene::new().await;
    for pull_request in scene.known().pull_requests().await {
        let number = pull_request.number;
        let told = scene.provider().pull_request_diff(scene.full(), number).await.unwrap();
        let known = scene.known().pull_request_diff(number).await.unwrap();
        same_diff(&told, &known);
    }
}

fn same_diff(told: &Diff, known: &Diff) {
    assert_eq!((&told.base_sha, &told.head_sha), (&known.base_sha, &known.head_sha));
    assert_eq!((&told.totals, &told.truncated), (&known.totals, &None));
    let computed = |it: &DiffFile| DiffFile {
        mode: None,
        previous_mode: None,
        patch_state: match it.patch_state {
            PatchState::Full => PatchState::Computed,
            other => other,
        },
        ..it.clone()
    };
    let mut files = known.files.iter().map(computed).collect::<Vec<_>>();
    files.sort_by(|one, other| one.path.cmp(&other.path));
    assert_eq!(told.files, files);
}

/// Gaps: when it was updated, comments. People are told by the names they log
/// in with.
#[tokio::test]
async fn pull_requests_agree() {
    let scene = Scene::new().await;
    let provider = scene.provider();
    let all = PullRequestFilter::default();
    let ask = async |page| provider.list_pull_requests(scene.full(), all, page).await;
    let mut told = everything("1", ask).await.unwrap();
    told.reverse();
    let known = scene.known().pull_requests().await;
    assert_eq!(told.len(), known.len());
    for (told, known) in told.iter().zip(&known) {
        assert_eq!((told.number, &told.title), (known.number, &known.title));
        assert_eq!((told.state, told.draft), (known.state, known.draft));
        // Lists cut it at 400 characters.
        let body = told.body.as_ref().unwrap();
        assert!(body.starts_with(known.body.as_ref().unwrap()) && body.len() > 400, "{body}");
        assert_eq!(told.author.as_deref(), Some("ada@example.org"));
        assert_eq!(told.reviewers, ["bo@example.org"]);
        assert_eq!((&told.source, &told.target), (&known.source, &known.target));
        assert_eq!(told.labels, known.labels);
        assert_eq!((told.merged_at, told.closed_at), (known.merged_at, known.closed_at));
        assert_eq!(told.created_at, known.created_at);
        assert_eq!(told.merge_commit_sha, known.merge_commit_sha);
        let end = format!("/team/Main%20Project/_git/full/pullrequest/{}", known.number);
        assert!(told.web_url.as_ref().unwrap().ends_with(&end), "{:?}", told.web_url);
        let closed = known.state == PullRequestState::Closed;
        assert_eq!(told.traits.contains(&"conflicts".to_owned()), closed);
    }
    for state in [PullRequestState::Open, PullRequestState::Merged, PullRequestState::Closed] {
        let filter = PullRequestFilter { state: Some(state) };
        let told = provider.list_pull_requests(scene.full(), filter, page()).await.unwrap();
        let known = known.iter().filter(|it| it.state == state).count();
        assert_eq!(told.items.len(), known, "{state:?}");
        assert!(told.items.iter().all(|it| it.state == state));
    }
}

/// Gaps: accounts, pictures, changed lines.
#[tokio::test]
async fn contributors_agree() {
    let scene = Scene::new().await;
    let told = scene.provider().list_contributors(scene.full(), page()).await.unwrap();
    let counts = told.items.iter().map(|it| (it.key.as_str(), it.commits)).collect::<Vec<_>>();
    let head = scene.known().head().await.unwrap();
    let known = scene.known().history(&head);
    let of = |email: &str| {
        let email = Some(email.to_owned());
        let wrote = |it: &&Commit| {
            it.author.as_ref().and_then(|it| it.email.as_ref().map(|it| it.to_lowercase())) == email
        };
        u64::try_from(known.iter().filter(wrote).count()).unwrap()
    };
    assert_eq!(
        counts,
        ["ada@example.org", "bo@example.org", "cy@example.org"].map(|it| (it, of(it)))
    );
}

#[tokio::test]
async fn tags_agree() {
    let scene = Scene::new().await;
    let provider = scene.provider();
    let told = everything("3", async |page| provider.list_tags(scene.full(), page).await);
    assert_eq!(told.await.unwrap(), scene.known().tags().await);
}

/// Gaps: what a build says of itself, who ran it.
#[tokio::test]
async fn checks_agree() {
    let scene = Scene::new().await;
    let provider = scene.provider();
    let head = scene.known().head().await.unwrap();
    let older = scene.known().history(&head).get(5).unwrap().sha.clone();
    let references = [None, Some("main"), Some("v2.0"), Some(head.as_str()), Some(older.as_str())];
    for reference in references {
        let filter = CheckFilter { reference: reference.map(str::to_owned) };
        let ask = async |page| provider.list_checks(scene.full(), filter.clone(), page).await;
        let told = everything("3", ask).await.unwrap();
        let sha = match reference {
            None => head.clone(),
            Some(reference) => scene.known().resolve(reference).await.unwrap(),
        };
        let known = scene.known().checks(&sha);
        // Builds of a tag would say that they are of the tag: there are none.
        let is_tag = reference == Some("v2.0");
        let wanted = known.iter().filter(|it| !is_tag || it.kind == CheckKind::Status);
        let wanted = wanted.collect::<Vec<_>>();
        assert_eq!(told.len(), wanted.len(), "{reference:?}");
        for known in wanted {
            let told = told.iter().find(|it| it.name == known.name).unwrap();
            assert_eq!((told.status, told.conclusion), (known.status, known.conclusion));
            assert_eq!((&told.sha, told.started_at), (&known.sha, known.started_at));
            assert_eq!(told.completed_at, known.completed_at);
            match known.kind {
                CheckKind::Status => {
                    assert_eq!(told.kind, CheckKind::Status);
                    assert_eq!((&told.id, &told.summary), (&known.id, &known.summary));
                    assert_eq!((&told.url, &told.app), (&known.url, &known.app));
                }
                _ => assert_eq!(told.kind, CheckKind::Build),
            }
        }
    }
}

/// Gaps: the address of the environment. Deployments of what is not in the
/// repository, which the project has too, are not told.
#[tokio::test]
async fn deployments_agree() {
    let scene = Scene::new().await;
    let provider = scene.provider();
    let all = DeploymentFilter::default();
    let ask = async |page| provider.list_deployments(scene.full(), all.clone(), page).await;
    let mut told = everything("2", ask).await.unwrap();
    let known = scene.known().deployments().await.into_iter().map(|it| Deployment {
        environment_url: None,
        creator: Some("ada@example.org".to_owned()),
        url: None,
        ..it
    });
    let known = known.collect::<Vec<_>>();
    assert!(told.iter().all(|it| it.url.as_ref().unwrap().contains("_release?releaseId=")));
    for it in &mut told {
        it.url = None;
    }
    assert_eq!(told, known);

    let running = DeploymentFilter {
        environment: Some("production".to_owned()),
        state: Some(DeploymentState::Running),
    };
    let ask = async |page| provider.list_deployments(scene.full(), running.clone(), page).await;
    assert_eq!(everything("1", ask).await.unwrap().len(), 1);
}

#[tokio::test]
async fn trees_agree() {
    let scene = Scene::new().await;
    let provider = scene.provider();
    let head = scene.known().head().await.unwrap();
    let known = scene.known().tree(&head).await;
    for (path, recursive) in
        [(None, true), (None, false), (Some("src"), true), (Some("docs"), false)]
    {
        let filter = TreeFilter {
            reference: Some("main".to_owned()),
            path: path.map(str::to_owned),
            recursive,
        };
        let ask = async |page| provider.list_tree(scene.full(), filter.clone(), page).await;
        let told = everything("7", ask).await.unwrap();
        let above = path.map(|it| format!("{it}/")).unwrap_or_default();
        let below = known.iter().filter(|it| {
            it.path.strip_prefix(&above).is_some_and(|it| recursive || !it.contains('/'))
        });
        assert_eq!(told, below.cloned().collect::<Vec<_>>(), "{filter:?}");
    }
    assert!(known.iter().any(|it| it.kind == EntryKind::Symlink));
}

/// What an empty repository has not is no error.
#[tokio::test]
async fn an_empty_repository_has_no_checks_pull_requests_or_deployments() {
    let scene = Scene::new().await;
    let provider = scene.provider();
    let checks = provider.list_checks(scene.empty(), CheckFilter::default(), page()).await;
    assert_eq!(checks.unwrap().items, []);
    let all = PullRequestFilter::default();
    let pull_requests = provider.list_pull_requests(scene.empty(), all, page()).await;
    assert_eq!(pull_requests.unwrap().items, []);
    let all = DeploymentFilter::default();
    let ask = async |page| provider.list_deployments(scene.empty(), all.clone(), page).await;
    assert_eq!(everything("100", ask).await.unwrap(), []);
}

#[tokio::test]
async fn a_file_of_a_commit_that_is_renamed_is_one_file() {
    let scene = Scene::new().await;
    let head = scene.known().head().await.unwrap();
    let told = scene.provider().commit_diff(scene.full(), head).await.unwrap();
    let renamed = told.files.iter().find(|it| it.status == FileStatus::Renamed).unwrap();
    assert_eq!(renamed.previous_path.as_deref(), Some("guide.md"));
    assert_eq!((renamed.additions, renamed.deletions), (Some(1), Some(1)));
}
