//! Statuses, deployments and environments.

use lodge_forge::{Check, CheckConclusion, Deployment, DeploymentState};
use serde_json::{Value, json};

use super::{
    errors::no_commit,
    objects::{Teller, date, uuid_of},
    pages::{Counting, page},
    refs::commit_of,
};
use crate::{Ask, Reply, WorldRepository};

/// The environments of every repository.
const ENVIRONMENTS: [&str; 3] = ["test", "staging", "production"];

impl Teller<'_> {
    pub(super) async fn statuses(&self, ask: &Ask, it: &WorldRepository, sha: &str) -> Reply {
        let Some(commit) = commit_of(it, sha).await else { return no_commit(sha) };
        let all: Vec<_> =
            it.checks(&commit.sha).iter().map(|check| self.status(it, check)).collect();
        page(ask, &all, 100, Counting::Numbers)
    }

    pub(super) fn status(&self, it: &WorldRepository, check: &Check) -> Value {
        let below =
            format!("{}/2.0/repositories/{}/commit/{}", self.address, it.full_name(), check.sha);
        let state = match check.conclusion {
            None => "INPROGRESS",
            Some(CheckConclusion::Success) => "SUCCESSFUL",
            Some(CheckConclusion::Cancelled) => "STOPPED",
            Some(_) => "FAILED",
        };
        json!({
            "type": "build",
            "key": check.id,
            "name": check.name,
            "state": state,
            "refname": check.reference,
            "description": check.summary.clone().unwrap_or_default(),
            "url": check.url,
            "created_on": date(check.started_at),
            "updated_on": date(check.completed_at.or(check.started_at)),
            "repository": self.place(it),
            "commit": {"type": "commit", "hash": check.sha},
            "links": {
                "self": {"href": format!("{below}/statuses/build/{}", check.id)},
                "commit": {"href": below},
            },
        })
    }

    pub(super) async fn deployments(&self, ask: &Ask, it: &WorldRepository) -> Reply {
        let mut all = it.deployments().await;
        if ask.query("sort") == Some("-state.started_on") {
            all.sort_by_key(|it| std::cmp::Reverse(it.created_at));
        } else {
            all.reverse();
        }
        let all: Vec<_> = all.iter().map(|one| self.deployment(it, one)).collect();
        page(ask, &all, 100, Counting::Numbers)
    }

    fn deployment(&self, it: &WorldRepository, one: &Deployment) -> Value {
        let deployer = self.somebody(one.creator.as_deref().unwrap_or_default());
        let completed = |status: &str| {
            let kind = format!("deployment_state_completed_status_{}", status.to_lowercase());
            json!({
                "type": "deployment_state_completed",
                "name": "COMPLETED",
                "status": {"type": kind, "name": status},
                "deployer": deployer,
                "started_on": date(one.created_at),
                "completed_on": date(one.finished_at),
            })
        };
        let state = match one.state {
            DeploymentState::Pending | DeploymentState::Queued => {
                json!({"type": "deployment_state_undeployed", "name": "UNDEPLOYED"})
            }
            DeploymentState::Running => json!({
                "type": "deployment_state_in_progress",
                "name": "IN_PROGRESS",
                "deployer": deployer,
                "started_on": date(one.created_at),
            }),
            DeploymentState::Success => completed("SUCCESSFUL"),
            DeploymentState::Cancelled => completed("STOPPED"),
            _ => completed("FAILED"),
        };
        json!({
            "type": "deployment",
            "uuid": uuid_of(&format!("deployment {}", one.id)),
            "key": format!("deployment_{}", one.id),
            "number": 1,
            "version": 2,
            "state": state,
            "environment": {"type": "deployment_environment", "uuid": environment(&one.environment)},
            "release": {
                "type": "deployment_release",
                "uuid": uuid_of(&format!("release {}", one.id)),
                "name": one.reference,
                "url": format!("https://bitbucket.org/{}/deployments", it.full_name()),
                "created_on": date(one.created_at),
                "commit": one.sha.as_ref().map(|sha| json!({"type": "commit", "hash": sha})),
            },
            "last_update_time": date(one.updated_at),
        })
    }

    pub(super) fn environments(ask: &Ask) -> Reply {
        let one = |(rank, name): (usize, &&str)| {
            json!({
                "type": "deployment_environment",
                "uuid": environment(name),
                "name": name,
                "slug": name,
                "rank": rank,
                "hidden": false,
                "environment_type": {"type": "deployment_environment_type", "name": name, "rank": rank},
                "lock": {"type": "deployment_environment_lock_open", "name": "OPEN"},
                "restrictions": {"type": "deployment_restrictions_configuration", "admin_only": false},
            })
        };
        let all: Vec<_> = ENVIRONMENTS.iter().enumerate().map(one).collect();
        page(ask, &all, 100, Counting::Numbers)
    }
}

fn environment(name: &str) -> String {
    uuid_of(&format!("environment {name}"))
}
