//! Service hooks: one subscription for each type of event, and nothing signed.
//!
//! A delivery is proved by the password of HTTP Basic, which the host keeps
//! from everybody who may look at the subscription; a header of our own would
//! be shown to them.

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
    azure::{Azure, VERSION},
    events::{self, Teller},
    payload::hook::{ConsumerInputs, NewSubscription, PublisherInputs, SubscriptionPayload},
    place::Place,
};

/// The name before the password. It proves nothing.
const USER: &str = "gitlodge";

/// What the host can tell. Releases and deployments are of a project, and do
/// not say which repository they are of.
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

/// What courses go by beside that.
const MORE: (&str, &str, bool) = ("ms.vss-code.git-pullrequest-comment-event", "2.0", true);

/// Service hooks.
pub(crate) struct AzureWebhooks(pub(crate) Arc<Azure>);

/// The types of event that tell `kinds`, each with the version of its resource
/// and whether it can be asked for of one repository. That a pull request was
/// merged is an update of it: `git.pullrequest.merged` tells every try.
fn types_of(kinds: &[EventKind]) -> Vec<(&'static str, &'static str, bool)> {
    let mut types = Vec::new();
    for kind in kinds {
        let more: &[_] = match kind {
            EventKind::Push | EventKind::Tag => &[("git.push", "1.0", true)],
            EventKind::PullRequestOpened => &[("git.pullrequest.created", "1.0", true)],
            EventKind::PullRequestUpdated
            | EventKind::PullRequestMerged
            | EventKind::PullRequestClosed => &[("git.pullrequest.updated", "1.0", true)],
            // Version 1 does not tell the repository.
            EventKind::CheckUpdated => &[("build.complete", "2.0", false)],
            EventKind::RepositoryUpdated => &[
                ("git.repo.renamed", "1.0-preview.1", true),
                ("git.repo.statuschanged", "1.0-preview.1", true),
            ],
            EventKind::ReleasePublished | EventKind::DeploymentUpdated => &[],
        };
        types.extend(more.iter().filter(|it| !types.contains(*it)).copied().collect::<Vec<_>>());
    }
    types
}

#[async_trait]
impl Webhooks for AzureWebhooks {
    fn events(&self) -> &'static [EventKind] {
        EVENTS
    }

    async fn create_hook(
        &self,
        repository: RepositoryRef,
        hook: NewHook,
    ) -> Result<Hook, ProviderError> {
        let place = Place::of(&repository)?;
        let project = self.0.facts(&place).await?.project;
        let mut made = Hook { ids: Vec::new(), active: true };
        let more = hook.everything.then_some(MORE);
        for (event_type, resource_version, of_repository) in
            types_of(&hook.events).into_iter().chain(more)
        {
            let subscription = NewSubscription {
                publisher_id: "tfs",
                event_type,
                resource_version,
                consumer_id: "webHooks",
                consumer_action_id: "httpRequest",
                publisher_inputs: PublisherInputs {
                    project_id: &project,
                    repository: of_repository.then_some(place.repository.as_str()),
                },
                consumer_inputs: ConsumerInputs {
                    url: &hook.url,
                    basic_auth_username: USER,
                    basic_auth_password: hook.secret.expose_secret(),
                    resource_details_to_send: "all",
                    messages_to_send: "none",
                    detailed_messages_to_send: "none",
                },
            };
            match self.subscribe(&place, &subscription).await {
                Ok((id, active)) => {
                    made.ids.push(id);
                    made.active &= active;
                }
                Err(error) => {
                    // Half a webhook is none. What cannot be undone either is
                    // said by the first error.
                    let _ = self.delete_hook(repository.clone(), made.ids).await;
                    return Err(error);
                }
            }
        }
        Ok(made)
    }

    async fn delete_hook(
        &self,
        repository: RepositoryRef,
        ids: Vec<String>,
    ) -> Result<(), ProviderError> {
        let place = Place::of(&repository)?;
        for id in ids {
            let path = [&place.organization, "_apis", "hooks", "subscriptions", &id];
            let call = Call::delete(&self.0.sites.main, path).query("api-version", VERSION);
            match self.0.client.send(place.account, call.missing("webhook")).await {
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
        let teller = Teller { name: &self.0.name, sites: &self.0.sites };
        events::read(teller, &delivery.body)
    }
}

impl AzureWebhooks {
    async fn subscribe(
        &self,
        place: &Place,
        subscription: &NewSubscription<'_>,
    ) -> Result<(String, bool), ProviderError> {
        let path = [&place.organization, "_apis", "hooks", "subscriptions"];
        let call = Call::post_json(&self.0.sites.main, path, subscription)?;
        let call = call.query("api-version", VERSION);
        let answer = self.0.client.send(place.account, call).await?;
        let told: SubscriptionPayload<'_> = answer.json(Resource::Subscriptions)?;
        Ok((told.id.to_string(), told.is_active()))
    }
}
