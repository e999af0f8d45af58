//! What a delivery tells courses: the same facts as `courses` lists, as far as
//! the delivery has them. Every kind has its body in a file of its own.
//!
//! Source: <https://docs.gitlab.com/user/project/integrations/webhook_events/>.

mod deployment;
mod issue;
mod job;
mod merge_request;
mod note;
mod pipeline;
mod push;
mod release;

use lodge_activity::{Actor, Fact};
use lodge_provider::{BoxError, Delivery};
use lodge_provider_kit::{Text, Unreadable};
use serde::Deserialize;

#[derive(Debug, Deserialize)]
struct KindPayload<'a> {
    #[serde(borrow)]
    object_kind: Option<Text<'a>>,
    #[serde(borrow)]
    event_name: Option<Text<'a>>,
}

type Facts = Vec<Fact<Actor>>;

/// What `delivery` tells. Nothing for a kind that courses do not use.
///
/// # Errors
///
/// When its body is not as GitLab writes one of its kind. The error says where,
/// and nothing of what stands there.
pub(crate) fn read(delivery: &Delivery) -> Result<Facts, BoxError> {
    told(delivery).map_err(|error| Unreadable::from(error).into())
}

fn told(delivery: &Delivery) -> Result<Facts, serde_json::Error> {
    let body = &delivery.body;
    let kind: KindPayload<'_> = serde_json::from_slice(body)?;
    match kind.object_kind.or(kind.event_name).as_deref() {
        Some("push") => push::commits(body),
        Some("tag_push") => push::tag(body, delivery.received_at),
        Some("merge_request") => merge_request::read(body),
        Some("note") => note::read(body),
        Some("issue" | "work_item") => issue::read(body),
        Some("pipeline") => pipeline::read(body),
        Some("build") => job::read(body),
        Some("release") => release::read(body, delivery.received_at),
        Some("deployment") => deployment::read(body),
        _ => Ok(Vec::new()),
    }
}

#[cfg(test)]
mod tests;
