//! One page of branches, by name.

use gix::bstr::{BString, ByteSlice};
use lodge_forge::Branch;
use lodge_pagination::{Page, PageRequest};
use lodge_provider::ProviderError;
use lodge_provider_kit::{Marks, Read};

use crate::{job::Job, objects, refs, shelf::Opened};

const KIND: &str = "branches";

pub(crate) fn list(
    opened: &Opened,
    request: &PageRequest,
    job: &Job,
) -> Result<Page<Branch>, ProviderError> {
    let read = Read::of(KIND, request.from.as_ref())?;
    let after = read.map(|read| read.bytes("after")).transpose()?.map(BString::from);
    let limit = request.limit.get();
    let repository = opened.repository();
    let default = refs::head(&repository, job)?.and_then(|head| head.branch);
    let mut found = refs::listed(&repository, "refs/heads/", after.as_ref(), limit + 1, job)?;
    let more = found.len() > limit;
    found.truncate(limit);
    let next = match found.last() {
        Some((name, _)) if more => Some(Marks::of(KIND)?.with_bytes("after", name)?.done()),
        _ => None,
    };
    let mut items = Vec::with_capacity(found.len());
    for (name, id) in found {
        // A missing commit is told where it is asked for, not here.
        let committed_at = objects::committed_at(&repository, id, job).ok().flatten();
        items.push(Branch {
            default: Some(default.as_ref() == Some(&name)),
            name: name.to_str_lossy().into_owned(),
            sha: id.to_string(),
            protected: None,
            committed_at,
        });
    }
    Ok(Page { items, next })
}
