//! An app asks about its own token (RFC 7662).

use lodge_access::{Authorization, Grant, PermissionSet, Token};
use lodge_kernel::ClientId;
use lodge_storage::{StorageError, UnitOfWork};

use crate::{
    Gateway,
    oauth::{
        ClientCredentials, OAuthError,
        revoke::{access_or_refresh, missing_token},
    },
};

/// What is said of a live token.
#[derive(Debug)]
pub struct Introspection {
    /// The token.
    pub token: Token,
    /// What it can do at this moment.
    pub permissions: PermissionSet,
    /// The approval it reads under.
    pub authorization: Option<Authorization>,
}

impl Gateway {
    /// What `token` is; `None` when it is dead, unknown or another app's,
    /// which all look the same (RFC 7662, 2.2).
    ///
    /// # Errors
    ///
    /// `invalid_client` for wrong credentials.
    pub async fn introspect_token(
        &self,
        credentials: &ClientCredentials,
        token: &str,
    ) -> Result<Option<Introspection>, OAuthError> {
        let mut work = self.storage.read().await?;
        let app = self.authenticate_client(&mut *work, credentials).await?;
        if token.is_empty() {
            return Err(missing_token());
        }
        self.introspect(&mut *work, token, Some(app.id)).await
    }

    /// What the token `text` is, of `client` or of anybody.
    pub(crate) async fn introspect(
        &self,
        work: &mut dyn UnitOfWork,
        text: &str,
        client: Option<ClientId>,
    ) -> Result<Option<Introspection>, OAuthError> {
        let now = self.now();
        let Some(secret) = access_or_refresh(text) else { return Ok(None) };
        let digest = self.digest(secret.expose());
        let found = work.tokens().find_by_digest(digest).await?;
        let meant = |it: &Token| client.is_none_or(|id| it.client == id) && it.is_live(now);
        let Some(token) = found.filter(meant) else { return Ok(None) };
        let Some(app) = work.apps().find(token.client).await? else { return Ok(None) };
        let authorization = match token.authorization {
            Some(id) => work.authorizations().find(id).await.map_err(OAuthError::from)?,
            None => None,
        };
        let grant = Grant::new(token, app, authorization);
        if grant.check_token(now).is_err() {
            return Ok(None);
        }
        let permissions = match grant.authorization {
            Some(_) => grant.permissions(now),
            None => grant.token.permissions,
        };
        let Grant { token, authorization, .. } = grant;
        Ok(Some(Introspection { token, permissions, authorization }))
    }

    /// The organisation that `grant` belongs to, and the customer's reference,
    /// for the bearer of the token itself.
    ///
    /// # Errors
    ///
    /// [`StorageError`].
    pub async fn describe_grant(&self, grant: &Grant) -> Result<Description, StorageError> {
        let mut work = self.storage.read().await?;
        let tenant = work.tenants().find(grant.token.tenant).await?;
        let customer = match &grant.authorization {
            Some(it) => work.customers().find(it.customer).await?,
            None => None,
        };
        Ok(Description {
            tenant_name: tenant.map(|it| it.name),
            customer_reference: customer.and_then(|it| it.reference),
        })
    }
}

/// What is said beside a grant.
#[derive(Debug)]
pub struct Description {
    /// The organisation's name.
    pub tenant_name: Option<String>,
    /// What the app calls the customer.
    pub customer_reference: Option<String>,
}
