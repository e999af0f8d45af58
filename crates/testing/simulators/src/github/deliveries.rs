//! Signed deliveries of webhooks, one for each kind of event and more.
//!
//! <https://docs.github.com/en/webhooks/webhook-events-and-payloads>

use hmac::{Hmac, KeyInit as _, Mac as _};
use lodge_forge::{CheckKind, PullRequest, PullRequestState};
use lodge_kernel::{Timestamp, hex};
use lodge_provider::Delivery;
use serde_json::{Value, json};
use sha2::Sha256;

use super::{
    On, checks, moment,
    people::{merge, named},
    pulls, releases, repositories,
};
use crate::{Ask, World, WorldRepository};

/// What GitHub delivers of `repository` to a hook with `secret`: each delivery
/// with the name of its event, after a slash its action.
pub async fn github_deliveries(
    world: &World,
    repository: &WorldRepository,
    secret: &str,
) -> Vec<(String, Delivery)> {
    let ask = Ask {
        method: "POST".to_owned(),
        segments: Vec::new(),
        query: Vec::new(),
        headers: Vec::new(),
        body: bytes::Bytes::new(),
        address: "https://github.example.org".to_owned(),
    };
    let on = On { ask: &ask, world, repository };
    let mut told = vec![("ping", json!({ "zen": "Keep it logically awesome.", "hook_id": 9001 }))];
    told.extend(pushes(&on).await);
    told.extend(pull_requests(&on).await);
    told.extend(results(&on).await);
    told.push(("repository", json!({ "action": "renamed", "changes": { "repository": { "name": { "from": "before" } } } })));
    told.push(("star", json!({ "action": "created", "starred_at": "2026-01-01T00:00:00Z" })));
    (1..)
        .zip(told)
        .map(|(number, (event, body))| signed(&on, number, event, body, secret))
        .collect()
}

async fn pushes(on: &On<'_>) -> Vec<(&'static str, Value)> {
    let Some(head) = on.repository.head().await else { return Vec::new() };
    let branch = on.repository.facts.default_branch.clone().unwrap_or_default();
    let commit = on.repository.commit(&head);
    let before = commit.as_ref().and_then(|it| it.parents.first().cloned());
    let author = commit.as_ref().and_then(|it| it.author.clone());
    let at = author.as_ref().and_then(|it| it.date);
    let zeros = "0".repeat(40);
    let one = json!({
        "id": head,
        "tree_id": on.repository.tree_sha(&head),
        "distinct": true,
        "message": commit.map(|it| it.message),
        "timestamp": at.map(|it| it.to_string().replace(".000Z", "+00:00")),
        "url": "",
        "author": {
            "name": author.as_ref().and_then(|it| it.name.clone()),
            "email": author.as_ref().and_then(|it| it.email.clone()),
            "username": "ada",
        },
        "committer": { "name": "GitHub", "email": "noreply@github.com", "username": "web-flow" },
        "added": ["notes.txt"],
        "removed": ["guide.md"],
        "modified": [],
    });
    let push = |reference: String, before: &str, after: &str, commits: Vec<&Value>| {
        let body = json!({
            "ref": reference,
            "before": before,
            "after": after,
            "created": before == zeros,
            "deleted": after == zeros,
            "forced": false,
            "base_ref": null,
            "compare": "",
            "commits": commits,
            "head_commit": commits.first(),
            "pusher": { "name": "ada", "email": "ada@example.org" },
        });
        ("push", body)
    };
    let branch = format!("refs/heads/{branch}");
    vec![
        push(branch, before.as_deref().unwrap_or(&zeros), &head, vec![&one]),
        push("refs/heads/gone".to_owned(), &head, &zeros, Vec::new()),
        push("refs/tags/v9".to_owned(), &zeros, &head, Vec::new()),
    ]
}

