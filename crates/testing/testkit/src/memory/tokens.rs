//! Tokens.

use async_trait::async_trait;
use lodge_access::{Token, TokenKind};
use lodge_kernel::{AuthorizationId, ClientId, Digest, FamilyId, Timestamp, TokenId};
use lodge_storage::{StorageError, TokenFilter, TokenRepository};

use super::{
    Rows, Unit,
    tables::{if_owned, unless_there},
};

impl Unit {
    /// Takes back every token that is meant and was not taken back before.
    fn revoke_tokens(
        &mut self,
        at: Timestamp,
        meant: impl Fn(&Token) -> bool,
    ) -> Result<u64, StorageError> {
        let mut count = 0;
        for token in self.change()?.tokens.values_mut().filter(|it| meant(it)) {
            if token.revoked_at.is_none() {
                token.revoked_at = Some(at);
                count += 1;
            }
        }
        Ok(count)
    }
}

#[async_trait]
impl TokenRepository for Rows<'_> {
    async fn add(&mut self, token: &Token) -> Result<(), StorageError> {
        let tables = self.0.change()?;
        let there = tables.tokens.contains_key(&token.id)
            || tables.token_digests.contains_key(&token.digest);
        unless_there(there, "token")?;
        let approved =
            token.authorization.is_none_or(|id| tables.has_authorization(token.tenant, id));
        if_owned(tables.has_app(token.tenant, token.client) && approved, "token")?;
        tables.token_digests.insert(token.digest, token.id);
        tables.tokens.insert(token.id, token.clone());
        Ok(())
    }

    async fn find_by_digest(&mut self, digest: Digest) -> Result<Option<Token>, StorageError> {
        let tables = &self.0.tables;
        Ok(tables.token_digests.get(&digest).and_then(|id| tables.tokens.get(id)).cloned())
    }

    async fn find(&mut self, id: TokenId) -> Result<Option<Token>, StorageError> {
        Ok(self.0.tables.tokens.get(&id).cloned())
    }

    async fn list(
        &mut self,
        filter: TokenFilter,
        after: Option<TokenId>,
        limit: usize,
    ) -> Result<Vec<Token>, StorageError> {
        let meant = |it: &&Token| {
            it.kind == TokenKind::Access
                && Some(it.id) > after
                && filter.tenant.is_none_or(|id| it.tenant == id)
                && filter.client.is_none_or(|id| it.client == id)
        };
        Ok(self.0.tables.tokens.values().filter(meant).take(limit).cloned().collect())
    }

    async fn mark_used(&mut self, id: TokenId, at: Timestamp) -> Result<bool, StorageError> {
        let token = self.0.change()?.tokens.get_mut(&id);
        let fresh = token.filter(|it| it.used_at.is_none() && it.revoked_at.is_none());
        Ok(fresh.map(|it| it.used_at = Some(at)).is_some())
    }

    async fn revoke(&mut self, id: TokenId, at: Timestamp) -> Result<bool, StorageError> {
        Ok(self.0.revoke_tokens(at, |it| it.id == id)? > 0)
    }

    async fn revoke_family(
        &mut self,
        family: FamilyId,
        at: Timestamp,
    ) -> Result<u64, StorageError> {
        self.0.revoke_tokens(at, |it| it.family == family)
    }

    async fn revoke_of_authorization(
        &mut self,
        authorization: AuthorizationId,
        at: Timestamp,
    ) -> Result<u64, StorageError> {
        self.0.revoke_tokens(at, |it| it.authorization == Some(authorization))
    }

    async fn revoke_of_client(
        &mut self,
        client: ClientId,
        at: Timestamp,
    ) -> Result<u64, StorageError> {
        self.0.revoke_tokens(at, |it| it.client == client)
    }
}
