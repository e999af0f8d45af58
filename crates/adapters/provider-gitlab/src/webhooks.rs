//! Webhooks of GitLab.
//!
//! GitLab is told the secret in both forms that it knows: `scheme` says which.

use async_trait::async_trait;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use lodge_forge::{Event, EventKind, Resource};
use lodge_kernel::ExposeSecret as _;
use lodge_pagination::Limit;
use lodge_provider::{
    Delivery, Hook, NewHook, ProviderError, RepositoryRef, WebhookScheme, Webhooks,
};
use lodge_provider_kit::Call;

use crate::{
    SCHEME,
    api::{Api, project},
    paging::Offset,
    payload::{
        event,
        hook::{HookPayload, NewHookPayload, NoFields},
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

/// The most webhooks of a project that are looked at: GitLab allows 100 unless
/// its administrator says otherwise.
const MOST: u64 = 2_000;

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
        let asked = |kinds: &[EventKind]| {
            hook.everything || kinds.iter().any(|it| hook.events.contains(it))
        };
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
            note_events: hook.everything,
            issues_events: hook.everything,
        };
        let segments = project(&repository)?.into_iter().chain(["hooks"]);
        let call = Call::post_json(&self.api.base, segments, &payload)?;
        let answer = self.api.ask(&repository, call).await?;
        answer.json::<HookPayload>(Resource::Subscriptions).map(HookPayload::into_hook)
    }

    async fn find_hook(
        &self,
        repository: RepositoryRef,
        ids: Vec<String>,
    ) -> Result<Option<Hook>, ProviderError> {
        let [id] = ids.as_slice() else { return Ok(None) };
        let call = self.api.get(&repository, ["hooks", id])?.missing("webhook");
        match self.api.ask(&repository, call).await {
            Ok(answer) => {
                let found: HookPayload = answer.json(Resource::Subscriptions)?;
                Ok(Some(found.into_hook()))
            }
            Err(error) if is_gone(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn hooks_to(
        &self,
        repository: RepositoryRef,
        ending: String,
    ) -> Result<Vec<Hook>, ProviderError> {
        let call = self.api.get(&repository, ["hooks"])?;
        let (mut found, mut skip) = (Vec::new(), Some(0));
        while let Some(from) = skip.filter(|from| *from < MOST) {
            let offset = Offset::new(from, Limit::MAX);
            let answer = self.api.ask(&repository, offset.ask(call.clone())).await?;
            let page: Vec<HookPayload> = answer.page(Resource::Subscriptions)?;
            let meant = page.into_iter().filter(|it| it.ends_in(&ending));
            found.extend(meant.map(HookPayload::into_hook));
            skip = offset.next(&answer);
        }
        Ok(found)
    }

    /// GitLab sends the newest push, five times a minute at most, and none
    /// where nobody has pushed yet. It is the one way to switch a webhook on
    /// that failed too often:
    /// <https://docs.gitlab.com/user/project/integrations/webhooks/#re-enable-disabled-webhooks>.
    async fn test_hook(
        &self,
        repository: RepositoryRef,
        ids: Vec<String>,
    ) -> Result<(), ProviderError> {
        for id in &ids {
            let segments = project(&repository)?.into_iter();
            let segments = segments.chain(["hooks", id.as_str(), "test", "push_events"]);
            let call = Call::post_json(&self.api.base, segments, &NoFields {})?;
            self.api.ask(&repository, call.missing("webhook")).await?;
        }
        Ok(())
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
