//! `Subscription`, for and from `POST /{organization}/_apis/hooks/subscriptions`.
//!
//! Source: <https://learn.microsoft.com/rest/api/azure/devops/hooks/subscriptions/create>,
//! API version 7.1. The inputs are those that
//! `GET /{organization}/_apis/hooks/consumers` lists.

use serde::{Deserialize, Serialize};

use super::Text;

/// A subscription to be made: one kind of event of one repository.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct NewSubscription<'a> {
    pub(crate) publisher_id: &'static str,
    pub(crate) event_type: &'a str,
    pub(crate) resource_version: &'a str,
    pub(crate) consumer_id: &'static str,
    pub(crate) consumer_action_id: &'static str,
    pub(crate) publisher_inputs: PublisherInputs<'a>,
    pub(crate) consumer_inputs: ConsumerInputs<'a>,
}

/// Which events.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PublisherInputs<'a> {
    pub(crate) project_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) repository: Option<&'a str>,
}

/// Where to, and with what proof. Of these only the password is kept from
/// everybody who may look at subscriptions.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ConsumerInputs<'a> {
    pub(crate) url: &'a str,
    pub(crate) basic_auth_username: &'static str,
    pub(crate) basic_auth_password: &'a str,
    pub(crate) resource_details_to_send: &'static str,
    pub(crate) messages_to_send: &'static str,
    pub(crate) detailed_messages_to_send: &'static str,
}

#[derive(Debug, Deserialize)]
pub(crate) struct SubscriptionPayload<'a> {
    #[serde(borrow)]
    pub(crate) id: Text<'a>,
    #[serde(borrow)]
    status: Option<Text<'a>>,
}

impl SubscriptionPayload<'_> {
    pub(crate) fn is_active(&self) -> bool {
        matches!(self.status.as_deref(), None | Some("enabled" | "onProbation"))
    }
}
