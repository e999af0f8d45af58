//! Doors for deliveries: made, listed, given a new secret, removed.

use std::time::Duration;

use lodge_access::{Action, Secret, SecretKind};
use lodge_courses::TokenScope;
use lodge_gateway::sealing::{self, Place};
use lodge_intake::{Hook, HookSecret, Intake, Kind, Sameness, State, Tries, preimage};
use lodge_kernel::{HookId, IntakeId, TenantId};
use lodge_provider::Delivery;
use lodge_storage::{StorageError, UnitOfWork};

use super::parcel;
use crate::{Caller, Teaching, TeachingError};

/// The longest name of a hook, in characters.
const LONGEST_NAME: usize = 100;
/// How long a secret that somebody brings is, in bytes.
const SECRET: std::ops::RangeInclusive<usize> = 24..=200;
/// The longest time for which a secret stays good beside its successor.
const LONGEST_OVERLAP: Duration = Duration::from_hours(30 * 24);

/// A hook that is to be made.
#[derive(Clone, Debug)]
pub struct HookWish {
    /// What people call it.
    pub name: String,
    /// The host.
    pub host: String,
    /// The secret that the host has made; one is made here otherwise.
    pub secret: Option<String>,
}

/// A hook with its secret in clear, which is shown this once.
#[derive(Debug)]
pub struct NewHook {
    /// The hook.
    pub hook: Hook,
    /// The secret.
    pub secret: String,
}

impl Teaching {
    /// Makes a door for deliveries of a host, also in an installation that has no
    /// organisation yet.
    ///
    /// # Errors
    ///
    /// [`TeachingError`].
    #[tracing::instrument(name = "teaching.make_hook", skip_all)]
    pub async fn make_hook(
        &self,
        caller: &Caller,
        wish: HookWish,
    ) -> Result<NewHook, TeachingError> {
        may_keep(caller, TokenScope::CoursesWrite)?;
        let mut work = self.storage.begin().await?;
        let tenant = self.home(&mut *work, caller).await?;
        let made = self.add_door(&mut *work, (tenant, caller), wish).await?;
        work.commit().await?;
        Ok(made)
    }

    /// As [`make_hook`](Self::make_hook), in the unit of work `work`.
    pub(crate) async fn add_door(
        &self,
        work: &mut dyn UnitOfWork,
        (tenant, caller): (TenantId, &Caller),
        wish: HookWish,
    ) -> Result<NewHook, TeachingError> {
        let name = wish.name.trim().to_owned();
        let fits = !name.is_empty()
            && name.chars().count() <= LONGEST_NAME
            && !name.contains(char::is_control);
        if !fits {
            return Err(TeachingError::invalid("name", "a name has 1 to 100 characters"));
        }
        let names = self.intake.schemes.names();
        let known = self.intake.schemes.find(&wish.host);
        let unknown = || TeachingError::invalid("host", format!("the host is one of {names}"));
        let source = known.ok_or_else(unknown)?.0.clone();
        let text = self.secret_text(wish.secret)?;
        let id = HookId::fresh(&*self.clock, &*self.entropy);
        let secret = self.sealed(work, tenant, id, &text).await?;
        let now = self.now();
        let (created_at, updated_at) = (now, now);
        let previous = None;
        let hook = Hook { id, tenant, name, source, secret, previous, created_at, updated_at };
        work.hooks().add(&hook).await.map_err(TeachingError::taken("secret", "…"))?;
        self.audit(work, (tenant, caller), Action::HookMade, |it| it.to(id)).await?;
        Ok(NewHook { hook, secret: text })
    }

    /// The hooks of the caller's organisation, oldest first: at most `limit`
    /// after `after`.
    ///
    /// # Errors
    ///
    /// [`TeachingError`].
    #[tracing::instrument(name = "teaching.list_hooks", skip_all)]
    pub async fn hooks(
        &self,
        caller: &Caller,
        after: Option<HookId>,
        limit: usize,
    ) -> Result<Vec<Hook>, TeachingError> {
        let tenant = keeper(caller, TokenScope::CoursesRead)?;
        let mut work = self.storage.read().await?;
        let found = work.hooks().of_tenant(tenant, after, limit).await?;
        Ok(found)
    }

    /// Gives a hook a new secret; the one of now stays good for `overlap`, a day
    /// unless it is said.
    ///
    /// # Errors
    ///
    /// [`TeachingError`].
    #[tracing::instrument(name = "teaching.rotate_hook", skip_all)]
    pub async fn rotate_hook(
        &self,
        caller: &Caller,
        id: HookId,
        secret: Option<String>,
        overlap: Option<Duration>,
    ) -> Result<NewHook, TeachingError> {
        let tenant = keeper(caller, TokenScope::CoursesWrite)?;
        let mut work = self.storage.begin().await?;
        let who = (tenant, caller);
        let rotated = self.rotate_door(&mut *work, who, id, secret, overlap).await?;
        work.commit().await?;
        self.intake.doors.clear();
        Ok(rotated)
    }

