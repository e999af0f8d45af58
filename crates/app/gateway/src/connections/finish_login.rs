//! A host sends the browser back from its login page.

use lodge_access::{
    Actor, Connection, ConnectionKind, LoginAttempt, LoginMode, Secret, SecretKind,
};
use lodge_forge::ProviderName;
use lodge_kernel::{ConnectionId, SecretString, TransactionId};
use lodge_provider::{CodeExchange, HostToken, HostTokenKind, LoginError, ProviderError};
use lodge_storage::StorageError;

use super::keep::{KeepError, Proved};
use crate::{
    Gateway,
    sealing::{self, Place},
};

/// What the browser brings from the host.
#[derive(Clone, Debug)]
pub struct HostAnswer<'a> {
    /// The host's name in our URL.
    pub provider: &'a str,
    /// What we gave the host to hand back.
    pub state: &'a str,
    /// A code, or the host's error code.
    pub outcome: Result<SecretString, String>,
    /// The cookies that may be that of the visit.
    pub browsers: &'a [&'a str],
}

/// A login that is over.
#[derive(Debug)]
pub struct FinishedLogin {
    /// The visit that the browser goes back to.
    pub transaction: TransactionId,
    /// The host.
    pub provider: ProviderName,
    /// How the browser wants to be answered.
    pub mode: LoginMode,
    /// The account, or why there is none.
    pub outcome: Result<Connection, LoginRefused>,
}

/// A login that led to no account.
#[derive(Debug, thiserror::Error)]
pub enum LoginRefused {
    /// The host said why, by a code of OAuth: `access_denied` when the person
    /// did not want to.
    #[error("the host answered `{code}`")]
    Denied {
        /// The code: at most 64 small letters, digits and underscores.
        code: String,
    },
    /// The host did not take its own code. Try again.
    #[error("the host did not take the login: try again")]
    Code,
    /// The operator registered this installation wrongly.
    #[error("this gateway is not registered rightly at the host: tell its operator")]
    Misconfigured,
    /// The host was away. Try again.
    #[error("the host did not answer: try again")]
    Host(#[source] ProviderError),
    /// The operator switched this account off.
    #[error("this account was switched off by the operator of this gateway")]
    Disabled,
}

impl LoginRefused {
    /// What programs are told: a code of OAuth, or one of ours.
    pub fn code(&self) -> &str {
        match self {
            Self::Denied { code } => code,
            Self::Code => "login_not_taken",
            Self::Misconfigured => "not_registered",
            Self::Host(_) => "temporarily_unavailable",
            Self::Disabled => "account_disabled",
        }
    }
}

/// An answer of a host that belongs to no login of this browser.
#[derive(Debug, thiserror::Error)]
pub enum FinishLoginError {
    /// Not a login that began here, at this host.
    #[error("this login did not begin here, or it began at another host")]
    Unknown,
    /// It began in another browser. It is not used up by that.
    #[error("this login began in another browser")]
    OtherBrowser {
        /// How the browser that began wants to be answered.
        mode: LoginMode,
    },
    /// The answer came before, or too late.
    #[error("this login was finished before, or took longer than ten minutes: begin again")]
    Ended,
    /// The database did not answer.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl Gateway {
    /// Takes the host's answer, once, and connects the account.
    ///
    /// # Errors
    ///
    /// [`FinishLoginError`]; nothing has changed then.
    #[tracing::instrument(name = "gateway.finish_login", skip_all)]
    pub async fn finish_login(
        &self,
        answer: HostAnswer<'_>,
    ) -> Result<FinishedLogin, FinishLoginError> {
        let attempt = self.take_attempt(&answer).await?;
        let outcome = match answer.outcome {
            Err(code) => Err(LoginRefused::Denied { code: harmless(&code) }),
            Ok(code) => match self.connect(&attempt, code).await {
                Ok(connection) => Ok(connection),
                Err(Failed::Refused(refused)) => Err(refused),
                Err(Failed::Storage(error)) => return Err(error.into()),
            },
        };
        if let Err(refused) = &outcome {
            tracing::warn!(
                provider = %attempt.provider, error = super::causes::plain(refused),
                "a login led to no account"
            );
        }
        let LoginAttempt { transaction, provider, mode, .. } = attempt;
        Ok(FinishedLogin { transaction, provider, mode, outcome })
    }

