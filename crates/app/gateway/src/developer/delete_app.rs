//! Deleting an app, and everything that it could do.

use lodge_access::{Action, Actor, App, User};
use lodge_kernel::ClientId;

use crate::{
    Gateway,
    audit::Happened,
    developer::apps::{AppProblem, owned},
};

impl Gateway {
    /// Deletes an app softly: its row stays for the journal, its approvals and
    /// tokens end at once.
    ///
    /// # Errors
    ///
    /// [`AppProblem::NotFound`] when this developer has no such app.
    pub async fn delete_app(&self, owner: &User, id: ClientId) -> Result<App, AppProblem> {
        let now = self.now();
        let mut work = self.storage.begin().await?;
        let app = owned(work.apps().find(id).await?, owner)?;
        let app = App { deleted_at: Some(now), updated_at: now, ..app };
        work.apps().update(&app).await?;
        work.authorizations().revoke_of_client(id, now).await?;
        work.tokens().revoke_of_client(id, now).await?;
        work.touch_access().await?;
        let deleted = Happened::new(app.tenant, Actor::User(owner.id), Action::AppDeleted);
        self.audit(&mut *work, deleted.to(id)).await?;
        work.commit().await?;
        self.grants.forget();
        Ok(app)
    }
}
