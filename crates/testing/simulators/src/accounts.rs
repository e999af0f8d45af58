//! Tokens and logins of the simulated hosts: an OAuth server (RFC 6749) with
//! PKCE that asks nobody, since nobody sits there.

use std::{
    collections::HashMap,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest as _, Sha256};

/// What an authorization code stands for.
#[derive(Clone, Debug)]
struct Code {
    redirect_uri: String,
    challenge: Option<String>,
}

/// Tokens that were given out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issued {
    /// The access token.
    pub access: String,
    /// The refresh token.
    pub refresh: String,
}

#[derive(Debug, Default)]
struct State {
    codes: HashMap<String, Code>,
    /// The access tokens that are good.
    access: Vec<String>,
    /// The refresh tokens that are good, each with its access token.
    refresh: HashMap<String, String>,
}

/// The accounts of one simulated host.
#[derive(Debug, Default)]
pub struct Accounts {
    host: String,
    state: Mutex<State>,
    made: AtomicU64,
    refreshes: AtomicU64,
}

impl Accounts {
    /// The accounts of `host`. A token `personal-<host>` is good for ever.
    pub(crate) fn new(host: &str) -> Self {
        Self { host: host.to_owned(), ..Self::default() }
    }

    /// The personal token that is always good.
    pub fn personal(&self) -> String {
        format!("personal-{}", self.host)
    }

    /// A code for a login that was sent here with this `redirect_uri` and
    /// PKCE challenge.
    pub fn code(&self, redirect_uri: &str, challenge: Option<&str>) -> String {
        let code = self.fresh("code");
        let kept =
            Code { redirect_uri: redirect_uri.to_owned(), challenge: challenge.map(str::to_owned) };
        self.lock().codes.insert(code.clone(), kept);
        code
    }

    /// Exchanges a code, once. `None` when it, its address or its verifier
    /// does not fit.
    pub fn exchange(
        &self,
        code: &str,
        redirect_uri: &str,
        verifier: Option<&str>,
    ) -> Option<Issued> {
        let kept = self.lock().codes.remove(code)?;
        let proved = match (&kept.challenge, verifier) {
            (Some(challenge), Some(verifier)) => {
                URL_SAFE_NO_PAD.encode(Sha256::digest(verifier)) == *challenge
            }
            (None, None) => true,
            _ => false,
        };
        (proved && kept.redirect_uri == redirect_uri).then(|| self.issue())
    }

    /// Exchanges a refresh token, once: the pair before it dies.
    pub fn refresh(&self, refresh: &str) -> Option<Issued> {
        let access = self.lock().refresh.remove(refresh)?;
        self.lock().access.retain(|it| *it != access);
        self.refreshes.fetch_add(1, Ordering::Relaxed);
        Some(self.issue())
    }

    /// A further access token for a refresh token that stays as it is.
    pub fn refresh_keeping(&self, refresh: &str) -> Option<Issued> {
        let access = self.fresh("access");
        let mut state = self.lock();
        let kept = state.refresh.get_mut(refresh)?;
        kept.clone_from(&access);
        state.access.push(access.clone());
        drop(state);
        self.refreshes.fetch_add(1, Ordering::Relaxed);
        Some(Issued { access, refresh: refresh.to_owned() })
    }

    /// How many refreshes succeeded.
    pub fn refreshes(&self) -> u64 {
        self.refreshes.load(Ordering::Relaxed)
    }

    /// Gives out a pair of tokens.
    pub fn issue(&self) -> Issued {
        let issued = Issued { access: self.fresh("access"), refresh: self.fresh("refresh") };
        let mut state = self.lock();
        state.access.push(issued.access.clone());
        state.refresh.insert(issued.refresh.clone(), issued.access.clone());
        issued
    }

    /// The token is good.
    pub fn knows(&self, access: &str) -> bool {
        access == self.personal() || self.lock().access.iter().any(|it| it == access)
    }

    /// Every access token ends; refresh tokens stay good.
    pub fn expire(&self) {
        self.lock().access.clear();
    }

    /// The token is given up, with the refresh token beside it.
    pub fn revoke(&self, access: &str) {
        let mut state = self.lock();
        state.access.retain(|it| it != access);
        state.refresh.retain(|_, it| it != access);
    }

    fn fresh(&self, kind: &str) -> String {
        let number = self.made.fetch_add(1, Ordering::Relaxed);
        format!("{}-{kind}-{number:06}", self.host)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
