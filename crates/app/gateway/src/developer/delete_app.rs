//! Deleting an app, and everything that it could do.

use lodge_access::{Act, Action, App};
use lodge_kernel::ClientId;

use crate::{
    Gateway, Visitor,
    developer::apps::{AppProblem, owned},
};

impl Gateway {
    /// Deletes an app softly: its row stays for the journal, its approvals and
    /// tokens end at once.
    ///
    /// # Errors
    ///
    /// [`AppProblem::Denied`], or [`AppProblem::NotFound`] when the organisation has
    /// no such app.
    pub async fn delete_app(&self, visitor: &Visitor, id: ClientId) -> Result<App, AppProblem> {
        visitor.check(Act::ManageApps)?;
        let now = self.now();
        let mut work = self.storage.begin().await?;
        let app = owned(work.apps().find(id).await?, visitor)?;
        let app = App { deleted_at: Some(now), updated_at: now, ..app };
        work.apps().update(&app).await?;
        work.authorizations().revoke_of_client(id, now).await?;
        work.tokens().revoke_of_client(id, now).await?;
        work.touch_access().await?;
        let happened = visitor.did(Action::AppDeleted).to(app.id);
        self.audit(&mut *work, happened).await?;
        work.commit().await?;
        self.grants.forget();
        Ok(app)
    }
}
