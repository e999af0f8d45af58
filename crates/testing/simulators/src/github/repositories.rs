//! Repositories, their branches, and the installations of a GitHub App.

use lodge_forge::Visibility;
use serde_json::{Value, json};

use super::{
    GithubSimulator, On, empty_repository, error, moment, not_found,
    pages::page,
    people::{merge, simple},
};
use crate::{Ask, Reply, World, WorldRepository};

/// The number of the first installation.
const FIRST: u64 = 7001;

/// `GET /user/repos`
pub(super) fn list(ask: &Ask, world: &World) -> Reply {
    let filtered = ["visibility", "affiliation"].iter().any(|it| ask.query(it).is_some());
    if filtered && ask.query("type").is_some() {
        return error(422, "If you specify visibility or affiliation, you cannot specify type.");
    }
    let mut found: Vec<_> = world.repositories().iter().collect();
    if ask.query("sort") == Some("full_name") {
        found.sort_by_key(|it| it.full_name());
    }
    let all: Vec<_> = found.into_iter().map(|it| body(ask, world, it)).collect();
    page(ask, "user/repos", &all, Value::from)
}

/// `GET /repositories/{id}`
pub(super) fn one(on: &On<'_>) -> Reply {
    let mut body = body(on.ask, on.world, on.repository);
    let more = json!({
        "temp_clone_token": "",
        "allow_squash_merge": true,
        "allow_merge_commit": true,
        "allow_rebase_merge": true,
        "allow_auto_merge": false,
        "delete_branch_on_merge": false,
        "organization": null,
        "network_count": 0,
        "subscribers_count": 1,
        "security_and_analysis": { "secret_scanning": { "status": "disabled" } },
    });
    merge(&mut body, more);
    Reply::json(200, &body)
}

/// A `Repository`. Its default branch has a name before there are commits.
pub(super) fn body(ask: &Ask, world: &World, it: &WorldRepository) -> Value {
    let (address, facts) = (&ask.address, &it.facts);
    let api = format!("{address}/api/v3/repos/{}", it.full_name());
    let page = format!("{address}/{}", it.full_name());
    let empty = facts.default_branch.is_none();
    let owner = simple(address, it.namespace(), world.user().id + 1);
    let mut body = json!({
        "id": it.number,
        "node_id": format!("R_{}", it.number),
        "name": it.name(),
        "full_name": it.full_name(),
        "private": facts.visibility == Visibility::Private,
        "owner": owner,
        "html_url": page,
        "description": facts.description,
        "fork": facts.fork.unwrap_or_default(),
        "url": api,
        "created_at": moment(facts.created_at),
        "updated_at": moment(facts.updated_at),
        "pushed_at": moment(facts.pushed_at),
        "git_url": format!("git://{page}.git"),
        "ssh_url": format!("git@example.org:{}.git", it.full_name()),
        "clone_url": format!("{page}.git"),
        "svn_url": page,
    });
    let more = json!({
        "homepage": null,
        "size": if empty { 0 } else { facts.size_bytes.unwrap_or(1024).div_ceil(1024) },
        "stargazers_count": 0,
        "watchers_count": 0,
        "language": facts.language,
        "has_issues": true,
        "has_projects": true,
        "has_downloads": true,
        "has_wiki": true,
        "has_pages": false,
        "has_discussions": false,
        "forks_count": 0,
        "mirror_url": null,
        "archived": facts.archived.unwrap_or_default(),
        "disabled": false,
        "open_issues_count": 0,
        "license": null,
        "allow_forking": true,
        "is_template": false,
        "web_commit_signoff_required": false,
        "topics": [],
        "visibility": visibility(facts.visibility),
        "forks": 0,
        "open_issues": 0,
        "watchers": 0,
        "default_branch": facts.default_branch.as_deref().unwrap_or("main"),
        "permissions": { "admin": true, "maintain": true, "push": true, "triage": true, "pull": true },
    });
    merge(&mut body, more);
    let urls = ["archive", "assignees", "blobs", "branches", "commits", "compare", "contents"];
    for name in urls {
        merge(&mut body, json!({ format!("{name}_url"): format!("{api}/{name}{{/it}}") }));
    }
    body
}

