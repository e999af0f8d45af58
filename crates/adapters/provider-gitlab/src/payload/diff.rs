//! `GET /projects/:id/repository/commits/:sha/diff` and
//! `GET /projects/:id/merge_requests/:iid/diffs`.
//!
//! Source: <https://docs.gitlab.com/api/commits/#get-commit-diff> and
//! <https://docs.gitlab.com/api/merge_requests/#list-merge-request-diffs>, API
//! v4. Without `unidiff`, a diff is hunks without a file header.

use lodge_forge::{DiffFile, FileStatus, PatchState};
use lodge_provider_kit::Text;
use serde::Deserialize;

use super::{filled, plain};

#[derive(Debug, Deserialize)]
pub(crate) struct DiffPayload<'a> {
    #[serde(borrow)]
    old_path: Option<Text<'a>>,
    #[serde(borrow)]
    new_path: Option<Text<'a>>,
    /// `0` for a file that was not there.
    #[serde(borrow)]
    a_mode: Option<Text<'a>>,
    #[serde(borrow)]
    b_mode: Option<Text<'a>>,
    new_file: Option<bool>,
    renamed_file: Option<bool>,
    deleted_file: Option<bool>,
    /// Empty, too, when it is left out.
    #[serde(borrow)]
    diff: Option<Text<'a>>,
    /// Left out. GitLab before 18.4 does not say so of commits.
    collapsed: Option<bool>,
    /// Left out, and cannot be had at all.
    too_large: Option<bool>,
}

impl DiffPayload<'_> {
    /// The patch is not told although it is text, and the host says so.
    pub(crate) fn is_left_out(&self) -> bool {
        self.collapsed == Some(true) || self.too_large == Some(true)
    }

    /// `None` when it has no path.
    pub(crate) fn into_file(self) -> Option<DiffFile> {
        let status = self.status();
        let left_out = self.is_left_out();
        let says = self.collapsed.is_some() || self.too_large.is_some();
        let text = plain(self.diff);
        let binary = text.starts_with("Binary files ");
        // An empty diff is a change without lines (a pure rename, an empty
        // file), where GitLab would have said that it left something out.
        let told = !binary && !left_out && (says || !text.is_empty());
        let patch = told.then(|| hunks(text));
        let count = |sign: u8| {
            let lines = patch.as_deref()?.lines();
            u64::try_from(lines.filter(|it| it.as_bytes().first() == Some(&sign)).count()).ok()
        };
        let (old, new) = (filled(self.old_path), filled(self.new_path));
        let previous_path = old.clone().filter(|_| status == FileStatus::Renamed);
        Some(DiffFile {
            additions: count(b'+'),
            deletions: count(b'-'),
            path: new.or(old)?,
            previous_path,
            status,
            binary: if binary { Some(true) } else { told.then_some(false) },
            mode: mode(self.b_mode),
            previous_mode: mode(self.a_mode),
            patch_state: if told { PatchState::Full } else { PatchState::Omitted },
            patch,
        })
    }

    fn status(&self) -> FileStatus {
        let kind =
            |mode: &Option<Text<'_>>| mode.as_deref().and_then(|it| it.get(..3)).map(str::to_owned);
        if self.new_file == Some(true) {
            FileStatus::Added
        } else if self.deleted_file == Some(true) {
            FileStatus::Removed
        } else if self.renamed_file == Some(true) {
            FileStatus::Renamed
        } else if kind(&self.a_mode) == kind(&self.b_mode) {
            FileStatus::Modified
        } else {
            FileStatus::TypeChanged
        }
    }
}

/// `text` from its first hunk on. Old versions write a file header before it.
fn hunks(text: String) -> String {
    if text.starts_with("@@") || text.is_empty() {
        return text;
    }
    let start = text.find("\n@@").map_or(text.len(), |line| line + 1);
    text.get(start..).unwrap_or_default().to_owned()
}

fn mode(text: Option<Text<'_>>) -> Option<String> {
    let octal =
        |it: &Text<'_>| it.len() == 6 && it.bytes().all(|byte| (b'0'..=b'7').contains(&byte));
    text.filter(octal).map(String::from)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn file(json: &str) -> DiffFile {
        serde_json::from_str::<DiffPayload<'_>>(json).unwrap().into_file().unwrap()
    }

    #[test]
    fn an_empty_diff_is_told_only_where_the_host_would_have_said_otherwise() {
        let renamed = file(
            r#"{"old_path":"a","new_path":"b","a_mode":"100644","b_mode":"100644","renamed_file":true,
                "diff":"","collapsed":false,"too_large":false}"#,
        );
        assert_eq!((renamed.patch_state, renamed.additions), (PatchState::Full, Some(0)));
        assert_eq!(renamed.previous_path.as_deref(), Some("a"));
        for silent in [
            r#"{"new_path":"b","diff":"","collapsed":true,"too_large":false}"#,
            r#"{"new_path":"b","diff":"","too_large":true}"#,
            r#"{"new_path":"b","diff":""}"#,
        ] {
            let file = file(silent);
            assert_eq!(
                (file.patch_state, file.patch, file.additions),
                (PatchState::Omitted, None, None)
            );
        }
    }

    #[test]
    fn a_file_header_is_not_part_of_a_patch() {
        let old =
            file(r#"{"new_path":"b","diff":"--- a/b\n+++ b/b\n@@ -1 +1,2 @@\n-x\n+--y\n++z\n"}"#);
        assert_eq!(old.patch.as_deref(), Some("@@ -1 +1,2 @@\n-x\n+--y\n++z\n"));
        assert_eq!((old.additions, old.deletions), (Some(2), Some(1)));
    }

    proptest! {
        #[test]
        fn no_text_makes_a_patch_fail(text in "(@@|\\n|--- a|[+-]|é|\\\\|.){0,40}") {
            let started = hunks(text.clone());
            prop_assert!(started.is_empty() || started.starts_with("@@"));
            prop_assert!(text.ends_with(&started));
        }
    }

    #[test]
    fn a_binary_file_has_no_patch() {
        let binary =
            file(r#"{"new_path":"b","diff":"Binary files a/b and b/b differ\n","b_mode":"0"}"#);
        assert_eq!((binary.binary, binary.patch, binary.mode), (Some(true), None, None));
    }

    #[test]
    fn a_file_that_became_a_link_changed_its_type() {
        let link = file(
            r#"{"new_path":"b","a_mode":"100644","b_mode":"120000","diff":"@@ -1 +1 @@\n-x\n+y\n"}"#,
        );
        assert_eq!(link.status, FileStatus::TypeChanged);
    }
}
