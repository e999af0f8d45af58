//! Webhooks of ours at the hosts of course projects: made, looked at, tried,
//! removed.

use lodge_kernel::{ProjectId, TenantId};
use lodge_provider::{Hook, ProviderError};
use lodge_storage::{ProjectHook, StorageError};

use super::hook_desk::{Desk, is_lost};
use crate::{
    Caller, Teaching, TeachingError,
    intake::{HookWish, NewHook as DoorMade},
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

pub(super) const NO_HOOK: TeachingError = TeachingError::NotFound("webhook of this project");

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
            let there = if hook.remote_ids.is_empty() {
                self.unfinished_hook(&desk, &hook).await?
            } else {
                self.finished_hook(&desk, hook.clone()).await?
            };
            if let Some(there) = there {
                return Ok(there);
            }
            self.unless_being_made(&hook)?;
            self.forget_hook(caller, &hook).await?;
        }
        let who = (desk.project.tenant, caller);
        let host = desk.project.origin.host.to_string();
        let name = format!("project {id}");
        // The door comes first: a host may deliver before it has answered. And it
        // is written down whose it is: whoever finds it unfinished ends it.
        let (door, hook) = self.open_hook(who, id, HookWish { name, host, secret: None }).await?;
        let wish = desk.wish(door.hook.id, issuer, door.secret);
        match desk.webhooks.create_hook(desk.repository.clone(), wish).await {
            Ok(made) => self.keep_hook(&desk, &hook, made).await,
            Err(error) => self.hook_not_made(&desk, &hook, caller, error).await,
        }
    }

    /// A webhook that was made before. `None` when the host has none any more.
    async fn finished_hook(
        &self,
        desk: &Desk,
        hook: ProjectHook,
    ) -> Result<Option<HookState>, TeachingError> {
        match self.heard(desk, desk.is_active(&hook).await)? {
            Some(true) => Ok(Some(HookState { hook, active: true, created: false })),
            Some(false) => {
                let ids = hook.remote_ids.clone();
                let tried = desk.webhooks.test_hook(desk.repository.clone(), ids).await;
                self.heard(desk, tried)?;
                let active = self.heard(desk, desk.is_active(&hook).await)?.unwrap_or(false);
                Ok(Some(HookState { hook, active, created: false }))
            }
            None => {
                // Of several, which a rotation may have left, some may be there.
                self.heard(desk, desk.delete(hook.remote_ids).await)?;
                Ok(None)
            }
        }
    }

    /// A webhook that the host was asked for, while nobody knows whether it has
    /// made it. `None` when it has not.
    async fn unfinished_hook(
        &self,
        desk: &Desk,
        hook: &ProjectHook,
    ) -> Result<Option<HookState>, TeachingError> {
        let made = self.heard(desk, desk.made_for(hook.hook).await)?;
        let mut made = made.into_iter();
        let Some(first) = made.next() else { return Ok(None) };
        // One is enough.
        let others: Vec<_> = made.flat_map(|it| it.ids).collect();
        if !others.is_empty() {
            self.heard(desk, desk.delete(others).await)?;
        }
        self.keep_hook(desk, hook, first).await.map(Some)
    }

    /// What becomes of a webhook when the host's answer is an error: it may have
    /// made it all the same.
    async fn hook_not_made(
        &self,
        desk: &Desk,
        hook: &ProjectHook,
        caller: &Caller,
        error: ProviderError,
    ) -> Result<HookState, TeachingError> {
        if is_lost(&error) {
            // The host may be slow, and make it yet: the door stays, and the next
            // time it is looked for again.
            return match self.unfinished_hook(desk, hook).await {
                Ok(Some(there)) => Ok(there),
                _ => self.heard(desk, Err(error)),
            };
        }
        self.forget_hook(caller, hook).await?;
        self.heard(desk, Err(error))
    }

    /// Writes down what the host has made.
    async fn keep_hook(
        &self,
        desk: &Desk,
        hook: &ProjectHook,
        made: Hook,
    ) -> Result<HookState, TeachingError> {
        let kept = ProjectHook { remote_ids: made.ids, ..hook.clone() };
        let kept = match self.note_hook(hook, &kept).await {
            Ok(()) => kept,
            Err(StorageError::Conflict(_)) => self.noted_before(desk, kept).await?,
            Err(error) => {
                desk.undo(kept.remote_ids).await;
                return Err(TeachingError::gone(NO_HOOK)(error));
            }
        };
        Ok(HookState { hook: kept, active: made.active, created: true })
    }

    /// What somebody else has noted who found `made` at the host before its answer
    /// reached us. What is not among it is taken down.
    async fn noted_before(
        &self,
        desk: &Desk,
        made: ProjectHook,
    ) -> Result<ProjectHook, TeachingError> {
        let mut work = self.storage.read().await?;
        let noted = work.sources().hook_of(made.tenant, made.project).await?;
        drop(work);
        let noted = noted.filter(|it| it.hook == made.hook);
        let is_noted = |id: &String| noted.as_ref().is_some_and(|it| it.remote_ids.contains(id));
        let left: Vec<_> = made.remote_ids.into_iter().filter(|id| !is_noted(id)).collect();
        if !left.is_empty() {
            desk.undo(left).await;
        }
        noted.ok_or(NO_HOOK)
    }

    /// Removes a project's webhook at its host, and the door that it came by. Of
    /// a host that nobody here reaches any more, the door alone. It is done in an
    /// archived course, too, of which nothing else changes.
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
        let meant = self.meant_removal(caller, id).await?;
        let Some(hook) = meant.hook.clone() else {
            return self.at_host(meant).and(Err(NO_HOOK));
        };
        self.remove_there(meant, &hook).await?;
        self.forget_hook(caller, &hook).await
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
        let ids = hook.remote_ids.clone();
        let tried = desk.webhooks.test_hook(desk.repository.clone(), ids).await;
        let problem = tried.err().map(|error| error.cause().to_string());
        let active = self.heard(&desk, desk.is_active(&hook).await)?.unwrap_or(false);
        Ok(HookTrial { state: HookState { hook, active, created: false }, problem })
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

    /// Writes down what the host calls a webhook, unless somebody else has.
    pub(super) async fn note_hook(
        &self,
        from: &ProjectHook,
        to: &ProjectHook,
    ) -> Result<(), StorageError> {
        let mut work = self.storage.begin().await?;
        work.sources().update_hook(from, to).await?;
        work.commit().await
    }

    /// Removes what is known here of a webhook that the host has no more. What
    /// somebody else has made there meanwhile stays known.
    async fn forget_hook(&self, caller: &Caller, hook: &ProjectHook) -> Result<(), TeachingError> {
        let mut work = self.storage.begin().await?;
        work.sources().remove_hook(hook).await.map_err(|error| match error {
            StorageError::Conflict(_) => TeachingError::Blocked(
                "somebody else has just changed its webhook: look whether it is still needed",
            ),
            other => other.into(),
        })?;
        work.commit().await?;
        match self.remove_door((hook.tenant, caller), hook.hook).await {
            // Somebody has removed it already.
            Err(TeachingError::NotFound(_)) => Ok(()),
            other => other,
        }
    }
}
