//! A browser comes to a customer's access page.

use lodge_access::{CustomerSession, Secret, SecretKind, customer_session::IDLE};
use lodge_storage::StorageError;

use crate::{
    Gateway,
    oauth::{AuthorizeRequest, BeginError},
};

/// The access page cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum EnterError {
    /// The link is wrong, old, or was used before. Ask the app for another one.
    #[error("{problem}")]
    Link {
        /// What was wrong and what to do.
        problem: String,
    },
    /// The database did not answer.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl From<BeginError> for EnterError {
    fn from(error: BeginError) -> Self {
        match error {
            BeginError::Page { problem } => Self::Link { problem },
            BeginError::Redirect { description, .. } => Self::Link { problem: description },
            BeginError::Storage(error) => Self::Storage(error),
        }
    }
}

impl Gateway {
    /// Begins a session on the access page, and answers its cookie. A connect
    /// session, a pushed request or a signature proves the customer; a bare
    /// reference is a label, and opens an empty workspace of this browser. `None`
    /// when `cookie` belongs to a session of that workspace already.
    ///
    /// # Errors
    ///
    /// [`EnterError`]; no proof is used up then.
    #[tracing::instrument(name = "gateway.enter_access_page", skip_all)]
    pub async fn enter_access_page(
        &self,
        request: &AuthorizeRequest,
        cookie: Option<&str>,
    ) -> Result<Option<Secret>, EnterError> {
        let now = self.now();
        let app = self.find_app(&mut *self.storage.read().await?, request).await?;
        let signature = self.check_customer(&app, request);
        let signature = signature.map_err(|it| EnterError::Link { problem: it.description })?;
        let vouched = request.pushed || signature.is_some();
        if !vouched
            && request.connect_token.is_none()
            && let Ok(known) = self.customer_session(&app.id.to_string(), cookie).await
            && known.customer.reference.as_deref() == request.reference()
        {
            return Ok(None);
        }
        let mut work = self.storage.begin().await?;
        if let Some(it) = &signature
            && !work.nonces().claim(app.id, it.nonce(), it.expires_at()).await?
        {
            let problem = lodge_access::CustomerSigError::Used.to_string();
            return Err(EnterError::Link { problem });
        }
        let customer = match &request.connect_token {
            Some(token) => self.by_connect_token(&mut *work, &app, token, now).await?.customer,
            None => self.referred(&mut *work, &app, request, vouched, now).await?.id,
        };
        let secret = Secret::fresh(SecretKind::CustomerSession, &*self.entropy);
        let session = CustomerSession {
            digest: self.digest(secret.expose()),
            tenant: app.tenant,
            client: app.id,
            customer,
            created_at: now,
            expires_at: now.plus(IDLE),
            ended_at: None,
        };
        work.customer_sessions().add(&session).await?;
        work.commit().await?;
        Ok(Some(secret))
    }
}
