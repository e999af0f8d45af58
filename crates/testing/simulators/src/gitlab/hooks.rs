//! Webhooks: <https://docs.gitlab.com/api/project_webhooks/>.

use std::sync::{Mutex, PoisonError};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use super::{
    delivery::GitLabProof,
    paging,
    say::{self, Here},
};
use crate::{Reply, Webhook};

/// The events of a webhook, with whether it hears of them when nobody says.
const EVENTS: [(&str, bool); 11] = [
    ("push_events", true),
    ("tag_push_events", false),
    ("merge_requests_events", false),
    ("pipeline_events", false),
    ("job_events", false),
    ("releases_events", false),
    ("deployment_events", false),
    ("issues_events", false),
    ("note_events", false),
    ("wiki_page_events", false),
    ("emoji_events", false),
];

/// One webhook.
#[derive(Clone, Debug)]
pub(super) struct Hook {
    pub(super) id: u64,
    pub(super) project: u64,
    pub(super) proof: GitLabProof,
    url: String,
    events: Vec<&'static str>,
    disabled: bool,
}

impl Hook {
    /// It was made for `event`.
    pub(super) fn hears(&self, event: &str) -> bool {
        let flag = match event.split('.').next() {
            Some("push") => "push_events",
            Some("tag_push") => "tag_push_events",
            Some("merge_request") => "merge_requests_events",
            Some("pipeline") => "pipeline_events",
            Some("build") => "job_events",
            Some("release") => "releases_events",
            Some("deployment") => "deployment_events",
            Some("issue" | "work_item") => "issues_events",
            _ => "note_events",
        };
        !self.disabled && self.events.contains(&flag)
    }

    /// It has failed too often.
    pub(super) fn disable(&mut self) {
        self.disabled = true;
    }

    /// What somebody is told who delivers as GitLab would.
    pub(super) fn told(&self) -> Webhook {
        Webhook { url: self.url.clone(), secret: self.proof.token.clone().unwrap_or_default() }
    }

    fn is(&self, project: u64, id: &str) -> bool {
        self.project == project && self.id.to_string() == id
    }

    fn body(&self) -> Value {
        let mut body = json!({
            "id": self.id,
            "url": self.url,
            "name": null,
            "description": null,
            "created_at": "2026-11-22T09:30:00.000Z",
            "enable_ssl_verification": true,
            "repository_update_events": false,
            "alert_status": if self.disabled { "disabled" } else { "executable" },
            "disabled_until": null,
            "url_variables": [],
            "custom_headers": [],
            "project_id": self.project,
            "push_events_branch_filter": null,
            "token_present": self.proof.token.is_some(),
            "signing_token_present": self.proof.signing_token.is_some(),
        });
        if let Some(fields) = body.as_object_mut() {
            for (name, _) in EVENTS {
                fields.insert(name.to_owned(), self.events.contains(&name).into());
            }
        }
        body
    }
}

pub(super) fn answer(here: &Here<'_>, hooks: &Mutex<Vec<Hook>>, path: &[&str]) -> Reply {
    let mut hooks = hooks.lock().unwrap_or_else(PoisonError::into_inner);
    let project = here.repository.number;
    match (here.ask.method.as_str(), path) {
        ("GET", []) => {
            let mine = hooks.iter().filter(|it| it.project == project);
            paging::offset(here.ask, mine.map(Hook::body).collect())
        }
        ("POST", []) => match read(here, 1_400 + u64::try_from(hooks.len()).unwrap_or(0)) {
            Ok(hook) => {
                let body = hook.body();
                hooks.push(hook);
                Reply::json(201, &body)
            }
            Err(refused) => refused,
        },
        ("GET", [id]) => match hooks.iter().find(|it| it.is(project, id)) {
            Some(hook) => say::ok(here.ask, &hook.body()),
            None => say::not_found("Hook"),
        },
        ("POST", [_, "test", "push_events"]) if here.repository.facts.default_branch.is_none() => {
            Reply::json(422, &json!({"message": "Ensure the project has at least one commit."}))
        }
        ("POST", [id, "test", _]) => match hooks.iter_mut().find(|it| it.is(project, id)) {
            Some(hook) => {
                hook.disabled = false;
                Reply::json(201, &json!({"message": "201 Created"}))
            }
            None => say::not_found("Hook"),
        },
        ("DELETE", [id]) => {
            let before = hooks.len();
            hooks.retain(|it| !it.is(project, id));
            if hooks.len() < before { Reply::empty(204) } else { say::not_found("Hook") }
        }
        _ => Reply::json(405, &json!({"error": "405 Not Allowed"})),
    }
}

fn read(here: &Here<'_>, id: u64) -> Result<Hook, Reply> {
    let asked: Value = serde_json::from_slice(&here.ask.body).unwrap_or_default();
    let text = |name: &str| asked.get(name)?.as_str().map(str::to_owned);
    let url = text("url").ok_or_else(|| say::bad_request("url is missing"))?;
    if !url.starts_with("http") {
        return Err(Reply::json(422, &json!({"message": {"url": ["is blocked"]}})));
    }
    let signing_token = text("signing_token");
    if signing_token.as_ref().is_some_and(|it| key(it).is_none()) {
        let message = json!({"signing_token": ["must be whsec_ and 32 bytes in base64"]});
        return Err(Reply::json(422, &json!({ "message": message })));
    }
    let heard =
        |(name, usual): &(&str, bool)| asked.get(*name).and_then(Value::as_bool).unwrap_or(*usual);
    let events = EVENTS.iter().filter(|it| heard(it)).map(|(name, _)| *name).collect();
    let proof = GitLabProof { token: text("token"), signing_token };
    Ok(Hook { id, project: here.repository.number, proof, url, events, disabled: false })
}

/// The bytes that a signing token stands for.
pub(super) fn key(signing_token: &str) -> Option<Vec<u8>> {
    let key = STANDARD.decode(signing_token.strip_prefix("whsec_")?).ok()?;
    (key.len() == 32).then_some(key)
}
