//! One of everything that a host has.

use std::time::Duration;

use lodge_forge::{
    AccountType, Branch, Check, CheckConclusion, CheckKind, CheckStatus, Commit, CommitStats,
    Contributor, Deployment, DeploymentState, Diff, DiffFile, DiffTotals, EntryKind, FileStatus,
    PatchState, Profile, ProviderName, PullRequest, PullRequestSide, PullRequestState, Release,
    ReleaseAsset, Repository, RepositoryPermissions, Signature, Tag, TreeEntry, Visibility,
};
use lodge_kernel::ConnectionId;
use lodge_testkit::builders::{NOW, a_repository_id, local};

use super::host::{EVERYTHING, Script};

pub(super) fn a_script(provider: &ProviderName) -> Script {
    let names = ["api", "handbook", "other", "web"];
    let repositories =
        names.map(|name| Repository { provider: provider.clone(), ..a_repository(name) });
    Script {
        failure: None,
        delay: Duration::ZERO,
        capabilities: EVERYTHING,
        repositories: repositories.into(),
        branches: vec![a_branch("main"), a_branch("next")],
        commits: (1..=5).map(a_commit).collect(),
        contributors: vec![a_contributor()],
        tags: vec![a_tag()],
        releases: vec![a_release()],
        tree: vec![a_tree_entry("README.md"), a_tree_entry("src/main.rs")],
        pull_requests: vec![a_pull_request()],
        checks: vec![a_check()],
        deployments: vec![a_deployment()],
        diff: a_diff(vec![a_diff_file("src/main.rs", "@@ -1 +1 @@\n-old\n+new\n")]),
    }
}

/// Forty digits.
fn sha(n: u32) -> String {
    format!("{n:040x}")
}

pub(super) fn a_profile(provider: ProviderName, connection: ConnectionId) -> Profile {
    Profile {
        id: "1".to_owned(),
        provider,
        login: "ada".to_owned(),
        name: Some("Ada".to_owned()),
        email: None,
        avatar_url: None,
        web_url: Some("https://git.example/ada".to_owned()),
        account_type: AccountType::User,
        connection_id: connection,
    }
}

/// A repository of `acme` at the host `local`.
pub(crate) fn a_repository(name: &str) -> Repository {
    Repository {
        id: a_repository_id(name),
        provider: local(),
        native_id: name.to_owned(),
        full_name: format!("acme/{name}"),
        namespace: "acme".to_owned(),
        name: name.to_owned(),
        description: Some("What customers see.".to_owned()),
        default_branch: Some("main".to_owned()),
        visibility: Visibility::Private,
        archived: Some(false),
        fork: Some(false),
        parent_id: None,
        language: Some("Rust".to_owned()),
        size_bytes: Some(4_096),
        object_format: Some("sha1".to_owned()),
        clone_url: None,
        web_url: None,
        created_at: Some(NOW),
        updated_at: Some(NOW),
        pushed_at: None,
        permissions: Some(RepositoryPermissions { read: true, write: false, admin: false }),
    }
}

fn a_branch(name: &str) -> Branch {
    Branch {
        name: name.to_owned(),
        sha: sha(1),
        protected: Some(name == "main"),
        default: Some(name == "main"),
        committed_at: Some(NOW),
    }
}

fn a_signature() -> Signature {
    Signature {
        name: Some("Ada".to_owned()),
        email: Some("ada@acme.example".to_owned()),
        date: Some(NOW),
        user: None,
    }
}

fn a_commit(n: u32) -> Commit {
    Commit {
        sha: sha(n),
        message: format!("Commit {n}\n\nWhy.\n"),
        title: format!("Commit {n}"),
        author: Some(a_signature()),
        committer: Some(a_signature()),
        parents: vec![sha(n + 1)],
        stats: Some(CommitStats { additions: 2, deletions: 1 }),
        verified: None,
        web_url: None,
    }
}

fn a_contributor() -> Contributor {
    Contributor {
        key: "ada@acme.example".to_owned(),
        name: Some("Ada".to_owned()),
        email: Some("ada@acme.example".to_owned()),
        login: None,
        avatar_url: None,
        commits: 5,
        additions: None,
        deletions: None,
        derived: true,
    }
}

