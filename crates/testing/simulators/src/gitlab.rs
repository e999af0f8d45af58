//! GitLab, as its documentation tells it: REST API v4
//! (<https://docs.gitlab.com/api/rest/>), self-managed, version 18.
//!
//! Reading order: here is who may ask and what is asked; `paging` and `say`
//! are how it answers; then one file for each part of the API, and `delivery`
//! for webhooks.

mod ci;
mod commits;
mod coursework;
mod delivery;
mod diffs;
mod groups;
mod hooks;
mod merge_requests;
mod oauth;
mod paging;
mod projects;
mod refs;
mod say;
mod tree;

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{SystemTime, UNIX_EPOCH},
};

use async_trait::async_trait;
use lodge_kernel::Timestamp;
use lodge_provider::Delivery;

pub use self::delivery::{GitLabProof, gitlab_delivery};
use self::{hooks::Hook, say::Here};
use crate::{Accounts, Ask, Reply, Simulator, Webhook, World};

/// Requests of one user in a minute.
const LIMIT: u64 = 2_000;

/// A simulated GitLab. Clones share their webhooks.
#[derive(Clone, Debug, Default)]
pub struct GitLabSimulator {
    hooks: Arc<Mutex<Vec<Hook>>>,
    window: Arc<Mutex<Window>>,
}

/// What was asked in the present minute.
#[derive(Clone, Copy, Debug, Default)]
struct Window {
    minute: u64,
    asked: u64,
}

impl GitLabSimulator {
    /// What the webhook `id` is sent when `event` happens, which is one of
    /// those of [`gitlab_delivery`]. `None` when there is no such webhook, or
    /// it was not made for that.
    pub async fn deliver(
        &self,
        world: &World,
        id: &str,
        event: &str,
        at: Timestamp,
    ) -> Option<Delivery> {
        let hooks = self.hooks.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let hook = hooks.into_iter().find(|it| it.id.to_string() == id && it.hears(event))?;
        let repository = world.numbered(hook.project)?;
        Some(gitlab_delivery(world, repository, event, &hook.proof, at).await)
    }

    /// The webhook `id` has failed too often, and hears nothing until it is
    /// tested.
    pub fn disable_hook(&self, id: &str) {
        let mut hooks = self.hooks.lock().unwrap_or_else(PoisonError::into_inner);
        hooks.iter_mut().filter(|it| it.id.to_string() == id).for_each(Hook::disable);
    }

