//! Who looks at the access page.

use lodge_access::{App, ConnectionKind, Customer, CustomerSession, Secret, SecretKind};
use lodge_kernel::{ClientId, Digest};
use lodge_storage::{StorageError, UnitOfWork};

use crate::Gateway;

/// A browser with a session of one customer of one app.
#[derive(Clone, Debug)]
pub struct Insider {
    /// The session.
    pub session: CustomerSession,
    /// The app.
    pub app: App,
    /// The customer.
    pub customer: Customer,
}

/// Nobody is known here.
#[derive(Debug, thiserror::Error)]
pub enum SessionError {
    /// No session of this app, or one that has ended. Open the page from inside
    /// the app.
    #[error("this browser has no session here, or it has ended: open the page from inside the app")]
    Unknown,
    /// The database did not answer.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Something on the access page cannot be done.
#[derive(Debug, thiserror::Error)]
pub enum ActionError {
    /// Nobody is known here.
    #[error(transparent)]
    Session(#[from] SessionError),
    /// The form did not come from the page.
    #[error("the form did not come from this page: go back, reload the page and try again")]
    Forged,
    /// It is not there, or it is somebody else's: both are said alike.
    #[error("there is no {what} like this here: it may have ended in the meantime")]
    NotFound {
        /// What was meant.
        what: &'static str,
    },
}

impl From<StorageError> for ActionError {
    fn from(error: StorageError) -> Self {
        Self::Session(SessionError::Storage(error))
    }
}

impl Gateway {
    /// The session of the browser whose cookie is `cookie`, on the page of the
    /// app `client`.
    ///
    /// A stranger, who came with nothing but a reference, and who has since
    /// proved an account by logging in at its host, becomes the customer of that
    /// reference whose account it is.
    ///
    /// # Errors
    ///
    /// [`SessionError`].
    pub async fn customer_session(
        &self,
        client: &str,
        cookie: Option<&str>,
    ) -> Result<Insider, SessionError> {
        let now = self.now();
        let client: ClientId = client.parse().map_err(|_not_an_id| SessionError::Unknown)?;
        let secret = cookie.and_then(|it| Secret::parse(SecretKind::CustomerSession, it));
        let digest = self.digest(secret.ok_or(SessionError::Unknown)?.expose());
        let mut work = self.storage.read().await?;
        let session = work.customer_sessions().find(digest).await?;
        let session = session.filter(|it| it.client == client && it.is_live(now));
        let mut session = session.ok_or(SessionError::Unknown)?;
        let app = work.apps().find(client).await?.filter(App::is_active);
        let app = app.ok_or(SessionError::Unknown)?;
        let customer = work.customers().find(session.customer).await?;
        let mut customer = customer.ok_or(SessionError::Unknown)?;
        let proved = proved(&mut *work, &customer).await?;
        drop(work);

        let end = session.extended(now);
        if end.is_some() || proved.is_some() {
            session.expires_at = end.unwrap_or(session.expires_at);
            if let Some(known) = proved {
                session.customer = known.id;
                customer = known;
            }
            let mut work = self.storage.begin().await?;
            if !work.customer_sessions().update(&session).await? {
                return Err(SessionError::Unknown);
            }
            work.commit().await?;
        }
        Ok(Insider { session, app, customer })
    }

    /// The same, for a form of the page that brings `csrf`.
    pub(super) async fn insider(
        &self,
        client: &str,
        cookie: Option<&str>,
        csrf: &str,
    ) -> Result<Insider, ActionError> {
        let insider = self.customer_session(client, cookie).await?;
        let opened = self.keys.open(&csrf_context(&insider.session), csrf);
        let opened = opened.and_then(|it| <[u8; 32]>::try_from(it).ok()).map(Digest);
        if opened == Some(insider.session.digest) { Ok(insider) } else { Err(ActionError::Forged) }
    }

    /// What the forms of this session must bring back.
    pub(super) fn access_csrf(&self, session: &CustomerSession) -> String {
        self.keys.seal(&csrf_context(session), &session.digest.0)
    }

    /// Ends the session of a browser. That there is none is as good.
    ///
    /// # Errors
    ///
    /// [`ActionError`].
    #[tracing::instrument(name = "gateway.leave_access_page", skip_all)]
    pub async fn leave_access_page(
        &self,
        client: &str,
        cookie: Option<&str>,
        csrf: &str,
    ) -> Result<Insider, ActionError> {
        let insider = self.insider(client, cookie, csrf).await?;
        let mut work = self.storage.begin().await?;
        work.customer_sessions().end(insider.session.digest, self.now()).await?;
        work.commit().await?;
        Ok(insider)
    }
}

fn csrf_context(session: &CustomerSession) -> Vec<u8> {
    format!("access.csrf.v1|{:?}", session.digest).into_bytes()
}

/// The customer whose account a stranger has proved to have.
async fn proved(
    work: &mut dyn UnitOfWork,
    stranger: &Customer,
) -> Result<Option<Customer>, StorageError> {
    if stranger.vouched || stranger.reference.is_none() {
        return Ok(None);
    }
    let theirs = work.connections().of_customer(stranger.id).await?;
    for it in theirs {
        // Only a login at the host proves who somebody is.
        if it.kind != ConnectionKind::OAuth || !it.status.is_kept() {
            continue;
        }
        let known = work.customers().find_proved(stranger, &it.provider, &it.host_account).await?;
        // Of two strangers, the first one has what was shared.
        if let Some(known) = known.filter(|known| known.vouched || known.id < stranger.id) {
            return Ok(Some(known));
        }
    }
    Ok(None)
}
