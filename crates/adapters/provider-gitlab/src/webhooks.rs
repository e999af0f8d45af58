//! Webhooks of GitLab.
//!
//! GitLab is told the secret in both forms that it knows: `scheme` says which.

use async_trait::async_trait;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use lodge_forge::{Event, EventKind, Resource};
use lodge_kernel::ExposeSecret as _;
use lodge_provider::{
    Delivery, Hook, NewHook, ProviderError, RepositoryRef, WebhookScheme, Webhooks,
};
use lodge_provider_kit::Call;

use crate::{
    SCHEME,
    api::{Api, project},
    payload::{
        event,
        hook::{HookPayload, NewHookPayload},
    },
    scheme::{SIGNING, signing_key},
};

const EVENTS: [EventKind; 9] = [
    EventKind::Push,
    EventKind::Tag,
    EventKind::PullRequestOpened,
    EventKind::PullRequestUpdated,
    EventKind::PullRequestMerged,
    EventKind::PullRequestClosed,
    EventKind::CheckUpdated,
    EventKind::ReleasePublished,
    EventKind::DeploymentUpdated,
];

pub(crate) struct GitLabWebhooks {
    pub(crate) api: Api,
}

#[async_trait]
impl Webhooks for GitLabWebhooks {
    fn events(&self) -> &'static [EventKind] {
        &EVENTS
    }

    async fn create_hook(
        &self,
        repository: RepositoryRef,
        hook: NewHook,
    ) -> Result<Hook, ProviderError> {
        let asked = |kinds: &[EventKind]| kinds.iter().any(|it| hook.events.contains(it));
        let signing_token = format!("{SIGNING}{}", STANDARD.encode(signing_key(&hook.secret)));
        let payload = NewHookPayload {
            url: &hook.url,
            token: hook.secret.expose_secret(),
            signing_token: &signing_token,
            enable_ssl_verification: true,
            push_events: asked(&[EventKind::Push]),
            tag_push_events: asked(&[EventKind::Tag]),
            merge_requests_events: asked(&[
                EventKind::PullRequestOpened,
                EventKind::PullRequestUpdated,
                EventKind::PullRequestMerged,
                EventKind::PullRequestClosed,
            ]),
            pipeline_events: asked(&[EventKind::CheckUpdated]),
            job_events: asked(&[EventKind::CheckUpdated]),
            releases_events: asked(&[EventKind::ReleasePublished]),
            deployment_events: asked(&[EventKind::DeploymentUpdated]),
        };
        let segments = project(&repository)?.into_iter().chain(["hooks"]);
        let call = Call::post_json(&self.api.base, segments, &payload)?;
        let answer = self.api.ask(&repository, call).await?;
        let made: HookPayload = answer.json(Resource::Subscriptions)?;
        let active = made.alert_status.is_none_or(|it| it == "executable");
        Ok(Hook { ids: vec![made.id.to_string()], active })
    }

    async fn delete_hook(
        &self,
        repository: RepositoryRef,
        ids: Vec<String>,
    ) -> Result<(), ProviderError> {
        for id in &ids {
            let segments = project(&repository)?.into_iter().chain(["hooks", id.as_str()]);
            let call = Call::delete(&self.api.base, segments).missing("webhook");
            match self.api.ask(&repository, call).await {
                Err(error) if !is_gone(&error) => return Err(error),
                _ => {}
            }
        }
        Ok(())
    }

    fn scheme(&self) -> &'static dyn WebhookScheme {
        SCHEME
    }

    fn read(&self, delivery: &Delivery) -> Result<Vec<Event>, ProviderError> {
        event::read(self.api.name.clone(), &delivery.body).map_err(|source| {
            ProviderError::Malformed { resource: Resource::Subscriptions, source }
        })
    }
}

/// The webhook is not there, or its project is not.
fn is_gone(error: &ProviderError) -> bool {
    let error = error.cause();
    matches!(error, ProviderError::NotFound { .. } | ProviderError::RepositoryNotFound)
}
