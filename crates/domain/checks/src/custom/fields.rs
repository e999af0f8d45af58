//! What checks look at, and what its fields say.

use std::borrow::Cow;

use lodge_activity::{ActorId, ChangedFile, Commit, Issue, Note, Pipeline};

use super::condition::Value;
use crate::{Evidence, ProjectRecord, Record, Request};

/// One thing that a check looks at.
pub(super) enum Thing<'r, 'a> {
    /// A commit, with the merge requests that it lies on.
    Commit(&'a Commit<ActorId>, Vec<&'r Request<'a>>),
    /// A merge request.
    Request(&'r Request<'a>),
    /// An issue.
    Issue(&'a Issue<ActorId>),
    /// A remark.
    Note(&'a Note<ActorId>),
    /// A run.
    Pipeline(&'a Pipeline<ActorId>),
    /// A file that a commit changed.
    File(&'a Commit<ActorId>, &'a ChangedFile),
}

impl<'r> Thing<'r, '_> {
    /// What a field says. Nothing, where there is no such field.
    pub(super) fn field(&self, name: &str, record: &Record<'_>) -> Value<'r> {
        match self {
            Self::Commit(it, requests) => commit(it, requests, name),
            Self::Request(it) => request(it, name, record),
            Self::Issue(it) => issue(it, name),
            Self::Note(it) => note(it, name),
            Self::Pipeline(it) => pipeline(it, name),
            Self::File(_, it) => match name {
                "path" => Value::text(&it.path),
                "added" => Value::number(it.additions.map(u64::from)),
                "removed" => Value::number(it.deletions.map(u64::from)),
                _ => NOTHING,
            },
        }
    }

    /// The thing as evidence.
    pub(super) fn evidence(&self, project: &ProjectRecord<'_>, fits: bool) -> Evidence {
        match self {
            Self::Commit(it, _) => project.commit(it, fits),
            Self::Request(it) => project.request(it, fits),
            Self::Issue(it) => project.issue(it, fits),
            Self::Note(it) => project.note(it, fits),
            Self::Pipeline(it) => project.pipeline(it, fits),
            Self::File(commit, it) => project.file(commit, it, fits),
        }
    }
}

const NOTHING: Value<'static> = Value::Texts(Vec::new());

fn size(n: usize) -> Value<'static> {
    Value::Number(u64::try_from(n).unwrap_or(u64::MAX))
}

fn texts<'r>(texts: impl Iterator<Item = &'r str>) -> Value<'r> {
    Value::Texts(texts.map(Cow::Borrowed).collect())
}

/// Lines and files are those that the author may have written.
fn commit<'r>(it: &'r Commit<ActorId>, requests: &[&'r Request<'_>], name: &str) -> Value<'r> {
    match name {
        "message" => Value::text(&it.message),
        "added" => Value::Number(it.own_lines().additions),
        "removed" => Value::Number(it.own_lines().deletions),
        "files" => size(it.own_files().count()),
        "branch" => texts(requests.iter().map(|it| it.it.source_branch.as_str())),
        _ => NOTHING,
    }
}

/// A merge request without a description has an empty one; of its notes those
/// of other members count.
fn request<'r>(of: &'r Request<'_>, name: &str, record: &Record<'_>) -> Value<'r> {
    match name {
        "title" => Value::text(&of.it.title),
        "description" => Value::text(of.it.description.as_deref().unwrap_or_default()),
        "state" => Value::text(of.it.state.name()),
        "source_branch" => Value::text(&of.it.source_branch),
        "notes" => {
            let by_others = |who| record.is_another_member(who, of.it.author);
            size(of.notes.iter().filter(|it| by_others(it.author)).count())
        }
        _ => NOTHING,
    }
}

fn issue<'r>(it: &'r Issue<ActorId>, name: &str) -> Value<'r> {
    match name {
        "title" => Value::text(&it.title),
        "description" => Value::text(it.description.as_deref().unwrap_or_default()),
        "state" => Value::text(it.state.name()),
        "label" => texts(it.labels.iter().map(String::as_str)),
        _ => NOTHING,
    }
}

/// A remark that asks for nothing is neither resolved nor not.
fn note<'r>(it: &'r Note<ActorId>, name: &str) -> Value<'r> {
    match name {
        "text" => Value::text(&it.body),
        "characters" => size(it.body.trim().chars().count()),
        "resolved" => texts(it.resolved.map(|it| if it { "true" } else { "false" }).into_iter()),
        _ => NOTHING,
    }
}

/// How long a run took is known of one that has begun and ended.
fn pipeline<'r>(it: &'r Pipeline<ActorId>, name: &str) -> Value<'r> {
    match name {
        "status" => Value::text(it.status.name()),
        "duration_seconds" => {
            let times = it.started_at.zip(it.finished_at);
            Value::number(times.map(|(start, end)| end.since(start).as_secs()))
        }
        "branch" => Value::text(&it.reference),
        _ => NOTHING,
    }
}
