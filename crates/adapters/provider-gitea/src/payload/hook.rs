//! `CreateHookOption` and `Hook`, of `POST /repos/{owner}/{repo}/hooks`.
//!
//! Source: <https://docs.gitea.com/api/#tag/repository/operation/repoCreateHook>.

use serde::{Deserialize, Serialize};

#[derive(Debug, Serialize)]
pub(crate) struct NewHookPayload<'a> {
    pub(crate) r#type: &'static str,
    pub(crate) active: bool,
    pub(crate) branch_filter: &'static str,
    pub(crate) config: HookConfigPayload<'a>,
    pub(crate) events: Vec<&'static str>,
}

#[derive(Serialize)]
pub(crate) struct HookConfigPayload<'a> {
    pub(crate) url: &'a str,
    pub(crate) content_type: &'static str,
    pub(crate) secret: &'a str,
}

impl std::fmt::Debug for HookConfigPayload<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("HookConfigPayload").field("url", &self.url).finish_non_exhaustive()
    }
}

#[derive(Debug, Deserialize)]
pub(crate) struct HookPayload {
    pub(crate) id: u64,
    pub(crate) active: Option<bool>,
}