    /// As [`rotate_hook`](Self::rotate_hook), of somebody who may, in the unit of
    /// work `work`. Once that is committed, remembered doors are to be forgotten.
    pub(crate) async fn rotate_door(
        &self,
        work: &mut dyn UnitOfWork,
        (tenant, caller): (TenantId, &Caller),
        id: HookId,
        secret: Option<String>,
        overlap: Option<Duration>,
    ) -> Result<NewHook, TeachingError> {
        let overlap = overlap.unwrap_or(Hook::OVERLAP);
        if overlap > LONGEST_OVERLAP {
            return Err(TeachingError::invalid("overlap_seconds", "at most 30 days, 2592000"));
        }
        let text = self.secret_text(secret)?;
        let known = work.hooks().find(id).await?.filter(|it| it.tenant == tenant);
        let known = known.ok_or(TeachingError::NotFound("hook"))?;
        let secret = self.sealed(work, tenant, id, &text).await?;
        let hook = known.clone().rotated(secret, overlap, self.now());
        work.hooks().update(&known, &hook).await.map_err(|error| match error {
            // To go on would end the secret that somebody else has just been told.
            StorageError::Conflict(_) => TeachingError::Blocked(
                "somebody else has changed its secret just now: look whether another is needed",
            ),
            other => TeachingError::taken("secret", "…")(other),
        })?;
        self.audit(work, (tenant, caller), Action::HookRotated, |it| it.to(id)).await?;
        Ok(NewHook { hook, secret: text })
    }

    /// Removes a hook. What came by it stays.
    ///
    /// # Errors
    ///
    /// [`TeachingError`].
    #[tracing::instrument(name = "teaching.remove_hook", skip_all)]
    pub async fn remove_hook(&self, caller: &Caller, id: HookId) -> Result<(), TeachingError> {
        let tenant = keeper(caller, TokenScope::CoursesWrite)?;
        self.remove_door((tenant, caller), id).await
    }

    /// As [`remove_hook`](Self::remove_hook), of somebody who may.
    pub(crate) async fn remove_door(
        &self,
        (tenant, caller): (TenantId, &Caller),
        id: HookId,
    ) -> Result<(), TeachingError> {
        let mut work = self.storage.begin().await?;
        if !work.hooks().remove(tenant, id).await? {
            return Err(TeachingError::NotFound("hook"));
        }
        self.audit(&mut *work, (tenant, caller), Action::HookRemoved, |it| it.to(id)).await?;
        work.commit().await?;
        self.intake.doors.clear();
        Ok(())
    }

    /// Keeps an empty event by a hook, as deliveries are kept; answers the hook
    /// and the event.
    ///
    /// # Errors
    ///
    /// [`TeachingError`].
    #[tracing::instrument(name = "teaching.try_hook", skip_all)]
    pub async fn try_hook(
        &self,
        caller: &Caller,
        id: HookId,
    ) -> Result<(Hook, IntakeId), TeachingError> {
        let tenant = keeper(caller, TokenScope::CoursesWrite)?;
        let mut work = self.storage.read().await?;
        let known = work.hooks().find(id).await?.filter(|it| it.tenant == tenant);
        let hook = known.ok_or(TeachingError::NotFound("hook"))?;
        drop(work);
        let event = IntakeId::fresh(&*self.clock, &*self.entropy);
        let received_at = self.now();
        let delivery = Delivery { headers: Vec::new(), body: b"{}".to_vec(), received_at };
        let sealed = parcel::seal(&*self.keys, tenant, event, &delivery);
        // Each trial is one of its own.
        let sameness = Sameness::Delivery(event.to_string());
        let key = self.keys.digest(&preimage(tenant, &hook.source, Some(id), &sameness));
        let intake = Intake {
            id: event,
            tenant,
            door: Some(id),
            source: hook.source.clone(),
            kind: Kind::Other,
            event: "test".to_owned(),
            repository: None,
            path: None,
            project: None,
            key,
            received_at,
            state: State::Pending { next_at: received_at },
            tries: Tries::default(),
        };
        self.intake.log.keep(intake, sealed).await?;
        Ok((hook, event))
    }

    /// The text that was brought, or a fresh one.
    fn secret_text(&self, brought: Option<String>) -> Result<String, TeachingError> {
        let Some(text) = brought else {
            let fresh = Secret::fresh(SecretKind::Webhook, &*self.entropy);
            return Ok(fresh.expose().to_owned());
        };
        if SECRET.contains(&text.len()) && text.bytes().all(|it| it.is_ascii_graphic()) {
            return Ok(text);
        }
        let problem = "a secret has 24 to 200 characters of ASCII, without spaces";
        Err(TeachingError::invalid("secret", problem))
    }

    async fn sealed(
        &self,
        work: &mut dyn UnitOfWork,
        tenant: TenantId,
        id: HookId,
        text: &str,
    ) -> Result<HookSecret, StorageError> {
        let place = (tenant, Place::CourseHook(id));
        let sealed = sealing::seal(&*self.intake.vault, work, self.now(), place, text).await?;
        Ok(HookSecret { digest: self.keys.digest(text.as_bytes()), sealed })
    }
}

/// The organisation whose intake the caller looks after: its owners and
/// administrators do, and the token of the environment.
pub(super) fn keeper(caller: &Caller, needed: TokenScope) -> Result<TenantId, TeachingError> {
    may_keep(caller, needed)?;
    caller.tenant()
}

/// As [`keeper`], where there may be no organisation yet.
fn may_keep(caller: &Caller, needed: TokenScope) -> Result<(), TeachingError> {
    caller.check_scope(needed)?;
    match caller {
        Caller::Person(person) if !person.is_admin() => Err(TeachingError::AdminOnly),
        _ => Ok(()),
    }
}
