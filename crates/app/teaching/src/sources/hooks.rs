//! Webhooks of ours at the hosts of course projects: made, looked at, given a
//! new secret, tried, removed.

use std::sync::Arc;

use lodge_access::{Secret, SecretKind};
use lodge_courses::Act;
use lodge_forge::RepositoryId;
use lodge_kernel::{HookId, ProjectId, SecretString, TenantId};
use lodge_provider::{NewHook, ProviderError, RepositoryRef, Webhooks};
use lodge_storage::{ProjectHook, StorageError};
use lodge_teams::Project;

use super::{
    account::{accounts, sources_of},
    locate::refused,
};
use crate::{
    Caller, Teaching, TeachingError,
    intake::{HookWish, NewHook as DoorMade},
    projects::{as_project, known_project},
    teams::seen_team,
};

/// A webhook at a host, as it is now.
#[derive(Clone, Debug)]
pub struct HookState {
    /// What is kept of it.
    pub hook: ProjectHook,
    /// The host sends at present.
    pub active: bool,
    /// It was made just now.
    pub created: bool,
}

/// What a host said when it was to send something.
#[derive(Clone, Debug)]
pub struct HookTrial {
    /// The webhook after that.
    pub state: HookState,
    /// Why the host did not send; `None` when it did.
    pub problem: Option<String>,
}

/// What a project's host is asked with.
struct Desk {
    project: Project,
    webhooks: Arc<dyn Webhooks>,
    repository: RepositoryRef,
    hook: Option<ProjectHook>,
}

const NO_SOURCE: TeachingError = TeachingError::Blocked(
    "no account of this course is for this project: bring the course in from its host first, or \
     make the webhook there by hand",
);
const NO_HOOK: TeachingError = TeachingError::NotFound("webhook of this project");

impl Teaching {
    /// Makes a webhook at a project's host, or switches the one on again that
    /// the host has switched off. `issuer` is how hosts reach this installation.
    ///
    /// # Errors
    ///
    /// [`TeachingError`]; [`TeachingError::Blocked`] for a host that sends none.
    #[tracing::instrument(name = "teaching.install_webhook", skip_all)]
    pub async fn install_webhook(
        &self,
        caller: &Caller,
        id: ProjectId,
        issuer: &str,
    ) -> Result<HookState, TeachingError> {
        let desk = self.desk(caller, id).await?;
        if let Some(hook) = desk.hook.clone() {
            // One without ids was never finished, and is made anew.
            let found =
                if hook.remote_ids.is_empty() { None } else { self.found(&desk, &hook).await? };
            match found {
                Some(true) => return Ok(HookState { hook, active: true, created: false }),
                Some(false) => {
                    let tried = desk.webhooks.test_hook(desk.repository.clone(), ids(&hook)).await;
                    self.heard(&desk, tried)?;
                    let active = self.found(&desk, &hook).await?.unwrap_or(false);
                    return Ok(HookState { hook, active, created: false });
                }
                // Somebody has removed it there.
                None => self.forget_hook(caller, &desk.project, hook.hook).await?,
            }
        }
        let who = (desk.project.tenant, caller);
        let host = desk.project.origin.host.to_string();
        let name = format!("project {id}");
        // The door comes first: a host may deliver before it has answered. And it
        // is written down whose it is: whoever finds it unfinished ends it.
        let (door, hook) = self.open_hook(who, id, HookWish { name, host, secret: None }).await?;
        let wish = new_hook(&desk, door.hook.id, issuer, door.secret);
        let made = desk.webhooks.create_hook(desk.repository.clone(), wish).await;
        let made = match self.heard(&desk, made) {
            Ok(made) => made,
            Err(error) => {
                self.forget_hook(caller, &desk.project, hook.hook).await?;
                return Err(error);
            }
        };
        let hook = ProjectHook { remote_ids: made.ids, ..hook };
        if let Err(error) = self.note_hook(&hook).await {
            self.undo(&desk, &hook).await;
            return Err(error.into());
        }
        Ok(HookState { hook, active: made.active, created: true })
    }

