//! What a folder of repositories has not: pull requests, results of CI and
//! deployments. Worked out from the repository alone, so that every host and
//! every run tells the same.

use std::time::Duration;

use lodge_forge::{
    Check, CheckConclusion, CheckKind, CheckStatus, Deployment, DeploymentState, PullRequest,
    PullRequestSide, PullRequestState,
};
use lodge_kernel::Timestamp;

use super::WorldRepository;

/// One open pull request for each branch that is ahead of the default one, one
/// closed for each that is not, and one merged for each merge on the default
/// branch.
pub(super) async fn pull_requests(repository: &WorldRepository) -> Vec<PullRequest> {
    let Some(target) = repository.facts.default_branch.clone() else { return Vec::new() };
    let Some(head) = repository.head().await else { return Vec::new() };
    let main = repository.history(&head);
    let mut all = Vec::new();
    for branch in repository.branches().await {
        if branch.name == target {
            continue;
        }
        let merge = main.iter().find(|it| it.parents.iter().skip(1).any(|it| *it == branch.sha));
        let ahead = !main.iter().any(|it| it.sha == branch.sha);
        let base = match merge {
            Some(merge) => merge.parents.first().cloned(),
            None => Some(head.clone()),
        };
        let tip = repository.commit(&branch.sha);
        let opened =
            tip.and_then(|it| it.committer.and_then(|it| it.date)).unwrap_or(Timestamp::EPOCH);
        let ended = (merge.is_some() || !ahead).then(|| opened.plus(Duration::from_hours(2)));
        let state = match (merge, ahead) {
            (Some(_), _) => PullRequestState::Merged,
            (None, true) => PullRequestState::Open,
            (None, false) => PullRequestState::Closed,
        };
        all.push(PullRequest {
            id: String::new(),
            number: 0,
            title: format!("Take in {}", branch.name),
            body: Some(format!("What `{}` has.\n\nPlease look at it.", branch.name)),
            state,
            native_state: String::new(),
            draft: Some(branch.name.contains("draft")),
            author: Some("ada".to_owned()),
            source: PullRequestSide {
                branch: branch.name,
                sha: Some(branch.sha),
                repository_id: None,
            },
            target: PullRequestSide { branch: target.clone(), sha: base, repository_id: None },
            labels: vec!["review me".to_owned()],
            reviewers: vec!["bo".to_owned()],
            merged_at: ended.filter(|_| merge.is_some()),
            closed_at: ended,
            created_at: Some(opened),
            updated_at: Some(ended.unwrap_or(opened)),
            merge_commit_sha: merge.map(|it| it.sha.clone()),
            comments_count: Some(2),
            traits: Vec::new(),
            web_url: None,
        });
    }
    for (number, pull_request) in (1..).zip(&mut all) {
        pull_request.number = number;
        pull_request.id = (repository.number * 1000 + number).to_string();
    }
    all
}

/// `ci/build` and `ci/lint` as statuses, `test` and `deploy-preview` as runs.
pub(super) fn checks(repository: &WorldRepository, sha: &str) -> Vec<Check> {
    let Some(commit) = repository.commit(sha) else { return Vec::new() };
    let began = commit.committer.and_then(|it| it.date).unwrap_or(Timestamp::EPOCH);
    // Some commits fail, and which ones is in their hash.
    let fails = sha.starts_with(['0', '1', '2', '3']);
    let outcome = if fails { CheckConclusion::Failure } else { CheckConclusion::Success };
    let check = |number: u64, kind, name: &str, conclusion: Option<CheckConclusion>| Check {
        id: (repository.number * 1000 + number).to_string(),
        kind,
        name: name.to_owned(),
        status: if conclusion.is_some() { CheckStatus::Completed } else { CheckStatus::Running },
        conclusion,
        traits: Vec::new(),
        sha: sha.to_owned(),
        reference: None,
        started_at: Some(began.plus(Duration::from_secs(5))),
        completed_at: conclusion.map(|_| began.plus(Duration::from_secs(65))),
        summary: Some(format!("{name} has looked at it")),
        url: Some(format!("https://ci.example.org/{number}")),
        app: Some("lodge-ci".to_owned()),
    };
    vec![
        check(1, CheckKind::Status, "ci/build", Some(CheckConclusion::Success)),
        check(2, CheckKind::Status, "ci/lint", Some(outcome)),
        check(3, CheckKind::CheckRun, "test", Some(outcome)),
        check(4, CheckKind::CheckRun, "deploy-preview", None),
    ]
}

/// For each release, one deployment to `staging` and then one to
/// `production`; the newest one to production is still under way.
pub(super) async fn deployments(repository: &WorldRepository) -> Vec<Deployment> {
    let mut all = Vec::new();
    let tags = repository.tags().await;
    for (age, release) in repository.releases().await.into_iter().enumerate() {
        let sha = tags.iter().find(|it| it.name == release.tag).map(|it| it.sha.clone());
        let at = release.published_at.or(release.created_at).unwrap_or(Timestamp::EPOCH);
        for (environment, minutes) in [("production", 30), ("staging", 5)] {
            let asked = at.plus(Duration::from_mins(minutes));
            let running = age == 0 && environment == "production";
            let ended = (!running).then(|| asked.plus(Duration::from_mins(3)));
            all.push(Deployment {
                id: String::new(),
                environment: environment.to_owned(),
                environment_url: Some(format!("https://{environment}.example.org")),
                state: if running { DeploymentState::Running } else { DeploymentState::Success },
                reference: Some(release.tag.clone()),
                sha: sha.clone(),
                creator: Some("ada".to_owned()),
                created_at: Some(asked),
                updated_at: Some(ended.unwrap_or(asked)),
                finished_at: ended,
                traits: Vec::new(),
                url: None,
            });
        }
    }
    let count = u64::try_from(all.len()).unwrap_or_default();
    for (number, deployment) in (0..count).rev().zip(&mut all) {
        deployment.id = (repository.number * 1000 + number + 1).to_string();
    }
    all
}
