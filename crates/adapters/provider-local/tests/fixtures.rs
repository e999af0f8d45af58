//! libgit2's test repositories, broken ones among them: every question is
//! answered, in time.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so by panicking")]

mod common;

use std::{
    collections::{BTreeSet, HashSet},
    time::Duration,
};

use common::{Folder, account, at, libgit2_fixture, libgit2_fixtures};
use lodge_forge::{EntryKind, FileStatus};
use lodge_pagination::{Page, PageRequest};
use lodge_provider::{GitProvider as _, ProviderError, RepositoryRef, TreeFilter};
use lodge_provider_local::LocalHost;
use lodge_testkit::provider_contract::{everything, first_page};

/// Asks for everything. Gives how many answers there were and how many errors.
async fn ask_everything(host: &LocalHost, it: &RepositoryRef) -> (usize, usize) {
    let (mut answers, mut errors) = (0, 0);
    let mut count = |failed: Option<ProviderError>| {
        answers += 1;
        errors += usize::from(failed.is_some());
        assert!(!matches!(failed, Some(ProviderError::TimedOut)), "{it:?} took too long");
    };
    count(host.find_repository(it.clone()).await.err());
    let branches = everything("7", async |page| host.list_branches(it.clone(), page).await).await;
    let mut heads = vec![None];
    heads.extend(branches.iter().flatten().map(|branch| Some(branch.name.clone())));
    count(branches.err());
    count(everything("7", async |page| host.list_tags(it.clone(), page).await).await.err());
    count(everything("7", async |page| host.list_releases(it.clone(), page).await).await.err());
    count(everything("7", async |page| host.list_contributors(it.clone(), page).await).await.err());
    let mut seen = HashSet::new();
    for head in heads {
        let mut from = None;
        loop {
            // Not `everything`: what stands before a hole counts too.
            let page = PageRequest { from, ..first_page() };
            let page = match host.list_commits(it.clone(), head.clone(), page).await {
                Ok(page) => page,
                Err(error) => break count(Some(error)),
            };
            for commit in page.items.into_iter().filter(|it| seen.insert(it.sha.clone())) {
                count(host.commit_diff(it.clone(), commit.sha).await.err());
            }
            from = page.next;
            if from.is_none() {
                break;
            }
        }
        for recursive in [false, true] {
            let filter = TreeFilter { reference: head.clone(), path: None, recursive };
            let list = async |page| host.list_tree(it.clone(), filter.clone(), page).await;
            count(everything("7", list).await.err());
        }
    }
    (answers, errors)
}

#[tokio::test]
async fn every_question_about_every_fixture_is_answered() {
    let folder = Folder::new();
    let names = libgit2_fixtures(&folder.root());
    let host = folder.host();
    let list = async |page| host.list_repositories(account(), page).await;
    let listed = everything("7", list).await.unwrap();
    assert!(listed.len() >= 45, "only {} repositories were found", listed.len());
    let all = async {
        let (mut answers, mut errors) = (0, 0);
        let mut paths = listed.iter().map(|it| it.native_id.clone()).collect::<BTreeSet<_>>();
        paths.extend(names);
        for path in paths {
            let (more, wrong) = ask_everything(&host, &at(&path)).await;
            (answers, errors) = (answers + more, errors + wrong);
        }
        (answers, errors)
    };
    let (answers, errors) = tokio::time::timeout(Duration::from_mins(2), all).await.unwrap();
    assert!(answers > 1_000 && errors < answers / 2, "{errors} errors in {answers} answers");
}

fn fixture_host(name: &str) -> (Folder, LocalHost) {
    let folder = Folder::new();
    libgit2_fixture(&folder.root(), name);
    let host = folder.host();
    (folder, host)
}

async fn first_commits(host: &LocalHost, path: &str, branch: &str) -> Page<lodge_forge::Commit> {
    host.list_commits(at(path), Some(branch.to_owned()), first_page()).await.unwrap()
}

