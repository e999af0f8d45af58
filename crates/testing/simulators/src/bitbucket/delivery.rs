//! Webhook deliveries of the events that Bitbucket can tell:
//! <https://support.atlassian.com/bitbucket-cloud/docs/event-payloads/>.

use hmac::{Hmac, KeyInit as _, Mac as _};
use lodge_kernel::{Timestamp, hex};
use lodge_provider::Delivery;
use serde_json::{Value, json};
use sha2::Sha256;

use super::objects::{Teller, repository_uuid, uuid_of, with};
use crate::{World, WorldRepository};

/// What `repository` would deliver under the event key `key`, signed with
/// `secret` unless there is none.
pub async fn bitbucket_delivery(
    world: &World,
    repository: &WorldRepository,
    key: &str,
    secret: Option<&str>,
) -> Delivery {
    let teller = Teller { world, address: "https://api.bitbucket.org" };
    let body = json!({
        "actor": teller.user(),
        "repository": teller.repository(repository),
    });
    let body = match key {
        "repo:push" => with(body, "push", teller.push(repository).await),
        "repo:updated" => {
            let changes = json!({"name": {"old": "earlier", "new": repository.name()}});
            with(body, "changes", changes)
        }
        "repo:commit_status_created" | "repo:commit_status_updated" => {
            let head = repository.head().await.unwrap_or_default();
            let check = repository.checks(&head).into_iter().next();
            let told = check.map(|it| teller.status(repository, &it));
            with(body, "commit_status", told.unwrap_or_default())
        }
        _ => {
            let all = repository.pull_requests().await;
            let told = all.first().map(|it| teller.one_pull_request(repository, it, true));
            let comment = json!({"id": 17, "content": {"raw": "Well done."}});
            let body = with(body, "pullrequest", told.unwrap_or_default());
            if key.contains("comment") { with(body, "comment", comment) } else { body }
        }
    };
    signed(repository, key, secret, body.to_string().into_bytes())
}

fn signed(
    repository: &WorldRepository,
    key: &str,
    secret: Option<&str>,
    body: Vec<u8>,
) -> Delivery {
    let hook = uuid_of(&format!("hook of {}", repository_uuid(repository)));
    let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let mut headers = vec![
        header("content-type", "application/json"),
        header("user-agent", "Bitbucket-Webhooks/2.0"),
        header("x-event-key", key),
        header("x-hook-uuid", hook.trim_matches(['{', '}'])),
        header("x-request-uuid", uuid_of(key).trim_matches(['{', '}'])),
        header("x-attempt-number", "1"),
    ];
    if let Some(secret) = secret
        && let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes())
    {
        mac.update(&body);
        let proof = format!("sha256={}", hex::encode(&mac.finalize().into_bytes()));
        headers.push(header("x-hub-signature", &proof));
    }
    Delivery { headers, body, received_at: Timestamp::from_seconds(1_795_000_000) }
}

impl Teller<'_> {
    /// A branch that moved, one that came, one that went, and a tag that came.
    async fn push(&self, it: &WorldRepository) -> Value {
        let head = it.head().await.unwrap_or_default();
        let history = it.history(&head);
        let commit = |place: usize| history.get(place).map(|commit| self.commit(it, commit));
        let branch = |name: &str, place: usize| json!({"type": "branch", "name": name, "target": commit(place), "links": {}});
        let change = |old: Value, new: Value, commits: Vec<Value>, truncated: bool| {
            json!({
                "created": old.is_null(),
                "closed": new.is_null(),
                "forced": false,
                "old": old,
                "new": new,
                "commits": commits,
                "truncated": truncated,
                "links": {},
            })
        };
        let newest = |count: usize| history.iter().take(count).map(|one| self.commit(it, one));
        let tag = it
            .tags()
            .await
            .iter()
            .rfind(|tag| tag.annotated == Some(true))
            .map_or(Value::Null, |tag| self.one_tag(it, tag));
        json!({"changes": [
            change(branch("main", 2), branch("main", 0), newest(2).collect(), false),
            change(Value::Null, branch("feature/new", 0), newest(5).collect(), true),
            change(branch("feature/old", 1), Value::Null, Vec::new(), false),
            change(Value::Null, tag, Vec::new(), false),
        ]})
    }
}
