//! One page of commits, pinned to the commit of the first page.

use gix::{ObjectId, Repository, bstr::BStr, objs};
use lodge_forge::Commit;
use lodge_pagination::{Page, PageRequest};
use lodge_provider::ProviderError;
use lodge_provider_kit::{Marks, Read};

use crate::{
    history::{self, Histories},
    job::Job,
    objects, refs,
    shelf::Opened,
};

const KIND: &str = "commits";

pub(crate) fn list(
    opened: &Opened,
    histories: &Histories,
    branch: Option<&str>,
    request: &PageRequest,
    job: &Job,
) -> Result<Page<Commit>, ProviderError> {
    let repository = opened.repository();
    let (head, skip) = match Read::of(KIND, request.from.as_ref())? {
        Some(read) => {
            let head = objects::marked(read, "head")?;
            objects::tree_of(&repository, head, job)?.ok_or(ProviderError::Position)?;
            (head, read.number("skip")?)
        }
        None => match first(&repository, branch, job)? {
            Some(head) => (head, 0),
            None => return Ok(Page::empty()),
        },
    };
    let stretch = histories.stretch(&repository, head, skip, request.limit.get(), job)?;
    let next = match stretch.next {
        Some(skip) => {
            let marks = Marks::of(KIND)?.with("head", head.to_string())?;
            Some(marks.with("skip", skip.to_string())?.done())
        }
        None => None,
    };
    let boundary = history::boundary(&repository, job)?;
    let ids = stretch.ids.into_iter();
    let items = ids.map(|id| commit(&repository, id, &boundary, job)).collect::<Result<_, _>>()?;
    Ok(Page { items, next })
}

/// The commit that the listing begins with. `None` when there are no commits.
fn first(
    repository: &Repository,
    branch: Option<&str>,
    job: &Job,
) -> Result<Option<ObjectId>, ProviderError> {
    let Some(name) = branch else {
        return Ok(refs::head(repository, job)?.map(|head| head.id));
    };
    match refs::branch(repository, name) {
        Some(id) => Ok(Some(id)),
        None => Err(ProviderError::NotFound { what: "branch" }),
    }
}

fn commit(
    repository: &Repository,
    id: ObjectId,
    boundary: &[ObjectId],
    job: &Job,
) -> Result<Commit, ProviderError> {
    let object = objects::need(repository, id, job)?;
    let found = objs::CommitRef::from_bytes(&object.data, id.kind());
    let found = found.map_err(|error| job.broken(error))?;
    let message = objects::text(found.message);
    let signature = |line: &BStr| objects::signature(line);
    Ok(Commit {
        sha: id.to_string(),
        title: objects::title(&message),
        message,
        author: signature(found.author),
        committer: signature(found.committer),
        parents: if boundary.contains(&id) {
            Vec::new()
        } else {
            found.parents().map(|parent| parent.to_string()).collect()
        },
        stats: None,
        verified: None,
        web_url: None,
    })
}