    /// Counts a request, and says how much is left.
    fn limits(&self, reply: Reply) -> Reply {
        let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |it| it.as_secs());
        let minute = seconds / 60;
        let mut window = self.window.lock().unwrap_or_else(PoisonError::into_inner);
        if window.minute != minute {
            *window = Window { minute, asked: 0 };
        }
        window.asked += 1;
        reply
            .with("ratelimit-limit", LIMIT.to_string())
            .with("ratelimit-name", "throttle_authenticated_api")
            .with("ratelimit-observed", window.asked.to_string())
            .with("ratelimit-remaining", LIMIT.saturating_sub(window.asked).to_string())
            .with("ratelimit-reset", ((minute + 1) * 60).to_string())
            .with("x-request-id", format!("01GITLAB{:018}", window.asked))
            .with("x-runtime", "0.042")
    }

    async fn api(&self, ask: &Ask, world: &World, accounts: &Accounts, path: &[&str]) -> Reply {
        if let Err(refused) = authenticated(ask, accounts) {
            return refused;
        }
        match path {
            ["user"] => say::ok(ask, &projects::user(world.user(), &ask.address)),
            ["groups", id, rest @ ..] => groups::answer(ask, world, id, rest).await,
            ["projects"] => projects::list(ask, world).await,
            ["projects", id, rest @ ..] => {
                let Some(repository) = projects::find(world, id) else {
                    return say::not_found("Project");
                };
                let here = Here { ask, repository };
                self.project(&here, rest).await
            }
            _ => Reply::json(404, &serde_json::json!({"error": "404 Not Found"})),
        }
    }

    async fn project(&self, here: &Here<'_>, path: &[&str]) -> Reply {
        match (here.ask.method.as_str(), path) {
            ("GET", []) => projects::one(here).await,
            ("GET", ["repository", "branches"]) => refs::branches(here).await,
            ("GET", ["repository", "branches", name]) => refs::branch(here, name).await,
            ("GET", ["repository", "tags"]) => refs::tags(here).await,
            ("GET", ["releases"]) => refs::releases(here).await,
            ("GET", ["repository", "commits"]) => commits::list(here).await,
            ("GET", ["repository", "commits", sha]) => commits::one(here, sha).await,
            ("GET", ["repository", "commits", sha, "diff"]) => diffs::of_commit(here, sha).await,
            ("GET", ["repository", "commits", sha, "statuses"]) => ci::statuses(here, sha).await,
            ("GET", ["repository", "contributors"]) => commits::contributors(here).await,
            ("GET", ["repository", "tree"]) => tree::list(here).await,
            ("GET", ["pipelines"]) if here.ask.query("sha").is_some() => ci::pipelines(here).await,
            ("GET", ["pipelines"]) => coursework::runs(here).await,
            ("GET", ["pipelines", id]) => coursework::run(here, id).await,
            ("GET", ["members"]) => groups::members(here).await,
            ("GET", ["issues"]) => coursework::issues(here).await,
            ("GET", [on @ ("issues" | "merge_requests"), iid, "discussions"]) => {
                coursework::discussions(here, on, iid).await
            }
            ("GET", ["merge_requests", iid, "approvals"]) => {
                merge_requests::approvals(here, iid).await
            }
            ("GET", ["deployments"]) => ci::deployments(here).await,
            ("GET", ["merge_requests"]) => merge_requests::list(here).await,
            ("GET", ["merge_requests", iid]) => merge_requests::one(here, iid).await,
            ("GET", ["merge_requests", iid, "diffs"]) => diffs::of_merge_request(here, iid).await,
            (_, ["hooks", rest @ ..]) => hooks::answer(here, &self.hooks, rest),
            _ => Reply::json(404, &serde_json::json!({"error": "404 Not Found"})),
        }
    }
}

/// An OAuth token stands in `Authorization`; a personal one there, or in
/// `PRIVATE-TOKEN`.
fn authenticated(ask: &Ask, accounts: &Accounts) -> Result<(), Reply> {
    let bearer = ask.header("authorization").and_then(|it| it.strip_prefix("Bearer "));
    let private = ask.header("private-token").filter(|it| *it == accounts.personal());
    match (bearer, private) {
        (Some(token), _) if accounts.knows(token) => Ok(()),
        (Some(_), _) => Err(Reply::json(
            401,
            &serde_json::json!({
                "error": "invalid_token",
                "error_description": "Token is expired. You can either do re-authorization or token refresh.",
            }),
        )
        .with("www-authenticate", "Bearer realm=\"Protected by OAuth 2.0\", error=\"invalid_token\"")),
        (None, Some(_)) => Ok(()),
        (None, None) => Err(Reply::json(401, &serde_json::json!({"message": "401 Unauthorized"}))),
    }
}

#[async_trait]
impl Simulator for GitLabSimulator {
    fn name(&self) -> &'static str {
        "gitlab"
    }

    fn webhooks(&self) -> Vec<Webhook> {
        let hooks = self.hooks.lock().unwrap_or_else(PoisonError::into_inner);
        hooks.iter().map(Hook::told).collect()
    }

    async fn answer(&self, ask: &Ask, world: &World, accounts: &Accounts) -> Reply {
        match ask.path().as_slice() {
            ["oauth", rest @ ..] => oauth::answer(ask, accounts, rest),
            ["api", "v4", rest @ ..] => self.limits(self.api(ask, world, accounts, rest).await),
            _ => Reply::text(
                404,
                "text/html; charset=utf-8",
                "<html><title>Not Found</title></html>",
            ),
        }
    }
}
