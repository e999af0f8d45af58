//! `webhook_subscription`, to and from `POST …/hooks`.
//!
//! Source: <https://developer.atlassian.com/cloud/bitbucket/rest/api-group-webhooks/>,
//! API 2.0.

use lodge_provider_kit::Text;
use serde::{Deserialize, Serialize};

#[derive(Serialize)]
pub(crate) struct NewHookPayload<'a> {
    pub(crate) description: &'a str,
    pub(crate) url: &'a str,
    pub(crate) active: bool,
    pub(crate) secret: &'a str,
    pub(crate) events: Vec<&'static str>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct HookPayload<'a> {
    #[serde(borrow)]
    pub(crate) uuid: Text<'a>,
    pub(crate) active: Option<bool>,
}
