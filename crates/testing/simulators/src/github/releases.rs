//! Tags and releases.

use lodge_forge::Release;
use serde_json::{Value, json};

use super::{On, moment, pages::page, people};
use crate::Reply;

/// `GET …/tags`: the last name first, and commits rather than tag objects.
pub(super) async fn tags(on: &On<'_>) -> Reply {
    let api = format!("{}/repos/{}", on.api(), on.repository.full_name());
    let all = on.repository.tags().await.into_iter().rev().map(|it| {
        json!({
            "name": it.name,
            "zipball_url": format!("{api}/zipball/refs/tags/{}", it.name),
            "tarball_url": format!("{api}/tarball/refs/tags/{}", it.name),
            "commit": { "sha": it.sha, "url": format!("{api}/commits/{}", it.sha) },
            "node_id": format!("REF_{}", it.name),
        })
    });
    let place = format!("repositories/{}/tags", on.repository.number);
    page(on.ask, &place, &all.collect::<Vec<_>>(), Value::from)
}

/// `GET …/releases`
pub(super) async fn list(on: &On<'_>) -> Reply {
    let releases = on.repository.releases().await;
    let all: Vec<_> = (1..).zip(&releases).map(|(number, it)| body(on, number, it)).collect();
    let place = format!("repositories/{}/releases", on.repository.number);
    page(on.ask, &place, &all, Value::from)
}

/// A `Release` with one file.
pub(super) fn body(on: &On<'_>, number: u64, it: &Release) -> Value {
    let api = format!("{}/repos/{}/releases", on.api(), on.repository.full_name());
    let page = format!("{}/{}/releases", on.ask.address, on.repository.full_name());
    let id = on.repository.number * 1000 + number;
    let author = people::named(on, "ada");
    json!({
        "url": format!("{api}/{id}"),
        "assets_url": format!("{api}/{id}/assets"),
        "upload_url": format!("{api}/{id}/assets{{?name,label}}"),
        "html_url": format!("{page}/tag/{}", it.tag),
        "id": id,
        "author": author,
        "node_id": format!("RE_{id}"),
        "tag_name": it.tag,
        "target_commitish": "main",
        "name": it.name,
        "draft": false,
        "immutable": false,
        "prerelease": it.prerelease.unwrap_or_default(),
        "created_at": moment(it.created_at),
        "updated_at": moment(it.created_at),
        "published_at": moment(it.published_at.or(it.created_at)),
        "assets": [{
            "url": format!("{api}/assets/{id}"),
            "id": id,
            "node_id": format!("RA_{id}"),
            "name": "notes.txt",
            "label": "",
            "uploader": author,
            "content_type": "text/plain",
            "state": "uploaded",
            "size": 12,
            "digest": null,
            "download_count": 3,
            "created_at": moment(it.created_at),
            "updated_at": moment(it.created_at),
            "browser_download_url": format!("{page}/download/{}/notes.txt", it.tag),
        }],
        "tarball_url": format!("{api}/tarball/{}", it.tag),
        "zipball_url": format!("{api}/zipball/{}", it.tag),
        "body": it.body,
    })
}
