//! An approval is taken back: by the operator, until customers can do it
//! themselves.

use lodge_access::{Action, Actor};
use lodge_kernel::AuthorizationId;
use lodge_storage::StorageError;

use crate::{Gateway, audit::Happened};

impl Gateway {
    /// Takes an approval back, with every token under it. `false` when there
    /// is none. One that was taken back stays so.
    ///
    /// # Errors
    ///
    /// [`StorageError`]; nothing has changed then.
    pub async fn take_back_authorization(
        &self,
        by: Actor,
        id: AuthorizationId,
    ) -> Result<bool, StorageError> {
        let now = self.now();
        let mut work = self.storage.begin().await?;
        let Some(found) = work.authorizations().find(id).await? else { return Ok(false) };
        let tenant = found.tenant;
        work.authorizations().update(&found.revoke(now)).await?;
        work.tokens().revoke_of_authorization(id, now).await?;
        work.touch_access().await?;
        let revoked = Happened::new(tenant, by, Action::ApprovalRevoked).to(id);
        self.audit(&mut *work, revoked).await?;
        work.commit().await?;
        self.grants.forget();
        Ok(true)
    }
}
