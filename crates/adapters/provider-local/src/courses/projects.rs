//! The repositories of a folder, by path.

use gix::bstr::{BStr, BString, ByteSlice};
use lodge_pagination::{Page, PageRequest};
use lodge_provider::{Depth, ProviderError, RemoteProject};

use super::groups::page_of;
use crate::{describe::full_name, ids, job::Job, locate, shelf::Shelf};

pub(super) fn list(
    shelf: &Shelf,
    folder: BString,
    depth: Depth,
    request: &PageRequest,
    job: &Job,
) -> Result<Page<RemoteProject>, ProviderError> {
    // Each reach is a listing of its own.
    let (kind, places) = match depth {
        Depth::Direct => {
            ("projects", locate::children(shelf.root(), folder.as_bstr()).repositories)
        }
        Depth::All => ("all_projects", locate::under(shelf.root(), folder, job)?),
    };
    let mut paths: Vec<_> = places.into_iter().map(|place| place.path).collect();
    paths.sort_unstable();
    let page = page_of(kind, paths, request)?;
    let items = page.items.iter().filter_map(|it| project(it.as_bstr())).collect();
    Ok(Page { items, next: page.next })
}

/// The project at `path`. `None` when that is too long for an id.
pub(super) fn project(path: &BStr) -> Option<RemoteProject> {
    let id = ids::encode(path)?;
    let path = full_name(path);
    let name = path.rsplit('/').next().unwrap_or_default().to_owned();
    Some(RemoteProject { id, name, path, web_url: None })
}
