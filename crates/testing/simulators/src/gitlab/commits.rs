//! Commits and who wrote them: <https://docs.gitlab.com/api/commits/>.

use lodge_forge::Commit;
use lodge_kernel::Timestamp;
use serde_json::{Value, json};

use super::{
    paging,
    say::{self, Here, git_time},
};
use crate::Reply;

/// How much of a first line a title shows.
const TITLE: usize = 80;
/// How many of the newest commits are counted.
const COUNTED: usize = 2_000;

pub(super) async fn list(here: &Here<'_>) -> Reply {
    let repository = here.repository;
    if here.ask.query("all") == Some("true") {
        let since = here.ask.query("since").and_then(|it| Timestamp::parse(it).ok());
        let mut all = repository.every_commit().await;
        let date = |it: &Commit| it.committer.as_ref().and_then(|it| it.date);
        all.retain(|it| since.is_none_or(|since| date(it) >= Some(since)));
        return paging::uncounted(here.ask, all.iter().map(|it| commit(here, it)).collect());
    }
    let from = match here.ask.query("ref_name").filter(|it| !it.is_empty()) {
        Some(name) => repository.resolve(name).await,
        None => repository.head().await,
    };
    // A ref that is not there has no commits, and that is that.
    let history = from.map(|it| repository.history(&it));
    let all = history.iter().flat_map(|it| it.iter()).map(|it| commit(here, it));
    paging::uncounted(here.ask, all.collect())
}

pub(super) async fn one(here: &Here<'_>, name: &str) -> Reply {
    let sha = here.repository.resolve(name).await;
    let Some(found) = sha.and_then(|it| here.repository.commit(&it)) else {
        return say::not_found("Commit");
    };
    let mut body = commit(here, &found);
    if let Some(fields) = body.as_object_mut() {
        fields.insert("project_id".to_owned(), here.repository.number.into());
        fields.insert("status".to_owned(), "success".into());
        fields.insert("last_pipeline".to_owned(), Value::Null);
        if here.ask.query("stats") != Some("false") {
            let totals = here.repository.diff(&found.sha).await.map(|it| it.totals);
            let (more, less) = totals.map_or((0, 0), |it| (it.additions, it.deletions));
            let stats = json!({"additions": more, "deletions": less, "total": more + less});
            fields.insert("stats".to_owned(), stats);
        }
    }
    say::ok(here.ask, &body)
}

pub(super) fn commit(here: &Here<'_>, commit: &Commit) -> Value {
    let (author, committer) = (commit.author.as_ref(), commit.committer.as_ref());
    let title = if commit.title.chars().count() > TITLE {
        commit.title.chars().take(TITLE - 1).chain(['…']).collect()
    } else {
        commit.title.clone()
    };
    json!({
        "id": commit.sha,
        "short_id": commit.sha.get(..8),
        "created_at": git_time(committer.and_then(|it| it.date)),
        "parent_ids": commit.parents,
        "title": title,
        "message": commit.message,
        "author_name": author.and_then(|it| it.name.as_ref()),
        "author_email": author.and_then(|it| it.email.as_ref()),
        "authored_date": git_time(author.and_then(|it| it.date)),
        "committer_name": committer.and_then(|it| it.name.as_ref()),
        "committer_email": committer.and_then(|it| it.email.as_ref()),
        "committed_date": git_time(committer.and_then(|it| it.date)),
        "trailers": {},
        "extended_trailers": {},
        "web_url": format!("{}/-/commit/{}", here.page(), commit.sha),
    })
}

/// <https://docs.gitlab.com/api/repositories/#contributors>: without merges,
/// and an address in other letters is another person.
pub(super) async fn contributors(here: &Here<'_>) -> Reply {
    let Some(head) = here.repository.head().await else {
        return paging::offset(here.ask, Vec::new());
    };
    let history = here.repository.history(&head);
    let mut people: Vec<(String, String, u64)> = Vec::new();
    for commit in history.iter().filter(|it| it.parents.len() < 2).take(COUNTED) {
        let author = commit.author.clone();
        let email = author.as_ref().and_then(|it| it.email.clone()).unwrap_or_default();
        let name = author.and_then(|it| it.name).unwrap_or_default();
        match people.iter_mut().find(|(_, known, _)| *known == email) {
            Some((_, _, commits)) => *commits += 1,
            None => people.push((name, email, 1)),
        }
    }
    match here.ask.query("order_by").unwrap_or("commits") {
        "name" => people.sort_by_key(|it| it.0.to_lowercase()),
        "email" => people.sort_by_key(|it| it.1.to_lowercase()),
        _ => people.sort_by_key(|it| it.2),
    }
    if here.ask.query("sort") == Some("desc") {
        people.reverse();
    }
    let people = people.into_iter().map(|(name, email, commits)| {
        json!({"name": name, "email": email, "commits": commits, "additions": 0, "deletions": 0})
    });
    paging::offset(here.ask, people.collect())
}
