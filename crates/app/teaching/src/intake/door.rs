//! By which door a delivery comes, and which secrets open it.
//!
//! What was looked up is remembered for a fifth of a second: hooks are few and
//! deliveries many. A secret that a remembered door does not know is looked up
//! before it is refused, so that a rotation turns nobody away; one that was
//! removed opens nothing after that fifth.

use std::{sync::Arc, time::Duration};

use lodge_forge::ProviderName;
use lodge_gateway::{
    lately::Lately,
    sealing::{self, Place},
};
use lodge_intake::{Hook, sameness::Door};
use lodge_kernel::{Digest, HookId, SecretString, TenantId, Timestamp};
use lodge_provider::{Delivery, HookRefused, WebhookScheme};
use lodge_storage::StorageError;

use super::receive::ReceiveError;
use crate::Teaching;

/// How long a door is remembered.
const REMEMBERED: Duration = Duration::from_millis(200);

/// By what a door is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Sign {
    /// The delivery's address names it.
    Named(HookId),
    /// The delivery shows the secret.
    Shown(Digest),
    /// The delivery names none: the installation's own.
    Installation,
}

/// A door with the secrets that open it.
#[derive(Debug)]
pub(super) struct OpenDoor {
    pub(super) tenant: TenantId,
    pub(super) door: Door,
    source: ProviderName,
    /// Each with the end of its time, if it has one.
    secrets: Vec<(SecretString, Option<Timestamp>)>,
}

impl OpenDoor {
    fn verify(
        &self,
        source: &ProviderName,
        scheme: &dyn WebhookScheme,
        delivery: &Delivery,
    ) -> Result<(), HookRefused> {
        // The hook of another host: its secret proves nothing here.
        if self.source != *source {
            return Err(HookRefused::WrongSignature);
        }
        let good = |until: &Option<Timestamp>| until.is_none_or(|it| delivery.received_at < it);
        let secrets = self.secrets.iter().filter(|(_, until)| good(until));
        let secrets: Vec<_> = secrets.map(|(secret, _)| secret.clone()).collect();
        scheme.verify(&secrets, delivery)
    }
}

/// Doors that were opened lately.
#[derive(Debug)]
pub struct OpenDoors(Lately<Sign, Arc<OpenDoor>>);

impl Default for OpenDoors {
    fn default() -> Self {
        Self(Lately::new(REMEMBERED))
    }
}

impl OpenDoors {
    /// Forgets them all: a secret was changed.
    pub(crate) fn clear(&self) {
        self.0.clear();
    }
}

impl Teaching {
    /// The door that `delivery` opens, once that is proved.
    pub(super) async fn open_door(
        &self,
        source: &ProviderName,
        scheme: &dyn WebhookScheme,
        hook: Option<HookId>,
        delivery: &Delivery,
    ) -> Result<Arc<OpenDoor>, ReceiveError> {
        let now = self.now();
        let shown = scheme.shown_secret(delivery);
        let signs = match (hook, shown) {
            (Some(id), _) => vec![Sign::Named(id)],
            (None, Some(text)) => {
                vec![Sign::Shown(self.keys.digest(text.as_bytes())), Sign::Installation]
            }
            (None, None) => vec![Sign::Installation],
        };
        // All that is remembered comes first: else every delivery with the
        // installation's own secret would have it looked for among the hooks.
        let remembered = signs
            .iter()
            .filter_map(|it| self.intake.doors.0.get(it, now))
            .find(|it| it.verify(source, scheme, delivery).is_ok());
        if let Some(door) = remembered {
            return Ok(door);
        }
        let before = self.intake.doors.0.before();
        let mut refused = None;
        for sign in signs {
            let Some(door) = self.look_up(sign, now).await? else { continue };
            match door.verify(source, scheme, delivery) {
                Ok(()) => {
                    let door = Arc::new(door);
                    self.intake.doors.0.keep(before, sign, Arc::clone(&door), now);
                    return Ok(door);
                }
                Err(error) => refused = Some(error),
            }
        }
        Err(match (refused, hook) {
            (Some(HookRefused::Unsigned), None) => ReceiveError::NoHookNamed,
            (Some(refused), _) => ReceiveError::Refused(refused),
            (None, Some(_)) => ReceiveError::UnknownHook,
            (None, None) if shown.is_some() => ReceiveError::Refused(HookRefused::WrongSignature),
            (None, None) => ReceiveError::NoHookNamed,
        })
    }

    async fn look_up(&self, sign: Sign, now: Timestamp) -> Result<Option<OpenDoor>, StorageError> {
        let mut work = self.storage.read().await?;
        let hook = match sign {
            Sign::Named(id) => work.hooks().find(id).await?,
            Sign::Shown(digest) => work.hooks().find_by_secret(digest, now).await?,
            Sign::Installation => {
                let Some((source, secret)) = &self.intake.installation else { return Ok(None) };
                let oldest = work.tenants().list(None, 1).await?;
                return Ok(oldest.first().map(|tenant| OpenDoor {
                    tenant: tenant.id,
                    door: None,
                    source: source.clone(),
                    secrets: vec![(secret.clone(), None)],
                }));
            }
        };
        let Some(hook) = hook else { return Ok(None) };
        let Hook { id, tenant, source, secret, previous, .. } = hook;
        let place = (tenant, Place::CourseHook(id));
        let vault = &*self.intake.vault;
        let mut secrets =
            vec![(sealing::open(vault, &mut *work, place, &secret.sealed).await?, None)];
        if let Some(previous) = previous {
            let sealed = &previous.secret.sealed;
            let text = sealing::open(vault, &mut *work, place, sealed).await?;
            secrets.push((text, Some(previous.until)));
        }
        Ok(Some(OpenDoor { tenant, door: Some(id), source, secrets }))
    }
}
