//! How GitLab proves and names what it delivers.
//!
//! A delivery is proved in one of two ways: the *signing token* signs id, time
//! and body as Standard Webhooks has it (<https://www.standardwebhooks.com/>);
//! the *secret token* of older versions comes back in the clear and proves the
//! sender alone:
//! <https://docs.gitlab.com/user/project/integrations/webhooks/>.

use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use lodge_activity::{Actor, Fact};
use lodge_kernel::{ExposeSecret as _, SecretString, Timestamp};
use lodge_provider::{About, BoxError, Delivery, HookRefused, WebhookScheme};
use lodge_provider_kit::{hmac_sha256_fits_key, same_secret};
use sha2::{Digest as _, Sha256};

use crate::{
    facts,
    payload::{about, occurrence},
};

/// How old a signed delivery may be, and how far ahead of our clock.
const TOLERANCE: Duration = Duration::from_mins(5);
/// What a signing token begins with.
pub(crate) const SIGNING: &str = "whsec_";
/// How many bytes GitLab wants in one.
const KEY: usize = 32;
/// The longest id of a delivery that is taken for one, in bytes.
const LONGEST_ID: usize = 128;

/// What all of GitLab has in common.
pub(crate) struct GitLabScheme;

/// What deliveries are signed with: the secret itself where it is a signing
/// token, else a digest of it, since GitLab wants just 32 bytes.
pub(crate) fn signing_key(secret: &SecretString) -> Vec<u8> {
    let text = secret.expose_secret();
    let given = text.strip_prefix(SIGNING).and_then(|it| STANDARD.decode(it).ok());
    given.filter(|it| it.len() == KEY).unwrap_or_else(|| Sha256::digest(text).to_vec())
}

fn verify_signed(
    secrets: &[SecretString],
    delivery: &Delivery,
    signatures: &str,
) -> Result<(), HookRefused> {
    let id = delivery.header("webhook-id").ok_or(HookRefused::WrongSignature)?;
    let at = delivery.header("webhook-timestamp").ok_or(HookRefused::WrongSignature)?;
    let message: [&[u8]; 5] = [id.as_bytes(), b".", at.as_bytes(), b".", &delivery.body];
    let keys: Vec<_> = secrets.iter().map(signing_key).collect();
    let given = signatures.split(' ').filter_map(|it| it.strip_prefix("v1,"));
    let mut given = given.filter_map(|it| STANDARD.decode(it).ok());
    if !given.any(|it| keys.iter().any(|key| hmac_sha256_fits_key(key, &message, &it))) {
        return Err(HookRefused::WrongSignature);
    }
    let at = at.parse().map(Timestamp::from_seconds).map_err(|_no_time| HookRefused::Stale)?;
    let now = delivery.received_at;
    let apart = now.since(at).max(at.since(now));
    if apart > TOLERANCE { Err(HookRefused::Stale) } else { Ok(()) }
}

impl WebhookScheme for GitLabScheme {
    fn verify(&self, secrets: &[SecretString], delivery: &Delivery) -> Result<(), HookRefused> {
        if let Some(signatures) = delivery.header("webhook-signature") {
            return verify_signed(secrets, delivery, signatures);
        }
        let token = delivery.header("x-gitlab-token").ok_or(HookRefused::Unsigned)?;
        if same_secret(secrets, token) { Ok(()) } else { Err(HookRefused::WrongSignature) }
    }

    fn shown_secret<'a>(&self, delivery: &'a Delivery) -> Option<&'a str> {
        delivery.header("x-gitlab-token")
    }

    fn delivery_id(&self, delivery: &Delivery) -> Option<String> {
        // The first is signed. The last is older than the others, and is that
        // of the event: the same at every webhook that hears of it.
        let names = ["webhook-id", "idempotency-key", "x-gitlab-event-uuid"];
        let mut ids = names.into_iter().filter_map(|it| delivery.header(it));
        ids.find(|it| (1..=LONGEST_ID).contains(&it.len())).map(str::to_owned)
    }

    fn headers(&self) -> &'static [&'static str] {
        &["x-gitlab-event", "x-gitlab-event-uuid", "x-gitlab-instance", "x-gitlab-webhook-uuid"]
    }

    fn about(&self, delivery: &Delivery) -> Result<About, BoxError> {
        about::read(delivery.header("x-gitlab-event"), &delivery.body)
    }

    fn facts(&self, delivery: &Delivery) -> Result<Vec<Fact<Actor>>, BoxError> {
        facts::read(delivery)
    }

    fn occurred_at(&self, delivery: &Delivery) -> Result<Option<Timestamp>, BoxError> {
        occurrence::read(&delivery.body)
    }
}
