//! How Azure DevOps proves and names what it delivers: nothing is signed.
//!
//! <https://learn.microsoft.com/en-us/azure/devops/service-hooks/events>.

use std::borrow::Cow;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use lodge_activity::{Actor, Fact, FactKind};
use lodge_intake::Kind;
use lodge_kernel::{SecretString, Timestamp};
use lodge_provider::{About, BoxError, Delivery, HookRefused, WebhookScheme};
use lodge_provider_kit::{read_json, same_secret};
use serde::Deserialize;

use crate::{
    facts,
    payload::{event::EnvelopePayload, whereabouts::Whereabouts, without_mark},
};

/// What the services and the servers have in common.
pub(crate) struct AzureScheme;

/// The frame that all bodies share.
#[derive(Debug, Deserialize)]
struct FramePayload<'a> {
    #[serde(borrow, rename = "eventType")]
    event_type: Option<Cow<'a, str>>,
    #[serde(borrow)]
    resource: Option<ResourcePayload<'a>>,
}

#[derive(Debug, Deserialize)]
struct ResourcePayload<'a> {
    #[serde(borrow)]
    repository: Option<PlacePayload<'a>>,
}

#[derive(Debug, Deserialize)]
struct PlacePayload<'a> {
    #[serde(borrow)]
    name: Option<Cow<'a, str>>,
}

fn kind(event: &str) -> Kind {
    match event {
        "git.push" => Kind::Push,
        "ms.vss-code.git-pullrequest-comment-event" => Kind::Note,
        "build.complete" => Kind::Pipeline,
        it if it.starts_with("git.pullrequest.") => Kind::MergeRequest,
        it if it.starts_with("workitem.") => Kind::Issue,
        it if it.starts_with("ms.vss-pipelines.") => Kind::Pipeline,
        it if it.starts_with("ms.vss-release.deployment") => Kind::Deployment,
        it if it.starts_with("ms.vss-release.") => Kind::Release,
        _ => Kind::Other,
    }
}

impl WebhookScheme for AzureScheme {
    fn verify(&self, secrets: &[SecretString], delivery: &Delivery) -> Result<(), HookRefused> {
        let given = delivery.header("authorization").ok_or(HookRefused::Unsigned)?;
        let (scheme, pair) = given.split_once(' ').ok_or(HookRefused::Unsigned)?;
        if !scheme.eq_ignore_ascii_case("basic") {
            return Err(HookRefused::Unsigned);
        }
        let pair = STANDARD.decode(pair.trim()).ok().and_then(|it| String::from_utf8(it).ok());
        let password = pair.as_deref().and_then(|it| it.split_once(':')).map(|(_, it)| it);
        let fits = password.is_some_and(|it| same_secret(secrets, it));
        if fits { Ok(()) } else { Err(HookRefused::WrongSignature) }
    }

    fn shown_secret<'a>(&self, _delivery: &'a Delivery) -> Option<&'a str> {
        None
    }

    /// The host counts the deliveries of each subscription.
    fn delivery_id(&self, delivery: &Delivery) -> Option<String> {
        let told = EnvelopePayload::read(&delivery.body).ok()?;
        Some(format!("{}.{}", &*told.subscription_id?, told.notification_id?))
    }

    fn headers(&self) -> &'static [&'static str] {
        &["x-vss-activityid", "x-vss-subscriptionid"]
    }

    fn about(&self, delivery: &Delivery) -> Result<About, BoxError> {
        let frame: FramePayload<'_> = read_json(without_mark(&delivery.body))?;
        let event = frame.event_type.ok_or("it does not say which event it is")?;
        let place = frame.resource.and_then(|it| it.repository);
        let path = place.and_then(|it| it.name).map(Cow::into_owned);
        let repository = Whereabouts::of(&delivery.body).and_then(|it| it.repository);
        let id = repository.map(|it| it.as_str().to_owned());
        Ok(About::new(kind(&event), &event, id, path))
    }

    fn facts(&self, delivery: &Delivery) -> Result<Vec<Fact<Actor>>, BoxError> {
        facts::read(delivery)
    }

    /// Work items are of a project, and of no repository.
    fn silent_on(&self) -> &'static [FactKind] {
        &[FactKind::Issue]
    }

    /// Nothing is read: courses hear of it when it comes.
    fn occurred_at(&self, _delivery: &Delivery) -> Result<Option<Timestamp>, BoxError> {
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_order_mark_before_the_body_is_passed_over() {
        let frame = r#"{"eventType":"git.push","resource":{"repository":{"name":"library"}}}"#;
        let body = [b"\xef\xbb\xbf".as_slice(), frame.as_bytes()].concat();
        let delivery = Delivery { headers: Vec::new(), body, received_at: Timestamp::EPOCH };
        let about = AzureScheme.about(&delivery).unwrap();
        assert_eq!(about, About::new(Kind::Push, "git.push", None, Some("library".to_owned())));
    }
}
