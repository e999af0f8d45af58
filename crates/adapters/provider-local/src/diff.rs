//! What a commit changed: trees compared, renames found, patches written.
//!
//! Reading order: [`changes`], [`renames`] with [`similarity`], [`content`],
//! then [`deltas`].

mod changes;
mod content;
mod deltas;
mod renames;
mod similarity;

use gix::{
    ObjectId, Repository,
    bstr::{BString, ByteSlice},
    objs::{self, CommitRefIter},
};
use lodge_forge::{Diff, DiffFile, DiffTotals, FileStatus, PatchState};
use lodge_provider::ProviderError;
use lodge_provider_kit::Patch;

use self::{
    changes::{Change, Side},
    content::Content,
    deltas::Known,
};
use crate::{history, job::Job, objects, shelf::Opened};

/// How many files a diff may have.
const MOST_FILES: usize = 3_000;
/// How many files are made ready together: what one commit changes is often in
/// one chain, and what does not fit into the patches any more is not read.
const AT_ONCE: usize = 64;
/// How many bytes all patches of a diff may have together.
const MOST_BYTES: usize = 4 << 20;

/// What the commit with the hash `text` changed.
pub(crate) fn of_commit(opened: &Opened, text: &str, job: &Job) -> Result<Diff, ProviderError> {
    let unknown = || ProviderError::NotFound { what: "commit" };
    let repository = deltas::keeping(opened);
    let head = objects::full_id(text).ok_or_else(unknown)?;
    let object = objects::find(&repository, head, job)?.ok_or_else(unknown)?;
    if object.kind != objs::Kind::Commit {
        return Err(unknown());
    }
    let mut commit = CommitRefIter::from_bytes(&object.data, head.kind());
    let after = commit.tree_id().map_err(|error| job.broken(error))?;
    // What a shallow repository begins with has parents that are not there.
    let cut = history::boundary(&repository, job)?.contains(&head);
    let base = if cut { None } else { commit.parent_ids().next() };
    let before = base.map(|base| tree_of(&repository, base, job)).transpose()?;
    let (changes, more) = changes::between(&repository, before, after, MOST_FILES, job)?;
    let changes = renames::join(&repository, &changes, job)?;
    let mut diff = Diff {
        base_sha: base.map(|base| base.to_string()),
        head_sha: Some(head.to_string()),
        files: Vec::with_capacity(changes.len()),
        totals: DiffTotals::default(),
        truncated: more.then(|| format!("more than {MOST_FILES} files changed")),
    };
    let mut room = MOST_BYTES;
    for changes in changes.chunks(AT_ONCE) {
        let blobs = changes.iter().flat_map(Change::blobs).filter(|_| room > 0);
        let known = deltas::prepare(&repository, blobs, job)?;
        for change in changes {
            job.check()?;
            let file = file(&repository, &known, change, room, job)?;
            room = room.saturating_sub(file.patch.as_ref().map_or(0, String::len));
            if room == 0 && diff.truncated.is_none() {
                diff.truncated = Some(format!("the patches have more than {MOST_BYTES} bytes"));
            }
            diff.totals.files += 1;
            diff.totals.additions += file.additions.unwrap_or_default();
            diff.totals.deletions += file.deletions.unwrap_or_default();
            diff.files.push(file);
        }
    }
    Ok(diff)
}

fn tree_of(
    repository: &Repository,
    commit: ObjectId,
    job: &Job,
) -> Result<ObjectId, ProviderError> {
    objects::tree_of(repository, commit, job)?.ok_or_else(|| job.missing(commit))
}

/// One file, with a patch of at most `room` bytes.
fn file(
    repository: &Repository,
    known: &Known,
    change: &Change,
    room: usize,
    job: &Job,
) -> Result<DiffFile, ProviderError> {
    let (before, after) = (change.before, change.after);
    let lossy = |path: &BString| path.to_str_lossy().into_owned();
    let mode = |side: Side| objects::mode(side.kind);
    let status = change.status();
    let mut file = DiffFile {
        path: lossy(&change.path),
        previous_path: change.from.as_ref().map(lossy),
        status,
        additions: None,
        deletions: None,
        binary: None,
        mode: after.map(mode),
        previous_mode: before.map(mode),
        patch: None,
        patch_state: PatchState::Omitted,
    };
    if room == 0 {
        return Ok(file);
    }
    let before = Content::of(repository, known, before, job)?;
    let after = Content::of(repository, known, after, job)?;
    file.binary = match (&before, &after) {
        (Content::Binary, _) | (_, Content::Binary) => Some(true),
        (Content::TooLarge, _) | (_, Content::TooLarge) => None,
        _ => Some(false),
    };
    let (Content::Text(before), Content::Text(after)) = (before, after) else { return Ok(file) };
    let patch = if status == FileStatus::TypeChanged {
        // As Git has it: the old one goes, then the new one comes.
        Patch::between(&before, b"", room).and(Patch::between(b"", &after, room))
    } else {
        Patch::between(&before, &after, room)
    };
    file.additions = Some(patch.additions);
    file.deletions = Some(patch.deletions);
    file.patch_state = if patch.cut { PatchState::Truncated } else { PatchState::Full };
    file.patch = Some(objects::text(&patch.text));
    Ok(file)
}
