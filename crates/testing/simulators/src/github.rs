//! GitHub Enterprise Server: REST API version 2022-11-28 below `/api/v3`, and
//! OAuth below `/login/oauth`.
//!
//! Written from <https://docs.github.com/en/rest> and
//! <https://docs.github.com/en/apps>. Reading order: the routes here, then
//! [`pages`], [`people`] and one file a resource, [`oauth`] and
//! [`deliveries`].

mod changes;
mod checks;
mod commits;
mod deliveries;
mod hooks;
mod oauth;
mod pages;
mod people;
mod pulls;
mod releases;
mod repositories;
mod trees;

pub use deliveries::github_deliveries;

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::{SystemTime, UNIX_EPOCH},
};

use async_trait::async_trait;
use serde_json::json;

use self::hooks::Hooks;
use crate::{Accounts, Ask, Reply, Simulator, Webhook, World, WorldRepository};

/// GitHub, imitated.
#[derive(Debug)]
pub struct GithubSimulator {
    /// A tree with more entries is truncated: 100,000 at the real one.
    most_entries: usize,
    /// Files of a commit on one page: 300 at the real one.
    files: usize,
    /// The installation of this number is suspended.
    suspended: Option<u64>,
    hooks: Hooks,
    used: AtomicU64,
}

impl Default for GithubSimulator {
    fn default() -> Self {
        Self {
            most_entries: 100_000,
            files: 300,
            suspended: None,
            hooks: Hooks::default(),
            used: AtomicU64::new(0),
        }
    }
}

impl GithubSimulator {
    /// The same, with trees truncated above `most` entries.
    #[must_use]
    pub fn with_most_entries(self, most: usize) -> Self {
        Self { most_entries: most, ..self }
    }

    /// The same, with `files` of a commit on one page.
    #[must_use]
    pub fn with_files(self, files: usize) -> Self {
        Self { files, ..self }
    }

    /// The same, with the installation of the number `id` suspended: the
    /// first one is 7001.
    #[must_use]
    pub fn with_suspended(self, id: u64) -> Self {
        Self { suspended: Some(id), ..self }
    }
}

/// A request for something of one repository.
struct On<'a> {
    ask: &'a Ask,
    world: &'a World,
    repository: &'a WorldRepository,
}

impl On<'_> {
    /// The address of the API: what its links begin with.
    fn api(&self) -> String {
        format!("{}/api/v3", self.ask.address)
    }
}

#[async_trait]
impl Simulator for GithubSimulator {
    fn name(&self) -> &'static str {
        "github"
    }

    fn webhooks(&self) -> Vec<Webhook> {
        self.hooks.all()
    }

    async fn answer(&self, ask: &Ask, world: &World, accounts: &Accounts) -> Reply {
        let path = ask.path();
        let Some(path) = path.strip_prefix(["api", "v3"].as_slice()) else {
            return oauth::page(ask, accounts);
        };
        if let ["applications", client, "token"] = path {
            return oauth::delete_token(ask, client, accounts);
        }
        let reply = match refused(ask, accounts) {
            Some(refused) => refused,
            None => self.api(ask, path, world).await,
        };
        self.framed(ask, reply)
    }
}

impl GithubSimulator {
    async fn api(&self, ask: &Ask, path: &[&str], world: &World) -> Reply {
        match (ask.method.as_str(), path) {
            ("GET", ["user"]) => people::user(ask, world),
            ("GET", ["user", "repos"]) => repositories::list(ask, world),
            ("GET", ["user", "installations"]) => self.installations(ask, world),
            ("GET", ["user", "installations", id, "repositories"]) => {
                self.installed(ask, world, id)
            }
            (_, ["repositories", id, rest @ ..]) => {
                let number = id.parse().ok();
                match number.and_then(|number| world.numbered(number)) {
                    Some(repository) => self.below(On { ask, world, repository }, rest).await,
                    None => not_found(),
                }
            }
            (_, ["repos", owner, name, rest @ ..]) => {
                match world.named(&format!("{owner}/{name}")) {
                    Some(repository) => self.below(On { ask, world, repository }, rest).await,
                    None => not_found(),
                }
            }
            _ => not_found(),
        }
    }

