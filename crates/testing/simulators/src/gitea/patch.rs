//! Raw diffs, as `git diff` and, for a first commit, `git show` write them.

use std::fmt::Write as _;

use lodge_forge::{Commit, Diff, DiffFile, FileStatus};

use crate::Reply;

/// The diff; of a first commit with the commit before it.
pub(super) fn reply(diff: &Diff, commit: Option<&Commit>) -> Reply {
    let mut text = String::new();
    if let Some(first) = commit.filter(|it| it.parents.is_empty()) {
        let _ = writeln!(text, "commit {}\nAuthor: Ada <ada@example.org>\n", first.sha);
        for line in first.message.lines() {
            let _ = writeln!(text, "    {line}");
        }
        text.push('\n');
    }
    for file in &diff.files {
        write(&mut text, file);
    }
    Reply::text(200, "text/plain; charset=utf-8", text)
}

fn write(text: &mut String, file: &DiffFile) {
    let old_path = file.previous_path.as_ref().unwrap_or(&file.path);
    let (old, new) = (quoted("a/", old_path), quoted("b/", &file.path));
    // Writing to a `String` cannot fail.
    let _ = writeln!(text, "diff --git {old} {new}");
    let (before, after) = (file.previous_mode.as_deref(), file.mode.as_deref());
    let mut same_mode = String::new();
    match (before, after) {
        (None, Some(mode)) => drop(writeln!(text, "new file mode {mode}")),
        (Some(mode), None) => drop(writeln!(text, "deleted file mode {mode}")),
        (Some(before), Some(after)) if before != after => {
            let _ = writeln!(text, "old mode {before}\nnew mode {after}");
        }
        (_, mode) => same_mode = mode.map(|it| format!(" {it}")).unwrap_or_default(),
    }
    if file.status == FileStatus::Renamed {
        let (from, to) = (quoted("", old_path), quoted("", &file.path));
        let _ = writeln!(text, "similarity index 83%\nrename from {from}\nrename to {to}");
    }
    let patch = file.patch.as_deref().unwrap_or_default();
    let _ = writeln!(text, "index 286c5f5..a1b2c3d{same_mode}");
    let old = if before.is_none() { "/dev/null".to_owned() } else { old };
    let new = if after.is_none() { "/dev/null".to_owned() } else { new };
    if file.binary == Some(true) {
        let _ = writeln!(text, "Binary files {old} and {new} differ");
    } else if !patch.is_empty() {
        let tab = |name: &str| if name.contains(' ') && !name.starts_with('"') { "\t" } else { "" };
        let _ = write!(text, "--- {old}{}\n+++ {new}{}\n{patch}", tab(&old), tab(&new));
    }
}

/// A name with bytes beyond printable ASCII is quoted as in C.
fn quoted(prefix: &str, name: &str) -> String {
    let plain = |byte: u8| (b' '..=b'~').contains(&byte) && byte != b'"' && byte != b'\\';
    if name.bytes().all(plain) {
        return format!("{prefix}{name}");
    }
    let mut text = format!("\"{prefix}");
    for byte in name.bytes() {
        if plain(byte) {
            text.push(char::from(byte));
        } else {
            let _ = write!(text, "\\{byte:03o}");
        }
    }
    text + "\""
}
