//! A browser on the consent page sets out to log in at a host.

use lodge_access::{
    LoginAttempt, LoginMode, Secret, SecretKind, connection::LOGIN_LIFETIME, write_challenge,
};
use lodge_forge::ProviderName;
use lodge_kernel::{Timestamp, hex};
use lodge_provider::LoginRequest;
use lodge_storage::StorageError;

use crate::sealing::{self, Place};
use crate::{Gateway, oauth::ConsentPageError};

/// Where the browser wants to log in, and for which visit.
#[derive(Clone, Copy, Debug)]
pub struct StartLogin<'a> {
    /// The host's name in URLs.
    pub provider: &'a str,
    /// The visit of the consent page.
    pub transaction: &'a str,
    /// The cookies that may be that of the visit.
    pub browsers: &'a [&'a str],
    /// How the browser wants to be answered in the end.
    pub mode: LoginMode,
}

/// A login that has begun.
#[derive(Clone, Debug)]
pub struct StartedLogin {
    /// The host's login page.
    pub authorization_url: String,
    /// Until when the host's answer is taken.
    pub expires_at: Timestamp,
}

/// A login cannot begin.
#[derive(Debug, thiserror::Error)]
pub enum StartLoginError {
    /// No such host.
    #[error("`{provider}` is not enabled")]
    UnknownProvider {
        /// What was given, cut at 64 characters.
        provider: String,
    },
    /// Nobody logs in there.
    #[error("accounts at `{provider}` are not connected by a login")]
    NoLogin {
        /// The host.
        provider: ProviderName,
    },
    /// The visit is not this browser's, or is over.
    #[error(transparent)]
    Page(#[from] ConsentPageError),
    /// The database did not answer.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl Gateway {
    /// Begins a login. It belongs to the visit, and to its browser: an answer
    /// of the host in another browser is not taken, so that nobody can be made
    /// to connect an account to somebody else's visit.
    ///
    /// # Errors
    ///
    /// [`StartLoginError`].
    #[tracing::instrument(name = "gateway.start_login", skip_all)]
    pub async fn start_login(&self, ask: StartLogin<'_>) -> Result<StartedLogin, StartLoginError> {
        let now = self.now();
        let unknown = || StartLoginError::UnknownProvider {
            provider: ask.provider.chars().take(64).collect(),
        };
        let (provider, _) = self.providers.find(ask.provider).ok_or_else(unknown)?;
        let login = self.providers.login(provider);
        let login = login.ok_or_else(|| StartLoginError::NoLogin { provider: provider.clone() })?;

        let mut work = self.storage.begin().await?;
        let visit = self.find_visit_of(&mut *work, ask.transaction, ask.browsers).await?;
        let state = Secret::fresh(SecretKind::LoginState, &*self.entropy);
        let digest = self.digest(state.expose());
        let (challenge, verifier) = if login.pkce() {
            // 64 of the characters that RFC 7636, 4.1 allows, with 256 random bits.
            let mut random = [0; 32];
            self.entropy.fill(&mut random);
            let verifier = hex::encode(&random);
            let challenge = write_challenge(&self.digest(&verifier));
            let place = (visit.tenant, Place::Verifier(digest));
            let sealed =
                sealing::seal(self.accounts.vault(), &mut *work, now, place, &verifier).await?;
            (Some(challenge), Some(sealed))
        } else {
            (None, None)
        };
        let attempt = LoginAttempt {
            digest,
            tenant: visit.tenant,
            customer: visit.customer,
            transaction: visit.id,
            browser: visit.browser,
            provider: provider.clone(),
            mode: ask.mode,
            verifier,
            created_at: now,
            expires_at: now.plus(LOGIN_LIFETIME),
            used_at: None,
        };
        work.login_attempts().add(&attempt).await?;
        work.commit().await?;
        let request = LoginRequest {
            redirect_uri: self.accounts.callback_url(provider),
            state: state.expose().to_owned(),
            challenge,
            permissions: visit.scope,
        };
        Ok(StartedLogin {
            authorization_url: login.authorize_url(&request),
            expires_at: attempt.expires_at,
        })
    }
}
