//! Azure DevOps Services, imitated from its documentation:
//! <https://learn.microsoft.com/rest/api/azure/devops> (API 7.1),
//! <https://learn.microsoft.com/azure/devops/service-hooks/events> and
//! <https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow>.
//!
//! The vendor has four sites (`dev.azure.com`, `vsrm.dev.azure.com`,
//! `app.vssps.visualstudio.com`, `login.microsoftonline.com`); here they share
//! one address, where no two of their paths are the same. Each namespace of
//! the world is an organisation with one project.
//!
//! Reading order: `AzureSimulator`, `reply`, `person`, then `entra`,
//! `repositories`, `refs`, `commits`, `changes`, `pulls`, `checks`, `releases`,
//! `trees`, `hooks`, and `deliveries` for service hooks.

mod changes;
mod checks;
mod commits;
mod deliveries;
mod entra;
mod hooks;
mod person;
mod pulls;
mod refs;
mod releases;
mod reply;
mod repositories;
mod trees;

use async_trait::async_trait;
use base64::{Engine as _, engine::general_purpose::STANDARD};

use self::{
    hooks::Hooks,
    repositories::{PROJECT, project_id},
};
use crate::{Accounts, Ask, Reply, Simulator, World, WorldRepository};

pub use deliveries::{AzureDelivery, azure_deliveries};

/// Azure DevOps Services.
#[derive(Debug, Default)]
pub struct AzureSimulator {
    hooks: Hooks,
    sparse_batches: bool,
}

impl AzureSimulator {
    /// One whose `commitsbatch` leaves out the parents, as in the vendor's
    /// recorded examples.
    #[must_use]
    pub fn with_sparse_batches(self) -> Self {
        Self { sparse_batches: true, ..self }
    }
}

/// A repository and where it is asked for.
#[derive(Clone, Copy)]
pub(crate) struct At<'a> {
    pub(crate) repository: &'a WorldRepository,
    pub(crate) address: &'a str,
}

#[async_trait]
impl Simulator for AzureSimulator {
    fn name(&self) -> &'static str {
        "azure"
    }

    async fn answer(&self, ask: &Ask, world: &World, accounts: &Accounts) -> Reply {
        let path = ask.path();
        let reply = match path.as_slice() {
            [tenant, "oauth2", "v2.0", "authorize"] => entra::authorize(ask, tenant, accounts),
            [_, "oauth2", "v2.0", "token"] => entra::token(ask, accounts),
            _ => match refused(ask, accounts).or_else(|| reply::without_version(ask)) {
                Some(refused) => refused,
                None => self.api(ask, world, &path).await,
            },
        };
        reply
            .with("x-vss-e2eid", "9f0f7a5e-0000-4000-8000-0000000000e2")
            .with("x-tfs-processid", "p")
    }
}

/// What a request is answered whose token is not good: no two of the vendor's
/// sites agree on it.
fn refused(ask: &Ask, accounts: &Accounts) -> Option<Reply> {
    let Some((scheme, token)) = ask.header("authorization").and_then(|it| it.split_once(' '))
    else {
        return Some(Reply::redirect(302, format!("{}/_signin?realm=dev.azure.com", ask.address)));
    };
    if scheme.eq_ignore_ascii_case("bearer") {
        return (!accounts.knows(token))
            .then(|| reply::page(203, "Azure DevOps Services | Sign In"));
    }
    let pair = STANDARD.decode(token).ok().and_then(|it| String::from_utf8(it).ok());
    let token =
        pair.as_deref().and_then(|it| it.split_once(':')).map(|(_, token)| token.to_owned());
    let known = token.is_some_and(|it| accounts.knows(&it));
    let empty = reply::list(&[]);
    (!known).then(|| Reply { status: 401, ..empty }.with("www-authenticate", "Basic realm=\"/\""))
}

impl AzureSimulator {
    async fn api(&self, ask: &Ask, world: &World, path: &[&str]) -> Reply {
        match path {
            ["_apis", "profile", "profiles", "me"] => return person::profile(world),
            ["_apis", "accounts"] => return person::accounts(ask, world),
            _ => {}
        }
        let (organization, project, rest) = match path {
            [organization, "_apis", rest @ ..] => (*organization, None, rest),
            [organization, project, "_apis", rest @ ..] => (*organization, Some(*project), rest),
            _ => return reply::page(404, "The resource cannot be found."),
        };
        let known = |it: &&WorldRepository| it.namespace().eq_ignore_ascii_case(organization);
        let Some(organization) = world.repositories().iter().find(known) else {
            // The front door answers, not the API.
            return reply::page(404, "The resource cannot be found.");
        };
        let organization = organization.namespace();
        let known = |it: &str| it == PROJECT || it == project_id(organization);
        if let Some(project) = project.filter(|it| !known(it)) {
            return reply::no_project(project);
        }
        match rest {
            ["connectionData"] => person::connection(ask, world),
            ["git", "repositories"] => repositories::list(ask, world, organization),
            ["git", "repositories", id, rest @ ..] => {
                let found = world.with_uuid(id).filter(|it| it.namespace() == organization);
                let Some(repository) = found else { return reply::no_repository(id) };
                let at = At { repository, address: &ask.address };
                self.git(ask, world, at, project, rest).await
            }
            ["build", "builds"] if project.is_some() => {
                checks::builds(ask, world, organization).await
            }
            ["release", "deployments"] if project.is_some() => {
                releases::deployments(ask, world, organization).await
            }
            ["hooks", "subscriptions"] => self.hooks.create(ask, world),
            ["hooks", "subscriptions", id] => self.hooks.delete(ask, id),
            _ => reply::no_route(),
        }
    }

    async fn git(
        &self,
        ask: &Ask,
        world: &World,
        at: At<'_>,
        project: Option<&str>,
        rest: &[&str],
    ) -> Reply {
        match rest {
            [] => Reply::json(200, &at.whole()),
            ["refs"] => refs::list(ask, world, at).await,
            ["annotatedtags", id] if project.is_some() => refs::annotated(at, id).await,
            ["commits"] => commits::list(ask, at).await,
            ["commitsbatch"] => commits::batch(ask, at, !self.sparse_batches),
            ["commits", sha] => commits::one(at, sha),
            ["commits", sha, "changes"] => changes::of_commit(ask, at, sha).await,
            ["commits", sha, "statuses"] => checks::statuses(ask, world, at, sha),
            ["pullrequests" | "pullRequests"] => pulls::list(ask, world, at).await,
            ["pullrequests" | "pullRequests", number] => pulls::one(world, at, number).await,
            ["pullRequests", number, "iterations"] => pulls::iterations(world, at, number).await,
            ["pullRequests", number, "iterations", "1", "changes"] => {
                changes::of_pull_request(ask, at, number).await
            }
            ["items"] => trees::item(ask, at).await,
            ["trees", id] => trees::tree(ask, at, id).await,
            ["blobs", id] => trees::blob(ask, at, id),
            _ => reply::no_route(),
        }
    }
}
