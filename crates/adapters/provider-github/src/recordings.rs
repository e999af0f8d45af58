//! Bodies that others recorded can be read: those of the folder that
//! `GITLODGE_RECORDINGS` names, one subfolder a source. They hold real
//! people's names, so none of them is kept here.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use lodge_forge::ProviderName;
use lodge_testkit::conformance;
use serde_json::Value;

use crate::payload::{
    branch::BranchPayload,
    check::{CheckRunPayload, CheckRunsPayload, CombinedStatusPayload, StatusPayload},
    commit::CommitPayload,
    contributor::ContributorPayload,
    deployment::{DeploymentPayload, DeploymentStatusPayload},
    diff::{CommitDiffPayload, ComparisonPayload, FilePayload},
    error::ErrorPayload,
    event,
    hook::HookPayload,
    profile::ProfilePayload,
    pull_request::PullRequestPayload,
    release::ReleasePayload,
    repository::{InstallationsPayload, InstalledPayload, RepositoryPayload},
    tag::TagPayload,
    tree::TreePayload,
};

type Reader = fn(&str) -> Result<(), String>;

fn reads(resource: &'static str, reader: Reader) -> (&'static str, Reader) {
    (resource, reader)
}

/// The reader of one payload, which borrows from the body.
macro_rules! reads {
    ($resource:literal, $payload:ty) => {
        reads($resource, |body| {
            serde_json::from_str::<$payload>(body).map(drop).map_err(|it| it.to_string())
        })
    };
}

/// Recordings that are no answers of this version, by words of their complaint.
const NOT_GITHUBS: [(&str, &str); 4] = [
    ("missing field `full_name`", "answers of 2012, older than the field"),
    ("branch: missing field `commit`", "branches that were cut by hand to their names"),
    ("BadAttributes.", "wrong on purpose"),
    ("Exceptions.testJSONParseError", "wrong on purpose"),
];

/// How many bodies were read, by resource, and what could not be.
#[derive(Default)]
struct Tally {
    read: BTreeMap<&'static str, usize>,
    failed: Vec<String>,
}

impl Tally {
    fn note(&mut self, resource: &'static str, place: &str, outcome: Result<(), String>) {
        match outcome {
            Ok(()) => *self.read.entry(resource).or_default() += 1,
            Err(error) => self.failed.push(format!("{place}: {resource}: {error}")),
        }
    }

