//! Samples of Git's own, and texts of any kind.

use lodge_forge::FileStatus as S;
use proptest::prelude::*;

use super::*;
use crate::Patch;

/// What `git diff --find-copies-harder` wrote of one commit.
const SAMPLE: &[u8] = include_bytes!("sample.diff");

fn file<'a>(diff: &'a Diff, path: &str) -> &'a DiffFile {
    diff.files.iter().find(|it| it.path == path).unwrap_or_else(|| panic!("no {path}"))
}

#[test]
fn what_git_writes_is_read_file_by_file() {
    let diff = parse_diff(SAMPLE, false);
    let seen =
        diff.files.iter().map(|it| (it.path.as_str(), it.previous_path.as_deref(), it.status));
    let seen: Vec<_> = seen.collect();
    assert_eq!(
        seen,
        [
            ("copy.md", Some("guide.md"), S::Copied),
            ("docs.md", Some("guide.md"), S::Renamed),
            ("empty2", Some("empty"), S::Copied),
            ("gone.txt", None, S::Removed),
            ("kind", None, S::TypeChanged),
            ("logo.png", None, S::Modified),
            ("moved", Some("empty"), S::Renamed),
            ("script.sh", None, S::Modified),
            ("sql.sql", None, S::Modified),
            ("sub", None, S::Added),
            ("with space.txt", None, S::Modified),
            ("ä\"b\tc.txt", None, S::Added),
        ]
    );
    assert_eq!((diff.totals.files, diff.totals.additions, diff.totals.deletions), (12, 7, 5));
    assert_eq!(diff.truncated, None);
}

#[test]
fn modes_are_told_on_the_side_where_the_file_is() {
    let diff = parse_diff(SAMPLE, false);
    for (path, before, after) in [
        ("docs.md", Some("100644"), Some("100644")),
        ("gone.txt", Some("100644"), None),
        ("kind", Some("100644"), Some("120000")),
        ("script.sh", Some("100644"), Some("100755")),
        ("sub", None, Some("160000")),
        ("moved", None, None),
    ] {
        let file = file(&diff, path);
        assert_eq!(
            (file.previous_mode.as_deref(), file.mode.as_deref()),
            (before, after),
            "{path}"
        );
    }
}

#[test]
fn patches_are_the_hunks_alone() {
    let diff = parse_diff(SAMPLE, false);
    for (path, patch) in [
        ("sql.sql", Some("@@ -1,2 +1,2 @@\n--- a dash\n+++ a plus\n same\n")),
        (
            "kind",
            Some("@@ -1 +0,0 @@\n-target\n@@ -0,0 +1 @@\n+target\n\\ No newline at end of file\n"),
        ),
        (
            "sub",
            Some("@@ -0,0 +1 @@\n+Subproject commit 0123456789012345678901234567890123456789\n"),
        ),
        ("script.sh", Some("")),
        ("moved", Some("")),
        ("logo.png", None),
    ] {
        assert_eq!(file(&diff, path).patch.as_deref(), patch, "{path}");
    }
    let logo = file(&diff, "logo.png");
    assert_eq!((logo.binary, logo.additions), (Some(true), None));
    assert_eq!(logo.patch_state, PatchState::Omitted);
}

#[test]
fn a_packed_binary_is_passed_over() {
    let text = b"diff --git a/l b/l\nindex bdc95..88357 100644\nGIT binary patch\nliteral 2\n\
        JcmZQz0ssI600RI3\n\nliteral 2\nJcmZQz1ONa700IC2\n\ndiff --git a/m b/m\nold mode 100644\n\
        new mode 100755\n";
    let diff = parse_diff(text, false);
    assert_eq!(diff.files.iter().map(|it| it.binary).collect::<Vec<_>>(), [Some(true), None]);
}

