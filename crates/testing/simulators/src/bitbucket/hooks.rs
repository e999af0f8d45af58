//! Webhooks of repositories.

use std::sync::{
    Mutex, PoisonError,
    atomic::{AtomicU64, Ordering},
};

use serde_json::{Value, json};
use uuid::Uuid;

use super::{errors::refuse, objects::repository_uuid};
use crate::{Ask, Reply, WorldRepository};

/// What a hook can be told, as far as we imitate it:
/// <https://developer.atlassian.com/cloud/bitbucket/rest/api-group-webhooks/>.
const KNOWN: [&str; 18] = [
    "repo:push",
    "repo:fork",
    "repo:updated",
    "repo:transfer",
    "repo:commit_comment_created",
    "repo:commit_status_created",
    "repo:commit_status_updated",
    "pullrequest:created",
    "pullrequest:updated",
    "pullrequest:fulfilled",
    "pullrequest:rejected",
    "pullrequest:approved",
    "pullrequest:unapproved",
    "pullrequest:comment_created",
    "pullrequest:comment_updated",
    "issue:created",
    "issue:updated",
    "issue:comment_created",
];

/// The webhooks that there are, each with its repository.
#[derive(Debug, Default)]
pub(super) struct Hooks {
    made: AtomicU64,
    all: Mutex<Vec<(Uuid, String)>>,
}

impl Hooks {
    pub(super) fn create(&self, ask: &Ask, it: &WorldRepository) -> Reply {
        let asked: Value = serde_json::from_slice(&ask.body).unwrap_or_default();
        let field = |name: &str| asked.get(name).cloned().unwrap_or_default();
        let wanted = field("events");
        let events: Vec<_> = wanted.as_array().into_iter().flatten().collect();
        let known = |event: &&Value| event.as_str().is_some_and(|name| KNOWN.contains(&name));
        if events.is_empty() || !events.iter().all(known) {
            return refuse(400, "events: Required field is not valid.");
        }
        if !field("url").as_str().is_some_and(|url| url.starts_with("http")) {
            return refuse(400, "url: Enter a valid URL.");
        }
        let number = self.made.fetch_add(1, Ordering::Relaxed);
        let uuid = Uuid::from_u128(0x686f_6f6b_0000_4000_8000_0000_0000_0000 | u128::from(number));
        let id = uuid.braced().to_string();
        self.all.lock().unwrap_or_else(PoisonError::into_inner).push((it.uuid, id.clone()));
        let told = json!({
            "type": "webhook_subscription",
            "uuid": id,
            "url": field("url"),
            "description": field("description"),
            "subject_type": "repository",
            "subject": {"type": "repository", "uuid": repository_uuid(it), "full_name": it.full_name()},
            "active": field("active").as_bool().unwrap_or(true),
            "events": field("events"),
            "secret_set": field("secret").is_string(),
            "created_at": "2026-11-22T09:00:00.000000Z",
            "history_enabled": false,
            "skip_cert_verification": false,
        });
        Reply::json(201, &told)
    }

    pub(super) fn delete(&self, it: &WorldRepository, id: &str) -> Reply {
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        let before = all.len();
        all.retain(|(of, known)| !(*of == it.uuid && known == id));
        if all.len() < before {
            Reply::empty(204)
        } else {
            refuse(404, &format!("Could not find a webhook with id {id}"))
        }
    }
}