fn a_tag() -> Tag {
    Tag {
        name: "v1.0".to_owned(),
        sha: sha(1),
        tag_object_sha: Some(sha(9)),
        annotated: Some(true),
        message: Some("The first.".to_owned()),
        tagger: Some(a_signature()),
        created_at: Some(NOW),
    }
}

fn a_release() -> Release {
    Release {
        id: "v1.0".to_owned(),
        tag: "v1.0".to_owned(),
        name: Some("The first".to_owned()),
        body: Some("It works.".to_owned()),
        draft: Some(false),
        prerelease: Some(false),
        target_commitish: Some("main".to_owned()),
        author: Some("ada".to_owned()),
        created_at: Some(NOW),
        published_at: Some(NOW),
        assets: vec![ReleaseAsset {
            name: "web.tar.gz".to_owned(),
            size: Some(1_024),
            url: "https://git.example/web.tar.gz".to_owned(),
            content_type: Some("application/gzip".to_owned()),
        }],
        from_tag: false,
        traits: Vec::new(),
        web_url: None,
    }
}

/// A file with that path.
pub(crate) fn a_tree_entry(path: &str) -> TreeEntry {
    TreeEntry {
        path: path.to_owned(),
        name: path.rsplit('/').next().unwrap_or(path).to_owned(),
        kind: EntryKind::Blob,
        mode: Some("100644".to_owned()),
        sha: Some(sha(7)),
        size: Some(12),
    }
}

fn a_side(branch: &str) -> PullRequestSide {
    PullRequestSide { branch: branch.to_owned(), sha: Some(sha(1)), repository_id: None }
}

fn a_pull_request() -> PullRequest {
    PullRequest {
        id: "107".to_owned(),
        number: 7,
        title: "Say hello".to_owned(),
        body: None,
        state: PullRequestState::Open,
        native_state: "opened".to_owned(),
        draft: Some(false),
        author: Some("ada".to_owned()),
        source: a_side("hello"),
        target: a_side("main"),
        labels: vec!["ready".to_owned()],
        reviewers: Vec::new(),
        merged_at: None,
        closed_at: None,
        created_at: Some(NOW),
        updated_at: Some(NOW),
        merge_commit_sha: None,
        comments_count: Some(0),
        traits: Vec::new(),
        web_url: None,
    }
}

fn a_check() -> Check {
    Check {
        id: "3".to_owned(),
        kind: CheckKind::Pipeline,
        name: "build".to_owned(),
        status: CheckStatus::Completed,
        conclusion: Some(CheckConclusion::Success),
        traits: Vec::new(),
        sha: sha(1),
        reference: Some("main".to_owned()),
        started_at: Some(NOW),
        completed_at: Some(NOW),
        summary: Some("All is well.".to_owned()),
        url: None,
        app: None,
    }
}

fn a_deployment() -> Deployment {
    Deployment {
        id: "4".to_owned(),
        environment: "production".to_owned(),
        environment_url: None,
        state: DeploymentState::Success,
        reference: Some("main".to_owned()),
        sha: Some(sha(1)),
        creator: Some("ada".to_owned()),
        created_at: Some(NOW),
        updated_at: Some(NOW),
        finished_at: Some(NOW),
        traits: Vec::new(),
        url: None,
    }
}

/// A file that was changed by `hunks`.
pub(crate) fn a_diff_file(path: &str, hunks: &str) -> DiffFile {
    DiffFile {
        path: path.to_owned(),
        previous_path: None,
        status: FileStatus::Modified,
        additions: Some(1),
        deletions: Some(1),
        binary: Some(false),
        mode: Some("100644".to_owned()),
        previous_mode: Some("100644".to_owned()),
        patch: Some(hunks.to_owned()),
        patch_state: PatchState::Full,
    }
}

/// A change of these files.
pub(crate) fn a_diff(files: Vec<DiffFile>) -> Diff {
    let n = u64::try_from(files.len()).unwrap_or_default();
    Diff {
        base_sha: Some(sha(2)),
        head_sha: Some(sha(1)),
        files,
        totals: DiffTotals { files: n, additions: n, deletions: n },
        truncated: None,
    }
}
