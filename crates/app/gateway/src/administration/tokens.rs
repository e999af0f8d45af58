//! Tokens, as an administrator sees them and takes them back.

use lodge_access::{Action, Actor, Token};
use lodge_kernel::TokenId;
use lodge_storage::{StorageError, TokenFilter};

use crate::{
    Gateway,
    audit::Happened,
    oauth::{Introspection, OAuthError},
};

impl Gateway {
    /// Access tokens that are meant, ended ones too, oldest first: at most
    /// `limit` after `after`.
    ///
    /// # Errors
    ///
    /// [`StorageError`].
    pub async fn list_tokens(
        &self,
        filter: TokenFilter,
        after: Option<TokenId>,
        limit: usize,
    ) -> Result<Vec<Token>, StorageError> {
        self.storage.read().await?.tokens().list(filter, after, limit).await
    }

    /// What the token `text` of any app is; `None` when it is dead or unknown,
    /// which look the same.
    ///
    /// # Errors
    ///
    /// [`OAuthError`] when the database did not answer.
    pub async fn introspect_any_token(
        &self,
        text: &str,
    ) -> Result<Option<Introspection>, OAuthError> {
        let mut work = self.storage.read().await?;
        self.introspect(&mut *work, text, None).await
    }

    /// Takes a token back, with everything of its family, so that its refresh
    /// token does not make another. `false` when there is none.
    ///
    /// # Errors
    ///
    /// [`StorageError`]; nothing has changed then.
    pub async fn revoke_token_by_id(&self, by: Actor, id: TokenId) -> Result<bool, StorageError> {
        let mut work = self.storage.begin().await?;
        let Some(token) = work.tokens().find(id).await? else { return Ok(false) };
        work.tokens().revoke_family(token.family, self.now()).await?;
        work.touch_access().await?;
        let revoked = Happened::new(token.tenant, by, Action::TokenRevoked).to(id);
        self.audit(&mut *work, revoked).await?;
        work.commit().await?;
        self.grants.forget();
        Ok(true)
    }
}
