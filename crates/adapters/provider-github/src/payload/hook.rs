//! `Webhook`, from and for `POST /repositories/{id}/hooks`.
//!
//! Source: <https://docs.github.com/en/rest/repos/webhooks#create-a-repository-webhook>,
//! API version 2022-11-28.

use lodge_provider::Hook;
use serde::{Deserialize, Serialize};

#[derive(Debug, Deserialize)]
pub(crate) struct HookPayload {
    id: u64,
    active: Option<bool>,
}

impl From<HookPayload> for Hook {
    fn from(it: HookPayload) -> Self {
        Self { ids: vec![it.id.to_string()], active: it.active.unwrap_or(true) }
    }
}

#[derive(Serialize)]
pub(crate) struct NewHookPayload<'a> {
    pub(crate) name: &'static str,
    pub(crate) active: bool,
    pub(crate) events: Vec<&'static str>,
    pub(crate) config: HookConfigPayload<'a>,
}

#[derive(Serialize)]
pub(crate) struct HookConfigPayload<'a> {
    pub(crate) url: &'a str,
    pub(crate) content_type: &'static str,
    pub(crate) secret: &'a str,
    /// `"0"`: the receiver's certificate is checked.
    pub(crate) insecure_ssl: &'static str,
}
