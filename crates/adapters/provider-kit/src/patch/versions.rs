//! One file of a diff, worked out from its two versions: for hosts that tell
//! what changed, but not how.

use bytes::Bytes;
use lodge_forge::{DiffFile, FileStatus, PatchState};

use super::Patch;

/// How much of a file is looked at to tell whether it is text, in bytes: as
/// much as Git looks at.
const LOOKED_AT: usize = 8_000;

/// One version of a file, as far as it was read.
#[derive(Clone, Debug)]
pub enum Version {
    /// There was no such file.
    Missing,
    /// The whole file.
    Whole(Bytes),
    /// Its beginning: it is too long to be compared.
    Beginning(Bytes),
}

impl Version {
    fn bytes(&self) -> &[u8] {
        match self {
            Self::Missing => b"",
            Self::Whole(bytes) | Self::Beginning(bytes) => bytes,
        }
    }

    fn is_binary(&self) -> bool {
        self.bytes().iter().take(LOOKED_AT).any(|byte| *byte == 0)
    }
}

/// `file` with the patch from `before` to `after`, of at most `room` bytes. A
/// file that is not text, or too long, has none.
#[must_use]
pub fn compute_patch(file: DiffFile, before: &Version, after: &Version, room: usize) -> DiffFile {
    if before.is_binary() || after.is_binary() {
        return DiffFile { binary: Some(true), ..file };
    }
    if [before, after].iter().any(|it| matches!(it, Version::Beginning(_))) {
        return file;
    }
    let (before, after) = (before.bytes(), after.bytes());
    let patch = if file.status == FileStatus::TypeChanged {
        // As Git has it: the old one goes, then the new one comes.
        Patch::between(before, b"", room).and(Patch::between(b"", after, room))
    } else {
        Patch::between(before, after, room)
    };
    DiffFile {
        additions: Some(patch.additions),
        deletions: Some(patch.deletions),
        binary: Some(false),
        patch_state: if patch.cut { PatchState::Truncated } else { PatchState::Computed },
        patch: Some(String::from_utf8_lossy(&patch.text).into_owned()),
        ..file
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(status: FileStatus) -> DiffFile {
        DiffFile {
            path: "a".to_owned(),
            previous_path: None,
            status,
            additions: None,
            deletions: None,
            binary: None,
            mode: None,
            previous_mode: None,
            patch: None,
            patch_state: PatchState::Omitted,
        }
    }

    fn whole(text: &'static [u8]) -> Version {
        Version::Whole(Bytes::from_static(text))
    }

    #[test]
    fn a_patch_is_worked_out_and_says_so() {
        let file = compute_patch(
            file(FileStatus::Modified),
            &whole(b"a\n"),
            &whole(b"a\nb\n"),
            usize::MAX,
        );
        assert_eq!(file.patch.as_deref(), Some("@@ -1 +1,2 @@\n a\n+b\n"));
        assert_eq!((file.additions, file.deletions, file.binary), (Some(1), Some(0), Some(false)));
        assert_eq!(file.patch_state, PatchState::Computed);
    }

    #[test]
    fn what_is_not_text_or_too_long_has_no_patch() {
        let binary =
            compute_patch(file(FileStatus::Added), &Version::Missing, &whole(b"a\0b"), usize::MAX);
        assert_eq!((binary.binary, binary.patch), (Some(true), None));
        assert_eq!(binary.patch_state, PatchState::Omitted);
        let long = Version::Beginning(Bytes::from_static(b"abc"));
        let long = compute_patch(file(FileStatus::Modified), &whole(b"a"), &long, usize::MAX);
        assert_eq!((long.binary, long.patch, long.additions), (None, None, None));
        assert_eq!(long.patch_state, PatchState::Omitted);
    }

    #[test]
    fn what_became_another_kind_goes_and_comes() {
        let file = file(FileStatus::TypeChanged);
        let file = compute_patch(file, &whole(b"a\n"), &whole(b"a\n"), usize::MAX);
        assert_eq!(file.patch.as_deref(), Some("@@ -1 +0,0 @@\n-a\n@@ -0,0 +1 @@\n+a\n"));
    }

    #[test]
    fn a_patch_that_does_not_fit_is_cut() {
        let file = compute_patch(file(FileStatus::Modified), &whole(b"a\n"), &whole(b"b\n"), 3);
        assert_eq!((file.additions, file.patch.as_deref()), (Some(1), Some("")));
        assert_eq!(file.patch_state, PatchState::Truncated);
    }
}
