//! Issues, discussions and runs of CI: <https://docs.gitlab.com/api/issues/>,
//! <https://docs.gitlab.com/api/discussions/> and
//! <https://docs.gitlab.com/api/pipelines/>.

use std::time::Duration;

use lodge_kernel::Timestamp;
use serde_json::{Value, json};

use super::{
    merge_requests::since,
    paging,
    say::{self, Here, person, time},
};
use crate::{Reply, WorldIssue, WorldNote, WorldRun};

pub(super) async fn issues(here: &Here<'_>) -> Reply {
    let mut all = here.repository.issues().await;
    let after = since(here);
    all.retain(|it| after.is_none_or(|after| it.closed_at.unwrap_or(it.created_at) >= after));
    all.sort_by_key(|it| (it.created_at, it.number));
    if here.ask.query("sort") != Some("asc") {
        all.reverse();
    }
    paging::offset(here.ask, all.iter().map(|it| issue(here, it)).collect())
}

fn issue(here: &Here<'_>, it: &WorldIssue) -> Value {
    let who = person(Some(&it.login), &here.ask.address);
    json!({
        "id": here.repository.number * 1000 + it.number,
        "iid": it.number,
        "project_id": here.repository.number,
        "title": it.title,
        "description": "As we said on Monday.",
        "state": if it.closed_at.is_some() { "closed" } else { "opened" },
        "created_at": time(Some(it.created_at)),
        "updated_at": time(Some(it.closed_at.unwrap_or(it.created_at))),
        "closed_at": time(it.closed_at),
        "closed_by": null,
        "labels": ["task", "course"],
        "milestone": null,
        "assignees": [who],
        "author": who,
        "type": "ISSUE",
        "assignee": who,
        "issue_type": "issue",
        "user_notes_count": 3,
        "due_date": "2026-12-01",
        "confidential": false,
        "web_url": format!("{}/-/issues/{}", here.page(), it.number),
    })
}

/// The threads of a merge request or an issue.
pub(super) async fn discussions(here: &Here<'_>, on: &str, iid: &str) -> Reply {
    let notes = match iid.parse() {
        Ok(number) => here.repository.notes(number).await,
        Err(_) => None,
    };
    let Some(notes) = notes else {
        return Reply::json(404, &json!({"message": "404 Not found"}));
    };
    let mut threads: Vec<(&str, Vec<Value>)> = Vec::new();
    for it in &notes {
        let body = note(here, on, iid, it);
        match threads.iter_mut().find(|(thread, _)| *thread == it.thread) {
            Some((_, bodies)) => bodies.push(body),
            None => threads.push((&it.thread, vec![body])),
        }
    }
    let bodies = threads.into_iter().map(|(thread, notes)| {
        json!({"id": thread, "individual_note": notes.len() == 1, "notes": notes})
    });
    paging::offset(here.ask, bodies.collect())
}

fn note(here: &Here<'_>, on: &str, iid: &str, it: &WorldNote) -> Value {
    let on_change = on == "merge_requests" && it.resolved.is_some();
    let position = on_change.then(|| json!({"new_path": "README.md", "old_path": "README.md"}));
    json!({
        // An issue's remarks are others.
        "id": if on == "issues" { it.id + 5 } else { it.id },
        "type": on_change.then_some("DiffNote"),
        "body": it.body,
        "attachment": null,
        "author": person(Some(&it.login), &here.ask.address),
        "created_at": time(Some(it.at)),
        "updated_at": time(Some(it.at)),
        "system": it.system,
        "noteable_type": if on == "issues" { "Issue" } else { "MergeRequest" },
        "noteable_iid": iid.parse::<u64>().unwrap_or_default(),
        "project_id": here.repository.number,
        "resolvable": on_change,
        "resolved": it.resolved.filter(|_| on_change),
        "position": position,
    })
}

pub(super) async fn runs(here: &Here<'_>) -> Reply {
    let mut all = here.repository.runs().await;
    let after = since(here);
    all.retain(|it| after.is_none_or(|after| ended(it) >= after));
    if here.ask.query("sort") != Some("asc") {
        all.reverse();
    }
    paging::offset(here.ask, all.iter().map(|it| body(here, it)).collect())
}

pub(super) async fn run(here: &Here<'_>, id: &str) -> Reply {
    let all = here.repository.runs().await;
    let Some(found) = all.iter().find(|it| it.id.to_string() == id) else {
        return Reply::json(404, &json!({"message": "404 Not found"}));
    };
    let mut whole = body(here, found);
    if let Some(fields) = whole.as_object_mut() {
        let began = found.created_at.plus(Duration::from_secs(5));
        let user = person(Some("ada"), &here.ask.address);
        fields.insert("user".to_owned(), user);
        fields.insert("started_at".to_owned(), time(Some(began)));
        fields.insert("finished_at".to_owned(), time(Some(ended(found))));
        fields.insert("duration".to_owned(), 60.into());
        fields.insert("coverage".to_owned(), "87.50".into());
    }
    say::ok(here.ask, &whole)
}

fn ended(it: &WorldRun) -> Timestamp {
    it.created_at.plus(Duration::from_secs(65))
}

fn body(here: &Here<'_>, it: &WorldRun) -> Value {
    json!({
        "id": it.id,
        "iid": it.id % 10_000,
        "project_id": here.repository.number,
        "sha": it.sha,
        "ref": here.repository.facts.default_branch,
        "status": if it.failed { "failed" } else { "success" },
        "source": "push",
        "created_at": time(Some(it.created_at)),
        "updated_at": time(Some(ended(it))),
        "web_url": format!("{}/-/pipelines/{}", here.page(), it.id),
        "name": null,
    })
}
