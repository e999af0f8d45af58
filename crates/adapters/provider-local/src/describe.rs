//! A repository's metadata.

use std::{fs, io::Read as _, path::Path};

use gix::{
    Repository as GitRepository,
    bstr::{BStr, BString, ByteSlice},
};
use lodge_forge::{ProviderName, Repository, RepositoryPermissions, Visibility};
use lodge_kernel::Timestamp;
use lodge_provider::ProviderError;

use crate::{ids, job::Job, objects, refs, shelf::Opened};

/// The longest description that is shown, in bytes.
const LONGEST_DESCRIPTION: u64 = 4096;
/// How many branches are looked at for the newest commit.
const MOST_BRANCHES: usize = 1000;
/// How Git begins the description that nobody wrote.
const UNWRITTEN: &str = "Unnamed repository;";

pub(crate) fn describe(
    opened: &Opened,
    provider: &ProviderName,
    job: &Job,
) -> Result<Repository, ProviderError> {
    let repository = opened.repository();
    let path = opened.place.path.as_bstr();
    let full_name = full_name(path);
    let (namespace, name) = full_name.rsplit_once('/').unwrap_or(("", &full_name));
    let branch = refs::head(&repository, job)?.and_then(|head| head.branch);
    let pushed_at = newest_commit(&repository, job)?;
    Ok(Repository {
        id: ids::encode(path).ok_or(ProviderError::RepositoryNotFound)?,
        provider: provider.clone(),
        native_id: path.to_str_lossy().into_owned(),
        namespace: namespace.to_owned(),
        name: name.to_owned(),
        full_name,
        description: description(&opened.inspected.common_dir),
        default_branch: branch.map(|name| name.to_str_lossy().into_owned()),
        visibility: Visibility::Private,
        archived: None,
        fork: None,
        parent_id: None,
        language: None,
        size_bytes: Some(opened.inspected.size),
        object_format: Some(repository.object_hash().to_string()),
        clone_url: None,
        web_url: None,
        created_at: None,
        updated_at: pushed_at,
        pushed_at,
        permissions: Some(RepositoryPermissions { read: true, write: false, admin: false }),
    })
}

/// The path without `.git`; of a bare `a/.git`-less folder, the path itself.
pub(crate) fn full_name(path: &BStr) -> String {
    let shown = path.strip_suffix(b".git").filter(|rest| !rest.is_empty() && !rest.ends_with(b"/"));
    shown.unwrap_or(path).to_str_lossy().into_owned()
}

fn description(common_dir: &Path) -> Option<String> {
    let file = common_dir.join("description");
    // Not through a link, and never a pipe.
    fs::symlink_metadata(&file).ok()?.is_file().then_some(())?;
    let mut bytes = BString::default();
    fs::File::open(file).ok()?.take(LONGEST_DESCRIPTION).read_to_end(&mut bytes).ok()?;
    let text = bytes.to_str_lossy().trim().to_owned();
    (!text.is_empty() && !text.starts_with(UNWRITTEN)).then_some(text)
}

/// When the newest commit of a branch was made: the nearest to a push that a
/// folder can tell.
fn newest_commit(
    repository: &GitRepository,
    job: &Job,
) -> Result<Option<Timestamp>, ProviderError> {
    let mut newest = None;
    for (_, id) in refs::listed(repository, "refs/heads/", None, MOST_BRANCHES, job)? {
        job.check()?;
        // A missing commit is told where it is asked for, not here.
        newest = newest.max(objects::committed_at(repository, id, job).ok().flatten());
    }
    Ok(newest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_name_is_the_path_without_its_ending() {
        for (path, name) in
            [("a/b.git", "a/b"), ("a/b", "a/b"), (".git", ".git"), ("a/.git", "a/.git")]
        {
            assert_eq!(full_name(path.into()), name);
        }
    }
}