    /// Removes a project's webhook at its host, and the door that it came by.
    ///
    /// # Errors
    ///
    /// [`TeachingError`].
    #[tracing::instrument(name = "teaching.remove_webhook", skip_all)]
    pub async fn remove_webhook(
        &self,
        caller: &Caller,
        id: ProjectId,
    ) -> Result<(), TeachingError> {
        let desk = self.desk(caller, id).await?;
        let hook = desk.hook.clone().ok_or(NO_HOOK)?;
        let removed = desk.webhooks.delete_hook(desk.repository.clone(), ids(&hook)).await;
        match removed {
            // With the repository its webhooks are gone.
            Err(error) if matches!(error.cause(), ProviderError::RepositoryNotFound) => {}
            other => self.heard(&desk, other)?,
        }
        self.forget_hook(caller, &desk.project, hook.hook).await
    }

    /// Gives a project's webhook a new secret. The one of now stays good for a
    /// day, for what is on its way.
    ///
    /// # Errors
    ///
    /// [`TeachingError`].
    #[tracing::instrument(name = "teaching.rotate_webhook", skip_all)]
    pub async fn rotate_webhook(
        &self,
        caller: &Caller,
        id: ProjectId,
        issuer: &str,
    ) -> Result<HookState, TeachingError> {
        let desk = self.desk(caller, id).await?;
        let old = desk.hook.clone().ok_or(NO_HOOK)?;
        let secret = Secret::fresh(SecretKind::Webhook, &*self.entropy).expose().to_owned();
        // At the host first: were it the last step and failed, the host would go
        // on with a secret that ends here.
        let wish = new_hook(&desk, old.hook, issuer, secret.clone());
        let made = desk.webhooks.create_hook(desk.repository.clone(), wish).await;
        let made = self.heard(&desk, made)?;
        let hook = ProjectHook { remote_ids: made.ids, ..old.clone() };
        // Whatever fails from here on, nothing at the host is forgotten.
        let both = hook.remote_ids.iter().chain(&old.remote_ids).cloned().collect();
        let noted = self.note_hook(&ProjectHook { remote_ids: both, ..old.clone() }).await;
        if let Err(error) = noted {
            self.undo(&desk, &hook).await;
            return Err(error.into());
        }
        let who = (desk.project.tenant, caller);
        if let Err(error) = self.rotate_door(who, old.hook, Some(secret), None).await {
            if self.undo(&desk, &hook).await {
                self.note_hook(&old).await?;
            }
            return Err(error);
        }
        let removed = desk.webhooks.delete_hook(desk.repository.clone(), ids(&old)).await;
        self.heard(&desk, removed)?;
        self.note_hook(&hook).await?;
        Ok(HookState { hook, active: made.active, created: false })
    }

    /// Has a project's host send something to its webhook.
    ///
    /// # Errors
    ///
    /// [`TeachingError`].
    #[tracing::instrument(name = "teaching.try_webhook", skip_all)]
    pub async fn try_webhook(
        &self,
        caller: &Caller,
        id: ProjectId,
    ) -> Result<HookTrial, TeachingError> {
        let desk = self.desk(caller, id).await?;
        let hook = desk.hook.clone().ok_or(NO_HOOK)?;
        let tried = desk.webhooks.test_hook(desk.repository.clone(), ids(&hook)).await;
        let problem = tried.err().map(|error| error.cause().to_string());
        let active = self.found(&desk, &hook).await?.unwrap_or(false);
        Ok(HookTrial { state: HookState { hook, active, created: false }, problem })
    }

