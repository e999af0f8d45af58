//! `GET` and `POST /projects/:id/hooks`, and `GET /projects/:id/hooks/:hook_id`.
//!
//! Source: <https://docs.gitlab.com/api/project_webhooks/>, API v4.

use lodge_provider::Hook;
use serde::{Deserialize, Serialize};

/// A webhook to be made. Every event is said, since GitLab's default for
/// pushes is yes. Not `Debug`: it has secrets.
#[derive(Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "GitLab has one for each event")]
pub(crate) struct NewHookPayload<'a> {
    pub(crate) url: &'a str,
    /// Comes back in the clear, in `X-Gitlab-Token`.
    pub(crate) token: &'a str,
    /// Signs deliveries: `whsec_` and 32 bytes in base64. An older GitLab does
    /// not know it, and ignores it.
    pub(crate) signing_token: &'a str,
    pub(crate) enable_ssl_verification: bool,
    pub(crate) push_events: bool,
    pub(crate) tag_push_events: bool,
    pub(crate) merge_requests_events: bool,
    pub(crate) pipeline_events: bool,
    pub(crate) job_events: bool,
    pub(crate) releases_events: bool,
    pub(crate) deployment_events: bool,
    pub(crate) note_events: bool,
    pub(crate) issues_events: bool,
}

/// A body with nothing in it.
#[derive(Serialize)]
pub(crate) struct NoFields {}

#[derive(Debug, Deserialize)]
pub(crate) struct HookPayload {
    id: u64,
    url: Option<String>,
    /// `executable`, `disabled`, `temporarily_disabled`.
    alert_status: Option<String>,
}

impl HookPayload {
    /// Its address ends so.
    pub(crate) fn ends_in(&self, ending: &str) -> bool {
        self.url.as_ref().is_some_and(|it| it.ends_with(ending))
    }

    pub(crate) fn into_hook(self) -> Hook {
        let active = self.alert_status.is_none_or(|it| it == "executable");
        Hook { ids: vec![self.id.to_string()], active }
    }
}
