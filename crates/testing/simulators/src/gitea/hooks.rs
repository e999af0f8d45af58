//! Webhooks: made and removed.

use std::sync::PoisonError;

use serde_json::{Value, json};

use super::{GiteaSimulator, error, not_found, repository::Question};
use crate::Reply;

const TYPES: [&str; 3] = ["forgejo", "gitea", "gogs"];

pub(super) fn answer(simulator: &GiteaSimulator, question: &Question<'_>, rest: &[&str]) -> Reply {
    match (question.ask.method.as_str(), rest) {
        ("POST", []) => create(simulator, question),
        ("DELETE", [id]) => {
            let mut hooks = simulator.0.hooks.lock().unwrap_or_else(PoisonError::into_inner);
            match id.parse().ok().and_then(|id: u64| hooks.remove(&id)) {
                Some(_) => Reply::empty(204),
                None => not_found(question.ask),
            }
        }
        _ => not_found(question.ask),
    }
}

fn create(simulator: &GiteaSimulator, question: &Question<'_>) -> Reply {
    let ask = question.ask;
    let Ok(form) = serde_json::from_slice::<Value>(&ask.body) else {
        return error(ask, 422, "[]: Deserialization: invalid character");
    };
    let text = |path: &str| form.pointer(path).and_then(Value::as_str);
    if !text("/type").is_some_and(|it| TYPES.contains(&it)) {
        return error(ask, 422, "Invalid hook type");
    }
    for option in ["url", "content_type"] {
        if text(&format!("/config/{option}")).is_none() {
            return error(ask, 422, &format!("Missing config option: {option}"));
        }
    }
    let id = simulator.next_hook();
    let hook = json!({
        "id": id,
        "type": text("/type"),
        "branch_filter": text("/branch_filter").unwrap_or_default(),
        "config": { "content_type": text("/config/content_type"), "url": text("/config/url") },
        "events": form.get("events").cloned().unwrap_or_else(|| json!(["push"])),
        "authorization_header": "",
        // What is not said to be active is not.
        "active": form.get("active").and_then(Value::as_bool).unwrap_or_default(),
        "updated_at": "2026-11-22T09:00:00+01:00",
        "created_at": "2026-11-22T09:00:00+01:00",
    });
    let mut hooks = simulator.0.hooks.lock().unwrap_or_else(PoisonError::into_inner);
    hooks.insert(id, hook.clone());
    Reply::json(201, &hook)
}