#[test]
fn what_stands_before_a_diff_and_merges_with_all_parents_are_no_files_to_patch() {
    let text = b"commit 61e2281\nAuthor: Ada\n\n    diff --git a/no b/no\n\ndiff --git a/e b/e\n\
        new file mode 100644\nindex 0000000..e69de29\ndiff --cc both.txt\nindex 1,2..3\n--- a/both.txt\n\
        +++ b/both.txt\n@@@ -1,1 -1,1 +1,1 @@@\n- a\n -b\n++c\n";
    let diff = parse_diff(text, false);
    let seen = diff.files.iter().map(|it| (it.path.as_str(), it.status, it.patch.as_deref()));
    assert_eq!(
        seen.collect::<Vec<_>>(),
        [("e", S::Added, Some("")), ("both.txt", S::Modified, None)]
    );
}

#[test]
fn changed_content_without_hunks_is_not_taken_for_the_same_content() {
    let diff = parse_diff(b"diff --git a/x b/x\nindex 123..456 100644\n", false);
    let file = file(&diff, "x");
    assert_eq!((file.additions, file.patch_state), (None, PatchState::Omitted));
}

#[test]
fn a_cut_diff_tells_what_is_certain() {
    let text = "diff --git a/x b/x\nindex 1..2 100644\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n\
        @@ -9 +9 @@\n-c\n+d\ndiff --git a/y b/y\nnew file mode 100644\n";
    let at = |end: &str| text.find(end).unwrap();
    let whole = parse_diff(text.as_bytes(), true);
    assert_eq!(whole.files.len(), 1, "what follows of y is not known");
    assert_eq!(whole.files[0].patch_state, PatchState::Full);
    assert_eq!(whole.truncated.as_deref(), Some("the diff has more than 129 bytes"));

    let cut = parse_diff(&text.as_bytes()[..at("+d")], true);
    assert_eq!(cut.files[0].patch_state, PatchState::Truncated);
    assert_eq!(cut.files[0].patch.as_deref(), Some("@@ -1 +1 @@\n-a\n+b\n"));
    assert_eq!((cut.files[0].additions, cut.totals.files), (None, 1));

    let bare = parse_diff(&text.as_bytes()[..at("+b\n@@")], true);
    assert_eq!(
        (bare.files[0].patch_state, bare.files[0].patch.as_deref()),
        (PatchState::Omitted, None)
    );
}

#[test]
fn a_hunk_that_is_shorter_than_it_says_is_noticed() {
    let text =
        b"diff --git a/x b/x\nindex 1..2 100644\n--- a/x\n+++ b/x\n@@ -1,9 +1,9 @@\n-a\n+b\n\
        diff --git a/y b/y\nindex 1..2 100644\n--- a/y\n+++ b/y\n@@ -1 +1 @@\n-a\n+b\n";
    let diff = parse_diff(text, false);
    let states = diff.files.iter().map(|it| it.patch_state).collect::<Vec<_>>();
    assert_eq!(states, [PatchState::Omitted, PatchState::Full]);
    assert_eq!(diff.truncated.as_deref(), Some("the host's diff ends in the middle of a file"));
}

#[test]
fn more_files_than_a_diff_may_have_are_left_out() {
    let text = "diff --git a/x b/x\nold mode 100644\nnew mode 100755\n".repeat(MOST_FILES + 1);
    let diff = parse_diff(text.as_bytes(), false);
    assert_eq!(diff.files.len(), MOST_FILES);
    assert_eq!(diff.truncated.as_deref(), Some("more than 3000 files changed"));
}

/// A name as Git quotes it.
fn quoted(prefix: &str, name: &[u8]) -> Vec<u8> {
    let plain = |byte: &u8| (b' '..=b'~').contains(byte) && !b"\"\\".contains(byte);
    if name.iter().all(plain) {
        return [prefix.as_bytes(), name].concat();
    }
    let mut text = format!("\"{prefix}").into_bytes();
    for byte in name {
        match byte {
            b'"' | b'\\' => text.extend([b'\\', *byte]),
            byte if plain(byte) => text.push(*byte),
            byte => text.extend(format!("\\{byte:03o}").bytes()),
        }
    }
    text.push(b'"');
    text
}

