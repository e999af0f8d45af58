//! Bodies that GitLab really sent, or that others keep as examples of them,
//! are read. They are looked for below the folder `GITLODGE_RECORDINGS`, in a
//! subfolder for each source; without it, there is nothing to read.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so by panicking")]

mod common;

use std::{
    fs,
    path::{Path, PathBuf},
};

use common::GitLab;
use lodge_forge::EventKind;
use lodge_pagination::PageRequest;
use lodge_provider::{Delivery, PullRequestFilter};
use lodge_provider_gitlab::SCHEME;
use lodge_simulators::{Fault, sandbox::account};
use lodge_testkit::{builders::NOW, conformance, provider_contract::first_page};

/// Its keys end with spaces: typed by hand, and never sent.
const MANGLED: &str = "group_merge_request.json";

/// Every JSON file of `source`, by path. Says why there is none.
fn recorded(source: &str) -> Option<Vec<PathBuf>> {
    let folder = conformance::recordings("gitlab", source)?;
    let mut files = Vec::new();
    let mut open = vec![folder.clone()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|it| it == "json") {
                files.push(path);
            }
        }
    }
    files.sort();
    assert!(!files.is_empty(), "{} has no recordings", folder.display());
    Some(files)
}

fn named<'a>(files: &'a [PathBuf], end: &str) -> &'a Path {
    files.iter().find(|it| it.ends_with(end)).unwrap_or_else(|| panic!("{end} is not there"))
}

impl GitLab {
    /// The host's next answer is what `path` holds.
    fn replay(&self, path: &Path) {
        self.reply(fs::read(path).unwrap());
    }

    fn reply(&self, body: Vec<u8>) {
        let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
        self.sandbox.faults().order("gitlab", Fault::Answer { status: 200, headers, body });
    }
}

#[tokio::test]
async fn recorded_bodies_are_read() {
    let Some(files) = recorded("go-gitlab") else { return };
    let gitlab = GitLab::start().await;
    let (host, at) = (&gitlab.host.provider, gitlab.repository("team/full"));

    for file in ["get_user.json", "get_user_admin.json"] {
        gitlab.replay(named(&files, file));
        assert!(!host.profile(account(1)).await.unwrap().login.is_empty(), "{file}");
    }
    gitlab.replay(named(&files, "list_branches.json"));
    let branches = host.list_branches(at.clone(), first_page()).await.unwrap().items;
    let [branch] = branches.as_slice() else { panic!("{branches:?}") };
    assert_eq!((branch.name.as_str(), branch.protected), ("master", Some(true)));
    assert!(branch.committed_at.is_some());

    gitlab.replay(named(&files, "get_branch.json"));
    gitlab.reply(b"[]".to_vec());
    let branch = Some("master".to_owned());
    assert_eq!(host.list_commits(at.clone(), branch, first_page()).await.unwrap().items, []);

    gitlab.replay(named(&files, "get_commit.json"));
    gitlab.reply(b"[]".to_vec());
    let diff = host.commit_diff(at.clone(), "6104942438c14ec7bd21c6cd5bd995272b3faff6".to_owned());
    let diff = diff.await.unwrap();
    assert_eq!(diff.base_sha.as_deref(), Some("ae1d9fb46aa2b07ee9836d49862ec4e2c46fbbba"));

    gitlab.replay(named(&files, "get_merge_requests.json"));
    let all = host.list_pull_requests(at.clone(), PullRequestFilter::default(), first_page()).await;
    let all = all.unwrap().items;
    assert!(!all.is_empty());
    for it in &all {
        assert!(it.number > 0 && !it.title.is_empty() && it.created_at.is_some(), "{it:?}");
        assert!(it.author.is_some() && it.source.sha.is_some(), "{it:?}");
    }
    gitlab.replay(named(&files, "get_merge_request.json"));
    gitlab.reply(b"[]".to_vec());
    let diff = host.pull_request_diff(at, 14656).await.unwrap();
    assert!(diff.base_sha.is_some() && diff.head_sha.is_some());
    for (payload, bodies) in [("profile", 2), ("branch", 2), ("commit", 1), ("pull_request", 2)] {
        conformance::read("gitlab", "go-gitlab", payload, bodies);
    }
}

#[tokio::test]
async fn recorded_pages_of_projects_are_read() {
    let Some(files) = recorded("swh-lister") else { return };
    let pages: Vec<_> =
        files.iter().filter(|it| it.components().any(|it| it.as_os_str() == "gitlab")).collect();
    assert!(!pages.is_empty(), "there are no pages of GitLab");
    let gitlab = GitLab::start().await;
    let mut projects = 0;
    for page in &pages {
        gitlab.replay(page);
        let limit = PageRequest { limit: lodge_pagination::Limit::MAX, ..first_page() };
        let found = gitlab.host.provider.list_repositories(account(1), limit).await.unwrap().items;
        assert!(!found.is_empty(), "{}", page.display());
        for it in &found {
            assert!(it.full_name.ends_with(&it.name) && it.full_name.contains('/'), "{it:?}");
            assert!(it.clone_url.is_some() && it.updated_at.is_some(), "{it:?}");
        }
        projects += found.len();
    }
    assert!(projects > 0);
    conformance::read("gitlab", "swh-lister", "repository", pages.len());
}

#[tokio::test]
async fn recorded_webhooks_are_read() {
    let gitlab = GitLab::start().await;
    let webhooks = gitlab.host.webhooks.clone().unwrap();
    let mut told = Vec::new();
    let mut read = 0;
    for (source, folder) in
        [("go-gitlab", "webhooks"), ("go-gitlab", "systemhooks"), ("webhooks", "gitlab")]
    {
        let Some(files) = recorded(source) else { return };
        let files = files.iter().filter(|it| it.parent().unwrap().ends_with(folder));
        let (mangled, files): (Vec<_>, Vec<_>) = files.partition(|it| it.ends_with(MANGLED));
        for file in &files {
            let body = fs::read(file).unwrap();
            let delivery = Delivery { headers: Vec::new(), body, received_at: NOW };
            let events = webhooks
                .read(&delivery)
                .unwrap_or_else(|error| panic!("{}: {error:?}", file.display()));
            told.extend(events.into_iter().map(|it| it.kind));
            let facts = SCHEME.facts(&delivery);
            facts.unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        }
        conformance::read("gitlab", source, "event", files.len());
        for _ in mangled {
            let reason = "its keys end with spaces: typed by hand, and never sent";
            conformance::unread("gitlab", source, MANGLED, reason);
        }
        read += files.len();
    }
    for kind in [EventKind::Push, EventKind::PullRequestOpened] {
        assert!(told.contains(&kind), "no {kind:?} in {told:?}");
    }
    assert!(read >= 50, "{read}");
}
