//! Users and contributors.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{On, pages::page};
use crate::{Ask, Reply, World, WorldUser};

/// `GET /user`: the address is hidden.
pub(super) fn user(ask: &Ask, world: &World) -> Reply {
    let user = world.user();
    let mut body = simple(&ask.address, &user.login, user.id);
    let more = json!({
        "name": user.name,
        "company": null,
        "blog": "",
        "location": null,
        "email": null,
        "hireable": null,
        "bio": null,
        "twitter_username": null,
        "notification_email": null,
        "public_repos": 2,
        "public_gists": 0,
        "followers": 0,
        "following": 0,
        "created_at": "2020-01-01T00:00:00Z",
        "updated_at": "2026-01-01T00:00:00Z",
        "private_gists": 0,
        "total_private_repos": world.repositories().len(),
        "owned_private_repos": world.repositories().len(),
        "disk_usage": 1024,
        "collaborators": 0,
        "two_factor_authentication": true,
        "plan": { "name": "free", "space": 976_562_499, "collaborators": 0, "private_repos": 10000 },
    });
    merge(&mut body, more);
    Reply::json(200, &body)
}

/// A `Simple User`.
pub(super) fn simple(address: &str, login: &str, id: u64) -> Value {
    let api = format!("{address}/api/v3/users/{login}");
    json!({
        "login": login,
        "id": id,
        "node_id": format!("U_{id}"),
        "avatar_url": format!("{address}/avatars/u/{id}?v=4"),
        "gravatar_id": "",
        "url": api,
        "html_url": format!("{address}/{login}"),
        "followers_url": format!("{api}/followers"),
        "following_url": format!("{api}/following{{/other_user}}"),
        "gists_url": format!("{api}/gists{{/gist_id}}"),
        "starred_url": format!("{api}/starred{{/owner}}{{/repo}}"),
        "subscriptions_url": format!("{api}/subscriptions"),
        "organizations_url": format!("{api}/orgs"),
        "repos_url": format!("{api}/repos"),
        "events_url": format!("{api}/events{{/privacy}}"),
        "received_events_url": format!("{api}/received_events"),
        "type": "User",
        "user_view_type": "public",
        "site_admin": false,
    })
}

/// The account that owns an address, if one does.
pub(super) fn owner_of<'a>(world: &'a World, email: Option<&str>) -> Option<&'a WorldUser> {
    let user = world.user();
    email.filter(|it| it.eq_ignore_ascii_case(&user.email)).map(|_| user)
}

/// The account behind a login: that of the world's user, or one that is
/// somebody else's.
pub(super) fn named(on: &On<'_>, login: &str) -> Value {
    let user = on.world.user();
    simple(&on.ask.address, login, if login == user.login { user.id } else { 4343 })
}

/// `GET …/contributors`: people without an account only with `anon`.
pub(super) async fn contributors(on: &On<'_>) -> Reply {
    let Some(head) = on.repository.head().await else { return Reply::empty(204) };
    let mut counts: BTreeMap<String, (String, u64)> = BTreeMap::new();
    for commit in on.repository.history(&head).iter() {
        let Some(author) = &commit.author else { continue };
        let email = author.email.clone().unwrap_or_default().to_lowercase();
        let name = author.name.clone().unwrap_or_default();
        counts.entry(email).or_insert((name, 0)).1 += 1;
    }
    let mut all: Vec<_> = counts.into_iter().collect();
    all.sort_by_key(|(_, (_, count))| std::cmp::Reverse(*count));
    let anonymous = on.ask.query("anon").is_some_and(|it| ["1", "true"].contains(&it));
    let body = all.iter().filter_map(|(email, (name, count))| {
        match owner_of(on.world, Some(email)) {
            Some(user) => {
                let mut body = simple(&on.ask.address, &user.login, user.id);
                merge(&mut body, json!({ "contributions": count }));
                Some(body)
            }
            None => anonymous.then(|| {
                json!({ "email": email, "name": name, "type": "Anonymous", "contributions": count })
            }),
        }
    });
    let place = format!("repositories/{}/contributors", on.repository.number);
    page(on.ask, &place, &body.collect::<Vec<_>>(), Value::from)
}

/// Adds the fields of `more`.
pub(super) fn merge(body: &mut Value, more: Value) {
    if let (Some(body), Value::Object(more)) = (body.as_object_mut(), more) {
        body.extend(more);
    }
}
