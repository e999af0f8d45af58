//! Webhooks: <https://support.atlassian.com/bitbucket-cloud/docs/manage-webhooks/>.

use async_trait::async_trait;
use lodge_forge::{Event, EventKind, Resource};
use lodge_kernel::ExposeSecret as _;
use lodge_provider::{
    Delivery, Hook, NewHook, ProviderError, RepositoryRef, WebhookScheme, Webhooks,
};
use lodge_provider_kit::Call;

use crate::{
    SCHEME,
    ask::{path, slug},
    host::Bitbucket,
    payload::{
        event::EventPayload,
        hook::{HookPayload, NewHookPayload},
    },
};

/// What a hook is called in the repository's settings.
const DESCRIPTION: &str = "Gitlodge";

/// Bitbucket has no event for releases, and none for deployments.
const EVENTS: &[EventKind] = &[
    EventKind::Push,
    EventKind::Tag,
    EventKind::PullRequestOpened,
    EventKind::PullRequestUpdated,
    EventKind::PullRequestMerged,
    EventKind::PullRequestClosed,
    EventKind::CheckUpdated,
    EventKind::RepositoryUpdated,
];

/// Bitbucket's names of what tells a kind.
const fn native(kind: EventKind) -> &'static [&'static str] {
    match kind {
        EventKind::Push | EventKind::Tag => &["repo:push"],
        EventKind::PullRequestOpened => &["pullrequest:created"],
        EventKind::PullRequestUpdated => &["pullrequest:updated"],
        EventKind::PullRequestMerged => &["pullrequest:fulfilled"],
        EventKind::PullRequestClosed => &["pullrequest:rejected"],
        EventKind::CheckUpdated => &["repo:commit_status_created", "repo:commit_status_updated"],
        EventKind::RepositoryUpdated => &["repo:updated"],
        EventKind::ReleasePublished | EventKind::DeploymentUpdated => &[],
    }
}

/// What courses go by beside that.
const MORE: &[&str] = &[
    "pullrequest:approved",
    "pullrequest:unapproved",
    "pullrequest:comment_created",
    "pullrequest:comment_updated",
    "issue:created",
    "issue:updated",
    "issue:comment_created",
    "repo:commit_comment_created",
];

#[async_trait]
impl Webhooks for Bitbucket {
    fn events(&self) -> &'static [EventKind] {
        EVENTS
    }

    async fn create_hook(
        &self,
        repository: RepositoryRef,
        hook: NewHook,
    ) -> Result<Hook, ProviderError> {
        let mut events: Vec<_> = hook.events.iter().flat_map(|it| native(*it)).copied().collect();
        if hook.everything {
            events.extend(MORE);
        }
        events.sort_unstable();
        events.dedup();
        if events.is_empty() {
            let problem = "Bitbucket tells none of these events".to_owned();
            return Err(ProviderError::Invalid { problem });
        }
        let body = NewHookPayload {
            description: DESCRIPTION,
            url: &hook.url,
            active: true,
            secret: hook.secret.expose_secret(),
            events,
        };
        let call = Call::post_json(&self.api, path(&slug(&repository)?), &body)?.then(["hooks"]);
        let answer = self.client.send(repository.account, call).await?;
        let made: HookPayload<'_> = answer.json(Resource::Subscriptions)?;
        Ok(Hook { ids: vec![made.uuid.into()], active: made.active.unwrap_or(true) })
    }

    async fn delete_hook(
        &self,
        repository: RepositoryRef,
        ids: Vec<String>,
    ) -> Result<(), ProviderError> {
        for id in ids {
            let call = Call::delete(&self.api, path(&slug(&repository)?)).then(["hooks", &id]);
            match self.client.send(repository.account, call.missing("webhook")).await {
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
        let malformed =
            |source| ProviderError::Malformed { resource: Resource::Subscriptions, source };
        let key = delivery.header("x-event-key");
        let key = key.ok_or_else(|| malformed("the delivery has no event key".into()))?;
        let known = EVENTS.iter().any(|kind| native(*kind).contains(&key));
        if !known {
            return Ok(Vec::new());
        }
        let payload: EventPayload<'_> =
            serde_json::from_slice(&delivery.body).map_err(|error| malformed(error.into()))?;
        let events = payload.into_events(key, &self.name);
        events.ok_or_else(|| malformed("the event names no repository or commit".into()))
    }
}
