//! Inviting a customer to the consent page.

use lodge_access::{
    Act, Action, Actor, ConnectSession, Secret, SecretKind,
    connect::{CONNECT_SESSION_LIFETIME, TRANSACTION_LIFETIME},
};
use lodge_kernel::{AuthorizationId, ClientId, ConnectSessionId, CustomerId, Timestamp};
use lodge_storage::StorageError;

use crate::{
    Gateway, Visitor,
    audit::Happened,
    developer::apps::{AppProblem, owned},
    oauth::{ClientCredentials, OAuthError},
};

/// A customer cannot be invited.
#[derive(Debug, thiserror::Error)]
pub enum ConnectSessionError {
    /// The app.
    #[error(transparent)]
    App(#[from] AppProblem),
    /// The credentials.
    #[error(transparent)]
    Client(#[from] OAuthError),
    /// The draft.
    #[error("{problem}")]
    Invalid {
        /// What to correct.
        problem: &'static str,
    },
    /// The database did not answer.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Who invites.
pub enum Inviter {
    /// A member of the app's organisation.
    Developer(Box<Visitor>),
    /// The app's own server.
    Client(ClientCredentials),
}

/// Whom an app invites, and what for.
#[derive(Clone, Debug)]
pub struct ConnectSessionDraft {
    /// What the app calls the customer; the app vouches for it.
    pub customer_ref: String,
    /// What the customer is named.
    pub customer_name: Option<String>,
    /// What the app wants to read for, in plain words.
    pub purpose: Option<String>,
    /// One of the app's redirect URIs; its first when absent.
    pub redirect_uri: Option<String>,
}

/// An invitation.
#[derive(Debug)]
pub struct CreatedConnectSession {
    /// The id.
    pub id: ConnectSessionId,
    /// What opens the page, once; shown once.
    pub token: Secret,
    /// Where the answer will go.
    pub redirect_uri: String,
    /// The customer.
    pub customer: CustomerId,
    /// The approval that waits for an answer.
    pub authorization: AuthorizationId,
    /// When the invitation ends.
    pub expires_at: Timestamp,
}

impl Gateway {
    /// Invites a customer.
    ///
    /// # Errors
    ///
    /// [`ConnectSessionError`]; nothing has changed then.
    pub async fn create_connect_session(
        &self,
        inviter: &Inviter,
        client: ClientId,
        draft: ConnectSessionDraft,
    ) -> Result<CreatedConnectSession, ConnectSessionError> {
        let invalid = |problem| ConnectSessionError::Invalid { problem };
        let now = self.now();
        let mut work = self.storage.begin().await?;
        let app = match inviter {
            Inviter::Developer(visitor) => {
                visitor.check(Act::ManageApps).map_err(AppProblem::from)?;
                owned(work.apps().find(client).await?, visitor)?
            }
            Inviter::Client(credentials) => {
                let app = self.authenticate_client(&mut *work, credentials).await?;
                if app.id != client {
                    return Err(AppProblem::NotFound.into());
                }
                app
            }
        };
        let given =
            [Some(&draft.customer_ref), draft.customer_name.as_ref(), draft.purpose.as_ref()];
        if given.into_iter().flatten().any(|it| it.contains(char::is_control)) {
            return Err(invalid("texts have no control characters"));
        }
        if draft.customer_ref.is_empty() || draft.customer_ref.chars().count() > 200 {
            return Err(invalid("`customerRef` has 1 to 200 characters"));
        }
        if draft.purpose.as_ref().is_some_and(|it| it.chars().count() > 500) {
            return Err(invalid("`purpose` has at most 500 characters"));
        }
        let redirect_uri = match draft.redirect_uri.as_deref() {
            Some(given) => app.redirect_uri(given),
            None => app.redirect_uris.first(),
        };
        let redirect_uri = redirect_uri.map(|it| it.as_str().to_owned());
        let redirect_uri =
            redirect_uri.ok_or_else(|| invalid("`redirectUri` is not one of this app"))?;
        let name = draft.customer_name.as_deref();
        let customer =
            self.vouched_customer(&mut *work, &app, &draft.customer_ref, name, now).await?;
        let patience = CONNECT_SESSION_LIFETIME + TRANSACTION_LIFETIME;
        let authorization =
            self.ask(&mut *work, &app, customer.id, draft.purpose, patience, now).await?;
        let token = Secret::fresh(SecretKind::ConnectToken, &*self.entropy);
        let session = ConnectSession {
            id: ConnectSessionId::fresh(&*self.clock, &*self.entropy),
            digest: self.digest(token.expose()),
            tenant: app.tenant,
            client: app.id,
            customer: customer.id,
            authorization,
            created_at: now,
            expires_at: now.plus(CONNECT_SESSION_LIFETIME),
            used_at: None,
        };
        work.connect_sessions().add(&session).await?;
        let by = match inviter {
            Inviter::Developer(visitor) => Actor::User(visitor.user.id),
            Inviter::Client(_) => Actor::Client(app.id),
        };
        let made = Happened::new(app.tenant, by, Action::ConnectSessionMade).to(session.id);
        self.audit(&mut *work, made).await?;
        work.commit().await?;
        Ok(CreatedConnectSession {
            id: session.id,
            token,
            redirect_uri,
            customer: customer.id,
            authorization,
            expires_at: session.expires_at,
        })
    }
}
