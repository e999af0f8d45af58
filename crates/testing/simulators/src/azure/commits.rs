//! Commits: cut in lists, whole one by one.

use lodge_forge::{Commit, Signature};
use serde_json::{Value, json};

use super::{At, reply};
use crate::{Ask, Reply};

/// `GET …/commits?searchCriteria.…`
pub(crate) async fn list(ask: &Ask, at: At<'_>) -> Reply {
    let version = ask.query("searchCriteria.itemVersion.version");
    let kind = ask.query("searchCriteria.itemVersion.versionType").unwrap_or("branch");
    let from = match (kind, version) {
        (_, None) => at.repository.head().await,
        ("commit", Some(version)) => at.repository.commit(version).map(|it| it.sha),
        (_, Some(version)) => at.repository.resolve(version).await,
    };
    let Some(from) = from else {
        return reply::no_version(&format!("{kind}: {}", version.unwrap_or_default()));
    };
    let history = at.repository.history(&from);
    let told = history.iter().map(|it| short(at, it)).collect();
    let number = |name: &str| {
        ask.number(&format!("searchCriteria.${name}")).or_else(|| ask.number(&format!("${name}")))
    };
    reply::slice(told, number("skip"), number("top"))
        .with("link", format!("<{from}>;rel=\"startingCommitId\""))
}

/// `POST …/commitsbatch` with ids.
pub(crate) fn batch(ask: &Ask, at: At<'_>, with_parents: bool) -> Reply {
    let body: Value = serde_json::from_slice(&ask.body).unwrap_or_default();
    if ask.method != "POST" || !body.is_object() {
        return reply::error(
            400,
            "ArgumentNullException",
            "Value cannot be null. (searchCriteria)",
        );
    }
    let ids = body.get("ids").and_then(Value::as_array).cloned().unwrap_or_default();
    let commits = ids.iter().filter_map(|it| at.repository.commit(it.as_str()?));
    let told = commits.map(|commit| {
        let mut told = short(at, &commit);
        if let Some(told) = told.as_object_mut() {
            told.insert("comment".to_owned(), json!(commit.message));
            told.remove("commentTruncated");
            // Of commits that are named it is not told.
            told.remove("remoteUrl");
            if with_parents {
                told.insert("parents".to_owned(), json!(commit.parents));
            }
        }
        told
    });
    reply::list(&told.collect::<Vec<_>>())
}

/// `GET …/commits/{sha}`
pub(crate) fn one(at: At<'_>, sha: &str) -> Reply {
    let Some(commit) = at.repository.commit(sha) else {
        return reply::no_version(&format!("Commit: {sha}"));
    };
    let told = json!({
        "parents": commit.parents,
        "treeId": at.repository.tree_sha(sha),
        "push": {
            "pushedBy": { "id": "8c8c7d32-6b1b-47f4-b2e9-30b477b5ab3d", "displayName": "Ada Example", "uniqueName": "ada@example.org" },
            "pushId": 1,
            "date": seconds(commit.committer.as_ref().and_then(|it| it.date)),
        },
        "commitId": sha,
        "author": person(commit.author.as_ref()),
        "committer": person(commit.committer.as_ref()),
        "comment": commit.message,
        "url": at.api(&["commits", sha]),
        "remoteUrl": at.page(&["commit", sha]),
        "_links": {
            "self": { "href": at.api(&["commits", sha]) },
            "repository": { "href": at.api(&[]) },
            "changes": { "href": at.api(&["commits", sha, "changes"]) },
            "web": { "href": at.page(&["commit", sha]) },
        },
    });
    Reply::json(200, &told)
}

/// A commit as lists tell it: without parents, and with its title alone.
fn short(at: At<'_>, commit: &Commit) -> Value {
    let mut told = json!({
        "commitId": commit.sha,
        "author": person(commit.author.as_ref()),
        "committer": person(commit.committer.as_ref()),
        "comment": commit.title,
        "changeCounts": { "Add": 1, "Edit": 0, "Delete": 0 },
        "url": at.api(&["commits", &commit.sha]),
        "remoteUrl": at.page(&["commit", &commit.sha]),
    });
    if let Some(told) = told.as_object_mut().filter(|_| commit.message.trim_end() != commit.title) {
        told.insert("commentTruncated".to_owned(), json!(true));
    }
    told
}

pub(crate) fn person(signature: Option<&Signature>) -> Value {
    match signature {
        Some(it) => json!({ "name": it.name, "email": it.email, "date": seconds(it.date) }),
        None => Value::Null,
    }
}

/// Without a fraction, as Git keeps it.
pub(crate) fn seconds(at: Option<lodge_kernel::Timestamp>) -> Option<String> {
    at.map(|it| it.to_string().replace(".000Z", "Z"))
}
