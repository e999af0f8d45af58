//! A diff as `git diff` writes it:
//! <https://git-scm.com/docs/diff-format#generate_patch_text_with_p>.

use std::fmt::Write as _;

use lodge_forge::{Diff, DiffFile, FileStatus};

/// The text of a diff.
pub(super) fn write(diff: &Diff) -> String {
    diff.files.iter().map(one).collect()
}

fn one(file: &DiffFile) -> String {
    let before = file.previous_path.as_deref().unwrap_or(&file.path);
    let (old, new) = (quoted("a/", before), quoted("b/", &file.path));
    let mode = |mode: &Option<String>| mode.clone().unwrap_or_else(|| "100644".to_owned());
    let (old_mode, new_mode) = (mode(&file.previous_mode), mode(&file.mode));
    let mut head = vec![format!("diff --git {old} {new}")];
    match file.status {
        FileStatus::Added => head.push(format!("new file mode {new_mode}")),
        FileStatus::Removed => head.push(format!("deleted file mode {old_mode}")),
        _ if old_mode != new_mode => {
            head.extend([format!("old mode {old_mode}"), format!("new mode {new_mode}")]);
        }
        _ => {}
    }
    if let Some(verb) = match file.status {
        FileStatus::Renamed => Some("rename"),
        FileStatus::Copied => Some("copy"),
        _ => None,
    } {
        head.push("similarity index 90%".to_owned());
        head.push(format!("{verb} from {}", quoted("", before)));
        head.push(format!("{verb} to {}", quoted("", &file.path)));
    }
    let is_same_mode =
        !matches!(file.status, FileStatus::Added | FileStatus::Removed) && old_mode == new_mode;
    let mode = if is_same_mode { format!(" {new_mode}") } else { String::new() };
    head.push(format!("index 1111111..2222222{mode}"));
    let old = if file.status == FileStatus::Added { "/dev/null".to_owned() } else { old };
    let new = if file.status == FileStatus::Removed { "/dev/null".to_owned() } else { new };
    let mut text = head.join("\n");
    match &file.patch {
        Some(hunks) if !hunks.is_empty() => {
            // Writing to a `String` cannot fail.
            let _ = write!(text, "\n--- {old}\n+++ {new}\n{hunks}");
        }
        None if file.binary == Some(true) => {
            let _ = write!(text, "\nBinary files {old} and {new} differ");
        }
        _ => {}
    }
    if !text.ends_with('\n') {
        text.push('\n');
    }
    text
}

/// A name, in quotation marks where Git puts them.
fn quoted(prefix: &str, path: &str) -> String {
    let plain = |byte: u8| (0x20..0x7f).contains(&byte) && byte != b'"' && byte != b'\\';
    if path.bytes().all(plain) {
        return format!("{prefix}{path}");
    }
    let mut text = format!("\"{prefix}");
    for byte in path.bytes() {
        // Writing to a `String` cannot fail.
        let _ = if plain(byte) {
            write!(text, "{}", char::from(byte))
        } else {
            write!(text, "\\{byte:03o}")
        };
    }
    text.push('"');
    text
}
