//! Deliveries of webhooks, signed as the host signs them.

use bytes::Bytes;
use hmac::{Hmac, KeyInit as _, Mac as _};
use lodge_forge::{CheckKind, PullRequest, PullRequestState};
use lodge_kernel::hex;
use serde_json::{Value, json};
use sha2::Sha256;

use super::{MOST_ITEMS, bodies, checks, pages::Pages, pulls, repository::Question};
use crate::{Ask, World, WorldRepository};

const ZEROS: &str = "0000000000000000000000000000000000000000";

/// One delivery.
#[derive(Clone, Debug)]
pub struct GiteaDelivery {
    /// The event, and what happened in it: `pull_request opened`.
    pub name: String,
    /// The headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

/// A delivery of every event, signed with `secret`; by Forgejo, which says
/// everything once more in its own headers, if it `is_forgejo`.
pub async fn gitea_deliveries(
    world: &World,
    repository: &WorldRepository,
    secret: &str,
    is_forgejo: bool,
) -> Vec<GiteaDelivery> {
    let ask = Ask {
        method: "POST".to_owned(),
        segments: Vec::new(),
        query: Vec::new(),
        headers: Vec::new(),
        body: Bytes::new(),
        address: "https://git.example.org".to_owned(),
    };
    let name = repository.full_name();
    let pages = Pages { ask: &ask, most: MOST_ITEMS };
    let question = Question { ask: &ask, world, repository, name: &name, pages };
    let mut all = refs(&question).await;
    all.extend(pull_requests(&question).await);
    all.extend(others(&question).await);
    let all = (1..).zip(all);
    all.map(|(number, (event, kind, about, mut body))| {
        if let Some(fields) = body.as_object_mut() {
            let repository = bodies::repository(&ask, world, repository, &name);
            fields.entry("repository").or_insert(repository);
            fields.entry("sender").or_insert(bodies::user(&ask, world.user()));
        }
        let body = serde_json::to_vec_pretty(&body).unwrap_or_default();
        let headers = headers((event, kind), number, secret, &body, is_forgejo);
        GiteaDelivery { name: format!("{event} {about}").trim_end().to_owned(), headers, body }
    })
    .collect()
}

/// Event, its type, what about it, and the body.
type Sample = (&'static str, &'static str, &'static str, Value);

async fn refs(question: &Question<'_>) -> Vec<Sample> {
    let &Question { ask, repository, name, .. } = question;
    let head = repository.head().await.unwrap_or_default();
    let history = repository.history(&head);
    let commits = history.iter().take(2).map(|it| bodies::pushed_commit(ask, name, it));
    let mut commits: Vec<Value> = commits.collect();
    if let Some(first) = commits.first_mut().and_then(Value::as_object_mut) {
        first.insert("added".to_owned(), json!(["notes.txt"]));
        first.insert("removed".to_owned(), json!([]));
        first.insert("modified".to_owned(), json!(["docs/guide.md"]));
    }
    let before = history.get(2).map_or(ZEROS, |it| it.sha.as_str());
    let push = |reference: &str, before: &str, commits: &[Value]| {
        json!({
            "ref": reference,
            "before": before,
            "after": head,
            "compare_url": format!("{}/{name}/compare/{before}...{head}", ask.address),
            "commits": commits,
            "total_commits": commits.len(),
            "head_commit": commits.first(),
            "pusher": bodies::user(ask, question.world.user()),
        })
    };
    let reference = |name: &str, kind: &str| json!({ "sha": head, "ref": name, "ref_type": kind });
    let gone =
        |name: &str, kind: &str| json!({ "ref": name, "ref_type": kind, "pusher_type": "user" });
    vec![
        ("push", "push", "", push("refs/heads/main", before, &commits)),
        ("push", "push", "of a new branch", push("refs/heads/feature/c", ZEROS, &[])),
        ("push", "push", "of a tag", push("refs/tags/v3.0", ZEROS, &[])),
        ("create", "create", "of a branch", reference("feature/c", "branch")),
        ("create", "create", "of a tag", reference("v3.0", "tag")),
        ("delete", "delete", "of a branch", gone("feature/c", "branch")),
        ("delete", "delete", "of a tag", gone("v3.0", "tag")),
    ]
}

async fn pull_requests(question: &Question<'_>) -> Vec<Sample> {
    let all = question.repository.pull_requests().await;
    let body = |action: &str, state: PullRequestState| {
        let found = all.iter().find(|it| it.state == state).or_else(|| all.first()).cloned();
        let found = found.map(|it| match state {
            // It was open once, whatever became of it.
            PullRequestState::Open => PullRequest {
                state,
                merged_at: None,
                closed_at: None,
                merge_commit_sha: None,
                ..it
            },
            _ => it,
        });
        json!({
            "action": action,
            "number": found.as_ref().map(|it| it.number),
            "pull_request": found.map(|it| pulls::body(question, &it)),
            "requested_reviewer": null,
            "commit_id": "",
            "review": null,
        })
    };
    let open = |action: &str| body(action, PullRequestState::Open);
    vec![
        ("pull_request", "pull_request", "opened", open("opened")),
        ("pull_request", "pull_request", "reopened", open("reopened")),
        ("pull_request", "pull_request_sync", "synchronized", open("synchronized")),
        ("pull_request", "pull_request_label", "label_updated", open("label_updated")),
        ("pull_request", "pull_request", "merged", body("closed", PullRequestState::Merged)),
        ("pull_request", "pull_request", "closed", body("closed", PullRequestState::Closed)),
        ("pull_request_approved", "pull_request_review_approved", "", open("reviewed")),
    ]
}

async fn others(question: &Question<'_>) -> Vec<Sample> {
    let &Question { ask, world, repository, name, .. } = question;
    let head = repository.head().await.unwrap_or_default();
    let found = repository.checks(&head);
    let status = found.iter().find(|it| it.kind == CheckKind::Status).map(|it| {
        json!({
            "commit": repository.commit(&head).map(|it| bodies::pushed_commit(ask, name, &it)),
            "context": it.name,
            "created_at": bodies::time(it.started_at),
            "description": it.summary,
            "id": it.id.parse::<u64>().unwrap_or_default(),
            "sha": head,
            "state": "success",
            "target_url": it.url,
            "updated_at": bodies::time(it.completed_at),
        })
    });
    let run = found.iter().find(|it| it.kind == CheckKind::CheckRun);
    let workflow = run.map(|it| {
        json!({ "action": "completed", "workflow": null, "workflow_run": checks::run(question, it) })
    });
    let action = run.map(|it| {
        json!({
            "action": "success",
            "prior_status": "running",
            "run": {
                "id": it.id.parse::<u64>().unwrap_or_default(),
                "title": it.summary,
                "repository": bodies::repository(ask, world, repository, name),
                "workflow_id": format!("{}.yml", it.name),
                "index_in_repo": 3,
                "trigger_user": bodies::user(ask, world.user()),
                "prettyref": "main",
                "commit_sha": head,
                "event": "push",
                "status": "success",
                "started": bodies::time(it.started_at),
                "stopped": bodies::time(it.completed_at),
                "html_url": it.url,
            },
        })
    });
    let release = repository.releases().await.into_iter().next().map(|it| {
        let body = bodies::release(ask, world, name, 1, &it);
        json!({ "action": "published", "release": body })
    });
    let edited = release.clone().map(|mut it| {
        if let Some(fields) = it.as_object_mut() {
            fields.insert("action".to_owned(), "updated".into());
        }
        it
    });
    let comment = json!({ "action": "created", "issue": {}, "comment": {}, "is_pull": true });
    [
        // This event is named by its type alone.
        ("", "status", "status", status),
        ("workflow_run", "workflow_run", "completed", workflow),
        ("action_run_success", "action_run_success", "", action),
        ("release", "release", "published", release),
        ("release", "release", "updated", edited),
        ("repository", "repository", "deleted", Some(json!({ "action": "deleted" }))),
        ("issue_comment", "pull_request_comment", "created", Some(comment)),
    ]
    .into_iter()
    .filter_map(|(event, kind, about, body)| Some((event, kind, about, body?)))
    .collect()
}

fn headers(
    (event, kind): (&str, &str),
    number: u32,
    secret: &str,
    body: &[u8],
    is_forgejo: bool,
) -> Vec<(String, String)> {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else { return Vec::new() };
    mac.update(body);
    let signature = hex::encode(&mac.finalize().into_bytes());
    let id = format!("f6266f16-1bf3-46a5-9ea4-602e06ead4{number:02}");
    let mut headers = vec![
        ("content-type".to_owned(), "application/json".to_owned()),
        ("x-hub-signature-256".to_owned(), format!("sha256={signature}")),
        ("x-github-delivery".to_owned(), id.clone()),
        ("x-github-event".to_owned(), event.to_owned()),
        ("x-github-event-type".to_owned(), kind.to_owned()),
    ];
    let vendors =
        ["gitea", "gogs", "forgejo"].into_iter().filter(|it| is_forgejo || *it != "forgejo");
    for vendor in vendors {
        let values = [
            ("delivery", id.as_str()),
            ("event", event),
            ("event-type", kind),
            ("signature", &signature),
        ];
        headers
            .extend(values.map(|(name, value)| (format!("x-{vendor}-{name}"), value.to_owned())));
    }
    headers
}
