//! The names of files.

/// What an entry of a tree is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryKind {
    /// A file.
    Blob,
    /// A folder.
    Tree,
    /// A submodule: a commit of another repository.
    Commit,
    /// A symbolic link.
    Symlink,
}

/// One entry of a tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TreeEntry {
    /// The path from the root.
    pub path: String,
    /// The path's last part.
    pub name: String,
    /// What it is.
    pub kind: EntryKind,
    /// Six octal digits.
    pub mode: Option<String>,
    /// The object's hash.
    pub sha: Option<String>,
    /// A file's size in bytes.
    pub size: Option<u64>,
}
