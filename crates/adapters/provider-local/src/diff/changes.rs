//! Two trees compared, file by file.

use std::cmp::Ordering;

use gix::{
    ObjectId, Repository,
    bstr::BString,
    objs::{
        TreeRefIter,
        tree::{EntryKind, name_order},
    },
};
use lodge_forge::FileStatus;
use lodge_provider::ProviderError;

use super::deltas;
use crate::{job::Job, objects};

/// How deep folders may lie in each other.
const DEEPEST: usize = 1024;

/// One version of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Side {
    pub(super) kind: EntryKind,
    pub(super) id: ObjectId,
}

impl Side {
    /// An ordinary file, as against a link or a submodule.
    pub(super) fn is_file(self) -> bool {
        matches!(self.kind, EntryKind::Blob | EntryKind::BlobExecutable)
    }
}

/// A file that differs.
#[derive(Clone, Debug)]
pub(super) struct Change {
    pub(super) path: BString,
    /// Where it was before a rename.
    pub(super) from: Option<BString>,
    pub(super) before: Option<Side>,
    pub(super) after: Option<Side>,
}

impl Change {
    /// The objects with the file's content.
    pub(super) fn blobs(&self) -> impl Iterator<Item = ObjectId> {
        let sides = [self.before, self.after].into_iter().flatten();
        sides.filter(|side| side.kind != EntryKind::Commit).map(|side| side.id)
    }

    pub(super) fn status(&self) -> FileStatus {
        match (self.before, self.after) {
            (None, _) => FileStatus::Added,
            (_, None) => FileStatus::Removed,
            _ if self.from.is_some() => FileStatus::Renamed,
            (Some(one), Some(other)) if one.is_file() && other.is_file() => FileStatus::Modified,
            (Some(one), Some(other)) if one.kind == other.kind => FileStatus::Modified,
            _ => FileStatus::TypeChanged,
        }
    }
}

/// What differs between two trees, in the order of paths: at most `most`
/// files, and whether there are more.
pub(super) fn between(
    repository: &Repository,
    before: Option<ObjectId>,
    after: ObjectId,
    most: usize,
    job: &Job,
) -> Result<(Vec<Change>, bool), ProviderError> {
    let mut comparison =
        Comparison { repository, job, most, path: BString::default(), changes: Vec::new() };
    let mut open = vec![comparison.pair(before, Some(after))?];
    while let Some(pair) = open.last_mut() {
        let Some((one, other)) = pair.next() else {
            open.pop();
            continue;
        };
        let outer = pair.outer;
        if open.len() > DEEPEST {
            return Err(job.broken("its folders are nested too deeply"));
        }
        if let Some(inner) = comparison.compare(outer, one, other)? {
            open.push(inner);
        }
        if comparison.changes.len() > most {
            comparison.changes.truncate(most);
            return Ok((comparison.changes, true));
        }
    }
    Ok((comparison.changes, false))
}

struct Comparison<'a> {
    repository: &'a Repository,
    job: &'a Job,
    most: usize,
    path: BString,
    changes: Vec<Change>,
}

struct Entry {
    name: BString,
    side: Side,
}

/// The entries of two folders, merged by name.
struct Pair {
    before: std::iter::Peekable<std::vec::IntoIter<Entry>>,
    after: std::iter::Peekable<std::vec::IntoIter<Entry>>,
    /// How much of the path belongs to the folders around these.
    outer: usize,
}

impl Pair {
    fn next(&mut self) -> Option<(Option<Entry>, Option<Entry>)> {
        let order = match (self.before.peek(), self.after.peek()) {
            (None, None) => return None,
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(one), Some(other)) => {
                let is_tree = |entry: &Entry| entry.side.kind == EntryKind::Tree;
                name_order(&one.name, is_tree(one), &other.name, is_tree(other))
            }
        };
        Some((
            if order.is_le() { self.before.next() } else { None },
            if order.is_ge() { self.after.next() } else { None },
        ))
    }
}

impl Comparison<'_> {
    fn pair(
        &self,
        before: Option<ObjectId>,
        after: Option<ObjectId>,
    ) -> Result<Pair, ProviderError> {
        let old_first = before
            .zip(after)
            .is_some_and(|(before, after)| deltas::may_build_on(self.repository, after, before));
        let (before, after) = if old_first {
            (self.entries(before)?, self.entries(after)?)
        } else {
            let after = self.entries(after)?;
            (self.entries(before)?, after)
        };
        let (before, after) = (before.into_iter().peekable(), after.into_iter().peekable());
        Ok(Pair { before, after, outer: self.path.len() })
    }

    fn entries(&self, tree: Option<ObjectId>) -> Result<Vec<Entry>, ProviderError> {
        let Some(id) = tree else { return Ok(Vec::new()) };
        self.job.check()?;
        let data = objects::need_tree(self.repository, id, self.job)?;
        let entries = TreeRefIter::from_bytes(&data, id.kind()).map(|entry| {
            let entry = entry.map_err(|error| self.job.broken(error))?;
            let side = Side { kind: entry.mode.kind(), id: entry.oid.to_owned() };
            Ok(Entry { name: entry.filename.to_owned(), side })
        });
        entries.collect()
    }

    /// Takes note of what differs; folders come back as a pair to go into.
    fn compare(
        &mut self,
        outer: usize,
        one: Option<Entry>,
        other: Option<Entry>,
    ) -> Result<Option<Pair>, ProviderError> {
        let (before, after) = (one.as_ref().map(|it| it.side), other.as_ref().map(|it| it.side));
        let Some(entry) = other.or(one).filter(|_| before != after) else { return Ok(None) };
        self.path.truncate(outer);
        self.path.extend_from_slice(&entry.name);
        if entry.side.kind == EntryKind::Tree {
            self.path.push(b'/');
            return self.pair(before.map(|it| it.id), after.map(|it| it.id)).map(Some);
        }
        if self.changes.len() <= self.most {
            let path = self.path.clone();
            self.changes.push(Change { path, from: None, before, after });
        }
        Ok(None)
    }
}
