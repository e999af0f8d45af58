//! Bodies in the host's words, the fields that nobody reads included.

use lodge_forge::{Branch, Commit, Release, Signature, Tag, Visibility};
use lodge_kernel::Timestamp;
use serde_json::{Value, json};

use crate::{Ask, World, WorldRepository, WorldUser};

/// Go's zero: it never happened.
pub(super) const NEVER: &str = "0001-01-01T00:00:00Z";

pub(super) fn time(at: Option<Timestamp>) -> String {
    at.map_or_else(|| NEVER.to_owned(), seconds)
}

/// As a server in Warsaw writes it, and without milliseconds.
fn seconds(at: Timestamp) -> String {
    let local = at.plus(std::time::Duration::from_hours(2)).to_string();
    format!("{}+02:00", local.get(..19).unwrap_or_default())
}

pub(super) fn settings(most_items: usize) -> Value {
    json!({
        "max_response_items": most_items,
        "default_paging_num": 30,
        "default_git_trees_per_page": 1000,
        "default_max_blob_size": 10_485_760,
        "default_max_response_size": 104_857_600,
    })
}

pub(super) fn user(ask: &Ask, user: &WorldUser) -> Value {
    person(ask, user.id, &user.login, &user.name, &user.email)
}

fn person(ask: &Ask, id: u64, login: &str, name: &str, email: &str) -> Value {
    json!({
        "id": id,
        "login": login,
        "login_name": "",
        "source_id": 0,
        "full_name": name,
        "email": email,
        "avatar_url": format!("{}/avatars/{id}", ask.address),
        "html_url": format!("{}/{login}", ask.address),
        "language": "",
        "is_admin": false,
        "last_login": NEVER,
        "created": "2024-02-01T10:00:00+01:00",
        "restricted": false,
        "active": false,
        "prohibit_login": false,
        "location": "",
        "website": "",
        "description": "",
        "visibility": "public",
        "followers_count": 0,
        "following_count": 0,
        "starred_repos_count": 0,
        "username": login,
    })
}

/// Somebody who is only known by a login.
pub(super) fn somebody(ask: &Ask, world: &World, login: &str) -> Value {
    if login == world.user().login {
        return user(ask, world.user());
    }
    person(ask, 77, login, "", &format!("{login}@noreply.example.org"))
}

pub(super) fn repository(
    ask: &Ask,
    world: &World,
    repository: &WorldRepository,
    full_name: &str,
) -> Value {
    let facts = &repository.facts;
    let (owner, name) = full_name.split_once('/').unwrap_or(("lodge", full_name));
    let page = format!("{}/{full_name}", ask.address);
    json!({
        "id": repository.number,
        "owner": somebody(ask, world, owner),
        "name": name,
        "full_name": full_name,
        "description": facts.description.as_deref().unwrap_or_default(),
        "empty": facts.default_branch.is_none(),
        "private": facts.visibility == Visibility::Private,
        "internal": facts.visibility == Visibility::Internal,
        "fork": facts.fork.unwrap_or_default(),
        "template": false,
        "parent": null,
        "mirror": false,
        "size": facts.size_bytes.unwrap_or_default() / 1024,
        "language": "",
        "languages_url": format!("{}/api/v1/repos/{full_name}/languages", ask.address),
        "html_url": page,
        "url": format!("{}/api/v1/repos/{full_name}", ask.address),
        "link": "",
        "ssh_url": format!("git@git.example.org:{full_name}.git"),
        "clone_url": format!("{page}.git"),
        "original_url": "",
        "website": "",
        "stars_count": 0,
        "forks_count": 0,
        "watchers_count": 1,
        "open_issues_count": 0,
        "open_pr_counter": 1,
        "release_counter": 3,
        // An empty one has the name of a branch that is not there.
        "default_branch": facts.default_branch.as_deref().unwrap_or("main"),
        "archived": facts.archived.unwrap_or_default(),
        "created_at": time(facts.created_at),
        "updated_at": time(facts.updated_at),
        "archived_at": "1970-01-01T00:00:00Z",
        "permissions": { "admin": true, "push": true, "pull": true },
        "has_issues": true,
        "internal_tracker": {
            "enable_time_tracker": true,
            "allow_only_contributors_to_track_time": true,
            "enable_issue_dependencies": true,
        },
        "has_wiki": true,
        "has_pull_requests": true,
        "has_projects": true,
        "has_releases": true,
        "has_packages": true,
        "has_actions": true,
        "ignore_whitespace_conflicts": false,
        "allow_merge_commits": true,
        "default_merge_style": "merge",
        "avatar_url": "",
        "mirror_interval": "",
        "object_format_name": facts.object_format.as_deref().unwrap_or("sha1"),
        "mirror_updated": NEVER,
        "topics": [],
        "licenses": null,
        "repo_transfer": null,
    })
}

pub(super) fn branch(ask: &Ask, name: &str, branch: &Branch, commit: Option<&Commit>) -> Value {
    json!({
        "name": branch.name,
        "commit": commit.map(|it| pushed_commit(ask, name, it)),
        "protected": branch.name == "main",
        "required_approvals": 0,
        "enable_status_check": false,
        "status_check_contexts": [],
        "user_can_push": true,
        "user_can_merge": true,
        "effective_branch_protection_name": "",
    })
}

