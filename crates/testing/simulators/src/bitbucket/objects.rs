//! Accounts, workspaces, repositories and commits, as Bitbucket shows them.

use lodge_forge::{Commit, Signature};
use lodge_kernel::Timestamp;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::{
    errors::refuse,
    pages::{Counting, page},
};
use crate::{Ask, Reply, World, WorldRepository};

/// Tells the world at one address.
pub(super) struct Teller<'a> {
    pub(super) world: &'a World,
    pub(super) address: &'a str,
}

/// A UUID in braces, always the same for `what`.
pub(super) fn uuid_of(what: &str) -> String {
    let digest = Sha256::digest(what);
    Uuid::from_slice(digest.get(..16).unwrap_or_default()).unwrap_or_default().braced().to_string()
}

pub(super) fn workspace_uuid(namespace: &str) -> String {
    uuid_of(&format!("workspace {namespace}"))
}

/// The repository's UUID, in braces.
pub(super) fn repository_uuid(it: &WorldRepository) -> String {
    it.uuid.braced().to_string()
}

/// `object` with one more field.
pub(super) fn with(mut object: Value, name: &str, value: Value) -> Value {
    if let Some(fields) = object.as_object_mut() {
        fields.insert(name.to_owned(), value);
    }
    object
}

/// An instant in Bitbucket's spelling.
pub(super) fn date(at: Option<Timestamp>) -> Value {
    at.map_or(Value::Null, |at| {
        let text = at.to_string();
        json!(text.strip_suffix('Z').map(|it| format!("{it}000+00:00")).unwrap_or(text))
    })
}

/// A path, its segments encoded.
pub(super) fn path(segments: &[String]) -> String {
    let mut url = match url::Url::parse("http://host.invalid") {
        Ok(url) => url,
        Err(_not_possible) => return String::new(),
    };
    if let Ok(mut path) = url.path_segments_mut() {
        path.extend(segments);
    }
    url.path().to_owned()
}

