//! Branches and tags.

use serde_json::{Value, json};

use super::{At, person, reply};
use crate::{Ask, Reply, World};

/// `GET …/refs?filter=&peelTags=&$top=&continuationToken=`
pub(crate) async fn list(ask: &Ask, world: &World, at: At<'_>) -> Reply {
    let top = match (ask.number("$top"), ask.query("continuationToken")) {
        (Some(top), _) if top > 1000 => {
            return reply::error(400, "ArgumentOutOfRangeException", "$top must be at most 1000.");
        }
        (Some(top), _) => top,
        (None, Some(_)) => 100,
        (None, None) => usize::MAX / 2,
    };
    let wanted = format!("refs/{}", ask.query("filter").unwrap_or_default());
    let peel = ask.query("peelTags") == Some("true");
    let all = all(at, world, peel).await;
    let name = |it: &Value| reply::text(it, "/name").to_owned();
    let found = all.into_iter().filter(|it| name(it).starts_with(&wanted)).collect::<Vec<_>>();
    let skip = match ask.query("continuationToken") {
        None => 0,
        Some(token) => found.iter().take_while(|it| *name(it) < *token).count(),
    };
    reply::continued(found, skip, top, name)
}

/// Every reference, by name, byte for byte.
async fn all(at: At<'_>, world: &World, peel: bool) -> Vec<Value> {
    let reference = |name: String, id: &str| {
        json!({
            "url": at.api(&["refs"]) + "?filter=" + name.trim_start_matches("refs/"),
            "name": name,
            "objectId": id,
            "creator": person::identity(world, "ada"),
        })
    };
    let mut told = Vec::new();
    for branch in at.repository.branches().await {
        told.push(reference(format!("refs/heads/{}", branch.name), &branch.sha));
    }
    for tag in at.repository.tags().await {
        let name = format!("refs/tags/{}", tag.name);
        let Some(object) = &tag.tag_object_sha else {
            told.push(reference(name, &tag.sha));
            continue;
        };
        let mut annotated = reference(name, object);
        if let Some(annotated) = annotated.as_object_mut().filter(|_| peel) {
            annotated.insert("peeledObjectId".to_owned(), json!(tag.sha));
        }
        told.push(annotated);
    }
    told.sort_by_key(|it| reply::text(it, "/name").to_owned());
    told
}

/// `GET …/annotatedtags/{objectId}`, below the project only.
pub(crate) async fn annotated(at: At<'_>, id: &str) -> Reply {
    let tags = at.repository.tags().await;
    let Some(tag) = tags.into_iter().find(|it| it.tag_object_sha.as_deref() == Some(id)) else {
        return reply::no_item(id);
    };
    let date = |at: lodge_kernel::Timestamp| at.to_string().trim_end_matches(".000Z").to_owned();
    let tagger = tag.tagger.map(|it| {
        // Without a zone.
        json!({ "name": it.name, "email": it.email, "date": it.date.map(date) })
    });
    let told = json!({
        "name": format!("refs/tags/{}", tag.name),
        "objectId": id,
        "taggedObject": { "objectId": tag.sha, "objectType": "commit" },
        "taggedBy": tagger,
        "message": tag.message,
        "url": at.api(&["annotatedTags", id]),
    });
    Reply::json(200, &told)
}
