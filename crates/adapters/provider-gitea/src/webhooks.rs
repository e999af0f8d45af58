//! Webhooks.
//!
//! Source: <https://docs.gitea.com/usage/webhooks>. Deliveries carry the
//! headers of GitHub and Gogs too; none of those is looked at.

use std::sync::Arc;

use async_trait::async_trait;
use lodge_forge::{Event, EventKind, Resource};
use lodge_kernel::ExposeSecret as _;
use lodge_provider::{
    Delivery, Hook, NewHook, ProviderError, RepositoryRef, WebhookScheme, Webhooks,
};
use lodge_provider_kit::Call;

use crate::{
    SCHEME,
    instance::Instance,
    payload::{
        event,
        hook::{HookConfigPayload, HookPayload, NewHookPayload},
    },
    scheme,
};

/// The webhooks of one instance.
pub(crate) struct GiteaWebhooks {
    instance: Arc<Instance>,
}

impl GiteaWebhooks {
    pub(crate) fn new(instance: Arc<Instance>) -> Self {
        Self { instance }
    }
}

/// What the host must send for a kind. Servers pass over the names that they
/// do not know.
fn names(kind: EventKind) -> &'static [&'static str] {
    match kind {
        // A branch that goes is no push.
        EventKind::Push => &["push", "delete"],
        EventKind::Tag => &["create", "delete"],
        EventKind::PullRequestOpened
        | EventKind::PullRequestMerged
        | EventKind::PullRequestClosed => &["pull_request_only"],
        EventKind::PullRequestUpdated => &[
            "pull_request_only",
            "pull_request_sync",
            "pull_request_label",
            "pull_request_assign",
            "pull_request_milestone",
            "pull_request_review_request",
        ],
        // Statuses and runs of Gitea, then runs of Forgejo.
        EventKind::CheckUpdated => &[
            "status",
            "workflow_run",
            "action_run_success",
            "action_run_failure",
            "action_run_recover",
        ],
        EventKind::ReleasePublished => &["release"],
        EventKind::RepositoryUpdated => &["repository"],
        EventKind::DeploymentUpdated => &[],
    }
}

/// What courses go by beside that.
const MORE: &[&str] = &["issues", "issue_comment", "pull_request_comment", "pull_request_review"];

#[async_trait]
impl Webhooks for GiteaWebhooks {
    fn events(&self) -> &'static [EventKind] {
        &[
            EventKind::Push,
            EventKind::Tag,
            EventKind::PullRequestOpened,
            EventKind::PullRequestUpdated,
            EventKind::PullRequestMerged,
            EventKind::PullRequestClosed,
            EventKind::CheckUpdated,
            EventKind::ReleasePublished,
            EventKind::RepositoryUpdated,
        ]
    }

    async fn create_hook(
        &self,
        repository: RepositoryRef,
        hook: NewHook,
    ) -> Result<Hook, ProviderError> {
        let mut events: Vec<_> = hook.events.iter().flat_map(|it| names(*it)).copied().collect();
        if hook.everything {
            events.extend(MORE);
        }
        events.sort_unstable();
        events.dedup();
        let body = NewHookPayload {
            r#type: "gitea",
            active: true,
            branch_filter: "*",
            config: HookConfigPayload {
                url: &hook.url,
                content_type: "json",
                secret: hook.secret.expose_secret(),
            },
            events,
        };
        // A hook must not land in another repository of an old name.
        let place = self.instance.look_up(&repository).await?;
        let path = place.path().into_iter().chain(["hooks"]);
        let call = Call::post_json(&self.instance.api, path, &body)?.missing("list of webhooks");
        let answer = self.instance.client.send(repository.account, call).await?;
        let made: HookPayload = answer.json(Resource::Subscriptions)?;
        Ok(Hook { ids: vec![made.id.to_string()], active: made.active.unwrap_or(true) })
    }

    async fn delete_hook(
        &self,
        repository: RepositoryRef,
        ids: Vec<String>,
    ) -> Result<(), ProviderError> {
        let place = self.instance.look_up(&repository).await?;
        for id in ids {
            let path = place.path().into_iter().chain(["hooks", id.as_str()]);
            let call = Call::delete(&self.instance.api, path).missing("webhook");
            match self.instance.client.send(repository.account, call).await {
                Err(error) if !matches!(error.cause(), ProviderError::NotFound { .. }) => {
                    return Err(error);
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn scheme(&self) -> &'static dyn WebhookScheme {
        SCHEME
    }

    fn read(&self, delivery: &Delivery) -> Result<Vec<Event>, ProviderError> {
        let Some(name) = scheme::event(delivery) else {
            return Ok(Vec::new());
        };
        let event = event::read(&self.instance.name, name, &delivery.body)?;
        Ok(event.into_iter().collect())
    }
}
