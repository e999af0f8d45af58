//! The commits of every branch, the newest first.

use std::cmp::Reverse;

use gix::{ObjectId, Repository, bstr::BStr, objs};
use lodge_activity::{Actor, Commit};
use lodge_kernel::Timestamp;
use lodge_pagination::{Page, PageRequest};
use lodge_provider::ProviderError;
use lodge_provider_kit::{Marks, Read};

use crate::{history, job::Job, mailmap::Mailmap, objects, reach::Reaches, refs, shelf::Opened};

const KIND: &str = "all_commits";

pub(super) fn list(
    opened: &Opened,
    reaches: &Reaches,
    request: &PageRequest,
    job: &Job,
) -> Result<Page<Commit<Actor>>, ProviderError> {
    let repository = opened.repository();
    let after = match Read::of(KIND, request.from.as_ref())? {
        Some(read) => Some((Reverse(read.number("at")?), objects::marked(read, "after")?)),
        None => None,
    };
    let all = reaches.of(&repository, job)?;
    let begin = after.map_or(0, |after| all.partition_point(|spot| *spot <= after));
    let end = all.len().min(begin.saturating_add(request.limit.get()));
    let shown = all.get(begin..end).unwrap_or_default();
    let next = match shown.last() {
        Some((Reverse(at), id)) if end < all.len() => {
            let marks = Marks::of(KIND)?.with("at", at.to_string())?;
            Some(marks.with("after", id.to_string())?.done())
        }
        _ => None,
    };
    let names = names(&repository, job)?;
    let boundary = history::boundary(&repository, job)?;
    let commit = |id| commit(&repository, id, &names, &boundary, job);
    let items = shown.iter().map(|(_, id)| commit(*id)).collect::<Result<_, _>>()?;
    Ok(Page { items, next })
}

/// What the default branch corrects of people.
pub(super) fn names(repository: &Repository, job: &Job) -> Result<Mailmap, ProviderError> {
    match refs::head(repository, job)? {
        Some(head) => Mailmap::of(repository, head.id, job),
        None => Ok(Mailmap::default()),
    }
}

fn commit(
    repository: &Repository,
    id: ObjectId,
    names: &Mailmap,
    boundary: &[ObjectId],
    job: &Job,
) -> Result<Commit<Actor>, ProviderError> {
    let object = objects::need(repository, id, job)?;
    let found = objs::CommitRef::from_bytes(&object.data, id.kind());
    let found = found.map_err(|error| job.broken(error))?;
    let date = |line: &BStr| objects::signature(line).and_then(|it| it.date);
    let mut message = kept(objects::text(found.message));
    message.truncate(message.floor_char_boundary(Commit::<Actor>::LONGEST));
    Ok(Commit {
        sha: id.to_string(),
        parents: Some(if boundary.contains(&id) {
            Vec::new()
        } else {
            found.parents().map(|parent| parent.to_string()).collect()
        }),
        message,
        author: author(found.author, names),
        // Git itself takes what it cannot read for the epoch.
        authored_at: date(found.author)
            .or_else(|| date(found.committer))
            .unwrap_or(Timestamp::EPOCH),
        changes: None,
        web_url: None,
    })
}

/// Without the character that no database of ours keeps.
fn kept(text: String) -> String {
    if text.contains('\0') { text.replace('\0', "\u{fffd}") } else { text }
}

/// Who wrote a commit, with what the repository corrects of them.
pub(super) fn author(line: &BStr, names: &Mailmap) -> Actor {
    let signature = objects::signature(line);
    let (name, email) = signature.map_or((None, None), |it| (it.name, it.email));
    let (name, email) =
        names.resolve(name.as_deref().unwrap_or_default(), email.as_deref().unwrap_or_default());
    let filled = |text: String| (!text.is_empty()).then(|| kept(text));
    Actor { email: filled(email), name: filled(name), ..Actor::default() }
}
