//! What a commit says of its author's work.

use std::ops::AddAssign;

use crate::{ChangedFile, Commit, paths::is_authored};

/// Changed lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lines {
    /// Lines added.
    pub additions: u64,
    /// Lines removed.
    pub deletions: u64,
}

impl Lines {
    /// Added and removed together.
    pub const fn changed(self) -> u64 {
        self.additions.saturating_add(self.deletions)
    }
}

impl AddAssign for Lines {
    fn add_assign(&mut self, other: Self) {
        self.additions = self.additions.saturating_add(other.additions);
        self.deletions = self.deletions.saturating_add(other.deletions);
    }
}

impl<A> Commit<A> {
    /// It brings branches together, and is left out of everything that counts
    /// work: it has two parents or more. One whose parents nobody told is taken
    /// for none.
    pub fn is_merge(&self) -> bool {
        self.parents.as_ref().is_some_and(|it| it.len() >= 2)
    }

    /// The files that its author may have written: without those that are
    /// generated or brought in, and none of a merge.
    pub fn own_files(&self) -> impl Iterator<Item = &ChangedFile> {
        let files = if self.is_merge() { None } else { self.changes.as_ref() };
        files.into_iter().flat_map(|it| &it.files).filter(|it| is_authored(&it.path))
    }

    /// The lines of [`own_files`](Self::own_files). What nobody has counted
    /// counts for nothing.
    pub fn own_lines(&self) -> Lines {
        let mut lines = Lines::default();
        for file in self.own_files() {
            lines += Lines {
                additions: file.additions.unwrap_or_default().into(),
                deletions: file.deletions.unwrap_or_default().into(),
            };
        }
        lines
    }
}

#[cfg(test)]
mod tests {
    use lodge_kernel::Timestamp;

    use super::*;
    use crate::Changes;

    fn a_commit(parents: usize, files: &[(&str, Option<u32>, Option<u32>)]) -> Commit<()> {
        let file = |(path, additions, deletions): &(&str, _, _)| ChangedFile {
            path: (*path).to_owned(),
            additions: *additions,
            deletions: *deletions,
        };
        Commit {
            sha: "c0ffee".to_owned(),
            parents: Some(vec!["beef".to_owned(); parents]),
            message: String::new(),
            author: (),
            authored_at: Timestamp::EPOCH,
            changes: Some(Changes { files: files.iter().map(file).collect(), left_out: 0 }),
            web_url: None,
        }
    }

    #[test]
    fn generated_files_and_merges_are_nobodys_work() {
        let files = [
            ("src/main.rs", Some(10), Some(2)),
            ("Cargo.lock", Some(900), Some(800)),
            ("logo.png", None, None),
            ("src/lib.rs", Some(1), None),
        ];
        let own = a_commit(1, &files);
        assert_eq!(own.own_lines(), Lines { additions: 11, deletions: 2 });
        assert_eq!(own.own_lines().changed(), 13);
        assert_eq!(own.own_files().count(), 3);
        assert_eq!(a_commit(0, &files).own_lines(), own.own_lines());
        assert_eq!(a_commit(2, &files).own_lines(), Lines::default());
        assert!(!Commit { parents: None, ..own }.is_merge());
    }
}
