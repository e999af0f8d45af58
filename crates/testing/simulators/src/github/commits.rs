//! Commits, and what one of them changed.

use lodge_forge::{Commit, Signature};
use serde_json::{Value, json};

use super::{
    On, changes, empty_repository, error, moment, not_found,
    pages::{page, page_of},
    people::{merge, owner_of, simple},
};
use crate::Reply;

/// What the media type `application/vnd.github.sha` is asked for with.
const SHA: &str = "application/vnd.github.sha";

/// `GET …/commits?sha=`
pub(super) async fn list(on: &On<'_>) -> Reply {
    let Some(default) = on.repository.head().await else { return empty_repository() };
    let from = match on.ask.query("sha") {
        Some(reference) => on.repository.resolve(reference).await,
        None => Some(default),
    };
    let Some(from) = from else { return not_found() };
    let all: Vec<_> = on.repository.history(&from).iter().map(|it| body(on, it)).collect();
    let place = format!("repositories/{}/commits", on.repository.number);
    page(on.ask, &place, &all, Value::from)
}

/// `GET …/commits/{ref}`: with its files, or, when asked for that alone, its
/// hash.
pub(super) async fn one(on: &On<'_>, reference: &str, files: usize) -> Reply {
    let Some(sha) = found(on, reference).await else {
        return missing(on, reference).await;
    };
    if on.ask.header("accept") == Some(SHA) {
        return Reply::text(200, &format!("{SHA}; charset=utf-8"), sha);
    }
    let (Some(commit), Some(diff)) = (on.repository.commit(&sha), on.repository.diff(&sha).await)
    else {
        return not_found();
    };
    let totals = diff.totals;
    let all: Vec<_> = diff.files.iter().map(|it| changes::file(on, &sha, it)).collect();
    let place = format!("repositories/{}/commits/{sha}", on.repository.number);
    let mut body = body(on, &commit);
    page_of(on.ask, &place, &all, files, |page| {
        let more = json!({
            "stats": {
                "total": totals.additions + totals.deletions,
                "additions": totals.additions,
                "deletions": totals.deletions,
            },
            "files": page,
        });
        merge(&mut body, more);
        body
    })
}

/// The commit that a hash, `HEAD`, a branch or a tag leads to.
pub(super) async fn found(on: &On<'_>, reference: &str) -> Option<String> {
    let plain = ["heads/", "tags/", "refs/heads/", "refs/tags/"];
    let name = plain.iter().find_map(|it| reference.strip_prefix(it)).unwrap_or(reference);
    match reference {
        "HEAD" => on.repository.head().await,
        _ => on.repository.resolve(name).await,
    }
}

/// What a commit that is not there is answered with.
pub(super) async fn missing(on: &On<'_>, reference: &str) -> Reply {
    if on.repository.head().await.is_none() {
        return empty_repository();
    }
    error(422, &format!("No commit found for SHA: {reference}"))
}

/// A `Commit`.
pub(super) fn body(on: &On<'_>, it: &Commit) -> Value {
    let api = format!("{}/repos/{}", on.api(), on.repository.full_name());
    let page = format!("{}/{}", on.ask.address, on.repository.full_name());
    let sha = &it.sha;
    let parents = it.parents.iter().map(|parent| {
        json!({
            "sha": parent,
            "url": format!("{api}/commits/{parent}"),
            "html_url": format!("{page}/commit/{parent}"),
        })
    });
    let account = |signature: &Option<Signature>| {
        let email = signature.as_ref().and_then(|it| it.email.as_deref());
        let user = owner_of(on.world, email);
        user.map_or(Value::Null, |it| simple(&on.ask.address, &it.login, it.id))
    };
    let tree = on.repository.tree_sha(sha);
    json!({
        "sha": sha,
        "node_id": format!("C_{sha}"),
        "commit": {
            "author": signature(it.author.as_ref()),
            "committer": signature(it.committer.as_ref()),
            // A message's last line end is not told.
            "message": it.message.trim_end(),
            "tree": { "sha": tree, "url": format!("{api}/git/trees/{}", tree.as_deref().unwrap_or_default()) },
            "url": format!("{api}/git/commits/{sha}"),
            "comment_count": 0,
            "verification": {
                "verified": false,
                "reason": "unsigned",
                "signature": null,
                "payload": null,
                "verified_at": null,
            },
        },
        "url": format!("{api}/commits/{sha}"),
        "html_url": format!("{page}/commit/{sha}"),
        "comments_url": format!("{api}/commits/{sha}/comments"),
        "author": account(&it.author),
        "committer": account(&it.committer),
        "parents": parents.collect::<Vec<_>>(),
    })
}

fn signature(it: Option<&Signature>) -> Value {
    let Some(it) = it else { return Value::Null };
    json!({ "name": it.name, "email": it.email, "date": moment(it.date) })
}
