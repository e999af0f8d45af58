//! Gitea, and Forgejo where it differs: API v1 with its OAuth server.
//!
//! Written from <https://docs.gitea.com/api> and from what servers answer:
//! pages are cut at 50 items without a word, links have no space between them,
//! tags have no links, an empty repository is a conflict for its commits and
//! nothing for its branches, and what never happened happened in the year 1.
//!
//! Reading order: [`GiteaSimulator`], `bodies`, `pages`, then `repository`
//! (what is asked of one repository) and `deliveries`.

mod bodies;
mod checks;
mod deliveries;
mod hooks;
mod oauth;
mod pages;
mod patch;
mod pulls;
mod repository;
mod trees;

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use async_trait::async_trait;
use serde_json::json;

pub use self::deliveries::{GiteaDelivery, gitea_deliveries};
use self::pages::Pages;
use crate::{Accounts, Ask, Reply, Simulator, World, WorldRepository};

/// The most items of a page where the operator did not change it.
const MOST_ITEMS: usize = 50;

/// A simulated instance. Clones are the same one.
#[derive(Clone)]
pub struct GiteaSimulator(Arc<State>);

struct State {
    /// Runs of workflows cannot be listed, and tags have no total.
    older: bool,
    /// The most items of a page.
    most_items: usize,
    /// The newest name of a repository, by its number.
    names: Mutex<HashMap<u64, String>>,
    /// Where a name that was given up leads.
    redirects: Mutex<HashMap<String, u64>>,
    hooks: Mutex<HashMap<u64, serde_json::Value>>,
    hooks_made: AtomicU64,
}

impl Default for GiteaSimulator {
    fn default() -> Self {
        Self::new(false, MOST_ITEMS)
    }
}

impl GiteaSimulator {
    /// An instance of some years ago, whose operator allows three items a
    /// page.
    pub fn older() -> Self {
        Self::new(true, 3)
    }

    fn new(older: bool, most_items: usize) -> Self {
        Self(Arc::new(State {
            older,
            most_items,
            names: Mutex::default(),
            redirects: Mutex::default(),
            hooks: Mutex::default(),
            hooks_made: AtomicU64::default(),
        }))
    }

    /// A repository gets another `owner/name`. The old one leads to it, or
    /// nowhere.
    pub fn rename(&self, repository: &WorldRepository, name: &str, redirects: bool) {
        let old = self.name_of(repository);
        let number = repository.number;
        let mut names = self.0.names.lock().unwrap_or_else(PoisonError::into_inner);
        names.insert(number, name.to_owned());
        if redirects {
            let mut old_names = self.0.redirects.lock().unwrap_or_else(PoisonError::into_inner);
            old_names.insert(old, number);
        }
    }

    /// The webhooks that were made and not removed.
    pub fn hooks(&self) -> Vec<serde_json::Value> {
        let hooks = self.0.hooks.lock().unwrap_or_else(PoisonError::into_inner);
        hooks.values().cloned().collect()
    }

    fn name_of(&self, repository: &WorldRepository) -> String {
        let names = self.0.names.lock().unwrap_or_else(PoisonError::into_inner);
        names.get(&repository.number).cloned().unwrap_or_else(|| repository.full_name())
    }

    fn named<'a>(&self, world: &'a World, full_name: &str) -> Option<&'a WorldRepository> {
        world.repositories().iter().find(|it| self.name_of(it) == full_name)
    }

    fn redirect(&self, ask: &Ask, world: &World, full_name: &str) -> Option<Reply> {
        let redirects = self.0.redirects.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.name_of(world.numbered(*redirects.get(full_name)?)?);
        let rest: Vec<&str> = ask.segments.iter().skip(5).map(String::as_str).collect();
        let query: Vec<String> = ask.query.iter().map(|(k, v)| format!("{k}={v}")).collect();
        let path = [&[now.as_str()], rest.as_slice()].concat().join("/");
        let location = format!("{}/api/v1/repos/{path}?{}", ask.address, query.join("&"));
        Some(Reply::redirect(307, location))
    }

    fn next_hook(&self) -> u64 {
        self.0.hooks_made.fetch_add(1, Ordering::Relaxed) + 1
    }
}

/// An error in the host's form.
fn error(ask: &Ask, status: u16, message: &str) -> Reply {
    let url = format!("{}/api/swagger", ask.address);
    Reply::json(status, &json!({ "message": message, "url": url }))
}

fn not_found(ask: &Ask) -> Reply {
    let url = format!("{}/api/swagger", ask.address);
    let body = json!({ "errors": [], "message": "The target couldn't be found.", "url": url });
    Reply::json(404, &body)
}

#[async_trait]
impl Simulator for GiteaSimulator {
    fn name(&self) -> &'static str {
        "gitea"
    }

    async fn answer(&self, ask: &Ask, world: &World, accounts: &Accounts) -> Reply {
        let path = ask.path();
        let rest = match path.as_slice() {
            ["login", "oauth", rest @ ..] => return oauth::answer(ask, rest, accounts),
            ["api", "v1", "version"] => return Reply::json(200, &json!({ "version": "1.25.1" })),
            ["api", "v1", "settings", "api"] => {
                return Reply::json(200, &bodies::settings(self.0.most_items));
            }
            ["api", "v1", rest @ ..] => rest,
            _ => return Reply::text(404, "text/html; charset=utf-8", "<html>Not found.</html>"),
        };
        match ask.token() {
            None => return error(ask, 401, "token is required"),
            Some(token) if !accounts.knows(token) => {
                return error(ask, 401, "invalid username, password or token");
            }
            Some(_) => {}
        }
        match (ask.method.as_str(), rest) {
            ("GET", ["user"]) => Reply::json(200, &bodies::user(ask, world.user())),
            ("GET", ["user", "repos"]) => {
                let all = world.repositories().iter();
                let all = all.map(|it| bodies::repository(ask, world, it, &self.name_of(it)));
                Pages { ask, most: self.0.most_items }.linked(all)
            }
            ("GET", ["repositories", id]) => {
                let found = id.parse().ok().and_then(|it| world.numbered(it));
                let body = found.map(|it| bodies::repository(ask, world, it, &self.name_of(it)));
                body.map_or_else(|| not_found(ask), |body| Reply::json(200, &body))
            }
            (_, ["repos", owner, name, rest @ ..]) => {
                let full_name = format!("{owner}/{name}");
                if let Some(repository) = self.named(world, &full_name) {
                    return self.of_repository(ask, world, repository, rest).await;
                }
                self.redirect(ask, world, &full_name).unwrap_or_else(|| not_found(ask))
            }
            _ => not_found(ask),
        }
    }
}
