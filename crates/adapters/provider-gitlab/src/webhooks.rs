//! Webhooks of GitLab.
//!
//! A delivery is proved in one of two ways, and GitLab is told the secret for
//! both: the *signing token* signs id, time and body as Standard Webhooks has
//! it (<https://www.standardwebhooks.com/>); the *secret token* of older
//! versions comes back in the clear and proves the sender alone:
//! <https://docs.gitlab.com/user/project/integrations/webhooks/>.

use std::time::Duration;

use async_trait::async_trait;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use lodge_forge::{Event, EventKind, Resource};
use lodge_kernel::{ExposeSecret as _, SecretString, Timestamp};
use lodge_provider::{
    Delivery, Hook, HookRefused, NewHook, ProviderError, RepositoryRef, Webhooks,
};
use lodge_provider_kit::{Call, hmac_sha256_fits_key, same_secret};
use sha2::{Digest as _, Sha256};

use crate::{
    api::{Api, project},
    payload::{
        event,
        hook::{HookPayload, NewHookPayload},
    },
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
/// How old a signed delivery may be, and how far ahead of our clock.
const TOLERANCE: Duration = Duration::from_mins(5);
/// What a signing token begins with.
const SIGNING: &str = "whsec_";
/// How many bytes GitLab wants in one.
const KEY: usize = 32;
/// The longest id of a delivery that is taken for one, in bytes.
const LONGEST_ID: usize = 128;

pub(crate) struct GitLabWebhooks {
    pub(crate) api: Api,
}

/// What deliveries are signed with: the secret itself where it is a signing
/// token, else a digest of it, since GitLab wants just 32 bytes.
fn signing_key(secret: &SecretString) -> Vec<u8> {
    let text = secret.expose_secret();
    let given = text.strip_prefix(SIGNING).and_then(|it| STANDARD.decode(it).ok());
    given.filter(|it| it.len() == KEY).unwrap_or_else(|| Sha256::digest(text).to_vec())
}

fn verify_signed(
    secrets: &[SecretString],
    delivery: &Delivery,
    signatures: &str,
) -> Result<(), HookRefused> {
    let id = delivery.header("webhook-id").ok_or(HookRefused::WrongSignature)?;
    let at = delivery.header("webhook-timestamp").ok_or(HookRefused::WrongSignature)?;
    let message: [&[u8]; 5] = [id.as_bytes(), b".", at.as_bytes(), b".", &delivery.body];
    let keys: Vec<_> = secrets.iter().map(signing_key).collect();
    let given = signatures.split(' ').filter_map(|it| it.strip_prefix("v1,"));
    let mut given = given.filter_map(|it| STANDARD.decode(it).ok());
    if !given.any(|it| keys.iter().any(|key| hmac_sha256_fits_key(key, &message, &it))) {
        return Err(HookRefused::WrongSignature);
    }
    let at = at.parse().map(Timestamp::from_seconds).map_err(|_no_time| HookRefused::Stale)?;
    let now = delivery.received_at;
    let apart = now.since(at).max(at.since(now));
    if apart > TOLERANCE { Err(HookRefused::Stale) } else { Ok(()) }
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

    fn verify(&self, secrets: &[SecretString], delivery: &Delivery) -> Result<(), HookRefused> {
        if let Some(signatures) = delivery.header("webhook-signature") {
            return verify_signed(secrets, delivery, signatures);
        }
        let token = delivery.header("x-gitlab-token").ok_or(HookRefused::Unsigned)?;
        if same_secret(secrets, token) { Ok(()) } else { Err(HookRefused::WrongSignature) }
    }

    fn delivery_id(&self, delivery: &Delivery) -> Option<String> {
        // The first is signed. The last is older than the others, and is that
        // of the event: the same at every webhook that hears of it.
        let names = ["webhook-id", "idempotency-key", "x-gitlab-event-uuid"];
        let mut ids = names.into_iter().filter_map(|it| delivery.header(it));
        ids.find(|it| (1..=LONGEST_ID).contains(&it.len())).map(str::to_owned)
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