fn written(name: &[u8], before: &[u8], after: &[u8]) -> (Vec<u8>, Patch) {
    let patch = Patch::between(before, after, usize::MAX);
    let (old, new) = (quoted("a/", name), quoted("b/", name));
    let mut text =
        [b"diff --git ".as_slice(), &old, b" ", &new, b"\nindex 123..456 100644\n"].concat();
    let tab: &[u8] = if name.contains(&b' ') && !old.starts_with(b"\"") { b"\t" } else { b"" };
    text.extend([b"--- ", old.as_slice(), tab, b"\n+++ ", &new, tab, b"\n", &patch.text].concat());
    (text, patch)
}

fn name() -> impl Strategy<Value = Vec<u8>> {
    // No slash: a name of its own may not begin with one.
    prop::collection::vec(
        any::<u8>().prop_map(|it| if it == 0 || it == b'/' { b'x' } else { it }),
        1..12,
    )
}

fn content() -> impl Strategy<Value = Vec<u8>> {
    let line = prop_oneof![
        Just(b"diff --git a/x b/x".to_vec()),
        Just(b"@@ -1 +1 @@".to_vec()),
        Just(b"-- a/x".to_vec()),
        Just(b"\\ No newline".to_vec()),
        prop::collection::vec(any::<u8>(), 0..4),
    ];
    (prop::collection::vec(line, 0..12), any::<bool>()).prop_map(|(lines, ends)| {
        let mut text = lines.join(&b'\n');
        text.extend(ends.then_some(b'\n'));
        text
    })
}

proptest! {
    #[test]
    fn what_is_written_is_read_whatever_stands_in_it(
        files in prop::collection::vec((name(), content(), content()), 1..5)
    ) {
        let mut text = Vec::new();
        let mut patches = Vec::new();
        for (name, before, after) in files.iter().filter(|(_, before, after)| before != after) {
            let (section, patch) = written(name, before, after);
            text.extend(section);
            patches.push((String::from_utf8_lossy(name).into_owned(), patch));
        }
        let diff = parse_diff(&text, false);
        prop_assert_eq!(diff.files.len(), patches.len());
        for (file, (path, patch)) in diff.files.iter().zip(patches) {
            prop_assert_eq!(&file.path, &path);
            let lossy = String::from_utf8_lossy(&patch.text);
            prop_assert_eq!(file.patch.as_deref(), Some(&*lossy));
            prop_assert_eq!(file.additions, Some(patch.additions));
            prop_assert_eq!(file.deletions, Some(patch.deletions));
        }
    }

    #[test]
    fn a_cut_never_tells_what_the_whole_does_not(end in 0..SAMPLE.len()) {
        let whole = parse_diff(SAMPLE, false);
        let cut = parse_diff(&SAMPLE[..end], true);
        for (file, truth) in cut.files.iter().zip(&whole.files) {
            prop_assert_eq!(&file.path, &truth.path);
            let (patch, full) = (file.patch.clone().unwrap_or_default(), truth.patch.clone().unwrap_or_default());
            prop_assert!(full.starts_with(&patch));
            prop_assert!(file.patch_state != PatchState::Full || patch == full || truth.status == S::TypeChanged);
        }
        prop_assert!(cut.files.len() <= whole.files.len());
    }

    #[test]
    fn no_text_makes_the_reader_panic(
        parts in prop::collection::vec(
            prop_oneof![
                Just(b"diff --git ".to_vec()), Just(b"@@ -1,2 +3 @@\n".to_vec()), Just(b"\"a/\\".to_vec()),
                Just(b"\n".to_vec()), Just(b"--- ".to_vec()), Just(b"+++ ".to_vec()), Just(b"index 1..".to_vec()),
                Just(b"rename from ".to_vec()), Just(b"diff --cc ".to_vec()), Just(b"deleted file mode 100644\n".to_vec()),
                Just(b"@@ -18446744073709551615 +0,18446744073709551615 @@\n".to_vec()),
                prop::collection::vec(any::<u8>(), 0..9),
            ],
            0..30,
        ),
        cut: bool,
    ) {
        let text = parts.concat();
        let diff = parse_diff(&text, cut);
        prop_assert!(diff.files.iter().all(|it| it.patch.as_ref().is_none_or(|it| it.len() <= 3 * text.len())));
    }
}