fn visibility(it: Visibility) -> &'static str {
    match it {
        Visibility::Public => "public",
        Visibility::Internal => "internal",
        Visibility::Private => "private",
    }
}

/// `GET …/branches`
pub(super) async fn branches(on: &On<'_>) -> Reply {
    let all: Vec<_> = on.repository.branches().await.iter().map(|it| short(on, it)).collect();
    let place = format!("repositories/{}/branches", on.repository.number);
    page(on.ask, &place, &all, Value::from)
}

/// `GET …/branches/{branch}`: the one route that says what is missing.
pub(super) async fn branch(on: &On<'_>, name: &str) -> Reply {
    let branches = on.repository.branches().await;
    let Some(found) = branches.iter().find(|it| it.name == name) else {
        return error(404, "Branch not found");
    };
    let Some(commit) = on.repository.commit(&found.sha) else { return empty_repository() };
    let mut body = short(on, found);
    let more = json!({
        "commit": super::commits::body(on, &commit),
        "_links": { "self": format!("{}/branches/{name}", on.api()), "html": "" },
        "protection_url": format!("{}/branches/{name}/protection", on.api()),
    });
    merge(&mut body, more);
    Reply::json(200, &body)
}

fn short(on: &On<'_>, it: &lodge_forge::Branch) -> Value {
    let api = format!("{}/repos/{}", on.api(), on.repository.full_name());
    json!({
        "name": it.name,
        "commit": { "sha": it.sha, "url": format!("{api}/commits/{}", it.sha) },
        "protected": it.default == Some(true),
        "protection": { "enabled": false, "required_status_checks": { "contexts": [], "checks": [] } },
        "protection_url": format!("{api}/branches/{}/protection", it.name),
    })
}

impl GithubSimulator {
    /// `GET /user/installations`: one for each owner of repositories.
    pub(super) fn installations(&self, ask: &Ask, world: &World) -> Reply {
        let all = (FIRST..).zip(owners(world)).map(|(id, owner)| {
            let suspended = (self.suspended == Some(id)).then_some("2026-01-01T00:00:00Z");
            json!({
                "id": id,
                "client_id": "Iv1.lodge",
                "account": simple(&ask.address, owner, id),
                "repository_selection": "selected",
                "access_tokens_url": format!("{}/api/v3/app/installations/{id}/access_tokens", ask.address),
                "repositories_url": format!("{}/api/v3/installation/repositories", ask.address),
                "html_url": format!("{}/settings/installations/{id}", ask.address),
                "app_id": 1,
                "app_slug": "lodge",
                "target_id": id,
                "target_type": "Organization",
                "permissions": { "contents": "read", "metadata": "read", "pull_requests": "read" },
                "events": [],
                "single_file_name": null,
                "created_at": "2026-01-01T00:00:00Z",
                "updated_at": "2026-01-01T00:00:00Z",
                "suspended_at": suspended,
                "suspended_by": null,
            })
        });
        let all: Vec<_> = all.collect();
        let count = all.len();
        page(
            ask,
            "user/installations",
            &all,
            |page| json!({ "total_count": count, "installations": page }),
        )
    }

    /// `GET /user/installations/{id}/repositories`
    pub(super) fn installed(&self, ask: &Ask, world: &World, id: &str) -> Reply {
        let number = id.parse().ok();
        let owner = (FIRST..).zip(owners(world)).find(|(it, _)| Some(*it) == number);
        let Some((number, owner)) = owner else { return not_found() };
        if self.suspended == Some(number) {
            return error(403, "This installation has been suspended");
        }
        let theirs = world.repositories().iter().filter(|it| it.namespace() == owner);
        let all: Vec<_> = theirs.map(|it| body(ask, world, it)).collect();
        let count = all.len();
        page(
            ask,
            &format!("user/installations/{id}/repositories"),
            &all,
            |page| json!({ "total_count": count, "repository_selection": "selected", "repositories": page }),
        )
    }
}

fn owners(world: &World) -> Vec<&str> {
    let mut owners: Vec<_> = world.repositories().iter().map(WorldRepository::namespace).collect();
    owners.sort_unstable();
    owners.dedup();
    owners
}
