//! Projects and the user: <https://docs.gitlab.com/api/projects/>.

use serde_json::{Value, json};

use super::{
    paging,
    say::{self, Here, page, time},
};
use crate::{Ask, Reply, World, WorldRepository, WorldUser};

/// By number, or by path.
pub(super) fn find<'a>(world: &'a World, id: &str) -> Option<&'a WorldRepository> {
    match id.parse() {
        Ok(number) => world.numbered(number),
        Err(_) => world.named(id),
    }
}

pub(super) async fn list(ask: &Ask, world: &World) -> Reply {
    let mut all = Vec::new();
    for repository in world.repositories() {
        all.push((repository.number, project(ask, repository).await));
    }
    if ask.query("pagination") != Some("keyset") {
        return paging::offset(ask, all.into_iter().map(|(_, it)| it).collect());
    }
    if ask.query("order_by") != Some("id") || ask.query("sort") != Some("asc") {
        let error = "Keyset pagination is not yet available for this type of request";
        return Reply::json(405, &json!({ "error": error }));
    }
    let after = ask.number("id_after").and_then(|it| u64::try_from(it).ok()).unwrap_or(0);
    let mut rest = all.into_iter().filter(|(number, _)| *number > after).peekable();
    let mut items = Vec::new();
    let mut last = after;
    while items.len() < paging::size(ask) {
        let Some((number, item)) = rest.next() else { break };
        last = number;
        items.push(item);
    }
    let next = rest.peek().map(|_| ("id_after", last.to_string()));
    paging::keyset(ask, items, next)
}

pub(super) async fn one(here: &Here<'_>) -> Reply {
    let mut body = project(here.ask, here.repository).await;
    if here.ask.query("statistics") == Some("true")
        && let Some(fields) = body.as_object_mut()
    {
        let size = here.repository.facts.size_bytes;
        let statistics = json!({
            "commit_count": 26,
            "storage_size": size,
            "repository_size": size,
            "wiki_size": 0,
            "lfs_objects_size": 0,
            "job_artifacts_size": 0,
        });
        fields.insert("statistics".to_owned(), statistics);
    }
    say::ok(here.ask, &body)
}

pub(super) async fn project(ask: &Ask, repository: &WorldRepository) -> Value {
    let (address, facts) = (&ask.address, &repository.facts);
    let page = page(address, repository);
    let full_name = repository.full_name();
    json!({
        "id": repository.number,
        "description": facts.description,
        "name": repository.name(),
        "name_with_namespace": format!("{} / {}", repository.namespace(), repository.name()),
        "path": repository.name(),
        "path_with_namespace": full_name,
        "created_at": "2024-01-02T03:04:05.678Z",
        // A project without commits has one too: what the next push makes.
        "default_branch": facts.default_branch.as_deref().unwrap_or("main"),
        "tag_list": [],
        "topics": [],
        "ssh_url_to_repo": format!("git@gitlab.example.com:{full_name}.git"),
        "http_url_to_repo": format!("{page}.git"),
        "web_url": page,
        "readme_url": null,
        "forks_count": 0,
        "avatar_url": null,
        "star_count": 0,
        "last_activity_at": time(facts.updated_at),
        "visibility": "private",
        "namespace": {
            "id": 77,
            "name": repository.namespace(),
            "path": repository.namespace(),
            "kind": "group",
            "full_path": repository.namespace(),
            "parent_id": null,
            "avatar_url": null,
            "web_url": format!("{address}/groups/{}", repository.namespace()),
        },
        "_links": {"self": format!("{address}/api/v4/projects/{}", repository.number)},
        "empty_repo": repository.head().await.is_none(),
        "archived": false,
        "repository_object_format": facts.object_format,
        "issues_enabled": true,
        "merge_requests_enabled": true,
        "creator_id": 4242,
        "open_issues_count": 0,
        "runners_token": "GR1348941-never-to-be-read",
        "merge_method": "merge",
        "updated_at": time(facts.updated_at),
        "permissions": {
            "project_access": {"access_level": 20, "notification_level": 3},
            "group_access": null,
        },
    })
}

/// `GET /user`: <https://docs.gitlab.com/api/users/>.
pub(super) fn user(user: &WorldUser, address: &str) -> Value {
    json!({
        "id": user.id,
        "username": user.login,
        "name": user.name,
        "state": "active",
        "locked": false,
        "avatar_url": null,
        "web_url": format!("{address}/{}", user.login),
        "created_at": "2020-01-01T00:00:00.000Z",
        "bio": "",
        "location": null,
        "public_email": null,
        "bot": false,
        "last_sign_in_at": "2026-11-01T08:00:00.000Z",
        "confirmed_at": "2020-01-01T00:00:00.000Z",
        "email": user.email,
        "theme_id": 1,
        "identities": [{"provider": "ldap", "extern_uid": "uid=ada"}],
        "two_factor_enabled": true,
        "commit_email": user.email,
    })
}
