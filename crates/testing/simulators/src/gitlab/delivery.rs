//! Webhook deliveries:
//! <https://docs.gitlab.com/user/project/integrations/webhook_events/>.

mod bodies;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use lodge_kernel::Timestamp;
use lodge_provider::Delivery;
use serde_json::{Value, json};
use sha2::Sha256;

use super::{hooks::key, say::page};
use crate::{World, WorldRepository};

const ADDRESS: &str = "https://gitlab.example.com";

/// What a webhook proves its deliveries with.
#[derive(Clone, Debug, Default)]
pub struct GitLabProof {
    /// The secret token, which is sent as it is.
    pub token: Option<String>,
    /// The signing token: `whsec_` and 32 bytes in base64.
    pub signing_token: Option<String>,
}

/// What `repository` delivers at `at` when `event` happens: `push`,
/// `tag_push`, `merge_request.open` (or `update`, `merge`, `close`,
/// `approved`), `pipeline`, `build`, `release.create` (or `update`),
/// `deployment`, `issue`, and `note.merge_request` or `note.issue` for anything
/// else.
pub async fn gitlab_delivery(
    world: &World,
    repository: &WorldRepository,
    event: &str,
    proof: &GitLabProof,
    at: Timestamp,
) -> Delivery {
    let (kind, action) = event.split_once('.').unwrap_or((event, ""));
    let (name, mut body) = match kind {
        "push" => ("Push Hook", bodies::push(repository).await),
        "tag_push" => ("Tag Push Hook", bodies::tag_push(repository).await),
        "merge_request" => {
            ("Merge Request Hook", bodies::merge_request(repository, action, at).await)
        }
        "pipeline" => ("Pipeline Hook", bodies::pipeline(repository).await),
        "build" => ("Job Hook", bodies::build(repository).await),
        "release" => ("Release Hook", bodies::release(repository, action).await),
        "deployment" => ("Deployment Hook", bodies::deployment(repository).await),
        "issue" => ("Issue Hook", bodies::issue(repository).await),
        _ => ("Note Hook", bodies::note(repository, action).await),
    };
    if let Some(fields) = body.as_object_mut() {
        fields.insert("object_kind".to_owned(), kind.into());
        fields.insert("project_id".to_owned(), repository.number.into());
        fields.insert("project".to_owned(), project(repository));
        let user = world.user();
        if ["push", "tag_push"].contains(&kind) {
            fields.insert("event_name".to_owned(), kind.into());
            fields.insert("user_id".to_owned(), user.id.into());
            fields.insert("user_name".to_owned(), user.name.clone().into());
            fields.insert("user_username".to_owned(), user.login.clone().into());
            fields.insert("user_email".to_owned(), "".into());
        } else if kind != "release" {
            let person = json!({
                "id": user.id,
                "name": user.name,
                "username": user.login,
                "avatar_url": null,
                "email": "[REDACTED]",
            });
            fields.insert("user".to_owned(), person);
        }
    }
    proved(name, body.to_string().into_bytes(), proof, at)
}

fn proved(name: &str, body: Vec<u8>, proof: &GitLabProof, at: Timestamp) -> Delivery {
    let id = "f5e5f430-f57b-4e6e-9fac-d9128cd7232f";
    let seconds = at.as_seconds().to_string();
    let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let mut headers = vec![
        header("content-type", "application/json"),
        header("user-agent", "GitLab/18.4.0"),
        header("idempotency-key", id),
        header("x-gitlab-event", name),
        header("x-gitlab-event-uuid", "13792a34-cac6-4fda-95a8-c58e00a3954e"),
        header("x-gitlab-webhook-uuid", "6803afe4-f4a4-4a0f-93ab-d9c9c7b1b2b1"),
        header("x-gitlab-instance", ADDRESS),
    ];
    if let Some(token) = &proof.token {
        headers.push(header("x-gitlab-token", token));
    }
    let key = proof.signing_token.as_deref().and_then(key);
    if let Some(Ok(mut mac)) = key.map(|it| Hmac::<Sha256>::new_from_slice(&it)) {
        for part in [id.as_bytes(), b".", seconds.as_bytes(), b".", &body] {
            mac.update(part);
        }
        let signature = STANDARD.encode(mac.finalize().into_bytes());
        headers.push(header("webhook-id", id));
        headers.push(header("webhook-timestamp", &seconds));
        headers.push(header("webhook-signature", &format!("v1,{signature}")));
    }
    Delivery { headers, body, received_at: at }
}

fn project(repository: &WorldRepository) -> Value {
    let page = page(ADDRESS, repository);
    json!({
        "id": repository.number,
        "name": repository.name(),
        "description": null,
        "web_url": page,
        "avatar_url": null,
        "git_ssh_url": format!("git@gitlab.example.com:{}.git", repository.full_name()),
        "git_http_url": format!("{page}.git"),
        "namespace": repository.namespace(),
        "visibility_level": 0,
        "path_with_namespace": repository.full_name(),
        "default_branch": repository.facts.default_branch,
        "ci_config_path": null,
    })
}
