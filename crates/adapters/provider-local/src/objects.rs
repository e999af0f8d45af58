//! From Git's objects to the schema's words.

use gix::{ObjectId, Repository, actor::SignatureRef, bstr::BStr, hash::Kind, objs};
use lodge_forge::Signature;
use lodge_kernel::Timestamp;
use lodge_provider::ProviderError;
use lodge_provider_kit::Read;

use crate::job::Job;

/// The id in `text`, which must be a whole hash in lower case.
pub(crate) fn full_id(text: &str) -> Option<ObjectId> {
    let lower = text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    let whole = [Kind::Sha1, Kind::Sha256].iter().any(|kind| kind.len_in_hex() == text.len());
    (lower && whole).then(|| ObjectId::from_hex(text.as_bytes()).ok()).flatten()
}

/// The object that a position names `name`.
pub(crate) fn marked(read: Read<'_>, name: &str) -> Result<ObjectId, ProviderError> {
    full_id(read.text(name)?).ok_or(ProviderError::Position)
}

/// The object `id`. `None` when it is not there.
pub(crate) fn find<'repo>(
    repository: &'repo Repository,
    id: ObjectId,
    job: &Job,
) -> Result<Option<gix::Object<'repo>>, ProviderError> {
    if id.kind() != repository.object_hash() {
        return Ok(None);
    }
    repository.try_find_object(id).map_err(|error| job.broken(error))
}

/// The object `id`, which the repository says that it has.
pub(crate) fn need<'repo>(
    repository: &'repo Repository,
    id: ObjectId,
    job: &Job,
) -> Result<gix::Object<'repo>, ProviderError> {
    find(repository, id, job)?.ok_or_else(|| job.missing(id))
}

/// The tree `id`, which the repository says that it has.
pub(crate) fn need_tree(
    repository: &Repository,
    id: ObjectId,
    job: &Job,
) -> Result<Vec<u8>, ProviderError> {
    // Git knows the empty tree without having it.
    if id == ObjectId::empty_tree(repository.object_hash()) {
        return Ok(Vec::new());
    }
    let mut object = need(repository, id, job)?;
    match object.kind {
        objs::Kind::Tree => Ok(std::mem::take(&mut object.data)),
        other => Err(job.broken(format!("{id} is a {other}, not a tree"))),
    }
}

/// The commit that `id` is, or leads to through annotated tags. `None` when it
/// leads elsewhere or nowhere.
pub(crate) fn peel_to_commit(
    repository: &Repository,
    mut id: ObjectId,
    job: &Job,
) -> Result<Option<ObjectId>, ProviderError> {
    // Real tags lead to a commit, or to another tag that does.
    const LONGEST_CHAIN: usize = 16;
    for _ in 0..LONGEST_CHAIN {
        let Some(object) = find(repository, id, job)? else { return Ok(None) };
        match object.kind {
            objs::Kind::Commit => return Ok(Some(id)),
            objs::Kind::Tag => {
                let tag = objs::TagRefIter::from_bytes(&object.data, repository.object_hash());
                id = tag.target_id().map_err(|error| job.broken(error))?;
            }
            objs::Kind::Tree | objs::Kind::Blob => return Ok(None),
        }
    }
    Ok(None)
}

/// The tree of the commit `id`. `None` when that is not there or not a commit.
pub(crate) fn tree_of(
    repository: &Repository,
    id: ObjectId,
    job: &Job,
) -> Result<Option<ObjectId>, ProviderError> {
    let Some(object) = find(repository, id, job)? else { return Ok(None) };
    if object.kind != objs::Kind::Commit {
        return Ok(None);
    }
    let tree = objs::CommitRefIter::from_bytes(&object.data, id.kind()).tree_id();
    tree.map(Some).map_err(|error| job.broken(error))
}

/// A mode as six octal digits, in the five forms that Git writes today.
pub(crate) fn mode(kind: objs::tree::EntryKind) -> String {
    format!("{:06o}", objs::tree::EntryMode::from(kind).value())
}

/// When the commit `id` was made. `None` when it is not there or not a commit.
pub(crate) fn committed_at(
    repository: &Repository,
    id: ObjectId,
    job: &Job,
) -> Result<Option<Timestamp>, ProviderError> {
    let Some(object) = find(repository, id, job)? else { return Ok(None) };
    if object.kind != objs::Kind::Commit {
        return Ok(None);
    }
    let commit = objs::CommitRefIter::from_bytes(&object.data, repository.object_hash());
    Ok(commit.committer().ok().and_then(date))
}

/// Text in whatever encoding, with `U+FFFD` for what is not UTF-8.
pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A message's first line.
pub(crate) fn title(message: &str) -> String {
    message.trim_start().lines().next().unwrap_or_default().trim_end().to_owned()
}

/// The signature in a commit's or tag's header. `None` when it cannot be read.
pub(crate) fn signature(line: &BStr) -> Option<Signature> {
    let found = SignatureRef::from_bytes(line).ok()?.trim();
    let filled = |bytes: &BStr| (!bytes.is_empty()).then(|| text(bytes));
    Some(Signature {
        name: filled(found.name),
        email: filled(found.email),
        date: date(found),
        user: None,
    })
}

fn date(signature: SignatureRef<'_>) -> Option<Timestamp> {
    signature.time().ok().map(|time| Timestamp::from_seconds(time.seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_whole_hash_in_lower_case_names_a_commit() {
        assert!(full_id(&"a".repeat(40)).is_some());
        assert!(full_id(&"a".repeat(64)).is_some());
        for wrong in ["", "HEAD", "abc1234", &"A".repeat(40), &"g".repeat(40), &"a".repeat(41)] {
            assert_eq!(full_id(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_title_is_the_first_line_with_words() {
        assert_eq!(title("\n\nAdd a door \n\nIt was cold.\n"), "Add a door");
        assert_eq!(title(""), "");
    }
}
