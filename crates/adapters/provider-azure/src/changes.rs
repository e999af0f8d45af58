//! What changed, file by file, as the host's lists say it: without patches.

use lodge_forge::FileStatus;

use crate::payload::{Text, diff::ChangePayload};

/// How many files a diff may have.
pub(crate) const MOST_FILES: usize = 3_000;

/// Where the content of one side of a file is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    /// There was no such file.
    Missing,
    /// The blob with this id.
    Blob(String),
    /// The list did not say which blob it is: it is at this path.
    Path(String),
    /// A commit of another repository: a submodule.
    Submodule(String),
}

/// One file that changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Change {
    pub(crate) path: String,
    pub(crate) previous_path: Option<String>,
    pub(crate) status: FileStatus,
    pub(crate) before: Side,
    pub(crate) after: Side,
}

impl Change {
    /// The change, unless it is of a folder, or the half of a rename that is
    /// told with the other half.
    pub(crate) fn of(mut told: ChangePayload<'_>) -> Option<Self> {
        if told.is_folder() || told.has("sourceRename") {
            return None;
        }
        let status = status(&told);
        let from = told.source().map(|it| relative(&it).to_owned());
        let path = relative(told.item.path.as_deref()?).to_owned();
        let previous_path = from.filter(|from| *from != path && status == FileStatus::Renamed);
        let is_submodule = told.item.git_object_type.as_deref() == Some("commit");
        let side = |id: Option<Text<'_>>, path: &str| match id.and_then(Text::filled) {
            Some(id) if is_submodule => Side::Submodule(id),
            Some(id) => Side::Blob(id),
            None => Side::Path(path.to_owned()),
        };
        let (now, then) = (told.item.object_id, told.item.original_object_id);
        let (before, after) = match status {
            FileStatus::Added => (Side::Missing, side(now, &path)),
            // Some lists say what went as both ids, some only as the first.
            FileStatus::Removed => (side(then.or(now), &path), Side::Missing),
            _ => (side(then, previous_path.as_deref().unwrap_or(&path)), side(now, &path)),
        };
        Some(Self { path, previous_path, status, before, after })
    }
}

/// The nearest word for the host's flags. `edit, rename` is a rename; what is
/// neither new, gone nor moved has changed in place.
fn status(told: &ChangePayload<'_>) -> FileStatus {
    if told.has("rename") || told.has("targetRename") {
        FileStatus::Renamed
    } else if told.has("delete") {
        FileStatus::Removed
    } else if told.has("add") || told.has("undelete") || told.has("branch") {
        FileStatus::Added
    } else {
        FileStatus::Modified
    }
}

/// The host's paths begin with a slash.
fn relative(path: &str) -> &str {
    path.strip_prefix('/').unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(json: &str) -> Option<Change> {
        Change::of(serde_json::from_str(json).unwrap())
    }

    #[test]
    fn flags_become_one_word() {
        for (flags, status) in [
            ("add", FileStatus::Added),
            ("edit", FileStatus::Modified),
            ("edit, encoding", FileStatus::Modified),
            ("delete", FileStatus::Removed),
            ("rename", FileStatus::Renamed),
            ("edit, rename", FileStatus::Renamed),
            ("Edit, Rename", FileStatus::Renamed),
            ("property", FileStatus::Modified),
            ("", FileStatus::Modified),
        ] {
            let json = format!(r#"{{"item":{{"path":"/a"}},"changeType":"{flags}"}}"#);
            assert_eq!(change(&json).map(|it| it.status), Some(status), "{flags}");
        }
    }

    #[test]
    fn folders_and_sources_of_renames_are_no_changes_of_their_own() {
        for json in [
            r#"{"item":{"path":"/a","isFolder":true},"changeType":"edit"}"#,
            r#"{"item":{"path":"/a","gitObjectType":"tree"},"changeType":"delete, sourceRename"}"#,
            r#"{"item":{"path":"/a","gitObjectType":"blob"},"changeType":"delete, sourceRename"}"#,
            r#"{"item":{},"changeType":"edit"}"#,
        ] {
            assert_eq!(change(json), None, "{json}");
        }
    }

    #[test]
    fn a_rename_is_found_however_it_is_spelled() {
        for field in ["sourceServerItem", "originalPath"] {
            let json = format!(
                r#"{{"item":{{"path":"/b","objectId":"2","originalObjectId":"1"}},
                    "changeType":"edit, rename","{field}":"/a"}}"#
            );
            let change = change(&json).unwrap();
            assert_eq!(change.previous_path.as_deref(), Some("a"));
            let sides = (change.before, change.after);
            assert_eq!(sides, (Side::Blob("1".to_owned()), Side::Blob("2".to_owned())));
        }
    }

    #[test]
    fn a_submodule_is_known_by_its_kind() {
        let json = r#"{"item":{"path":"/sub","objectId":"2","originalObjectId":"1",
            "gitObjectType":"commit"},"changeType":"edit"}"#;
        let change = change(json).unwrap();
        let sides = (change.before, change.after);
        assert_eq!(sides, (Side::Submodule("1".to_owned()), Side::Submodule("2".to_owned())));
    }

    #[test]
    fn what_has_no_id_is_found_by_its_path() {
        let added = change(r#"{"item":{"path":"/a"},"changeType":"add"}"#).unwrap();
        assert_eq!((added.before, added.after), (Side::Missing, Side::Path("a".to_owned())));
        let gone =
            change(r#"{"item":{"path":"/a","objectId":"1"},"changeType":"delete"}"#).unwrap();
        assert_eq!((gone.before, gone.after), (Side::Blob("1".to_owned()), Side::Missing));
    }
}
