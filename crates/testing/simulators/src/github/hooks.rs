//! Webhooks of repositories.

use std::sync::{
    Mutex, PoisonError,
    atomic::{AtomicU64, Ordering},
};

use serde_json::{Value, json};

use super::{On, error, not_found};
use crate::{Reply, Webhook};

/// One webhook.
#[derive(Debug)]
struct Kept {
    repository: u64,
    id: u64,
    made: Webhook,
}

/// The webhooks that there are.
#[derive(Debug, Default)]
pub(super) struct Hooks {
    kept: Mutex<Vec<Kept>>,
    made: AtomicU64,
}

impl Hooks {
    /// `POST …/hooks`
    pub(super) fn create(&self, on: &On<'_>) -> Reply {
        let body: Value = serde_json::from_slice(&on.ask.body).unwrap_or_default();
        let url = body.pointer("/config/url").and_then(Value::as_str).unwrap_or_default();
        let events = body.get("events").and_then(Value::as_array).cloned().unwrap_or_default();
        if url.is_empty() || events.is_empty() || body.get("name") != Some(&json!("web")) {
            return error(422, "Validation Failed");
        }
        let repository = on.repository.number;
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.iter().any(|it| it.repository == repository && it.made.url == url) {
            return error(422, "Hook already exists on this repository");
        }
        let id = 9001 + self.made.fetch_add(1, Ordering::Relaxed);
        let secret = body.pointer("/config/secret").and_then(Value::as_str).unwrap_or_default();
        let made = Webhook { url: url.to_owned(), secret: secret.to_owned() };
        kept.push(Kept { repository, id, made });
        let api = format!("{}/repos/{}/hooks/{id}", on.api(), on.repository.full_name());
        let answer = json!({
            "type": "Repository",
            "id": id,
            "name": "web",
            "active": body.get("active").and_then(Value::as_bool).unwrap_or(true),
            "events": events,
            "config": {
                "content_type": body.pointer("/config/content_type"),
                "insecure_ssl": body.pointer("/config/insecure_ssl"),
                "secret": "********",
                "url": url,
            },
            "updated_at": "2026-01-01T00:00:00Z",
            "created_at": "2026-01-01T00:00:00Z",
            "url": api,
            "test_url": format!("{api}/test"),
            "ping_url": format!("{api}/pings"),
            "deliveries_url": format!("{api}/deliveries"),
            "last_response": { "code": null, "status": "unused", "message": null },
        });
        Reply::json(201, &answer)
    }

    /// Those that were not removed.
    pub(super) fn all(&self) -> Vec<Webhook> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().map(|it| it.made.clone()).collect()
    }

    /// `DELETE …/hooks/{id}`
    pub(super) fn delete(&self, on: &On<'_>, id: &str) -> Reply {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let before = kept.len();
        kept.retain(|it| it.repository != on.repository.number || it.id.to_string() != id);
        if kept.len() < before { Reply::empty(204) } else { not_found() }
    }
}
