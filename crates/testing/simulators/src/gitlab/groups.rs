//! Groups and members: <https://docs.gitlab.com/api/groups/> and
//! <https://docs.gitlab.com/api/members/>. Every part of a namespace is a group.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{
    paging, projects,
    say::{self, Here, person},
};
use crate::{Ask, Reply, World, person_id};

/// The id of the first group, by path.
const FIRST: u64 = 5001;

/// Every group's path, in order.
fn all(world: &World) -> Vec<String> {
    let mut paths = BTreeSet::new();
    for repository in world.repositories() {
        let mut path = repository.namespace();
        paths.insert(path.to_owned());
        while let Some((above, _)) = path.rsplit_once('/') {
            paths.insert(above.to_owned());
            path = above;
        }
    }
    paths.into_iter().collect()
}

pub(super) async fn answer(ask: &Ask, world: &World, id: &str, path: &[&str]) -> Reply {
    let groups: Vec<_> = (FIRST..).zip(all(world)).collect();
    let found = groups.iter().find(|(number, path)| number.to_string() == id || path == id);
    let Some((number, group)) = found else { return say::not_found("Group") };
    let inside =
        |path: &str| path.strip_prefix(group).and_then(|it| it.strip_prefix('/')).is_some();
    match (ask.method.as_str(), path) {
        ("GET", []) => say::ok(ask, &body(ask, *number, group)),
        ("GET", ["subgroups"]) => {
            let direct = groups.iter().filter(|(_, path)| {
                inside(path) && path.matches('/').count() == group.matches('/').count() + 1
            });
            let mut bodies: Vec<_> =
                direct.map(|(number, path)| body(ask, *number, path)).collect();
            if ask.query("sort") == Some("desc") {
                bodies.reverse();
            }
            paging::offset(ask, bodies)
        }
        ("GET", ["projects"]) => {
            let deep = ask.query("include_subgroups") == Some("true");
            let mut bodies = Vec::new();
            for repository in world.repositories() {
                let namespace = repository.namespace();
                if namespace == group || (deep && inside(namespace)) {
                    bodies.push(projects::project(ask, repository).await);
                }
            }
            // The newest first, unless somebody says otherwise.
            if ask.query("sort") != Some("asc") {
                bodies.reverse();
            }
            paging::offset(ask, bodies)
        }
        // The teacher runs the group.
        ("GET", ["members"]) => {
            let teacher = member(ask, "ada", "Ada Example", 50);
            paging::offset(ask, vec![teacher])
        }
        _ => Reply::json(404, &json!({"error": "404 Not Found"})),
    }
}

fn body(ask: &Ask, number: u64, path: &str) -> Value {
    let name = path.rsplit('/').next().unwrap_or_default();
    json!({
        "id": number,
        "name": name,
        "path": name,
        "full_name": path.replace('/', " / "),
        "full_path": path,
        "description": "",
        "visibility": "private",
        "parent_id": null,
        "created_at": "2024-01-02T03:04:05.678Z",
        "avatar_url": null,
        "web_url": format!("{}/groups/{path}", ask.address),
        "runners_token": "GR1348941-never-to-be-read",
    })
}

/// Who wrote commits: the first by login maintains, the others develop, and an
/// access token has a user too.
pub(super) async fn members(here: &Here<'_>) -> Reply {
    let people = here.repository.people().await;
    let levels = [40].into_iter().chain(std::iter::repeat(30));
    let mut members: Vec<_> = people
        .iter()
        .zip(levels)
        .map(|(it, level)| member(here.ask, &it.login, &it.name, level))
        .collect();
    let bot = format!("project_{}_bot_1f2e3d4c", here.repository.number);
    members.push(member(here.ask, &bot, "grades", 30));
    members.sort_by_key(|it| it.get("id").and_then(Value::as_u64));
    paging::offset(here.ask, members)
}

fn member(ask: &Ask, login: &str, name: &str, level: u64) -> Value {
    let mut body = person(Some(login), &ask.address);
    if let Some(fields) = body.as_object_mut() {
        fields.insert("id".to_owned(), person_id(login).into());
        fields.insert("name".to_owned(), name.into());
        fields.insert("access_level".to_owned(), level.into());
        fields.insert("membership_state".to_owned(), "active".into());
        fields.insert("created_at".to_owned(), "2024-01-02T03:04:05.678Z".into());
        fields.insert("expires_at".to_owned(), Value::Null);
    }
    body
}
