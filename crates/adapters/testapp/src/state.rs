//! What the sandbox runs with.

use std::{net::SocketAddr, num::NonZeroU32, sync::Arc};

use governor::{DefaultKeyedRateLimiter, Quota};
use lodge_kernel::{Entropy, Keyring};
use lodge_provider_kit::{Guard, Outbound};
use url::Url;

/// How many probes one browser may start in a minute.
const PROBES: NonZeroU32 = NonZeroU32::MIN.saturating_add(29);
/// How many browsers are counted at once, before idle ones are forgotten.
const MOST_BROWSERS: usize = 1_000;

/// What the composition root gives.
pub struct TestAppSettings {
    /// What browsers call this gateway.
    pub public_url: Url,
    /// Where the gateway listens, on this machine.
    pub listener: SocketAddr,
    /// Seals the cookie.
    pub keys: Arc<dyn Keyring>,
    /// Makes states and verifiers.
    pub entropy: Arc<dyn Entropy>,
}

/// What every handler has.
pub(crate) struct TestApp {
    /// What browsers call this gateway, without a slash at its end.
    pub(crate) origin: String,
    /// Where it is asked: this gateway, and no other.
    pub(crate) base: String,
    /// Cookies go over `https` only.
    pub(crate) secure: bool,
    pub(crate) keys: Arc<dyn Keyring>,
    pub(crate) entropy: Arc<dyn Entropy>,
    pub(crate) http: Outbound,
    probes: DefaultKeyedRateLimiter<String>,
}

impl TestApp {
    /// Fails when the system has no TLS roots.
    pub(crate) fn new(settings: TestAppSettings) -> Option<Self> {
        let mut listener = settings.listener;
        if listener.ip().is_unspecified() {
            // Listening everywhere is listening here, too.
            listener.set_ip(std::net::Ipv4Addr::LOCALHOST.into());
        }
        Some(Self {
            origin: settings.public_url.as_str().trim_end_matches('/').to_owned(),
            base: format!("http://{listener}"),
            secure: settings.public_url.scheme() == "https",
            keys: settings.keys,
            entropy: settings.entropy,
            http: Outbound::new(Guard::Anything).ok()?,
            probes: DefaultKeyedRateLimiter::keyed(Quota::per_minute(PROBES)),
        })
    }

    /// Where codes are sent.
    pub(crate) fn redirect_uri(&self) -> String {
        format!("{}/testapp/callback", self.origin)
    }

    /// Takes note of a probe by this browser; `false` when there were too many.
    pub(crate) fn admits(&self, browser: &str) -> bool {
        if self.probes.len() > MOST_BROWSERS {
            self.probes.retain_recent();
            if self.probes.len() > MOST_BROWSERS {
                return false;
            }
        }
        self.probes.check_key(&browser.to_owned()).is_ok()
    }

    /// Chance as text, 256 bits of it.
    pub(crate) fn chance(&self) -> String {
        use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
        let mut bytes = [0; 32];
        self.entropy.fill(&mut bytes);
        URL_SAFE_NO_PAD.encode(bytes)
    }
}