/// A commit as branches and events tell it.
pub(super) fn pushed_commit(ask: &Ask, name: &str, commit: &Commit) -> Value {
    let who = |signature: &Option<Signature>| {
        let signature = signature.as_ref();
        json!({
            "name": signature.and_then(|it| it.name.clone()).unwrap_or_default(),
            "email": signature.and_then(|it| it.email.clone()).unwrap_or_default(),
            "username": "",
        })
    };
    json!({
        "id": commit.sha,
        "message": commit.message,
        "url": format!("{}/{name}/commit/{}", ask.address, commit.sha),
        "author": who(&commit.author),
        "committer": who(&commit.committer),
        "verification": null,
        "timestamp": time(commit.committer.as_ref().and_then(|it| it.date)),
        "added": null,
        "removed": null,
        "modified": null,
    })
}

pub(super) fn commit(ask: &Ask, world: &World, name: &str, commit: &Commit) -> Value {
    let api = format!("{}/api/v1/repos/{name}", ask.address);
    let date = |it: &Option<Signature>| time(it.as_ref().and_then(|it| it.date));
    let who = |it: &Option<Signature>| {
        json!({
            "name": it.as_ref().and_then(|it| it.name.clone()).unwrap_or_default(),
            "email": it.as_ref().and_then(|it| it.email.clone()).unwrap_or_default(),
            "date": date(it),
        })
    };
    // An account is known by its address.
    let account = |it: &Option<Signature>| {
        let email = it.as_ref().and_then(|it| it.email.as_deref());
        email.filter(|it| *it == world.user().email).map(|_| user(ask, world.user()))
    };
    let wants = |option: &str| ask.query(option) != Some("false");
    let parents = commit.parents.iter().map(
        |sha| json!({ "url": format!("{api}/git/commits/{sha}"), "sha": sha, "created": NEVER }),
    );
    json!({
        "url": format!("{api}/git/commits/{}", commit.sha),
        "sha": commit.sha,
        "created": date(&commit.committer),
        "html_url": format!("{}/{name}/commit/{}", ask.address, commit.sha),
        "commit": {
            "url": format!("{api}/git/commits/{}", commit.sha),
            "author": who(&commit.author),
            "committer": who(&commit.committer),
            "message": commit.message,
            "tree": { "url": format!("{api}/git/trees/{}", commit.sha), "sha": commit.sha, "created": NEVER },
            "verification": wants("verification").then(|| json!({
                "verified": false,
                "reason": "gpg.error.not_signed_commit",
                "signature": "",
                "signer": null,
                "payload": "",
            })),
        },
        "author": account(&commit.author),
        "committer": account(&commit.committer),
        "parents": parents.collect::<Vec<_>>(),
        "files": wants("files").then(|| json!([])),
        "stats": wants("stat").then(|| json!({ "total": 0, "additions": 0, "deletions": 0 })),
    })
}

pub(super) fn tag(ask: &Ask, name: &str, tag: &Tag, commit: Option<&Commit>) -> Value {
    let api = format!("{}/api/v1/repos/{name}", ask.address);
    // A tag without a message of its own tells the commit's.
    let message = tag.message.clone().or_else(|| commit.map(|it| it.message.clone()));
    let date = commit.and_then(|it| it.committer.as_ref()?.date);
    json!({
        "name": tag.name,
        "message": message.unwrap_or_default(),
        "id": tag.tag_object_sha.as_deref().unwrap_or(&tag.sha),
        "commit": {
            "url": format!("{api}/git/commits/{}", tag.sha),
            "sha": tag.sha,
            "created": time(tag.created_at.or(date)),
        },
        "zipball_url": format!("{}/{name}/archive/{}.zip", ask.address, tag.name),
        "tarball_url": format!("{}/{name}/archive/{}.tar.gz", ask.address, tag.name),
        "archive_download_count": { "zip": 0, "tar_gz": 0 },
    })
}

/// A release, with one file.
pub(super) fn release(
    ask: &Ask,
    world: &World,
    name: &str,
    number: u64,
    release: &Release,
) -> Value {
    let url = format!("{}/api/v1/repos/{name}/releases/{number}", ask.address);
    let tag = &release.tag;
    json!({
        "id": number,
        "tag_name": tag,
        "target_commitish": "main",
        "name": release.name.as_deref().unwrap_or_default(),
        "body": release.body.as_deref().unwrap_or_default(),
        "url": url,
        "html_url": format!("{}/{name}/releases/tag/{tag}", ask.address),
        "tarball_url": format!("{}/{name}/archive/{tag}.tar.gz", ask.address),
        "zipball_url": format!("{}/{name}/archive/{tag}.zip", ask.address),
        "hide_archive_links": false,
        "upload_url": format!("{url}/assets"),
        "draft": false,
        "prerelease": false,
        "created_at": time(release.created_at),
        "published_at": time(release.published_at.or(release.created_at)),
        "author": user(ask, world.user()),
        "assets": [{
            "id": number,
            "name": "notes.pdf",
            "size": 1234,
            "download_count": 3,
            "created_at": time(release.created_at),
            "uuid": "7c6ae1e2-9a34-4c1b-9a0c-3f1a5d2f0b11",
            "browser_download_url": format!("{}/{name}/releases/download/{tag}/notes.pdf", ask.address),
            "type": "attachment",
        }],
        "archive_download_count": { "zip": 0, "tar_gz": 0 },
    })
}
