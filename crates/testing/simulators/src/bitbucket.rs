//! Bitbucket Cloud, imitated from its documentation:
//! <https://developer.atlassian.com/cloud/bitbucket/rest/intro/> (API 2.0) and
//! <https://developer.atlassian.com/cloud/bitbucket/oauth-2/>.
//!
//! Reading order: `BitbucketSimulator`, `errors`, `pages`, then `oauth`,
//! `objects` (accounts, repositories, commits), `refs`, `changes` and
//! `raw_diff`, `ci`, `source`, `hooks`, and `delivery` for webhooks.

mod changes;
mod ci;
mod delivery;
mod errors;
mod hooks;
mod oauth;
mod objects;
mod pages;
mod raw_diff;
mod refs;
mod source;

use async_trait::async_trait;

use self::{errors::refuse, hooks::Hooks, objects::Teller};
use crate::{Accounts, Ask, Reply, Simulator, World, WorldRepository};

pub use delivery::bitbucket_delivery;

/// Bitbucket Cloud: its API below `/2.0`, its OAuth server below
/// `/site/oauth2`.
#[derive(Debug, Default)]
pub struct BitbucketSimulator {
    hooks: Hooks,
}

#[async_trait]
impl Simulator for BitbucketSimulator {
    fn name(&self) -> &'static str {
        "bitbucket"
    }

    async fn answer(&self, ask: &Ask, world: &World, accounts: &Accounts) -> Reply {
        let path = ask.path();
        let reply = match path.as_slice() {
            ["site", "oauth2", "authorize"] => oauth::authorize(ask, accounts),
            ["site", "oauth2", "access_token"] => oauth::token(ask, accounts),
            ["2.0", below @ ..] => match bearer(ask) {
                Some(token) if accounts.knows(token) => {
                    let reply = self.api(ask, below, world).await;
                    // Only access tokens are told their limit.
                    if token == accounts.personal() {
                        reply
                            .with("x-ratelimit-limit", "1000")
                            .with("x-ratelimit-resource", "api-repositories")
                            .with("x-ratelimit-nearlimit", "false")
                    } else {
                        reply
                    }
                }
                _ => refuse(401, "Token is invalid, expired, or not supported for this endpoint."),
            },
            _ => refuse(404, "Resource not found"),
        };
        reply.with("atl-traceid", "6f1f7a5e00000000000000000000c0de")
    }
}

impl BitbucketSimulator {
    async fn api(&self, ask: &Ask, below: &[&str], world: &World) -> Reply {
        let teller = Teller { world, address: &ask.address };
        match below {
            ["user"] => Reply::json(200, &teller.user()),
            ["user", "emails"] => teller.emails(ask),
            ["user", "workspaces"] => teller.workspaces(ask),
            // CHANGE-2770: nothing is listed across workspaces any more.
            ["repositories" | "workspaces"]
            | ["user", "permissions", "repositories" | "workspaces"] => {
                refuse(410, "CHANGE-2770 - Functionality has been deprecated")
            }
            ["repositories", workspace] => teller.repositories(ask, workspace),
            ["repositories", workspace, slug, rest @ ..] => match find(world, workspace, slug) {
                Some(repository) => self.part(ask, &teller, repository, rest).await,
                None => refuse(
                    404,
                    "You may not have access to this repository or it no longer exists in this \
                         workspace. If you think this repository exists and you have access, make \
                         sure you are authenticated.",
                ),
            },
            _ => refuse(404, "Resource not found"),
        }
    }

    async fn part(
        &self,
        ask: &Ask,
        teller: &Teller<'_>,
        it: &WorldRepository,
        rest: &[&str],
    ) -> Reply {
        match (ask.method.as_str(), rest) {
            ("GET", []) => Reply::json(200, &teller.repository(it)),
            ("GET", ["refs", "branches"]) => teller.branches(ask, it).await,
            ("GET", ["refs", "branches", name @ ..]) => teller.branch(it, &name.join("/")).await,
            ("GET", ["refs", "tags"]) => teller.tags(ask, it).await,
            ("GET", ["refs", "tags", name @ ..]) => teller.tag(it, &name.join("/")).await,
            ("GET", ["commits"]) => teller.commits(ask, it, None).await,
            ("GET", ["commits", revision]) => teller.commits(ask, it, Some(revision)).await,
            ("GET", ["commit", sha]) => teller.one_commit(it, sha).await,
            ("GET", ["commit", sha, "statuses"]) => teller.statuses(ask, it, sha).await,
            ("GET", ["merge-base", both]) => teller.merge_base(it, both).await,
            ("GET", ["diff", spec]) => teller.diff(ask, it, spec).await,
            ("GET", ["pullrequests"]) => teller.pull_requests(ask, it).await,
            ("GET", ["pullrequests", number]) => teller.pull_request(it, number).await,
            ("GET", ["pullrequests", number, "diff"]) => teller.pull_request_diff(it, number).await,
            ("GET", ["deployments"]) => teller.deployments(ask, it).await,
            ("GET", ["environments"]) => Teller::environments(ask),
            ("GET", ["src", commit, path @ ..]) => {
                teller.source(ask, it, commit, &path.join("/")).await
            }
            ("POST", ["hooks"]) => self.hooks.create(ask, it),
            ("DELETE", ["hooks", id]) => self.hooks.delete(it, id),
            _ => refuse(404, "Resource not found"),
        }
    }
}

/// The token of `Authorization: Bearer …`.
fn bearer(ask: &Ask) -> Option<&str> {
    ask.header("authorization")?.strip_prefix("Bearer ")
}

/// A repository by slug or by UUID in braces. Below an empty workspace only
/// the UUID counts.
fn find<'a>(world: &'a World, workspace: &str, slug: &str) -> Option<&'a WorldRepository> {
    let found = if slug.starts_with('{') {
        world.with_uuid(slug)?
    } else {
        world.named(&format!("{workspace}/{slug}"))?
    };
    let fits = workspace == "{}"
        || workspace == found.namespace()
        || workspace == objects::workspace_uuid(found.namespace());
    fits.then_some(found)
}
