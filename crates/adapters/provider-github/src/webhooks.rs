//! Webhooks of a repository.
//!
//! <https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries>

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
    api::Api,
    payload::{
        event,
        hook::{HookConfigPayload, HookPayload, NewHookPayload},
    },
};

const HOOKS: Resource = Resource::Subscriptions;

/// What courses go by beside, and apps are not told.
const MORE: [&str; 6] = [
    "commit_comment",
    "issue_comment",
    "issues",
    "pull_request_review",
    "pull_request_review_comment",
    "workflow_run",
];

/// GitHub's webhooks.
pub(crate) struct GithubWebhooks(pub(crate) Arc<Api>);

/// GitHub's events that tell of `kind`.
fn names(kind: EventKind) -> &'static [&'static str] {
    match kind {
        // A tag is pushed as a branch is.
        EventKind::Push | EventKind::Tag => &["push"],
        EventKind::PullRequestOpened
        | EventKind::PullRequestUpdated
        | EventKind::PullRequestMerged
        | EventKind::PullRequestClosed => &["pull_request"],
        EventKind::CheckUpdated => &["check_run", "status"],
        EventKind::ReleasePublished => &["release"],
        EventKind::DeploymentUpdated => &["deployment", "deployment_status"],
        EventKind::RepositoryUpdated => &["repository"],
    }
}

/// GitHub's events that `hook` asks for, each once.
fn wanted(hook: &NewHook) -> Vec<&'static str> {
    let mut events: Vec<_> = hook.events.iter().flat_map(|it| names(*it)).copied().collect();
    if hook.everything {
        events.extend(MORE);
    }
    events.sort_unstable();
    events.dedup();
    events
}

#[async_trait]
impl Webhooks for GithubWebhooks {
    fn events(&self) -> &'static [EventKind] {
        &EventKind::ALL
    }

    async fn create_hook(
        &self,
        repository: RepositoryRef,
        hook: NewHook,
    ) -> Result<Hook, ProviderError> {
        let config = HookConfigPayload {
            url: &hook.url,
            content_type: "json",
            secret: hook.secret.expose_secret(),
            insecure_ssl: "0",
        };
        let body = NewHookPayload { name: "web", active: true, events: wanted(&hook), config };
        let call = Call::post_json(&self.0.base, Api::path(&repository, &["hooks"])?, &body)?;
        let answer = self.0.client.send(repository.account, call).await?;
        Ok(answer.json::<HookPayload>(HOOKS)?.into())
    }

    async fn delete_hook(
        &self,
        repository: RepositoryRef,
        ids: Vec<String>,
    ) -> Result<(), ProviderError> {
        for id in &ids {
            let path = Api::path(&repository, &["hooks", id])?;
            let call = Call::delete(&self.0.base, path).missing("webhook");
            match self.0.client.send(repository.account, call).await {
                Err(error) if matches!(error.cause(), ProviderError::NotFound { .. }) => {}
                other => drop(other?),
            }
        }
        Ok(())
    }

    fn scheme(&self) -> &'static dyn WebhookScheme {
        SCHEME
    }

    fn read(&self, delivery: &Delivery) -> Result<Vec<Event>, ProviderError> {
        let name = delivery.header("x-github-event").ok_or_else(|| ProviderError::Malformed {
            resource: HOOKS,
            source: "it does not say which event it is".into(),
        })?;
        event::read(&self.0.name, name, &delivery.body)
            .map(|event| event.into_iter().collect())
            .map_err(|source| ProviderError::Malformed { resource: HOOKS, source })
    }
}

#[cfg(test)]
mod tests {
    use lodge_kernel::SecretString;

    use super::*;

    #[test]
    fn apps_are_told_what_they_ask_for_and_courses_what_they_go_by() {
        let hook = |events: &[EventKind], everything| NewHook {
            url: "https://lodge.example.org/hooks/7".to_owned(),
            events: events.to_vec(),
            everything,
            secret: SecretString::from("a secret"),
        };
        let asked = [EventKind::Tag, EventKind::Push, EventKind::PullRequestMerged];
        assert_eq!(wanted(&hook(&asked, false)), ["pull_request", "push"]);
        let unified = [
            "check_run",
            "deployment",
            "deployment_status",
            "pull_request",
            "push",
            "release",
            "repository",
            "status",
        ];
        assert_eq!(wanted(&hook(&EventKind::ALL, false)), unified);
        let all = [
            "check_run",
            "commit_comment",
            "deployment",
            "deployment_status",
            "issue_comment",
            "issues",
            "pull_request",
            "pull_request_review",
            "pull_request_review_comment",
            "push",
            "release",
            "repository",
            "status",
            "workflow_run",
        ];
        assert_eq!(wanted(&hook(&EventKind::ALL, true)), all);
    }
}
