//! How GitHub proves and names what it delivers.
//!
//! <https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries>,
//! <https://docs.github.com/en/webhooks/webhook-events-and-payloads>.

use std::borrow::Cow;

use lodge_activity::{Actor, Fact};
use lodge_intake::Kind;
use lodge_kernel::{SecretString, Timestamp};
use lodge_provider::{About, BoxError, Delivery, HookRefused, WebhookScheme};
use lodge_provider_kit::{hmac_sha256_fits, read_json, unhex};
use serde::Deserialize;

use crate::facts;

/// What GitHub and its Enterprise Servers have in common.
pub(crate) struct GithubScheme;

/// The frame that all bodies share.
#[derive(Debug, Deserialize)]
struct FramePayload<'a> {
    #[serde(borrow)]
    r#ref: Option<Cow<'a, str>>,
    #[serde(borrow)]
    repository: Option<PlacePayload<'a>>,
}

#[derive(Debug, Deserialize)]
struct PlacePayload<'a> {
    id: Option<u64>,
    #[serde(borrow)]
    full_name: Option<Cow<'a, str>>,
}

fn kind(event: &str, frame: &FramePayload<'_>) -> Kind {
    match event {
        "push" if frame.r#ref.as_deref().is_some_and(|it| it.starts_with("refs/tags/")) => {
            Kind::Tag
        }
        "push" => Kind::Push,
        "pull_request" => Kind::MergeRequest,
        "issue_comment"
        | "commit_comment"
        | "pull_request_review"
        | "pull_request_review_comment"
        | "pull_request_review_thread" => Kind::Note,
        "issues" => Kind::Issue,
        "workflow_run" | "check_suite" => Kind::Pipeline,
        "workflow_job" | "check_run" | "status" => Kind::Job,
        "release" => Kind::Release,
        "deployment" | "deployment_status" => Kind::Deployment,
        _ => Kind::Other,
    }
}

impl WebhookScheme for GithubScheme {
    fn verify(&self, secrets: &[SecretString], delivery: &Delivery) -> Result<(), HookRefused> {
        let given = delivery.header("x-hub-signature-256").ok_or(HookRefused::Unsigned)?;
        let given = given.strip_prefix("sha256=").and_then(unhex);
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
        delivery.header("x-github-delivery").map(str::to_owned)
    }

    fn headers(&self) -> &'static [&'static str] {
        &["x-github-event", "x-github-delivery", "x-github-hook-id"]
    }

    fn about(&self, delivery: &Delivery) -> Result<About, BoxError> {
        let event = delivery.header("x-github-event").ok_or("it does not say which event it is")?;
        let frame: FramePayload<'_> = read_json(&delivery.body)?;
        let kind = kind(event, &frame);
        let (id, path) = frame.repository.map(|it| (it.id, it.full_name)).unwrap_or_default();
        Ok(About::new(kind, event, id.map(|it| it.to_string()), path.map(Cow::into_owned)))
    }

    fn facts(&self, delivery: &Delivery) -> Result<Vec<Fact<Actor>>, BoxError> {
        let event = delivery.header("x-github-event").ok_or("it does not say which event it is")?;
        facts::read(event, delivery)
    }

    /// Nothing is read: courses hear of it when it comes.
    fn occurred_at(&self, _delivery: &Delivery) -> Result<Option<Timestamp>, BoxError> {
        Ok(None)
    }
}
