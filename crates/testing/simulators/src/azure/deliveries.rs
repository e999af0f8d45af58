//! What service hooks deliver: one sample of each type of event, from the
//! world.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use lodge_forge::{CheckKind, PullRequest, PullRequestState};
use serde_json::{Value, json};

use super::{At, checks, commits, person, pulls};
use crate::{World, WorldRepository};

/// One delivery, as it comes to a subscriber.
#[derive(Clone, Debug)]
pub struct AzureDelivery {
    /// What it is a sample of.
    pub name: &'static str,
    /// The headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

/// A delivery of every type that matters here, and of one that does not, with
/// the `password` that their subscriptions were made with.
pub async fn azure_deliveries(
    world: &World,
    repository: &WorldRepository,
    address: &str,
    password: &str,
) -> Vec<AzureDelivery> {
    let at = At { repository, address };
    let mut samples = pushes(world, at).await;
    samples.extend(pull_requests(world, at).await);
    samples.extend(build(world, at).await);
    let renamed = json!({
        "oldName": "before", "newName": repository.name(), "repository": at.whole(),
        "initiatedBy": person::identity(world, "ada"), "utcTimestamp": "2026-04-02T14:00:00.5498459Z",
    });
    samples.push(("renamed", "git.repo.renamed", renamed.clone()));
    samples.push(("disabled", "git.repo.statuschanged", renamed));
    samples.push(("work item", "workitem.created", json!({ "id": 5, "rev": 1, "fields": {} })));
    let pair = STANDARD.encode(format!("gitlodge:{password}"));
    let headers = vec![
        ("authorization".to_owned(), format!("Basic {pair}")),
        ("content-type".to_owned(), "application/json; charset=utf-8".to_owned()),
        ("user-agent".to_owned(), "VSServices/19.264.36425.3 (NetStandard)".to_owned()),
    ];
    let delivered = (1_u64..).zip(samples).map(|(number, (name, kind, resource))| AzureDelivery {
        name,
        headers: headers.clone(),
        body: envelope(at, number, kind, &resource).to_string().into_bytes(),
    });
    delivered.collect()
}

type Sample = (&'static str, &'static str, Value);

fn envelope(at: At<'_>, number: u64, kind: &str, resource: &Value) -> Value {
    let base = at.url(&[at.organization(), ""]);
    json!({
        "subscriptionId": "fd672255-8b6b-4769-9260-beea83d752ce",
        "notificationId": number,
        "id": format!("03c164c2-8912-4d5e-8009-{number:012}"),
        "eventType": kind,
        "publisherId": "tfs",
        "message": null,
        "detailedMessage": null,
        "resource": resource,
        "resourceVersion": if kind == "build.complete" { "2.0" } else { "1.0" },
        "resourceContainers": {
            "collection": { "id": "c12d0eb8-e382-443b-9f9c-c52cba5014c2", "baseUrl": base },
            "account": { "id": "f844ec47-a9db-4511-8281-8b63f4eaf94e", "baseUrl": base },
            "project": { "id": "be9b3917-87e6-42a4-a549-2bc06a7a878f", "baseUrl": base },
        },
        "createdDate": "2026-04-02T14:00:01.0379153Z",
    })
}

async fn pushes(world: &World, at: At<'_>) -> Vec<Sample> {
    let Some(head) = at.repository.head().await else { return Vec::new() };
    let Some(commit) = at.repository.commit(&head) else { return Vec::new() };
    let none = "0".repeat(40);
    let push = |updates: Value, commits: Value| {
        json!({
            "commits": commits, "refUpdates": updates, "repository": at.whole(),
            "pushedBy": person::identity(world, "ada"), "pushId": 14,
            "date": "2026-04-02T14:00:00.3309587Z", "url": at.api(&["pushes", "14"]),
        })
    };
    let told = json!([{
        "commitId": commit.sha,
        "author": commits::person(commit.author.as_ref()),
        "committer": commits::person(commit.committer.as_ref()),
        "comment": commit.message,
        "url": at.api(&["commits", &commit.sha]),
    }]);
    let moved = json!([{ "name": "refs/heads/main", "oldObjectId": commit.parents.first(), "newObjectId": head }]);
    let gone = json!([{ "name": "refs/heads/old", "oldObjectId": head, "newObjectId": none }]);
    let tag = json!([{ "name": "refs/tags/v9", "oldObjectId": none, "newObjectId": head }]);
    vec![
        ("push", "git.push", push(moved, told)),
        ("branch deleted", "git.push", push(gone, Value::Null)),
        ("tag", "git.push", push(tag, json!([]))),
    ]
}

async fn pull_requests(world: &World, at: At<'_>) -> Vec<Sample> {
    let all = at.repository.pull_requests().await;
    let find =
        |state| all.iter().find(|it| it.state == state).map(|it| pulls::to_json(world, at, it));
    let mut samples = Vec::new();
    if let Some(first) = all.first() {
        // As it was before it ended.
        let open = PullRequest {
            state: PullRequestState::Open,
            merged_at: None,
            closed_at: None,
            merge_commit_sha: None,
            ..first.clone()
        };
        let open = pulls::to_json(world, at, &open);
        samples.push(("opened", "git.pullrequest.created", open.clone()));
        samples.push(("updated", "git.pullrequest.updated", open.clone()));
        // It tells that the host tried to merge.
        samples.push(("tried", "git.pullrequest.merged", open));
    }
    if let Some(merged) = find(PullRequestState::Merged) {
        samples.push(("merged", "git.pullrequest.updated", merged));
    }
    if let Some(closed) = find(PullRequestState::Closed) {
        samples.push(("closed", "git.pullrequest.updated", closed));
    }
    samples
}

async fn build(world: &World, at: At<'_>) -> Option<Sample> {
    let head = at.repository.head().await?;
    let runs = at.repository.checks(&head);
    let run = runs.into_iter().find(|it| it.kind == CheckKind::CheckRun)?;
    Some(("build", "build.complete", checks::build(world, at, 77, &run, "refs/heads/main")))
}
