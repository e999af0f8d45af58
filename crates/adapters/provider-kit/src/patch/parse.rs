//! What `git diff` wrote, read back into files.
//!
//! The format: <https://git-scm.com/docs/diff-format#generate_patch_text_with_p>.
//! The text is a host's, so nothing of it is believed: a hunk that is shorter
//! than it says ends its file, and what is not a diff is passed over.
//!
//! Reading order: [`parse_diff`], `header`, `name`, `hunks`, `lines`.

mod header;
mod hunks;
mod lines;
mod name;

use lodge_forge::{Diff, DiffFile, DiffTotals, FileStatus, PatchState};

use self::{header::Header, hunks::Hunks, lines::Lines};

/// How many files a diff may have.
const MOST_FILES: usize = 3_000;

/// The files of a raw diff. `cut` says that `text` goes on where it ends: then
/// its last file is told as far as it is certain. The commits are left open.
pub fn parse_diff(text: &[u8], cut: bool) -> Diff {
    let mut lines = Lines::of(text, cut);
    let mut diff = Diff {
        base_sha: None,
        head_sha: None,
        files: Vec::new(),
        totals: DiffTotals::default(),
        truncated: cut.then(|| format!("the diff has more than {} bytes", text.len())),
    };
    while let Some(header) = Header::next(&mut lines) {
        let hunks = Hunks::next(&mut lines);
        if hunks.is_none() && lines.is_cut() {
            // Its head may have said more.
            break;
        }
        if diff.files.len() == MOST_FILES {
            diff.truncated = Some(format!("more than {MOST_FILES} files changed"));
            break;
        }
        if hunks.as_ref().is_some_and(|it| !it.whole) && diff.truncated.is_none() {
            diff.truncated = Some("the host's diff ends in the middle of a file".to_owned());
        }
        let file = file(&header, hunks);
        diff.totals.additions += file.additions.unwrap_or_default();
        diff.totals.deletions += file.deletions.unwrap_or_default();
        match diff.files.last_mut().filter(|last| is_other_half(last, &file)) {
            Some(last) => join(last, file),
            None => diff.files.push(file),
        }
    }
    diff.totals.files = u64::try_from(diff.files.len()).unwrap_or(u64::MAX);
    diff
}

fn file(header: &Header<'_>, hunks: Option<Hunks<'_>>) -> DiffFile {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let mode = |mode: Option<&[u8]>| mode.map(text);
    let mut file = DiffFile {
        path: text(&header.path),
        previous_path: header.from.as_deref().map(text),
        status: header.status,
        additions: None,
        deletions: None,
        binary: None,
        mode: mode(header.mode).filter(|_| header.status != FileStatus::Removed),
        previous_mode: mode(header.previous_mode).filter(|_| header.status != FileStatus::Added),
        patch: None,
        patch_state: PatchState::Omitted,
    };
    match hunks {
        Some(hunks) if hunks.whole => {
            file.binary = Some(false);
            (file.additions, file.deletions) = (Some(hunks.additions), Some(hunks.deletions));
            file.patch = Some(text(hunks.text));
            file.patch_state = PatchState::Full;
        }
        Some(hunks) => {
            file.binary = Some(false);
            if !hunks.text.is_empty() {
                file.patch = Some(text(hunks.text));
                file.patch_state = PatchState::Truncated;
            }
        }
        None if header.binary => file.binary = Some(true),
        None if header.is_same_content() => {
            (file.additions, file.deletions) = (Some(0), Some(0));
            file.patch = Some(String::new());
            file.patch_state = PatchState::Full;
        }
        None => {}
    }
    file
}

/// Git writes a file that became a link, or a submodule, as one that went and
/// one that came.
fn is_other_half(gone: &DiffFile, come: &DiffFile) -> bool {
    (gone.status, come.status) == (FileStatus::Removed, FileStatus::Added) && gone.path == come.path
}

fn join(gone: &mut DiffFile, come: DiffFile) {
    let both = |one: Option<u64>, other: Option<u64>| one.zip(other).map(|(a, b)| a + b);
    gone.status = FileStatus::TypeChanged;
    gone.mode = come.mode;
    gone.additions = both(gone.additions, come.additions);
    gone.deletions = both(gone.deletions, come.deletions);
    gone.binary = match (gone.binary, come.binary) {
        (Some(true), _) | (_, Some(true)) => Some(true),
        (before, after) => before.and(after),
    };
    gone.patch = gone.patch.take().zip(come.patch).map(|(before, after)| before + &after);
    gone.patch_state = match (gone.patch.is_some(), come.patch_state) {
        (true, state) if gone.patch_state == PatchState::Full => state,
        (true, _) => PatchState::Truncated,
        (false, _) => PatchState::Omitted,
    };
}

#[cfg(test)]
mod tests;
