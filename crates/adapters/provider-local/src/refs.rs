//! Branches and tags by name.

use gix::{
    ObjectId, Repository,
    bstr::{BString, ByteSlice},
    refs::TargetRef,
};
use lodge_provider::ProviderError;

use crate::{job::Job, objects};

/// How many references may point to each other in a row; Git allows five.
const LONGEST_CHAIN: usize = 5;

/// What is shown when nobody names a branch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Head {
    /// The default branch. `None` when `HEAD` names a commit.
    pub(crate) branch: Option<BString>,
    /// Its commit.
    pub(crate) id: ObjectId,
}

/// The default branch: the one that `HEAD` names, else (when that one is
/// missing) `main`, `master` or the first by name. `None` without any commit.
pub(crate) fn head(repository: &Repository, job: &Job) -> Result<Option<Head>, ProviderError> {
    let mut detached = None;
    if let Ok(Some(head)) = repository.try_find_reference("HEAD") {
        match head.target() {
            TargetRef::Object(id) => detached = Some(id.to_owned()),
            TargetRef::Symbolic(name) => {
                if let Some(id) = find(repository, name.as_bstr()) {
                    let branch = name.as_bstr().strip_prefix(b"refs/heads/");
                    return Ok(Some(Head { branch: branch.map(BString::from), id }));
                }
            }
        }
    }
    if let Some(id) = detached {
        return Ok(Some(Head { branch: None, id }));
    }
    for name in ["main", "master"] {
        if let Some(id) = branch(repository, name) {
            return Ok(Some(Head { branch: Some(name.into()), id }));
        }
    }
    let first = listed(repository, "refs/heads/", None, 1, job)?.into_iter().next();
    Ok(first.map(|(name, id)| Head { branch: Some(name), id }))
}

/// What the branch `name` points to.
pub(crate) fn branch(repository: &Repository, name: &str) -> Option<ObjectId> {
    find(repository, format!("refs/heads/{name}").as_bytes())
}

/// What the tag `name` points to, a tag object if it is annotated.
pub(crate) fn tag(repository: &Repository, name: &str) -> Option<ObjectId> {
    find(repository, format!("refs/tags/{name}").as_bytes())
}

/// What the reference with this whole name points to in the end.
fn find(repository: &Repository, name: &[u8]) -> Option<ObjectId> {
    let mut name = BString::from(name);
    for _ in 0..LONGEST_CHAIN {
        let found = repository.try_find_reference(name.as_bstr()).ok()??;
        // A short name also matches `refs/tags/<name>` and others.
        (found.name().as_bstr() == name).then_some(())?;
        match found.target() {
            TargetRef::Object(id) => return Some(id.to_owned()),
            TargetRef::Symbolic(next) => name = next.as_bstr().to_owned(),
        }
    }
    None
}

/// The references below `prefix` by name, without it: at most `most` of them,
/// those after `after`. What cannot be read, or leads nowhere, is left out.
pub(crate) fn listed(
    repository: &Repository,
    prefix: &str,
    after: Option<&BString>,
    most: usize,
    job: &Job,
) -> Result<Vec<(BString, ObjectId)>, ProviderError> {
    let mut found = Vec::new();
    let mut linked = Vec::new();
    let references = repository.references().map_err(|error| job.broken(error))?;
    let below =
        if prefix == "refs/tags/" { references.tags() } else { references.local_branches() };
    for (count, reference) in below.map_err(|error| job.broken(error))?.enumerate() {
        if count % 256 == 0 {
            job.check()?;
        }
        let Ok(reference) = reference else { continue };
        let Some(name) = reference.name().as_bstr().strip_prefix(prefix.as_bytes()) else {
            continue;
        };
        if after.is_some_and(|after| name <= after.as_slice()) {
            continue;
        }
        match reference.target() {
            TargetRef::Object(id) => found.push((BString::from(name), id.to_owned())),
            TargetRef::Symbolic(next) => {
                linked.push((BString::from(name), next.as_bstr().to_owned()));
            }
        }
    }
    for (name, next) in linked {
        found.extend(find(repository, &next).map(|id| (name, id)));
    }
    // Loose references come in the order of folders, which is another one.
    found.sort_unstable();
    found.truncate(most);
    Ok(found)
}

/// The commit that `reference` leads to: a whole hash, a branch or a tag; the
/// default branch when `None`. `None` in a repository without commits.
pub(crate) fn resolve(
    repository: &Repository,
    reference: Option<&str>,
    job: &Job,
) -> Result<Option<ObjectId>, ProviderError> {
    let Some(name) = reference else {
        let Some(head) = head(repository, job)? else { return Ok(None) };
        let commit = objects::peel_to_commit(repository, head.id, job)?;
        return commit.map(Some).ok_or_else(|| job.missing(head.id));
    };
    let id = objects::full_id(name).or_else(|| branch(repository, name));
    let id = id.or_else(|| tag(repository, name));
    let commit = id.map(|id| objects::peel_to_commit(repository, id, job)).transpose()?;
    commit.flatten().map(Some).ok_or(ProviderError::NotFound { what: "ref" })
}