    /// What `GET` answered at `path`.
    fn exchange(&mut self, place: &str, path: &str, status: u16, body: &str) {
        if status >= 400 {
            if body.starts_with('{') {
                let (resource, reader) = reads!("error", ErrorPayload<'_>);
                self.note(resource, place, reader(body));
            }
            return;
        }
        if status == 200
            && let Some((resource, reader)) = reader(path, body.starts_with('['))
        {
            self.note(resource, place, reader(body));
        }
    }

    fn event(&mut self, place: &str, name: &str, body: &str) {
        let provider = ProviderName::parse("github").unwrap();
        let outcome = event::read(&provider, name, body.as_bytes());
        if let Ok(None) = outcome {
            return;
        }
        self.note("event", place, outcome.map(drop).map_err(|it| it.to_string()));
    }
}

/// What reads the body of a path, by the names of GitHub's routes.
fn reader(path: &str, is_list: bool) -> Option<(&'static str, Reader)> {
    let path = path.split('?').next()?.trim_matches('/');
    let path = path.strip_prefix("api/v3/").unwrap_or(path);
    let parts = path.split('/').collect::<Vec<_>>();
    let below = match parts.as_slice() {
        ["user"] => return Some(reads!("profile", ProfilePayload<'_>)),
        ["user" | "users" | "orgs", .., "repos"] => {
            return Some(reads!("repository", Vec<RepositoryPayload<'_>>));
        }
        ["user", "installations"] => {
            return Some(reads!("repository", InstallationsPayload<'_>));
        }
        ["installation", "repositories"] | ["user", "installations", _, "repositories"] => {
            return Some(reads!("repository", InstalledPayload<'_>));
        }
        ["users", _] => return Some(reads!("profile", ProfilePayload<'_>)),
        ["repos", _, _, below @ ..] | ["repositories", _, below @ ..] => below,
        _ => return None,
    };
    Some(match (below, is_list) {
        ([], false) => reads!("repository", RepositoryPayload<'_>),
        (["branches"], true) => reads!("branch", Vec<BranchPayload<'_>>),
        (["branches", _], false) => reads!("branch", BranchPayload<'_>),
        (["commits"], true) => reads!("commit", Vec<CommitPayload<'_>>),
        (["commits", _], false) => reads("commit diff", |body| {
            let (_, as_listed) = reads!("commit", CommitPayload<'_>);
            let (_, with_files) = reads!("commit diff", CommitDiffPayload<'_>);
            as_listed(body).and_then(|()| with_files(body))
        }),
        (["commits", _, "check-runs"], false) => reads!("check", CheckRunsPayload<'_>),
        (["check-runs", _], false) => reads!("check", CheckRunPayload<'_>),
        (["commits", _, "status"], false) => reads!("check", CombinedStatusPayload<'_>),
        (["commits", _, "statuses"] | ["statuses", _], true) => {
            reads!("check", Vec<StatusPayload<'_>>)
        }
        (["compare", _], false) => reads!("commit diff", ComparisonPayload<'_>),
        (["contributors"], true) => reads!("contributor", Vec<ContributorPayload<'_>>),
        (["tags"], true) => reads!("tag", Vec<TagPayload<'_>>),
        (["releases"], true) => reads!("release", Vec<ReleasePayload<'_>>),
        (["releases", "latest"] | ["releases", "tags", _], false) => {
            reads!("release", ReleasePayload<'_>)
        }
        (["deployments"], true) => reads!("deployment", Vec<DeploymentPayload<'_>>),
        (["deployments", _], false) => reads!("deployment", DeploymentPayload<'_>),
        (["deployments", _, "statuses"], true) => {
            reads!("deployment", Vec<DeploymentStatusPayload<'_>>)
        }
        (["pulls"], true) => reads!("pull request", Vec<PullRequestPayload<'_>>),
        (["pulls", number], false) if number.parse::<u64>().is_ok() => {
            reads!("pull request", PullRequestPayload<'_>)
        }
        (["pulls", _, "files"], true) => reads!("pull request diff", Vec<FilePayload<'_>>),
        (["pulls", _, "commits"], true) => reads!("commit", Vec<CommitPayload<'_>>),
        (["git", "trees", _], false) => reads!("tree", TreePayload<'_>),
        (["hooks"], true) => reads!("hook", Vec<HookPayload>),
        (["hooks", _], false) => reads!("hook", HookPayload),
        _ => return None,
    })
}

/// Every file below `folder` whose name ends with `end`.
fn files(folder: &Path, end: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else if path.to_string_lossy().ends_with(end) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// `PyGithub`'s exchanges: eleven lines each, the last of them empty.
fn pygithub(folder: &Path, tally: &mut Tally) {
    for file in files(&folder.join("tests/ReplayData"), ".txt") {
        let text = fs::read_to_string(&file).unwrap();
        for exchange in text.lines().collect::<Vec<_>>().chunks(11) {
            let [_, "GET", _, _, path, _, _, status, _, body, ..] = exchange else { continue };
            let place = format!("{} {path}", file.file_name().unwrap().to_string_lossy());
            tally.exchange(&place, path, status.parse().unwrap(), body);
        }
    }
}

/// Octokit's exchanges.
fn octokit(folder: &Path, tally: &mut Tally) {
    for file in files(folder, "normalized-fixture.json") {
        let all: Vec<Value> = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
        for exchange in all.iter().filter(|it| it["method"] == "get") {
            let path = exchange["path"].as_str().unwrap();
            let status = u16::try_from(exchange["status"].as_u64().unwrap()).unwrap();
            let place = format!("{} {path}", file.display());
            tally.exchange(&place, path, status, &exchange["response"].to_string());
        }
    }
}

/// Octocrab's bodies, which are named after their calls.
fn octocrab(folder: &Path, tally: &mut Tally) {
    let named = |file: &str| -> Option<(&'static str, Reader)> {
        Some(match file {
            "repo_branch" => reads!("branch", BranchPayload<'_>),
            "commit_check_runs" => reads!("check", CheckRunsPayload<'_>),
            "repos_list_commits"
            | "pull_request_commits"
            | "pull_request_commits_empty_author_object" => {
                reads!("commit", Vec<CommitPayload<'_>>)
            }
            "repo_compare_commits" => reads!("commit diff", ComparisonPayload<'_>),
            "repo_contributors" => reads!("contributor", Vec<ContributorPayload<'_>>),
            "repo_deployment" => reads!("deployment", DeploymentPayload<'_>),
            "repo_deployments" => reads!("deployment", Vec<DeploymentPayload<'_>>),
            "repo_deployment_status" => reads!("deployment", DeploymentStatusPayload<'_>),
            "repo_deployment_statuses" => reads!("deployment", Vec<DeploymentStatusPayload<'_>>),
            "repo_hook" => reads!("hook", HookPayload),
            "repo_hooks" => reads!("hook", Vec<HookPayload>),
            "repos_releases_list" => reads!("release", Vec<ReleasePayload<'_>>),
            "repos_releases_get_by_id"
            | "repos_releases_get_by_tag"
            | "repos_releases_get_latest" => reads!("release", ReleasePayload<'_>),
            "pull_requests_list" => reads!("pull request", Vec<PullRequestPayload<'_>>),
            "user_data" => reads!("profile", ProfilePayload<'_>),
            "user_repositories" => reads!("repository", Vec<RepositoryPayload<'_>>),
            _ => return None,
        })
    };
    for file in files(&folder.join("tests/resources"), ".json") {
        let body = fs::read_to_string(&file).unwrap();
        let stem = file.file_stem().unwrap().to_string_lossy().into_owned();
        if let Some((resource, reader)) = named(&stem) {
            tally.note(resource, &stem, reader(&body));
        }
        if let Some(event) = stem.strip_suffix("_webhook_event") {
            let known = ["push", "pull_request", "repository", "ping"];
            for name in known.iter().filter(|name| event.starts_with(**name)) {
                tally.event(&stem, name, &body);
            }
        }
    }
}

/// Octokit's deliveries, by the names of their events.
fn octokit_webhooks(folder: &Path, tally: &mut Tally) {
    for file in files(folder, "index.json") {
        let all: Vec<Value> = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
        for event in &all {
            let name = event["name"].as_str().unwrap();
            for (number, body) in event["examples"].as_array().unwrap().iter().enumerate() {
                let place = format!("{} {name} {number}", file.display());
                tally.event(&place, name, &body.to_string());
            }
        }
    }
}

/// Deliveries in files that are named after their events.
fn webhooks(folder: &Path, tally: &mut Tally) {
    for file in files(folder, ".json") {
        let stem = file.file_stem().unwrap().to_string_lossy().replace('-', "_");
        let name = if stem.starts_with("repository") { "repository" } else { &stem };
        tally.event(&file.display().to_string(), name, &fs::read_to_string(&file).unwrap());
    }
}

type Source = fn(&Path, &mut Tally);

#[test]
fn every_recorded_body_can_be_read() {
    let sources: [(&str, Source); 5] = [
        ("pygithub", pygithub),
        ("octokit-fixtures", octokit),
        ("octocrab", octocrab),
        ("octokit-webhooks-examples", octokit_webhooks),
        ("webhooks/github", webhooks),
    ];
    for (source, read) in sources {
        let name = source.split('/').next().unwrap();
        let Some(folder) = conformance::recordings("github", source) else { continue };
        let mut tally = Tally::default();
        read(&folder, &mut tally);
        assert!(!tally.read.is_empty(), "{source} has nothing");
        for (resource, bodies) in tally.read {
            let payload = if resource.ends_with("diff") { "diff" } else { resource };
            conformance::read("github", name, &payload.replace(' ', "_"), bodies);
        }
        for complaint in tally.failed {
            let reason = NOT_GITHUBS.iter().find(|(words, _)| complaint.contains(words));
            let Some((_, reason)) = reason else { panic!("{complaint}") };
            // The file, without the path: that has somebody's name in it.
            let body = complaint.split(' ').next().unwrap();
            conformance::unread("github", name, body, reason);
        }
    }
}