    /// The login that the answer belongs to, which is used up.
    async fn take_attempt(
        &self,
        answer: &HostAnswer<'_>,
    ) -> Result<LoginAttempt, FinishLoginError> {
        let now = self.now();
        let state = Secret::parse(SecretKind::LoginState, answer.state);
        let digest = self.digest(state.ok_or(FinishLoginError::Unknown)?.expose());
        let mut work = self.storage.begin().await?;
        let attempt = work.login_attempts().find(digest).await?;
        let attempt = attempt.filter(|it| it.provider.as_str() == answer.provider);
        let attempt = attempt.ok_or(FinishLoginError::Unknown)?;
        let begun_here = answer.browsers.iter().any(|cookie| {
            let cookie = Secret::parse(SecretKind::Browser, cookie);
            cookie.is_some_and(|it| self.digest(it.expose()) == attempt.browser)
        });
        if !begun_here {
            return Err(FinishLoginError::OtherBrowser { mode: attempt.mode });
        }
        let visit = work.transactions().find(attempt.transaction).await?;
        let open = visit.is_some_and(|it| it.is_open(now));
        if !open || !work.login_attempts().take(digest, now).await? {
            return Err(FinishLoginError::Ended);
        }
        work.commit().await?;
        Ok(attempt)
    }

    async fn connect(
        &self,
        attempt: &LoginAttempt,
        code: SecretString,
    ) -> Result<Connection, Failed> {
        let provider = &attempt.provider;
        let login = self.providers.login(provider).ok_or(LoginRefused::Misconfigured)?;
        let verifier = match &attempt.verifier {
            Some(sealed) => {
                let mut work = self.storage.read().await?;
                let place = (attempt.tenant, Place::Verifier(attempt.digest));
                Some(sealing::open(self.accounts.vault(), &mut *work, place, sealed).await?)
            }
            None => None,
        };
        let exchange =
            CodeExchange { code, redirect_uri: self.accounts.callback_url(provider), verifier };
        let credentials = login.exchange(exchange).await.map_err(LoginRefused::from)?;
        let token = HostToken {
            text: credentials.access.clone(),
            kind: HostTokenKind::OAuth,
            generation: 1,
        };
        let account = login.identify(&token).await.map_err(LoginRefused::Host)?;
        let proved = Proved {
            id: ConnectionId::fresh(&*self.clock, &*self.entropy),
            by: Actor::Customer(attempt.customer),
            tenant: attempt.tenant,
            customer: attempt.customer,
            provider: provider.clone(),
            kind: ConnectionKind::OAuth,
            account,
            credentials,
        };
        match self.keep_connection(&proved).await {
            Ok(connection) => Ok(connection),
            Err(KeepError::Disabled) => Err(LoginRefused::Disabled.into()),
            Err(KeepError::Storage(error)) => Err(error.into()),
        }
    }
}

/// Why there is no account.
enum Failed {
    Refused(LoginRefused),
    Storage(StorageError),
}

impl From<LoginRefused> for Failed {
    fn from(refused: LoginRefused) -> Self {
        Self::Refused(refused)
    }
}

impl From<StorageError> for Failed {
    fn from(error: StorageError) -> Self {
        Self::Storage(error)
    }
}

impl From<LoginError> for LoginRefused {
    fn from(error: LoginError) -> Self {
        match error {
            LoginError::Ended => Self::Code,
            LoginError::Host(error) => Self::Host(error),
            _ => Self::Misconfigured,
        }
    }
}

/// A host's error code, which comes by the browser and could be any text, as
/// far as it is one of OAuth (RFC 6749, 4.1.2.1).
fn harmless(code: &str) -> String {
    let fits = |it: &char| it.is_ascii_lowercase() || it.is_ascii_digit() || *it == '_';
    let kept: String = code.chars().filter(fits).take(64).collect();
    if kept.is_empty() { "unknown_error".to_owned() } else { kept }
}
