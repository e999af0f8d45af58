//! The webhook of a project is given a new secret: at its host first, then here.
//!
//! Two may do so at once. Each writes down what it has made only if nobody else
//! has meanwhile, so that whatever is at the host is known to somebody here.

use lodge_access::{Secret, SecretKind};
use lodge_kernel::ProjectId;
use lodge_storage::{ProjectHook, StorageError};

use super::hooks::{HookState, NO_HOOK};
use crate::{Caller, Teaching, TeachingError};

const ROTATED: TeachingError = TeachingError::Blocked(
    "somebody else has just given its webhook a new secret: look whether another is needed",
);

impl Teaching {
    /// Gives a project's webhook a new secret. The one of now stays good for a
    /// day, for what is on its way.
    ///
    /// # Errors
    ///
    /// [`TeachingError`]; [`TeachingError::Blocked`] when somebody else was
    /// faster.
    #[tracing::instrument(name = "teaching.rotate_webhook", skip_all)]
    pub async fn rotate_webhook(
        &self,
        caller: &Caller,
        id: ProjectId,
        issuer: &str,
    ) -> Result<HookState, TeachingError> {
        let desk = self.desk(caller, id).await?;
        let old = desk.hook.clone().ok_or(NO_HOOK)?;
        self.unless_being_made(&old)?;
        // Also what a rotation made whose answer was lost: nobody knows its secret.
        let stale = self.heard(&desk, desk.all_ids(&old).await)?;
        let secret = Secret::fresh(SecretKind::Webhook, &*self.entropy).expose().to_owned();
        // At the host first: were it the last step and failed, the host would go
        // on with a secret that ends here.
        let wish = desk.wish(old.hook, issuer, secret.clone());
        let made = desk.webhooks.create_hook(desk.repository.clone(), wish).await;
        let made = self.heard(&desk, made)?;
        let hook = ProjectHook { remote_ids: made.ids, ..old.clone() };
        // Whatever fails from here on, nothing at the host is forgotten.
        let both = hook.remote_ids.iter().chain(&stale).cloned().collect();
        let both = ProjectHook { remote_ids: both, ..old.clone() };
        if let Err(error) = self.take_over(caller, (&old, &both), secret).await {
            // A database that did not answer may have written it all the same: the
            // next rotation finds what is stale.
            if !matches!(error, TeachingError::Storage(_)) {
                desk.undo(hook.remote_ids).await;
            }
            return Err(error);
        }
        self.heard(&desk, desk.delete(stale).await)?;
        match self.note_hook(&both, &hook).await {
            // A later rotation has read both: to it, the one of this is stale, too.
            Ok(()) | Err(StorageError::Conflict(_)) => {}
            Err(error) => return Err(TeachingError::gone(NO_HOOK)(error)),
        }
        Ok(HookState { hook, active: made.active, created: false })
    }

    /// Writes down that the host has `both`, and gives the door its new secret:
    /// both, or neither.
    async fn take_over(
        &self,
        caller: &Caller,
        (old, both): (&ProjectHook, &ProjectHook),
        secret: String,
    ) -> Result<(), TeachingError> {
        let mut work = self.storage.begin().await?;
        work.sources().update_hook(old, both).await.map_err(|error| match error {
            StorageError::Conflict(_) => ROTATED,
            other => TeachingError::gone(NO_HOOK)(other),
        })?;
        let who = (old.tenant, caller);
        self.rotate_door(&mut *work, who, old.hook, Some(secret), None).await?;
        work.commit().await?;
        self.intake.doors.clear();
        Ok(())
    }
}