/// Each is opened and pushed to, and some are closed, merged or not.
async fn pull_requests(on: &On<'_>) -> Vec<(&'static str, Value)> {
    let mut told = Vec::new();
    for it in on.repository.pull_requests().await {
        let open = PullRequest {
            state: PullRequestState::Open,
            merged_at: None,
            closed_at: None,
            updated_at: it.created_at,
            merge_commit_sha: None,
            ..it.clone()
        };
        let ended = (it.state != PullRequestState::Open).then_some(("closed", &it));
        for (action, it) in [("opened", &open), ("synchronize", &open)].into_iter().chain(ended) {
            let merged = it.state == PullRequestState::Merged;
            let mut body = pulls::body(on, it);
            merge(&mut body, json!({ "merged": merged, "comments": it.comments_count }));
            told.push((
                "pull_request",
                json!({ "action": action, "number": it.number, "pull_request": body }),
            ));
        }
    }
    told
}

async fn results(on: &On<'_>) -> Vec<(&'static str, Value)> {
    let mut told = Vec::new();
    let head = on.repository.head().await.unwrap_or_default();
    for it in on.repository.checks(&head) {
        if it.kind == CheckKind::CheckRun {
            let mut run = checks::run(on, &it);
            merge(
                &mut run,
                json!({ "check_suite": { "id": 5, "head_branch": "main", "head_sha": head } }),
            );
            told.push(("check_run", json!({ "action": "completed", "check_run": run })));
        } else {
            let mut body = checks::one_status(on, &it);
            let more = json!({ "sha": head, "name": on.repository.full_name(), "branches": [], "commit": { "sha": head } });
            merge(&mut body, more);
            told.push(("status", body));
        }
    }
    for (number, it) in (1..).zip(on.repository.releases().await.iter().take(1)) {
        let body = releases::body(on, number, it);
        for action in ["published", "released"] {
            told.push(("release", json!({ "action": action, "release": body })));
        }
    }
    for it in on.repository.deployments().await.iter().skip(1).take(1) {
        let body = checks::deployment(on, it);
        let status = checks::deployment_status(on, it, "success", it.finished_at);
        told.push(("deployment", json!({ "action": "created", "deployment": body })));
        told.push((
            "deployment_status",
            json!({ "action": "created", "deployment": body, "deployment_status": status }),
        ));
    }
    told
}

/// The body with what all have, and the headers. In a push, instants of the
/// repository are numbers.
fn signed(
    on: &On<'_>,
    number: u64,
    event: &str,
    mut body: Value,
    secret: &str,
) -> (String, Delivery) {
    let mut repository = repositories::body(on.ask, on.world, on.repository);
    if event == "push" {
        let at = on.repository.facts.pushed_at.unwrap_or(Timestamp::EPOCH);
        merge(
            &mut repository,
            json!({ "created_at": at.as_seconds(), "pushed_at": at.as_seconds() }),
        );
        merge(&mut repository, json!({ "updated_at": moment(Some(at)) }));
    }
    merge(&mut body, json!({ "repository": repository, "sender": named(on, "ada") }));
    let action = body.get("action").and_then(Value::as_str);
    let name = action.map_or_else(|| event.to_owned(), |action| format!("{event}/{action}"));
    let body = body.to_string().into_bytes();
    let header = |name: &str, value: String| (name.to_owned(), value);
    let headers = vec![
        header("user-agent", "GitHub-Hookshot/0000000".to_owned()),
        header("content-type", "application/json".to_owned()),
        header("x-github-delivery", format!("72d3162e-cc78-11e3-81ab-{number:012x}")),
        header("x-github-event", event.to_owned()),
        header("x-github-hook-id", "9001".to_owned()),
        header("x-github-hook-installation-target-id", on.repository.number.to_string()),
        header("x-github-hook-installation-target-type", "repository".to_owned()),
        header("x-hub-signature-256", format!("sha256={}", proof(secret, &body))),
    ];
    (name, Delivery { headers, body, received_at: Timestamp::EPOCH })
}

fn proof(secret: &str, body: &[u8]) -> String {
    // A key of any length is one.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else {
        return String::new();
    };
    mac.update(body);
    hex::encode(&mac.finalize().into_bytes())
}
