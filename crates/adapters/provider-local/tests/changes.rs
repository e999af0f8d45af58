//! What changes on disk is seen at once; what was pinned stays.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so by panicking")]

mod common;

use std::{fs, time::Duration};

use common::{Folder, account, at};
use lodge_pagination::{Limit, PageRequest};
use lodge_provider::{GitProvider as _, ProviderError};
use lodge_testkit::provider_contract::{
    everything, first_page,
    folder::{Stream, git, make, make_empty, make_known},
};

fn one(from: Option<lodge_pagination::Position>) -> PageRequest {
    PageRequest { from, limit: Limit::parse(Some("1")).unwrap() }
}

#[tokio::test]
async fn a_listing_stays_pinned_while_others_push() {
    let folder = Folder::new();
    make_known(&folder.root(), "a.git").unwrap();
    let host = folder.host();
    let before = everything("7", async |page| host.list_commits(at("a.git"), None, page).await);
    let before = before.await.unwrap();
    let page = host.list_commits(at("a.git"), None, one(None)).await.unwrap();

    let mut stream = Stream::default();
    stream.commit("main", "Dee <dee@example.org>", "Push");
    let mut bytes = stream.as_bytes().to_vec();
    bytes.extend(b"from refs/heads/main^0\nM 100644 inline pushed\ndata 1\nx\n");
    git(&folder.root().join("a.git"), &["fast-import", "--quiet"], &bytes).unwrap();

    let next = host.list_commits(at("a.git"), None, one(page.next)).await.unwrap();
    assert_eq!(next.items[0], before[1]);
    let now = host.list_commits(at("a.git"), None, first_page()).await.unwrap();
    assert_eq!(now.items[0].title, "Push", "a push is seen at once");
    assert_eq!(now.items[1..], before[..24]);
}

#[tokio::test]
async fn a_repository_that_is_replaced_is_read_anew() {
    let folder = Folder::new();
    make_known(&folder.root(), "a.git").unwrap();
    let host = folder.host();
    host.list_branches(at("a.git"), first_page()).await.unwrap();
    fs::remove_dir_all(folder.root().join("a.git")).unwrap();
    let gone = host.list_branches(at("a.git"), first_page()).await;
    assert!(matches!(gone, Err(ProviderError::RepositoryNotFound)), "{gone:?}");
    make_empty(&folder.root(), "a.git").unwrap();
    let branches = host.list_branches(at("a.git"), first_page()).await.unwrap();
    assert!(branches.items.is_empty());
}

#[tokio::test]
async fn the_list_of_repositories_is_at_most_a_second_old() {
    let folder = Folder::new();
    make_known(&folder.root(), "a.git").unwrap();
    let host = folder.host();
    let names = async || {
        let list = async |page| host.list_repositories(account(), page).await;
        let found = everything("1", list).await.unwrap().into_iter();
        found.map(|it| it.full_name).collect::<Vec<_>>()
    };
    assert_eq!(names().await, ["a"]);
    make_empty(&folder.root(), "b/c/d.git").unwrap();
    folder.clock.advance(Duration::from_millis(999));
    assert_eq!(names().await, ["a"]);
    folder.clock.advance(Duration::from_millis(1));
    assert_eq!(names().await, ["a", "b/c/d"]);
}

#[tokio::test]
async fn repositories_lie_up_to_six_folders_deep_and_not_in_each_other() {
    let folder = Folder::new();
    let root = folder.root();
    for path in ["1/2/3/4/5/6.git", "1/2/3/4/5/6/7.git", "work/inner.git"] {
        make_empty(&root, path).unwrap();
    }
    git(&root, &["init", "--quiet", "work"], b"").unwrap();
    fs::write(root.join("work/.git/description"), "A place to work\n").unwrap();
    let host = folder.host();
    let list = async |page| host.list_repositories(account(), page).await;
    let found = everything("100", list).await.unwrap();
    let names = found.iter().map(|it| (it.full_name.as_str(), it.description.as_deref()));
    let expected = [("1/2/3/4/5/6", None), ("work", Some("A place to work"))];
    assert_eq!(names.collect::<Vec<_>>(), expected);
    for path in ["1/2/3/4/5/6/7.git", "work/inner.git", "work/.git"] {
        let answer = host.find_repository(at(path)).await;
        assert!(matches!(answer, Err(ProviderError::RepositoryNotFound)), "{path}: {answer:?}");
    }
}

#[tokio::test]
async fn a_repository_with_longer_hashes_reads_the_same() {
    let folder = Folder::new();
    let init =
        ["init", "--quiet", "--bare", "--object-format=sha256", "--initial-branch=main", "a.git"];
    git(&folder.root(), &init, b"").unwrap();
    let mut stream = Stream::default();
    stream.commit("main", "Ada <ada@example.org>", "Begin");
    stream.file("a", "a\n");
    git(&folder.root().join("a.git"), &["fast-import", "--quiet"], stream.as_bytes()).unwrap();
    let host = folder.host();
    let found = host.find_repository(at("a.git")).await.unwrap();
    assert_eq!(found.object_format.as_deref(), Some("sha256"));
    let commits = host.list_commits(at("a.git"), None, first_page()).await.unwrap();
    assert_eq!(commits.items[0].sha.len(), 64);
    let diff = host.commit_diff(at("a.git"), commits.items[0].sha.clone()).await.unwrap();
    assert_eq!(diff.files[0].patch.as_deref(), Some("@@ -0,0 +1 @@\n+a\n"));
}

#[tokio::test]
async fn without_its_branch_head_falls_back_to_the_usual_names() {
    let folder = Folder::new();
    let mut stream = Stream::default();
    stream.commit("other", "Ada <ada@example.org>", "Begin");
    stream.file("a", "a\n");
    make(&folder.root(), "a.git", stream.as_bytes()).unwrap();
    let host = folder.host();
    let found = host.find_repository(at("a.git")).await.unwrap();
    assert_eq!(found.default_branch.as_deref(), Some("other"));
    assert_eq!(host.list_commits(at("a.git"), None, first_page()).await.unwrap().items.len(), 1);
}