impl Teller<'_> {
    /// The connected account.
    pub(super) fn user(&self) -> Value {
        let user = self.world.user();
        let uuid = uuid_of(&format!("user {}", user.id));
        json!({
            "type": "user",
            "uuid": uuid,
            "account_id": format!("557058:{}", user.id),
            "account_status": "active",
            "nickname": user.login,
            "display_name": user.name,
            "created_on": "2014-04-01T09:00:00.000000+00:00",
            "is_staff": false,
            "has_2fa_enabled": null,
            "location": null,
            "department": null,
            "links": {
                "self": {"href": format!("{}/2.0/users/{uuid}", self.address)},
                "html": {"href": format!("https://bitbucket.org/{uuid}/")},
                "avatar": {"href": format!("https://avatars.example.org/{}.png", user.login)},
            },
        })
    }

    /// Somebody who is only known by a nickname.
    pub(super) fn somebody(&self, nickname: &str) -> Value {
        if nickname == self.world.user().login {
            return self.user();
        }
        let uuid = uuid_of(&format!("somebody {nickname}"));
        json!({
            "type": "user",
            "uuid": uuid,
            "account_id": format!("557058:{nickname}"),
            "nickname": nickname,
            "display_name": nickname,
            "links": {
                "self": {"href": format!("{}/2.0/users/{uuid}", self.address)},
                "html": {"href": format!("https://bitbucket.org/{uuid}/")},
                "avatar": {"href": format!("https://avatars.example.org/{nickname}.png")},
            },
        })
    }

    pub(super) fn emails(&self, ask: &Ask) -> Reply {
        let email = |text: &str, main: bool| {
            json!({
                "type": "email",
                "email": text,
                "is_primary": main,
                "is_confirmed": true,
                "links": {"self": {"href": format!("{}/2.0/user/emails/{text}", self.address)}},
            })
        };
        let all = [email("ada@old.example.org", false), email(&self.world.user().email, true)];
        page(ask, &all, 100, Counting::Numbers)
    }

    pub(super) fn workspaces(&self, ask: &Ask) -> Reply {
        let mut slugs: Vec<_> =
            self.world.repositories().iter().map(WorldRepository::namespace).collect();
        // One without repositories.
        slugs.push("bare-ground");
        slugs.sort_unstable();
        slugs.dedup();
        // Whatever order it is that they come in.
        slugs.reverse();
        let all: Vec<_> = slugs
            .into_iter()
            .map(|slug| {
                json!({
                    "type": "workspace_access",
                    "administrator": true,
                    "workspace": {
                        "type": "workspace_base",
                        "uuid": workspace_uuid(slug),
                        "slug": slug,
                        "links": {
                            "self": {"href": format!("{}/2.0/workspaces/{slug}", self.address)},
                        },
                    },
                })
            })
            .collect();
        page(ask, &all, 100, Counting::Numbers)
    }

    pub(super) fn repositories(&self, ask: &Ask, workspace: &str) -> Reply {
        let inside: Vec<_> = self
            .world
            .repositories()
            .iter()
            .filter(|it| it.namespace() == workspace || workspace_uuid(it.namespace()) == workspace)
            .collect();
        let known = !inside.is_empty() || workspace_uuid("bare-ground") == workspace;
        if !known {
            return refuse(404, &format!("No workspace with identifier '{workspace}'."));
        }
        let mut all: Vec<_> = inside.into_iter().map(|it| self.repository(it)).collect();
        if ask.query("sort") == Some("full_name") {
            let name = |it: &Value| it.get("full_name").map(Value::to_string);
            all.sort_by_key(name);
        }
        page(ask, &all, 100, Counting::Numbers)
    }

    pub(super) fn repository(&self, it: &WorldRepository) -> Value {
        let (facts, full_name) = (&it.facts, it.full_name());
        let below = format!("{}/2.0/repositories/{full_name}", self.address);
        let at = |rest: &str| json!({"href": format!("{below}{rest}")});
        let main = facts.default_branch.as_ref();
        json!({
            "type": "repository",
            "uuid": repository_uuid(it),
            "full_name": full_name,
            "name": it.name(),
            "slug": it.name(),
            "scm": "git",
            "description": facts.description.clone().unwrap_or_default(),
            "is_private": facts.visibility != lodge_forge::Visibility::Public,
            "mainbranch": main.map(|name| json!({"type": "branch", "name": name})),
            "parent": null,
            "language": facts.language.clone().unwrap_or_default(),
            "size": facts.size_bytes,
            "created_on": date(facts.created_at),
            "updated_on": date(facts.updated_at),
            "fork_policy": "allow_forks",
            "has_issues": false,
            "has_wiki": false,
            "website": null,
            "override_settings": {"default_merge_strategy": true, "branching_model": true},
            "owner": self.user(),
            "workspace": {
                "type": "workspace",
                "uuid": workspace_uuid(it.namespace()),
                "slug": it.namespace(),
                "name": it.namespace(),
                "links": {"self": {"href": format!("{}/2.0/workspaces/{}", self.address, it.namespace())}},
            },
            "project": {"type": "project", "key": "LODGE", "name": "Lodge", "uuid": uuid_of("project")},
            "links": {
                "self": at(""),
                "html": {"href": format!("https://bitbucket.org/{full_name}")},
                "avatar": {"href": "https://bytebucket.example.org/ravatar/default"},
                "branches": at("/refs/branches"),
                "tags": at("/refs/tags"),
                "commits": at("/commits"),
                "pullrequests": at("/pullrequests"),
                "hooks": at("/hooks"),
                "source": at("/src"),
                "clone": [
                    {"name": "https", "href": format!("https://{}@bitbucket.org/{full_name}.git", self.world.user().login)},
                    {"name": "ssh", "href": format!("git@bitbucket.org:{full_name}.git")},
                ],
            },
        })
    }

    /// A repository inside another object.
    pub(super) fn place(&self, it: &WorldRepository) -> Value {
        let full_name = it.full_name();
        json!({
            "type": "repository",
            "uuid": repository_uuid(it),
            "full_name": full_name,
            "name": it.name(),
            "links": {
                "self": {"href": format!("{}/2.0/repositories/{full_name}", self.address)},
                "html": {"href": format!("https://bitbucket.org/{full_name}")},
                "avatar": {"href": "https://bytebucket.example.org/ravatar/default"},
            },
        })
    }

    pub(super) fn commit(&self, it: &WorldRepository, commit: &Commit) -> Value {
        let full_name = it.full_name();
        let parents: Vec<_> =
            commit.parents.iter().map(|sha| json!({"type": "commit", "hash": sha})).collect();
        json!({
            "type": "commit",
            "hash": commit.sha,
            "date": date(commit.author.as_ref().and_then(|it| it.date)),
            "author": commit.author.as_ref().map(|it| self.author(it)),
            "message": commit.message,
            "summary": {"type": "rendered", "raw": commit.message, "markup": "markdown", "html": ""},
            "rendered": {},
            "properties": {},
            "parents": parents,
            "repository": self.place(it),
            "links": {
                "self": {"href": format!("{}/2.0/repositories/{full_name}/commit/{}", self.address, commit.sha)},
                "html": {"href": format!("https://bitbucket.org/{full_name}/commits/{}", commit.sha)},
                "diff": {"href": format!("{}/2.0/repositories/{full_name}/diff/{}", self.address, commit.sha)},
            },
        })
    }

    /// Who wrote a commit; with the account when its address is that of one.
    pub(super) fn author(&self, it: &Signature) -> Value {
        let text = |it: &Option<String>| it.clone().unwrap_or_default();
        let author = json!({
            "type": "author",
            "raw": format!("{} <{}>", text(&it.name), text(&it.email)),
        });
        if it.email.as_ref() == Some(&self.world.user().email) {
            return with(author, "user", self.user());
        }
        author
    }
}
