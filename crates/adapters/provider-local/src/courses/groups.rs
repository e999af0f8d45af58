//! The folders of a folder that are no repositories, by path.

use gix::bstr::{BStr, BString, ByteSlice};
use lodge_pagination::{Page, PageRequest};
use lodge_provider::{ProviderError, RemoteGroup};
use lodge_provider_kit::{Marks, Read};

use crate::{ids, locate, shelf::Shelf};

const KIND: &str = "groups";

pub(super) fn list(
    shelf: &Shelf,
    folder: &BString,
    request: &PageRequest,
) -> Result<Page<RemoteGroup>, ProviderError> {
    let mut paths = locate::children(shelf.root(), folder.as_bstr()).folders;
    paths.sort_unstable();
    let page = page_of(KIND, paths, request)?;
    let items = page.items.iter().filter_map(|it| group(it.as_bstr())).collect();
    Ok(Page { items, next: page.next })
}

/// One page of `paths`, which are in order: those after the one that the
/// position names.
pub(super) fn page_of(
    kind: &str,
    mut paths: Vec<BString>,
    request: &PageRequest,
) -> Result<Page<BString>, ProviderError> {
    if let Some(read) = Read::of(kind, request.from.as_ref())? {
        let after = BString::from(read.bytes("after")?);
        paths.retain(|path| *path > after);
    }
    let more = paths.len() > request.limit.get();
    paths.truncate(request.limit.get());
    let next = match paths.last() {
        Some(last) if more => Some(Marks::of(kind)?.with_bytes("after", last)?.done()),
        _ => None,
    };
    Ok(Page { items: paths, next })
}

/// The group at `path`. `None` when that is too long for an id.
pub(super) fn group(path: &BStr) -> Option<RemoteGroup> {
    let last = path.rsplit_str("/").next().unwrap_or_default();
    Some(RemoteGroup {
        id: ids::encode(path)?.to_string(),
        name: last.to_str_lossy().into_owned(),
        path: path.to_str_lossy().into_owned(),
        web_url: None,
    })
}
