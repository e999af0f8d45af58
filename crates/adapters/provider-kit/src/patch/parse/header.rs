//! What stands before the hunks of a file.

use lodge_forge::FileStatus;

use super::{lines::Lines, name};

/// What stands before the hunks of a file.
#[derive(Debug)]
pub(super) struct Header<'a> {
    pub(super) path: Vec<u8>,
    /// Where a renamed or copied file came from.
    pub(super) from: Option<Vec<u8>>,
    pub(super) status: FileStatus,
    pub(super) previous_mode: Option<&'a [u8]>,
    pub(super) mode: Option<&'a [u8]>,
    pub(super) binary: bool,
    /// The blobs before and after are named, and differ.
    other_content: bool,
}

impl<'a> Header<'a> {
    /// The head of the next file. What stands before it is passed over: the
    /// commit that `git show` writes, or what is left of a broken hunk.
    pub(super) fn next(lines: &mut Lines<'a>) -> Option<Self> {
        loop {
            let line = lines.next_if(|_| true)?;
            if let Some(names) = line.strip_prefix(b"diff --git ") {
                return Some(Self::read(names, lines));
            }
            // The diff of a merge with all its parents has no unified hunks.
            let merged = line.strip_prefix(b"diff --cc ");
            if let Some(path) = merged.or_else(|| line.strip_prefix(b"diff --combined ")) {
                let path = name::of_line(path, b"").unwrap_or_default();
                return Some(Self { other_content: true, ..Self::of(path) });
            }
        }
    }

    fn of(path: Vec<u8>) -> Self {
        Self {
            path,
            from: None,
            status: FileStatus::Modified,
            previous_mode: None,
            mode: None,
            binary: false,
            other_content: false,
        }
    }

    fn read(names: &[u8], lines: &mut Lines<'a>) -> Self {
        let mut header = Self::of(Vec::new());
        let (mut old, mut new, mut moved_to) = (None, None, None);
        let inside = |line: &[u8]| !line.starts_with(b"@@ -") && !line.starts_with(b"diff --");
        while let Some(line) = lines.next_if(inside) {
            let after = |word: &[u8]| line.strip_prefix(word);
            if let Some(mode) = after(b"old mode ") {
                header.previous_mode = octal(mode);
            } else if let Some(mode) = after(b"new mode ") {
                header.mode = octal(mode);
            } else if let Some(mode) = after(b"new file mode ") {
                (header.status, header.mode) = (FileStatus::Added, octal(mode));
            } else if let Some(mode) = after(b"deleted file mode ") {
                (header.status, header.previous_mode) = (FileStatus::Removed, octal(mode));
            } else if let Some(name) = after(b"rename from ") {
                (header.status, header.from) = (FileStatus::Renamed, name::of_line(name, b""));
            } else if let Some(name) = after(b"copy from ") {
                (header.status, header.from) = (FileStatus::Copied, name::of_line(name, b""));
            } else if let Some(name) = after(b"rename to ").or_else(|| after(b"copy to ")) {
                moved_to = name::of_line(name, b"");
            } else if let Some(index) = after(b"index ") {
                header.read_index(index);
            } else if let Some(name) = after(b"--- ") {
                old = name::of_line(name, b"a/");
            } else if let Some(name) = after(b"+++ ") {
                new = name::of_line(name, b"b/");
            } else if line.starts_with(b"Binary files ") || line == b"GIT binary patch" {
                header.binary = true;
            }
        }
        let path = moved_to.or(new).or(old);
        Self { path: path.unwrap_or_else(|| name::of_both(names)), ..header }
    }

    /// `before..after`, and the mode where it stayed the same.
    fn read_index(&mut self, index: &'a [u8]) {
        let mut words = index.splitn(2, |byte| *byte == b' ');
        let blobs = words.next().unwrap_or_default();
        let (before, after) = blobs.split_at(blobs.len() / 2);
        // `a..a` has its second dot in the middle.
        self.other_content = before.strip_suffix(b".") != after.strip_prefix(b".");
        if let Some(mode) = words.next().and_then(octal) {
            (self.previous_mode, self.mode) = (Some(mode), Some(mode));
        }
    }

    /// Nothing but the name or the mode changed; or the file is empty, or was.
    pub(super) fn is_same_content(&self) -> bool {
        let one_sided = matches!(self.status, FileStatus::Added | FileStatus::Removed);
        one_sided || !self.other_content
    }
}

/// A mode is six octal digits; anything else is none.
fn octal(mode: &[u8]) -> Option<&[u8]> {
    let fits = mode.len() == 6 && mode.iter().all(|digit| (b'0'..=b'7').contains(digit));
    fits.then_some(mode)
}