    async fn desk(&self, caller: &Caller, id: ProjectId) -> Result<Desk, TeachingError> {
        let mut work = self.storage.read().await?;
        let project = known_project(&mut *work, caller, id).await?;
        let seen = seen_team(&mut *work, caller, project.team).await;
        let (_, known) = seen.map_err(as_project)?;
        known.may_change(caller, Act::Operate)?;
        let (sources, _) = sources_of(&mut *work, project.tenant, project.course).await?;
        // What no sync has brought in was added by hand: no account is for it.
        let was_synced = work.sources().sync_of(project.tenant, id).await?.is_some();
        let hook = work.sources().hook_of(project.tenant, id).await?;
        drop(work);
        let host = &project.origin.host;
        let webhooks = self.workshop.hosts.webhooks(host).map(Arc::clone);
        let webhooks = webhooks.ok_or(TeachingError::Blocked(
            "this project's host sends no webhooks: the project is kept up by syncs",
        ))?;
        let account = accounts(&sources).remove(host).filter(|_| was_synced);
        let account = account.ok_or(NO_SOURCE)?;
        let id = RepositoryId::parse(&project.origin.remote_id);
        let id = id.map_err(|_not_an_id| {
            TeachingError::Blocked("this project's `remote_id` is none of its host")
        })?;
        Ok(Desk { project, webhooks, repository: RepositoryRef { account, id }, hook })
    }

    /// Whether the host sends; `None` when it has no such webhook.
    async fn found(&self, desk: &Desk, hook: &ProjectHook) -> Result<Option<bool>, TeachingError> {
        let found = desk.webhooks.find_hook(desk.repository.clone(), ids(hook)).await;
        Ok(self.heard(desk, found)?.map(|it| it.active))
    }

    fn heard<T>(&self, desk: &Desk, answer: Result<T, ProviderError>) -> Result<T, TeachingError> {
        answer.map_err(|error| refused(&desk.project.origin.host, &error, self.now()))
    }

    /// Makes a door for a project's webhook, which is not at the host yet.
    async fn open_hook(
        &self,
        (tenant, caller): (TenantId, &Caller),
        project: ProjectId,
        wish: HookWish,
    ) -> Result<(DoorMade, ProjectHook), TeachingError> {
        let mut work = self.storage.begin().await?;
        let door = self.add_door(&mut *work, (tenant, caller), wish).await?;
        let (hook, created_at) = (door.hook.id, self.now());
        let hook = ProjectHook { tenant, project, hook, remote_ids: Vec::new(), created_at };
        work.sources().add_hook(&hook).await.map_err(|error| match error {
            StorageError::Duplicate { .. } => {
                TeachingError::Blocked("somebody else has made its webhook at the same time")
            }
            other => other.into(),
        })?;
        work.commit().await?;
        Ok((door, hook))
    }

    /// Writes down what the host calls a webhook.
    async fn note_hook(&self, hook: &ProjectHook) -> Result<(), StorageError> {
        let mut work = self.storage.begin().await?;
        work.sources().update_hook(hook).await?;
        work.commit().await
    }

    /// Removes at the host what could not be kept here; answers whether it went.
    async fn undo(&self, desk: &Desk, hook: &ProjectHook) -> bool {
        let undone = desk.webhooks.delete_hook(desk.repository.clone(), ids(hook)).await;
        if let Err(error) = &undone {
            let id = desk.project.id;
            tracing::warn!(%error, project.id = %id, "a webhook at a host is left over");
        }
        undone.is_ok()
    }

    async fn forget_hook(
        &self,
        caller: &Caller,
        project: &Project,
        door: HookId,
    ) -> Result<(), TeachingError> {
        let mut work = self.storage.begin().await?;
        work.sources().remove_hook(project.tenant, project.id).await?;
        work.commit().await?;
        match self.remove_door((project.tenant, caller), door).await {
            // Somebody has removed it already.
            Err(TeachingError::NotFound(_)) => Ok(()),
            other => other,
        }
    }
}

fn ids(hook: &ProjectHook) -> Vec<String> {
    hook.remote_ids.clone()
}

/// A webhook that tells all that courses go by.
fn new_hook(desk: &Desk, door: HookId, issuer: &str, secret: String) -> NewHook {
    let host = &desk.project.origin.host;
    NewHook {
        url: format!("{issuer}/api/v1/webhooks/{host}?hook={door}"),
        events: desk.webhooks.events().to_vec(),
        everything: true,
        secret: SecretString::from(secret),
    }
}
