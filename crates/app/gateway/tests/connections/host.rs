//! A host that takes a second use of a refresh token for theft: it then ends
//! the whole login, as GitLab does.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use lodge_access::write_challenge;
use lodge_forge::ProviderName;
use lodge_kernel::{ExposeSecret, Keyring as _, SecretString, Timestamp};
use lodge_provider::{
    AccountKind, CodeExchange, Host, HostAccount, HostCredentials, HostLogin, HostToken,
    LoginError, LoginRequest, MockGitProvider, ProviderError,
};
use lodge_testkit::PlainKeyring;

/// How long the host thinks.
const DELAY: Duration = Duration::from_millis(50);

/// What the host does instead of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    Away,
    Misconfigured,
}

#[derive(Debug, Default)]
struct State {
    made: u32,
    access: Option<String>,
    refresh: Option<String>,
    challenge: Option<String>,
    failure: Option<Failure>,
    account: String,
    expires_at: Option<Timestamp>,
    revoked: Vec<String>,
}

/// A host with one account.
#[derive(Debug, Default)]
pub(crate) struct FakeHost {
    state: Mutex<State>,
    refreshes: AtomicU32,
    /// Without PKCE.
    plain: bool,
}

impl FakeHost {
    pub(crate) fn new() -> Arc<Self> {
        let host = Self::default();
        "7".clone_into(&mut host.state().account);
        Arc::new(host)
    }

    /// The same without PKCE.
    pub(crate) fn without_pkce() -> Arc<Self> {
        let host = Self { plain: true, ..Self::default() };
        "7".clone_into(&mut host.state().account);
        Arc::new(host)
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many refreshes were asked for, good or not.
    pub(crate) fn refreshes(&self) -> u32 {
        self.refreshes.load(Ordering::SeqCst)
    }

    pub(crate) fn fail(&self, failure: Option<Failure>) {
        self.state().failure = failure;
    }

    /// Somebody else logs in from now on.
    pub(crate) fn is_of(&self, account: &str) {
        account.clone_into(&mut self.state().account);
    }

    /// Tokens that are given from now on end then.
    pub(crate) fn expires(&self, at: Option<Timestamp>) {
        self.state().expires_at = at;
    }

    /// The access token that is good.
    pub(crate) fn access(&self) -> Option<String> {
        self.state().access.clone()
    }

    pub(crate) fn revoked(&self) -> Vec<String> {
        self.state().revoked.clone()
    }

    /// The person takes the login back.
    pub(crate) fn end(&self) {
        let mut state = self.state();
        (state.access, state.refresh) = (None, None);
    }

    fn give(&self) -> HostCredentials {
        let mut state = self.state();
        state.made += 1;
        let (access, refresh) =
            (format!("gho_access-{}", state.made), format!("ghr_refresh-{}", state.made));
        state.access = Some(access.clone());
        state.refresh = Some(refresh.clone());
        HostCredentials {
            access: access.into(),
            expires_at: state.expires_at,
            refresh: Some(refresh.into()),
            refresh_expires_at: None,
            scopes: vec!["repo".to_owned()],
        }
    }

    fn failure(&self) -> Result<(), LoginError> {
        match self.state().failure {
            None => Ok(()),
            Some(Failure::Away) => Err(ProviderError::TimedOut.into()),
            Some(Failure::Misconfigured) => {
                Err(LoginError::Misconfigured { problem: "invalid_client".to_owned() })
            }
        }
    }
}

/// The host behind the port, called `name`.
pub(crate) fn behind_the_port(name: &'static str, host: &Arc<FakeHost>) -> Host {
    let mut provider = MockGitProvider::new();
    provider.expect_name().returning(move || ProviderName::parse(name).unwrap());
    provider.expect_label().returning(move || format!("The {name}"));
    provider.expect_account_kind().returning(|| AccountKind::OAuth);
    provider.expect_budget().returning(|_| None);
    let login = Arc::new(Login(Arc::clone(host)));
    Host { login: Some(login), ..Host::plain(Arc::new(provider)) }
}

struct Login(Arc<FakeHost>);

#[async_trait]
impl HostLogin for Login {
    fn pkce(&self) -> bool {
        !self.0.plain
    }

    fn authorize_url(&self, request: &LoginRequest) -> String {
        self.0.state().challenge.clone_from(&request.challenge);
        format!("https://host.example/login?state={}&back={}", request.state, request.redirect_uri)
    }

    async fn exchange(&self, exchange: CodeExchange) -> Result<HostCredentials, LoginError> {
        self.0.failure()?;
        let verifier = exchange.verifier.as_ref().map(ExposeSecret::expose_secret);
        let proved = verifier.map(|it| write_challenge(&PlainKeyring.digest(it.as_bytes())));
        let fits = proved == self.0.state().challenge
            && exchange.redirect_uri == "https://gate.example/v1/auth/lab/callback";
        if exchange.code.expose_secret() == "good" && fits {
            Ok(self.0.give())
        } else {
            Err(LoginError::Ended)
        }
    }

    async fn refresh(
        &self,
        refresh: &SecretString,
        _redirect_uri: &str,
    ) -> Result<HostCredentials, LoginError> {
        self.0.refreshes.fetch_add(1, Ordering::SeqCst);
        tokio::time::sleep(DELAY).await;
        self.0.failure()?;
        let known = self.0.state().refresh.as_deref() == Some(refresh.expose_secret());
        if known {
            return Ok(self.0.give());
        }
        self.0.end();
        Err(LoginError::Ended)
    }

    async fn revoke(&self, token: &HostToken) -> Result<(), LoginError> {
        self.0.state().revoked.push(token.text.expose_secret().to_owned());
        self.0.failure()
    }

    async fn identify(&self, token: &HostToken) -> Result<HostAccount, ProviderError> {
        let text = token.text.expose_secret();
        if self.0.access().as_deref() != Some(text) && text != "personal" {
            return Err(ProviderError::CredentialsRefused);
        }
        let id = self.0.state().account.clone();
        Ok(HostAccount { login: format!("login-of-{id}"), id })
    }
}