#[tokio::test]
async fn a_shallow_repository_ends_where_it_was_cut() {
    let (_folder, host) = fixture_host("shallow.git");
    let page = first_commits(&host, "shallow.git", "master").await;
    assert_eq!(page.next, None);
    let last = page.items.last().unwrap();
    assert_eq!(last.sha, "be3563ae3f795b2b4353bcce3a527ad0a4f7f644");
    assert_eq!(last.parents, [""; 0]);
    let diff = host.commit_diff(at("shallow.git"), last.sha.clone()).await.unwrap();
    assert_eq!(diff.base_sha, None);
    assert!(diff.files.iter().all(|file| file.status == FileStatus::Added));
}

#[tokio::test]
async fn a_merge_is_compared_with_its_first_parent() {
    let (_folder, host) = fixture_host("twowaymerge.git");
    let page = first_commits(&host, "twowaymerge.git", "master").await;
    let merge = page.items.iter().find(|commit| commit.parents.len() == 2).unwrap();
    let diff = host.commit_diff(at("twowaymerge.git"), merge.sha.clone()).await.unwrap();
    assert_eq!(diff.base_sha.as_ref(), merge.parents.first());
}

#[tokio::test]
async fn an_empty_repository_has_no_branch_and_no_commits() {
    for path in ["empty_bare.git", "empty_standard_repo"] {
        let (_folder, host) = fixture_host(path);
        let repository = host.find_repository(at(path)).await.unwrap();
        assert_eq!(repository.default_branch, None, "{path}");
        let commits = host.list_commits(at(path), None, first_page()).await.unwrap();
        assert_eq!(commits, Page::empty(), "{path}");
    }
}

#[tokio::test]
async fn a_submodule_is_a_commit_of_another_repository() {
    let (_folder, host) = fixture_host("submodules");
    let tree = host.list_tree(at("submodules"), TreeFilter::default(), first_page()).await.unwrap();
    let submodule = tree.items.iter().find(|entry| entry.kind == EntryKind::Commit).unwrap();
    assert_eq!(submodule.mode.as_deref(), Some("160000"));
    assert_eq!(submodule.size, None);
    let commit = first_commits(&host, "submodules", "master").await.items.pop().unwrap();
    let diff = host.commit_diff(at("submodules"), commit.sha).await.unwrap();
    let patch = diff.files.iter().find_map(|file| {
        (file.mode.as_deref() == Some("160000")).then(|| file.patch.clone().unwrap())
    });
    if let Some(patch) = patch {
        assert!(patch.starts_with("@@ -0,0 +1 @@\n+Subproject commit "), "{patch}");
    }
}

#[tokio::test]
async fn evil_paths_are_told_and_nothing_more() {
    let (folder, host) = fixture_host("nasty");
    let list = async |page| host.list_branches(at("nasty"), page).await;
    let mut names = Vec::new();
    for branch in everything("100", list).await.unwrap() {
        let filter = TreeFilter { reference: Some(branch.name), path: None, recursive: true };
        let list = async |page| host.list_tree(at("nasty"), filter.clone(), page).await;
        names.extend(everything("100", list).await.unwrap().into_iter().map(|entry| entry.name));
    }
    assert!(names.iter().any(|name| name == ".."), "the fixture has lost its evil: {names:?}");
    assert!(!folder.dir.path().join("evil").exists());
}

#[tokio::test]
async fn a_release_without_a_message_is_called_as_its_tag() {
    let (_folder, host) = fixture_host("short_tag.git");
    let releases = host.list_releases(at("short_tag.git"), first_page()).await.unwrap().items;
    let [release] = releases.as_slice() else { panic!("{releases:?}") };
    assert_eq!(release.name.as_deref(), Some("no_description"));
    assert_eq!(release.body.as_deref(), Some(""));
}

#[tokio::test]
async fn a_list_of_references_that_git_refuses_is_refused_here() {
    let (_folder, host) = fixture_host("bad_tag.git");
    let answer = host.list_tags(at("bad_tag.git"), first_page()).await;
    assert!(matches!(answer, Err(ProviderError::Malformed { .. })), "{answer:?}");
}
