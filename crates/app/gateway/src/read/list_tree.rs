//! One page of the names of files.

use lodge_access::{Grant, Permission};
use lodge_forge::{Resource, TreeEntry};
use lodge_provider::TreeFilter;

use crate::{
    Gateway,
    read::{Answer, Ask, Paging, ReadError},
};

/// Which part of a tree, as it stands in the query.
#[derive(Clone, Copy, Debug, Default)]
pub struct TreeQuery<'a> {
    /// A commit, tag or branch.
    pub reference: Option<&'a str>,
    /// A branch. If both are given they must agree.
    pub branch: Option<&'a str>,
    /// The folder to list.
    pub path: Option<&'a str>,
    /// `true` for everything below, too.
    pub recursive: Option<&'a str>,
}

impl Gateway {
    /// One page of the names of files.
    ///
    /// # Errors
    ///
    /// What can be refused here is refused before the host hears of it.
    pub async fn list_tree(
        &self,
        grant: &Grant,
        ask: Ask<'_>,
        query: TreeQuery<'_>,
        paging: Paging<'_>,
    ) -> Result<Answer<Vec<TreeEntry>>, ReadError> {
        let approved = self.approve(grant, Permission::ReadFileTree, Resource::FileTree, ask)?;
        let reference = one_reference(query.reference, query.branch)?;
        let path = query.path.map(|it| it.trim_end_matches('/')).filter(|it| !it.is_empty());
        if let Some(path) = path {
            check_path(path)?;
        }
        let recursive = match query.recursive {
            None | Some("false" | "0") => false,
            Some("" | "true" | "1") => true,
            Some(_) => return Err(ReadError::invalid("`recursive` is `true` or `false`")),
        };
        let mut filters = Vec::from_iter(reference.map(|it| ("ref", it)));
        filters.extend(path.map(|it| ("path", it)));
        filters.extend(recursive.then_some(("recursive", "true")));
        let listing = self.page(approved, "file-tree.list", &filters, paging)?;
        let filter = TreeFilter {
            reference: reference.map(str::to_owned),
            path: path.map(str::to_owned),
            recursive,
        };
        let host = listing.approved.host;
        let page = host.list_tree(listing.approved.reference(), filter, listing.page.clone()).await;
        self.close(&listing, page)
    }
}

/// `ref` and `branch` name the same thing; if both are given they must agree.
pub(crate) fn one_reference<'a>(
    reference: Option<&'a str>,
    branch: Option<&'a str>,
) -> Result<Option<&'a str>, ReadError> {
    match (reference, branch) {
        (Some(reference), Some(branch)) if reference != branch => {
            Err(ReadError::invalid("`ref` and `branch` name different things: give one of them"))
        }
        (reference, branch) => Ok(reference.or(branch)),
    }
}

/// A path that stays inside the repository.
fn check_path(path: &str) -> Result<(), ReadError> {
    let strange = |part: &str| part.is_empty() || part == "." || part == "..";
    if path.len() > 4_096 || path.contains('\0') || path.split('/').any(strange) {
        return Err(ReadError::invalid(
            "`path` is a folder's path from the root, such as `src/web`, without `.` and `..`",
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_cannot_leave_the_repository() {
        for wrong in ["..", "../etc", "/etc", "src/../..", "src//web", ".", "src/.", "a\0b"] {
            assert!(check_path(wrong).is_err(), "{wrong} was taken");
        }
        for right in ["src", "src/web", "...", "..a", "a b/ü"] {
            assert!(check_path(right).is_ok(), "{right} was refused");
        }
    }
}