    async fn below(&self, on: On<'_>, rest: &[&str]) -> Reply {
        match (on.ask.method.as_str(), rest) {
            ("GET", []) => repositories::one(&on),
            ("GET", ["branches"]) => repositories::branches(&on).await,
            ("GET", ["branches", name]) => repositories::branch(&on, name).await,
            ("GET", ["commits"]) => commits::list(&on).await,
            ("GET", ["commits", reference]) => commits::one(&on, reference, self.files).await,
            ("GET", ["commits", reference, "check-runs"]) => checks::runs(&on, reference).await,
            ("GET", ["commits", reference, "status"]) => checks::status(&on, reference).await,
            ("GET", ["compare", range]) => changes::compare(&on, range).await,
            ("GET", ["contributors"]) => people::contributors(&on).await,
            ("GET", ["tags"]) => releases::tags(&on).await,
            ("GET", ["releases"]) => releases::list(&on).await,
            ("GET", ["deployments"]) => checks::deployments(&on).await,
            ("GET", ["deployments", id, "statuses"]) => checks::deployment_statuses(&on, id).await,
            ("GET", ["pulls"]) => pulls::list(&on).await,
            ("GET", ["pulls", number]) => pulls::one(&on, number).await,
            ("GET", ["pulls", number, "files"]) => pulls::files(&on, number).await,
            ("GET", ["git", "trees", tree]) => trees::one(&on, tree, self.most_entries).await,
            ("POST", ["hooks"]) => self.hooks.create(&on),
            ("DELETE", ["hooks", id]) => self.hooks.delete(&on, id),
            _ => not_found(),
        }
    }

    /// The headers of every answer.
    fn framed(&self, ask: &Ask, reply: Reply) -> Reply {
        let reply = if ask.method == "GET" { reply.confirmable(ask) } else { reply };
        let used = if reply.status == 304 {
            self.used.load(Ordering::Relaxed)
        } else {
            self.used.fetch_add(1, Ordering::Relaxed) + 1
        };
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |it| it.as_secs());
        let version = ask.header("x-github-api-version").unwrap_or("2022-11-28");
        reply
            .with("x-github-request-id", format!("A1B2:3C4D:{used:06X}:65F0A1B2"))
            .with("x-github-media-type", "github.v3; format=json")
            .with("x-github-api-version-selected", version)
            .with("x-oauth-scopes", "admin:repo_hook, read:user, repo")
            .with("x-accepted-oauth-scopes", "repo")
            .with("x-ratelimit-limit", "5000")
            .with("x-ratelimit-remaining", 5000_u64.saturating_sub(used % 4000).to_string())
            .with("x-ratelimit-used", (used % 4000).to_string())
            .with("x-ratelimit-reset", (now - now % 3600 + 3600).to_string())
            .with("x-ratelimit-resource", "core")
            .with("cache-control", "private, max-age=60, s-maxage=60")
            .with("vary", "Accept, Authorization, Cookie, X-GitHub-OTP,Accept-Encoding, Accept")
    }
}

/// What every question to the API needs.
fn refused(ask: &Ask, accounts: &Accounts) -> Option<Reply> {
    if ask.header("user-agent").is_none_or(str::is_empty) {
        let text = "Request forbidden by administrative rules. Please make sure your request has a User-Agent header";
        return Some(Reply::text(403, "text/html", text));
    }
    let version = ask.header("x-github-api-version").unwrap_or("2022-11-28");
    if !["2022-11-28", "2026-03-10"].contains(&version) {
        return Some(error(400, &format!("\"{version}\" is not a supported version.")));
    }
    match ask.token() {
        None => Some(error(401, "Requires authentication")),
        Some(token) if accounts.knows(token) => None,
        Some(_) => Some(error(401, "Bad credentials")),
    }
}

fn not_found() -> Reply {
    error(404, "Not Found")
}

/// A `Basic Error`.
fn error(status: u16, message: &str) -> Reply {
    let body = json!({
        "message": message,
        "documentation_url": "https://docs.github.com/rest",
        "status": status.to_string(),
    });
    Reply::json(status, &body)
}

/// Nothing was ever pushed.
fn empty_repository() -> Reply {
    error(409, "Git Repository is empty.")
}

/// As git hosts write a moment.
fn moment(at: Option<lodge_kernel::Timestamp>) -> serde_json::Value {
    match at {
        Some(at) => json!(format!("{}Z", at.to_string().get(..19).unwrap_or_default())),
        None => serde_json::Value::Null,
    }
}
