//! How Gitea and Forgejo prove and name what they deliver.
//!
//! <https://docs.gitea.com/usage/webhooks>. Deliveries carry the headers of
//! GitHub and Gogs too; none of those is looked at.

use std::borrow::Cow;

use lodge_activity::{Actor, Fact};
use lodge_intake::Kind;
use lodge_kernel::{SecretString, Timestamp};
use lodge_provider::{About, BoxError, Delivery, HookRefused, WebhookScheme};
use lodge_provider_kit::{hmac_sha256_fits, read_json, unhex};
use serde::Deserialize;

use crate::facts;

/// What all of them have in common.
pub(crate) struct GiteaScheme;

/// The frame that all bodies share.
#[derive(Debug, Deserialize)]
struct FramePayload<'a> {
    #[serde(borrow)]
    ref_type: Option<Cow<'a, str>>,
    #[serde(borrow)]
    repository: Option<PlacePayload<'a>>,
}

#[derive(Debug, Deserialize)]
struct PlacePayload<'a> {
    id: Option<u64>,
    #[serde(borrow)]
    full_name: Option<Cow<'a, str>>,
}

/// The value of `x-forgejo-<name>`, else of `x-gitea-<name>`. A Forgejo
/// header decides even when it is empty, or there twice.
pub(crate) fn header<'a>(delivery: &'a Delivery, name: &str) -> Option<&'a str> {
    let forgejo = format!("x-forgejo-{name}");
    if delivery.headers.iter().any(|(known, _)| *known == forgejo) {
        return delivery.header(&forgejo);
    }
    delivery.header(&format!("x-gitea-{name}"))
}

/// The event that `delivery` is of.
pub(crate) fn event(delivery: &Delivery) -> Option<&str> {
    // Some versions name a status in the type alone.
    let name = header(delivery, "event").filter(|it| !it.is_empty());
    name.or_else(|| header(delivery, "event-type"))
}

fn kind(event: &str, frame: &FramePayload<'_>) -> Kind {
    match event {
        "push" => Kind::Push,
        "create" | "delete" if frame.ref_type.as_deref() == Some("tag") => Kind::Tag,
        "issue_comment"
        | "pull_request_comment"
        | "pull_request_rejected"
        | "pull_request_approved" => Kind::Note,
        it if it.starts_with("pull_request") => Kind::MergeRequest,
        it if it.starts_with("issue") => Kind::Issue,
        "workflow_run" => Kind::Pipeline,
        "workflow_job" | "status" => Kind::Job,
        it if it.starts_with("action_run") => Kind::Pipeline,
        "release" => Kind::Release,
        _ => Kind::Other,
    }
}

impl WebhookScheme for GiteaScheme {
    fn verify(&self, secrets: &[SecretString], delivery: &Delivery) -> Result<(), HookRefused> {
        let given = header(delivery, "signature").filter(|it| !it.is_empty());
        let given = given.ok_or(HookRefused::Unsigned)?;
        let given = unhex(given).ok_or(HookRefused::WrongSignature)?;
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
        header(delivery, "delivery").filter(|it| !it.is_empty()).map(str::to_owned)
    }

    fn headers(&self) -> &'static [&'static str] {
        &[
            "x-forgejo-event",
            "x-forgejo-event-type",
            "x-forgejo-delivery",
            "x-gitea-event",
            "x-gitea-event-type",
            "x-gitea-delivery",
        ]
    }

    fn about(&self, delivery: &Delivery) -> Result<About, BoxError> {
        let event = event(delivery).ok_or("it does not say which event it is")?;
        let frame: FramePayload<'_> = read_json(&delivery.body)?;
        let kind = kind(event, &frame);
        let (id, path) = frame.repository.map(|it| (it.id, it.full_name)).unwrap_or_default();
        Ok(About::new(kind, event, id.map(|it| it.to_string()), path.map(Cow::into_owned)))
    }

    fn facts(&self, delivery: &Delivery) -> Result<Vec<Fact<Actor>>, BoxError> {
        let event = event(delivery).ok_or("it does not say which event it is")?;
        facts::read(event, delivery)
    }

    /// Nothing is read: courses hear of it when it comes.
    fn occurred_at(&self, _delivery: &Delivery) -> Result<Option<Timestamp>, BoxError> {
        Ok(None)
    }
}
