//! Names that would mean something else if they were not encoded.

use lodge_forge::EntryKind;
use lodge_provider::{CheckFilter, HostTokenKind, RepositoryRef, TreeFilter};
use lodge_provider_kit::KitConfig;
use lodge_simulators::{
    BitbucketSimulator, Sandbox, WorldRepository,
    sandbox::{account, repository_at},
};
use lodge_testkit::provider_contract::{
    everything, first_page,
    folder::{Stream, make},
};

use crate::bench::{Bench, id_of};

const BRANCHES: [&str; 4] = ["a/b/c", "50%25", "commits", "\u{e4}#&+=;"];
const PATHS: [&str; 5] = ["a b/c d.txt", "per%2fcent/%", "q?a=b&c#d", "\u{fc}/\u{1f980}.rs", "+/-"];

fn stream() -> Stream {
    let mut stream = Stream::default();
    stream.commit("main", "Ada <ada@example.org>", "Begin");
    for path in PATHS {
        stream.file(path, "one\n");
    }
    stream.entry("100755", "run.sh", "#!/bin/sh\n");
    stream.link("link", "run.sh");
    stream.submodule("vendor/part", &"1".repeat(40));
    for branch in BRANCHES {
        stream.branch(branch, "main");
    }
    stream.commit(
        "main",
        "\u{c4}da \u{1f980} <\u{e4}da@example.org>",
        "Chang\u{e9} \"all\"\n\n\tof it",
    );
    for path in PATHS {
        stream.file(path, "two\nthree");
    }
    stream
}

async fn strange() -> (Bench, RepositoryRef) {
    let sandbox = Sandbox::start_over(BitbucketSimulator::default(), |folder| {
        make(folder, "team/strange.git", stream().as_bytes())
    });
    let bench = Bench::over(sandbox.await.unwrap(), HostTokenKind::OAuth, KitConfig::default());
    let it = repository_at(account(1), &id_of(world(&bench))).unwrap();
    (bench, it)
}

fn world(bench: &Bench) -> &WorldRepository {
    bench.sandbox.repository("team/strange").unwrap()
}

#[tokio::test]
async fn strange_branches_are_found_by_name() {
    let (bench, it) = strange().await;
    let host = bench.provider();
    let told = everything("2", async |page| host.list_branches(it.clone(), page).await);
    assert_eq!(told.await.unwrap().len(), BRANCHES.len() + 1);
    for branch in BRANCHES {
        let named = || Some(branch.to_owned());
        let commits = host.list_commits(it.clone(), named(), first_page()).await.unwrap();
        assert_eq!(commits.items.len(), 1, "{branch}");
        let filter = CheckFilter { reference: named() };
        let checks = host.list_checks(it.clone(), filter, first_page()).await.unwrap();
        assert_eq!(checks.items[0].sha, commits.items[0].sha, "{branch}");
        let filter = TreeFilter { reference: named(), path: None, recursive: true };
        let tree =
            everything("3", async |page| host.list_tree(it.clone(), filter.clone(), page).await);
        let files = tree.await.unwrap().into_iter().filter(|it| it.kind == EntryKind::Blob);
        assert_eq!(files.count(), PATHS.len() + 1, "{branch}");
    }
}

#[tokio::test]
async fn strange_folders_are_listed_and_strange_files_compared() {
    let (bench, it) = strange().await;
    let host = bench.provider();
    for path in PATHS {
        let Some((folder, name)) = path.rsplit_once('/') else { continue };
        let filter =
            TreeFilter { reference: None, path: Some(folder.to_owned()), recursive: false };
        let tree = host.list_tree(it.clone(), filter, first_page()).await.unwrap();
        let names = tree.items.iter().map(|it| (it.path.as_str(), it.name.as_str()));
        assert_eq!(names.collect::<Vec<_>>(), [(path, name)]);
    }
    let head = world(&bench).head().await.unwrap();
    let diff = host.commit_diff(it, head.clone()).await.unwrap();
    let mut told = diff.files.iter().map(|it| it.path.as_str()).collect::<Vec<_>>();
    let mut all = PATHS;
    told.sort_unstable();
    all.sort_unstable();
    assert_eq!(told, all);
    assert_eq!(diff, world(&bench).diff(&head).await.unwrap());
}

#[tokio::test]
async fn modes_are_what_the_attributes_say() {
    let (bench, it) = strange().await;
    let filter = TreeFilter { recursive: true, ..TreeFilter::default() };
    let tree = everything("100", async |page| {
        bench.provider().list_tree(it.clone(), filter.clone(), page).await
    });
    let tree = tree.await.unwrap();
    let of = |path: &str| {
        let entry = tree.iter().find(|it| it.path == path).unwrap();
        (entry.kind, entry.mode.as_deref().unwrap(), entry.size.is_some())
    };
    assert_eq!(of("run.sh"), (EntryKind::Blob, "100755", true));
    assert_eq!(of("link"), (EntryKind::Symlink, "120000", true));
    assert_eq!(of("vendor/part"), (EntryKind::Commit, "160000", false));
    assert_eq!(of("vendor"), (EntryKind::Tree, "040000", false));
}
