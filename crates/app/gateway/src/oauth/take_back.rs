//! An approval is taken back by the operator.

use lodge_kernel::AuthorizationId;
use lodge_storage::StorageError;

use crate::Gateway;

impl Gateway {
    /// Takes an approval back, with every token under it. `false` when there
    /// is none. One that was taken back stays so.
    ///
    /// # Errors
    ///
    /// [`StorageError`]; nothing has changed then.
    pub async fn take_back_authorization(&self, id: AuthorizationId) -> Result<bool, StorageError> {
        let now = self.now();
        let mut work = self.storage.begin().await?;
        let Some(found) = work.authorizations().find(id).await? else { return Ok(false) };
        self.end_approval(&mut *work, found, now).await?;
        work.touch_access().await?;
        work.commit().await?;
        self.grants.forget();
        Ok(true)
    }
}
