//! Deployment Hook.

use lodge_forge::{Deployment, EventKind, Subject};
use lodge_provider_kit::Text;
use serde::Deserialize;

use super::{Time, Told, filled};
use crate::{
    hash,
    payload::{deployment::state, profile::PersonPayload},
};

#[derive(Debug, Deserialize)]
struct HookPayload<'a> {
    /// GitLab before 13.10 does not tell it.
    deployment_id: Option<u64>,
    #[serde(borrow)]
    status: Option<Text<'a>>,
    #[serde(default)]
    status_changed_at: Time,
    #[serde(borrow)]
    environment: Option<Text<'a>>,
    #[serde(borrow)]
    environment_external_url: Option<Text<'a>>,
    #[serde(borrow)]
    deployable_url: Option<Text<'a>>,
    #[serde(borrow, rename = "ref")]
    reference: Option<Text<'a>>,
    /// The one place with the whole hash.
    #[serde(borrow)]
    commit_url: Option<Text<'a>>,
    #[serde(borrow)]
    user: Option<PersonPayload<'a>>,
}

pub(super) fn read(body: &[u8]) -> Result<Told, serde_json::Error> {
    let payload: HookPayload<'_> = serde_json::from_slice(body)?;
    let at = payload.status_changed_at.0;
    let told = |it| (EventKind::DeploymentUpdated, at, Subject::Deployment(Box::new(it)));
    Ok(payload.into_deployment().map(told))
}

impl HookPayload<'_> {
    /// `None` when it cannot be said which one it is.
    fn into_deployment(self) -> Option<Deployment> {
        let (state, traits) = state(self.status.as_deref());
        let last = self.commit_url.as_deref().and_then(|it| it.rsplit('/').next());
        Some(Deployment {
            id: self.deployment_id?.to_string(),
            environment: filled(self.environment)?,
            environment_url: filled(self.environment_external_url),
            state,
            reference: filled(self.reference),
            sha: last.filter(|it| hash::is_whole(it)).map(str::to_owned),
            creator: self.user.and_then(PersonPayload::called),
            created_at: None,
            updated_at: self.status_changed_at.0,
            finished_at: None,
            traits,
            url: filled(self.deployable_url),
        })
    }
}
