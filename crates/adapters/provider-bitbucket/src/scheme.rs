//! How Bitbucket Cloud proves and names what it delivers.
//!
//! <https://support.atlassian.com/bitbucket-cloud/docs/event-payloads/>.

use std::borrow::Cow;

use lodge_activity::{Actor, Fact};
use lodge_intake::Kind;
use lodge_kernel::{SecretString, Timestamp};
use lodge_provider::{About, BoxError, Delivery, HookRefused, WebhookScheme};
use lodge_provider_kit::{hmac_sha256_fits, read_json, unhex};
use serde::Deserialize;

use crate::facts;

/// How Bitbucket does it.
pub(crate) struct BitbucketScheme;

/// The frame that all bodies share.
#[derive(Debug, Deserialize)]
struct FramePayload<'a> {
    #[serde(borrow)]
    repository: Option<PlacePayload<'a>>,
}

#[derive(Debug, Deserialize)]
struct PlacePayload<'a> {
    #[serde(borrow)]
    uuid: Option<Cow<'a, str>>,
    #[serde(borrow)]
    full_name: Option<Cow<'a, str>>,
}

fn kind(event: &str) -> Kind {
    match event {
        "repo:push" => Kind::Push,
        "repo:commit_comment_created" => Kind::Note,
        it if it.starts_with("pullrequest:comment") || it.starts_with("issue:comment") => {
            Kind::Note
        }
        it if it.starts_with("pullrequest:") => Kind::MergeRequest,
        it if it.starts_with("issue:") => Kind::Issue,
        it if it.starts_with("repo:commit_status") => Kind::Pipeline,
        _ => Kind::Other,
    }
}

impl WebhookScheme for BitbucketScheme {
    /// `X-Hub-Signature: sha256=` and the HMAC-SHA-256 of the body, in
    /// hexadecimal.
    fn verify(&self, secrets: &[SecretString], delivery: &Delivery) -> Result<(), HookRefused> {
        let shown = delivery.header("x-hub-signature").ok_or(HookRefused::Unsigned)?;
        let given = shown.strip_prefix("sha256=").and_then(unhex);
        let given = given.ok_or(HookRefused::WrongSignature)?;
        if hmac_sha256_fits(secrets, &[&delivery.body], &given) {
            Ok(())
        } else {
            Err(HookRefused::WrongSignature)
        }
    }

    fn shown_secret<'a>(&self, _delivery: &'a Delivery) -> Option<&'a str> {
        None
    }

    fn delivery_id(&self, delivery: &Delivery) -> Option<String> {
        delivery.header("x-request-uuid").filter(|it| !it.is_empty()).map(str::to_owned)
    }

    fn headers(&self) -> &'static [&'static str] {
        &["x-event-key", "x-request-uuid", "x-hook-uuid", "x-attempt-number"]
    }

    fn about(&self, delivery: &Delivery) -> Result<About, BoxError> {
        let event = delivery.header("x-event-key").ok_or("the delivery has no event key")?;
        let frame: FramePayload<'_> = read_json(&delivery.body)?;
        let (id, path) = frame.repository.map(|it| (it.uuid, it.full_name)).unwrap_or_default();
        let id = id.map(|it| it.trim_matches(['{', '}']).to_owned());
        Ok(About::new(kind(event), event, id, path.map(Cow::into_owned)))
    }

    fn facts(&self, delivery: &Delivery) -> Result<Vec<Fact<Actor>>, BoxError> {
        let key = delivery.header("x-event-key").ok_or("the delivery has no event key")?;
        facts::read(key, delivery)
    }

    /// Nothing is read: courses hear of it when it comes.
    fn occurred_at(&self, _delivery: &Delivery) -> Result<Option<Timestamp>, BoxError> {
        Ok(None)
    }
}
