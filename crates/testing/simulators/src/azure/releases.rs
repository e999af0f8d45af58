//! Deployments of classic releases. They are of the project: what was deployed
//! is only told by their artifacts.

use lodge_forge::{Check, CheckConclusion, CheckKind, CheckStatus, Deployment, DeploymentState};
use serde_json::{Value, json};

use super::{At, checks, person, pulls::precise, reply, repositories::project_id};
use crate::{Ask, Reply, World};

/// `GET /{organization}/{project}/_apis/release/deployments`
pub(crate) async fn deployments(ask: &Ask, world: &World, organization: &str) -> Reply {
    let mut told = Vec::new();
    for repository in world.repositories().iter().filter(|it| it.namespace() == organization) {
        let at = At { repository, address: &ask.address };
        for it in repository.deployments().await {
            told.push(to_json(world, at, &it, Some(artifact(at, &it))));
            // Another one, of what is not in a repository here.
            let foreign = Deployment { id: format!("{}9", it.id), ..it };
            told.push(to_json(world, at, &foreign, None));
        }
    }
    told.sort_by_key(|it| std::cmp::Reverse(it.get("id").and_then(Value::as_u64)));
    let skip = match ask.query("continuationToken") {
        None => 0,
        Some(token) => told.iter().take_while(|it| reply::number(it) != token).count(),
    };
    let top = ask.number("$top").unwrap_or(50).min(100);
    reply::continued(told, skip, top, reply::number)
}

/// The builds that were released.
pub(crate) async fn builds(world: &World, organization: &str, address: &str) -> Vec<Value> {
    let mut told = Vec::new();
    for repository in world.repositories().iter().filter(|it| it.namespace() == organization) {
        let at = At { repository, address };
        for it in repository.deployments().await {
            let run = Check {
                id: it.id.clone(),
                kind: CheckKind::CheckRun,
                name: "release".to_owned(),
                status: CheckStatus::Completed,
                conclusion: Some(CheckConclusion::Success),
                traits: Vec::new(),
                sha: it.sha.clone().unwrap_or_default(),
                reference: None,
                started_at: it.created_at,
                completed_at: it.created_at,
                summary: None,
                url: None,
                app: None,
            };
            told.push(checks::build(world, at, number(&it), &run, &tag(&it)));
        }
    }
    told
}

fn number(it: &Deployment) -> u64 {
    it.id.parse().unwrap_or_default()
}

fn tag(it: &Deployment) -> String {
    format!("refs/tags/{}", it.reference.as_deref().unwrap_or_default())
}

/// What was deployed: the repository itself, a build that says what it was
/// built from, or an older build that does not.
fn artifact(at: At<'_>, it: &Deployment) -> Value {
    let named = |id: &str| json!({ "id": id, "name": id });
    let project = json!({ "id": project_id(at.organization()), "name": "Main Project" });
    let sha = it.sha.as_deref().unwrap_or_default();
    let mut reference = json!({
        "defaultVersionType": { "id": "latestType", "name": "Latest" },
        "defaultVersionBranch": { "id": "", "name": "" },
        "project": project,
    });
    let mut say = |name: &str, value: Value| {
        if let Some(fields) = reference.as_object_mut() {
            fields.insert(name.to_owned(), value);
        }
    };
    let kind = match number(it) % 3 {
        0 => {
            say("definition", json!({ "id": at.id(), "name": at.repository.name() }));
            say("version", named(sha));
            say("branch", named(&tag(it)));
            "Git"
        }
        1 => {
            say("definition", json!({ "id": "7", "name": "release" }));
            say("version", json!({ "id": it.id, "name": "20260401.1" }));
            say("repository", json!({ "id": at.id(), "name": at.repository.name() }));
            say("sourceVersion", named(sha));
            say("branch", named(&tag(it)));
            "Build"
        }
        _ => {
            say("definition", json!({ "id": "7", "name": "release" }));
            say("version", json!({ "id": it.id, "name": "20260401.1" }));
            "Build"
        }
    };
    json!({
        "sourceId": format!("{}:7", project_id(at.organization())),
        "type": kind,
        "alias": "_release",
        "definitionReference": reference,
        "isPrimary": true,
        "isRetained": false,
    })
}

fn to_json(world: &World, at: At<'_>, it: &Deployment, artifact: Option<Value>) -> Value {
    let id = number(it);
    let page = at.url(&[at.organization(), &project_id(at.organization()), "_release"]);
    let page = format!("{page}?releaseId={id}&_a=release-summary");
    let (status, operation) = match it.state {
        DeploymentState::Running => ("inProgress", "PhaseInProgress"),
        DeploymentState::Success => ("succeeded", "Approved"),
        _ => ("failed", "PhaseFailed"),
    };
    json!({
        "id": id,
        "release": {
            "id": id,
            "name": format!("Release-{id}"),
            "artifacts": artifact.into_iter().collect::<Vec<_>>(),
            "webAccessUri": page,
            "_links": { "self": {}, "web": { "href": page } },
            "description": null,
            "releaseDefinition": null,
            "createdOn": "0001-01-01T00:00:00",
            "createdBy": null,
            "modifiedBy": null,
            "reason": "none",
        },
        "releaseDefinition": { "id": 38, "name": "release", "path": "\\", "projectReference": null, "_links": {} },
        "releaseEnvironment": { "id": id + 40, "name": it.environment, "_links": {} },
        "projectReference": null,
        "definitionEnvironmentId": 43,
        "attempt": 1,
        "reason": "automated",
        "deploymentStatus": status,
        "operationStatus": operation,
        "requestedBy": person::identity(world, "release-service"),
        "requestedFor": person::identity(world, it.creator.as_deref().unwrap_or("ada")),
        "queuedOn": precise(it.created_at),
        "startedOn": precise(it.created_at),
        "completedOn": precise(it.finished_at).unwrap_or_else(|| "0001-01-01T00:00:00".to_owned()),
        "lastModifiedOn": precise(it.updated_at),
        "lastModifiedBy": null,
        "conditions": [],
        "scheduledDeploymentTime": "0001-01-01T00:00:00",
        "preDeployApprovals": [],
        "postDeployApprovals": [],
        "_links": {},
    })
}
