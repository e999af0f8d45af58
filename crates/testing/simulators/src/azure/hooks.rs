//! Subscriptions to service hooks: one for each type of event.

use std::sync::{Mutex, PoisonError};

use serde_json::{Value, json};

use super::{reply, repositories::project_id};
use crate::{Ask, Reply, World, WorldRepository};

/// What can be subscribed to, and whether a repository can be named.
const TYPES: &[(&str, bool)] = &[
    ("git.push", true),
    ("git.pullrequest.created", true),
    ("git.pullrequest.updated", true),
    ("git.pullrequest.merged", true),
    ("ms.vss-code.git-pullrequest-comment-event", true),
    ("git.repo.renamed", true),
    ("git.repo.statuschanged", true),
    ("build.complete", false),
];

/// The subscriptions that were made.
#[derive(Debug, Default)]
pub(crate) struct Hooks(Mutex<Vec<Value>>);

impl Hooks {
    /// `POST /{organization}/_apis/hooks/subscriptions`
    pub(crate) fn create(&self, ask: &Ask, world: &World) -> Reply {
        let mut made = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if ask.method == "GET" {
            return reply::list(&made);
        }
        let wrong = |message: &str| reply::error(400, "SubscriptionInputException", message);
        let asked: Value = serde_json::from_slice(&ask.body).unwrap_or_default();
        let known = TYPES.iter().find(|(name, _)| reply::text(&asked, "/eventType") == *name);
        let Some((_, of_repository)) =
            known.filter(|_| reply::text(&asked, "/publisherId") == "tfs")
        else {
            return wrong("The publisher does not have this event type.");
        };
        let project = |it| reply::text(&asked, "/publisherInputs/projectId") == project_id(it);
        if !world.repositories().iter().map(WorldRepository::namespace).any(project) {
            return wrong("The project does not exist: projectId.");
        }
        let repository = asked.pointer("/publisherInputs/repository").and_then(Value::as_str);
        if repository.is_some_and(|it| !of_repository || world.with_uuid(it).is_none()) {
            return wrong("The input is not valid: repository.");
        }
        let url = reply::text(&asked, "/consumerInputs/url");
        if reply::text(&asked, "/consumerId") != "webHooks" || !url.starts_with("http") {
            return wrong("The input is not valid: url.");
        }
        let mut told = asked.clone();
        let id = format!("fd672255-8b6b-4769-9260-{:012}", made.len() + 1);
        if let Some(told) = told.as_object_mut() {
            told.insert(
                "url".to_owned(),
                json!(format!("{}/_apis/hooks/subscriptions/{id}", ask.address)),
            );
            told.insert("id".to_owned(), json!(id));
            told.insert("status".to_owned(), json!("enabled"));
            told.insert("eventDescription".to_owned(), json!("Any"));
            told.insert("actionDescription".to_owned(), json!("To host gitlodge"));
            told.insert("probationRetries".to_owned(), json!(0));
            told.insert("createdDate".to_owned(), json!("2026-10-27T15:37:24.873Z"));
        }
        made.push(told.clone());
        // What is confidential is never told again.
        let password = told.pointer_mut("/consumerInputs/basicAuthPassword");
        if let Some(password) = password {
            *password = json!("********");
        }
        Reply::json(200, &told)
    }

    /// `DELETE /{organization}/_apis/hooks/subscriptions/{id}`
    pub(crate) fn delete(&self, ask: &Ask, id: &str) -> Reply {
        let mut made = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let before = made.len();
        if ask.method != "DELETE" {
            return reply::no_route();
        }
        made.retain(|it| reply::text(it, "/id") != id);
        if made.len() < before {
            return Reply::empty(204);
        }
        reply::error(404, "SubscriptionNotFoundException", "The subscription does not exist.")
    }
}
