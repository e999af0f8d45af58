//! Branches, tags and releases: <https://docs.gitlab.com/api/branches/>,
//! <https://docs.gitlab.com/api/tags/>, <https://docs.gitlab.com/api/releases/>.

use std::cmp::Reverse;

use lodge_forge::{Branch, Release, Tag};
use serde_json::{Value, json};

use super::{
    commits::commit,
    paging,
    say::{self, Here, git_time, person, time},
};
use crate::Reply;

pub(super) async fn branches(here: &Here<'_>) -> Reply {
    let all = here.repository.branches().await;
    paging::offset(here.ask, all.iter().map(|it| branch_body(here, it)).collect())
}

pub(super) async fn branch(here: &Here<'_>, name: &str) -> Reply {
    let all = here.repository.branches().await;
    match all.iter().find(|it| it.name == name) {
        Some(found) => say::ok(here.ask, &branch_body(here, found)),
        None => say::not_found("Branch"),
    }
}

fn branch_body(here: &Here<'_>, branch: &Branch) -> Value {
    let default = here.repository.facts.default_branch.as_ref() == Some(&branch.name);
    json!({
        "name": branch.name,
        "commit": here.repository.commit(&branch.sha).map(|it| commit(here, &it)),
        "merged": false,
        "protected": default,
        "developers_can_push": false,
        "developers_can_merge": false,
        "can_push": false,
        "default": default,
        "web_url": format!("{}/-/tree/{}", here.page(), branch.name),
    })
}

pub(super) async fn tags(here: &Here<'_>) -> Reply {
    let mut all = here.repository.tags().await;
    if here.ask.query("order_by") == Some("name") {
        all.sort_by(|one, other| one.name.cmp(&other.name));
    } else {
        all.sort_by_key(|it| it.created_at);
    }
    if here.ask.query("sort") != Some("asc") {
        all.reverse();
    }
    let releases = here.repository.releases().await;
    let all = all.iter().map(|it| tag_body(here, it, &releases)).collect();
    paging::offset(here.ask, all)
}

fn tag_body(here: &Here<'_>, tag: &Tag, releases: &[Release]) -> Value {
    let release = releases.iter().find(|it| it.tag == tag.name);
    json!({
        "name": tag.name,
        "message": tag.message.as_deref().unwrap_or_default(),
        "target": tag.tag_object_sha.as_ref().unwrap_or(&tag.sha),
        "commit": here.repository.commit(&tag.sha).map(|it| commit(here, &it)),
        "release": release.map(|it| json!({"tag_name": it.tag, "description": it.body})),
        "protected": false,
        "created_at": git_time(tag.created_at),
    })
}

pub(super) async fn releases(here: &Here<'_>) -> Reply {
    let mut all = here.repository.releases().await;
    let ascending = here.ask.query("sort") == Some("asc");
    all.sort_by_key(|it| Reverse(it.published_at));
    if ascending {
        all.reverse();
    }
    let all = all.iter().map(|it| release_body(here, it)).collect();
    paging::offset(here.ask, all)
}

pub(super) fn release_body(here: &Here<'_>, release: &Release) -> Value {
    let page = here.page();
    let sha = release.target_commitish.as_deref().unwrap_or_default();
    json!({
        "name": release.name,
        "tag_name": release.tag,
        "description": release.body,
        "created_at": time(release.created_at),
        "released_at": time(release.published_at),
        "upcoming_release": false,
        "author": person(Some("ada"), &here.ask.address),
        "commit": here.repository.commit(sha).map(|it| commit(here, &it)),
        "commit_path": format!("/{}/-/commit/{sha}", here.repository.full_name()),
        "tag_path": format!("/{}/-/tags/{}", here.repository.full_name(), release.tag),
        "assets": {
            "count": 5,
            "sources": [
                {"format": "zip", "url": format!("{page}/-/archive/{0}/{0}.zip", release.tag)},
            ],
            "links": [{
                "id": 3,
                "name": "notes.pdf",
                "url": "https://files.example.org/notes.pdf",
                "direct_asset_url":
                    format!("{page}/-/releases/{}/downloads/notes.pdf", release.tag),
                "link_type": "other",
            }],
        },
        "evidences": [],
        "_links": {"self": format!("{page}/-/releases/{}", release.tag)},
    })
}
