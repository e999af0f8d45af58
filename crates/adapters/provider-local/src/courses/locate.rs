//! What stands at a path, as people write it.

use std::{
    borrow::Cow,
    path::{Path, PathBuf},
};

use gix::bstr::{BString, ByteSlice};
use lodge_provider::{Located, ProviderError, RemoteGroup};

use super::{ROOT, groups, projects};
use crate::{locate, shelf::Shelf};

/// The path below the root that `address` names: such a path, with `local:`
/// before it or without, or a whole path or `file://` URL below one of `roots`.
/// Empty for the root.
pub(super) fn path(roots: &[PathBuf], address: &str) -> Result<BString, ProviderError> {
    let address = address.trim();
    let address = address.strip_prefix("local:").unwrap_or(address);
    let path = match address.strip_prefix("file://") {
        Some(url) => unescaped(url.strip_prefix("localhost").unwrap_or(url))?,
        None if address.contains("://") => {
            return Err(wrong("the address is one of another host: name a folder"));
        }
        None => BString::from(address),
    };
    if path.is_empty() {
        return Err(wrong("the address names no folder"));
    }
    let path = if path.starts_with(b"/") { below(roots, &path)? } else { path };
    let path = path.trim_end_with(|it| it == '/');
    Ok(if path == b"." { BString::default() } else { path.into() })
}

/// The whole path `path`, without the root that it is below.
fn below(roots: &[PathBuf], path: &BString) -> Result<BString, ProviderError> {
    let outside = || wrong("the address is not below the folder of repositories");
    let whole = gix::path::from_bstr(path.as_bstr()).map_err(|_not_here| outside())?;
    let inner = roots.iter().find_map(|root| whole.strip_prefix(root).ok());
    let inner: &Path = inner.ok_or_else(outside)?;
    gix::path::into_bstr(inner).map(Cow::into_owned).map_err(|_not_here| outside())
}

/// `%20` as a space. What a URL has after a question mark is none of its path.
fn unescaped(text: &str) -> Result<BString, ProviderError> {
    let end = text.find(['?', '#']).unwrap_or(text.len());
    let mut rest = text.get(..end).unwrap_or_default().as_bytes();
    let mut path = BString::default();
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        let mut byte = *first;
        if byte == b'%' {
            let (digits, after) = rest.split_at_checked(2).unwrap_or_default();
            let read = std::str::from_utf8(digits).ok().filter(|it| !it.starts_with('+'));
            let read = read.and_then(|it| u8::from_str_radix(it, 16).ok());
            byte = read.ok_or_else(|| wrong("the address has a `%` without two digits"))?;
            rest = after;
        }
        path.push(byte);
    }
    Ok(path)
}

/// What stands at `path`. A bare repository is found without its `.git` too,
/// which listings do not show.
pub(super) fn find(shelf: &Shelf, path: &BString, label: String) -> Result<Located, ProviderError> {
    if path.is_empty() {
        let root =
            RemoteGroup { id: ROOT.to_owned(), name: label, path: String::new(), web_url: None };
        return Ok(Located::Group(root));
    }
    let bare = BString::from([path.as_slice(), b".git"].concat());
    let root = shelf.root();
    let is_one = |path: &BString| crate::ids::encode(path.as_bstr()).is_some();
    for path in [path, &bare].into_iter().filter(|path| is_one(path)) {
        if let Some(place) = locate::at(root, path.as_bstr()) {
            let project = projects::project(place.path.as_bstr());
            return project.map(Located::Project).ok_or(ProviderError::RepositoryNotFound);
        }
        if locate::is_folder(root, path.as_bstr()) {
            let group = groups::group(path.as_bstr());
            return group.map(Located::Group).ok_or(ProviderError::RepositoryNotFound);
        }
    }
    Err(ProviderError::RepositoryNotFound)
}

fn wrong(problem: &str) -> ProviderError {
    ProviderError::Invalid { problem: problem.to_owned() }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(address: &str) -> Result<String, ProviderError> {
        let roots = [PathBuf::from("/srv/git"), PathBuf::from("/home/ada/git")];
        path(&roots, address).map(|it| it.to_string())
    }

    #[test]
    fn a_folder_is_named_in_many_ways() {
        for address in [
            "zsi 2026/team-1",
            " zsi 2026/team-1/ ",
            "local:zsi 2026/team-1",
            "/srv/git/zsi 2026/team-1",
            "/home/ada/git/zsi 2026/team-1//",
            "file:///srv/git/zsi%202026/team-1",
            "file://localhost/srv/git/zsi 2026/team-1?x#y",
        ] {
            assert_eq!(read(address).unwrap(), "zsi 2026/team-1", "{address}");
        }
        for root in [".", "./", "local:.", "/srv/git", "/srv/git/", "file:///srv/git"] {
            assert_eq!(read(root).unwrap(), "", "{root}");
        }
    }

    #[test]
    fn what_is_elsewhere_is_refused_and_said_so() {
        for (address, told) in [
            ("", "the address names no folder"),
            ("local:", "the address names no folder"),
            ("https://git.example.com/a", "the address is one of another host: name a folder"),
            ("/etc", "the address is not below the folder of repositories"),
            ("/srv/github/a", "the address is not below the folder of repositories"),
            ("file:///srv/git/%2", "the address has a `%` without two digits"),
            ("file:///srv/git/%+1", "the address has a `%` without two digits"),
        ] {
            match read(address) {
                Err(ProviderError::Invalid { problem }) => assert_eq!(problem, told, "{address}"),
                other => panic!("{address}: {other:?}"),
            }
        }
    }

    proptest! {
        #[test]
        fn no_address_makes_the_reader_panic(address in "(file://|local:|/srv/git/)?\\PC{0,30}") {
            let _ = read(&address);
        }
    }
}
