//! One page of a tree, pinned to the commit of the first page.

use std::sync::Arc;

use gix::{
    ObjectId, Repository,
    bstr::{BString, ByteSlice},
    objs::{TreeRefIter, tree::EntryKind as GitKind},
};
use lodge_forge::{EntryKind, TreeEntry};
use lodge_pagination::{Page, PageRequest, Position};
use lodge_provider::{ProviderError, TreeFilter};
use lodge_provider_kit::{Marks, Read};
use moka::sync::Cache;

use crate::{job::Job, objects, refs, shelf::Opened};

const KIND: &str = "tree";
/// How many sizes are kept: about 100 bytes each.
const MOST_SIZES: u64 = 200_000;

/// How many bytes of trees are kept.
const MOST_TREES: u64 = 32 << 20;

/// Sizes of blobs, and trees as they are stored. An object never changes, and
/// reading these again is most of what a page costs.
#[derive(Debug)]
pub(crate) struct Memory {
    sizes: Cache<ObjectId, u64>,
    trees: Cache<ObjectId, Arc<Vec<u8>>>,
}

impl Memory {
    pub(crate) fn new() -> Self {
        let weigh = |_: &ObjectId, data: &Arc<Vec<u8>>| {
            // An entry of the cache itself is worth about 100 bytes.
            u32::try_from(data.len()).unwrap_or(u32::MAX).saturating_add(100)
        };
        let trees = Cache::builder().max_capacity(MOST_TREES).weigher(weigh).build();
        Self { sizes: Cache::new(MOST_SIZES), trees }
    }

    fn tree(
        &self,
        repository: &Repository,
        id: ObjectId,
        job: &Job,
    ) -> Result<Arc<Vec<u8>>, ProviderError> {
        if let Some(data) = self.trees.get(&id) {
            return Ok(data);
        }
        let data = Arc::new(objects::need_tree(repository, id, job)?);
        self.trees.insert(id, Arc::clone(&data));
        Ok(data)
    }

    /// In bytes. `None` in a partial clone, which has names without contents.
    fn size(&self, repository: &Repository, id: ObjectId) -> Option<u64> {
        if let Some(size) = self.sizes.get(&id) {
            return Some(size);
        }
        let size = repository.try_find_header(id).ok()??.size();
        self.sizes.insert(id, size);
        Some(size)
    }
}

pub(crate) fn list(
    opened: &Opened,
    memory: &Memory,
    filter: &TreeFilter,
    request: &PageRequest,
    job: &Job,
) -> Result<Page<TreeEntry>, ProviderError> {
    let repository = opened.repository();
    let (commit, at) = match Read::of(KIND, request.from.as_ref())? {
        Some(read) => (objects::marked(read, "commit")?, offsets(&read.bytes("at")?)?),
        None => match refs::resolve(&repository, filter.reference.as_deref(), job)? {
            Some(commit) => (commit, vec![0]),
            None => return Ok(Page::empty()),
        },
    };
    let path = filter.path.as_deref().unwrap_or_default().trim_end_matches('/');
    let root = objects::tree_of(&repository, commit, job)?.ok_or(ProviderError::Position)?;
    let top = folder(&repository, memory, root, path, job)?;
    let mut walk = Walk::resume(&repository, memory, top, path, &at, job)?;
    let mut items = Vec::with_capacity(request.limit.get());
    while items.len() < request.limit.get() {
        job.check()?;
        let Some(entry) = walk.next()? else { break };
        let subtree = (filter.recursive && entry.kind == GitKind::Tree).then_some(entry.id);
        items.push(shown(&repository, memory, &walk.path(&entry.name), &entry));
        if let Some(id) = subtree
            && let Err(error) = walk.enter(id)
        {
            // What stands before a hole is still told; the next page begins
            // with the hole.
            let Some(next) = walk.inside_last() else { return Err(error) };
            return Ok(Page { items, next: Some(position(commit, &next)?) });
        }
    }
    let next = walk.offsets().map(|at| position(commit, &at)).transpose()?;
    Ok(Page { items, next })
}

fn position(commit: ObjectId, at: &[usize]) -> Result<Position, ProviderError> {
    let at = at.iter().map(ToString::to_string).collect::<Vec<_>>().join(".");
    let marks = Marks::of(KIND)?.with("commit", commit.to_string())?;
    Ok(marks.with_bytes("at", at.as_bytes())?.done())
}

fn offsets(text: &[u8]) -> Result<Vec<usize>, ProviderError> {
    let read = |part: &[u8]| part.to_str().ok()?.parse().ok();
    text.split_str(".").map(read).collect::<Option<_>>().ok_or(ProviderError::Position)
}

/// The tree at `path` below the tree `root`.
fn folder(
    repository: &Repository,
    memory: &Memory,
    root: ObjectId,
    path: &str,
    job: &Job,
) -> Result<ObjectId, ProviderError> {
    let mut tree = root;
    for name in path.split('/').filter(|_| !path.is_empty()) {
        let data = memory.tree(repository, tree, job)?;
        let mut entries = TreeRefIter::from_bytes(&data, tree.kind()).filter_map(Result::ok);
        let found = entries.find(|entry| entry.filename == name && entry.mode.is_tree());
        tree = found.ok_or(ProviderError::NotFound { what: "path" })?.oid.to_owned();
    }
    Ok(tree)
}

/// An entry as it stands in a tree.
struct Entry {
    name: BString,
    kind: GitKind,
    id: ObjectId,
}

fn shown(repository: &Repository, memory: &Memory, path: &BString, entry: &Entry) -> TreeEntry {
    let kind = match entry.kind {
        GitKind::Tree => EntryKind::Tree,
        GitKind::Blob | GitKind::BlobExecutable => EntryKind::Blob,
        GitKind::Link => EntryKind::Symlink,
        GitKind::Commit => EntryKind::Commit,
    };
    let has_size = matches!(kind, EntryKind::Blob | EntryKind::Symlink);
    TreeEntry {
        path: path.to_str_lossy().into_owned(),
        name: entry.name.to_str_lossy().into_owned(),
        kind,
        mode: Some(objects::mode(entry.kind)),
        sha: Some(entry.id.to_string()),
        size: has_size.then(|| memory.size(repository, entry.id)).flatten(),
    }
}

/// A walk in Git's order, a folder before what is in it.
///
/// Where it stands is one byte offset a folder. Trees never change, so a page
/// begins where the last one ended without looking at what came before.
struct Walk<'a> {
    repository: &'a Repository,
    memory: &'a Memory,
    job: &'a Job,
    path: BString,
    frames: Vec<Frame>,
}

struct Frame {
    data: Arc<Vec<u8>>,
    /// Where the entry begins that was read last.
    last: usize,
    /// Where the one after it begins.
    next: usize,
    /// How much of the path belongs to the folders around this one.
    outer: usize,
}

impl<'a> Walk<'a> {
    fn resume(
        repository: &'a Repository,
        memory: &'a Memory,
        top: ObjectId,
        path: &str,
        at: &[usize],
        job: &'a Job,
    ) -> Result<Self, ProviderError> {
        let mut path = BString::from(path);
        if !path.is_empty() {
            path.push(b'/');
        }
        let mut walk = Self { repository, memory, job, path, frames: Vec::new() };
        walk.enter(top)?;
        for (depth, offset) in at.iter().enumerate() {
            let Some(frame) = walk.frames.last_mut() else { break };
            frame.next = *offset;
            if *offset > frame.data.len() {
                return Err(ProviderError::Position);
            }
            if depth + 1 < at.len() {
                let inner = walk.next()?.filter(|inner| inner.kind == GitKind::Tree);
                let inner = inner.ok_or(ProviderError::Position)?;
                walk.path(&inner.name);
                walk.enter(inner.id)?;
            }
        }
        Ok(walk)
    }

    /// The next entry of the innermost folder that has one.
    fn next(&mut self) -> Result<Option<Entry>, ProviderError> {
        while let Some(frame) = self.frames.last_mut() {
            let rest = frame.data.get(frame.next..).unwrap_or_default();
            let mut entries = TreeRefIter::from_bytes(rest, self.repository.object_hash());
            match entries.next() {
                Some(Ok(entry)) => {
                    frame.last = frame.next;
                    frame.next += entries.offset_to_next_entry(rest);
                    let (name, id) = (entry.filename.to_owned(), entry.oid.to_owned());
                    self.path.truncate(frame.outer);
                    return Ok(Some(Entry { name, kind: entry.mode.kind(), id }));
                }
                Some(Err(error)) => return Err(self.job.broken(error)),
                None => {
                    self.frames.pop();
                }
            }
        }
        Ok(None)
    }

    /// The path of the entry called `name` of the innermost folder.
    fn path(&mut self, name: &BString) -> BString {
        self.path.extend_from_slice(name);
        self.path.clone()
    }

    /// Goes into the tree `id`, which [`path`](Self::path) was told of last.
    fn enter(&mut self, id: ObjectId) -> Result<(), ProviderError> {
        let data = self.memory.tree(self.repository, id, self.job)?;
        if !self.frames.is_empty() {
            self.path.push(b'/');
        }
        self.frames.push(Frame { data, last: 0, next: 0, outer: self.path.len() });
        Ok(())
    }

    /// Where the walk stands. `None` when nothing is left.
    fn offsets(&self) -> Option<Vec<usize>> {
        let left = self.frames.iter().rposition(|frame| frame.next < frame.data.len())?;
        let outer = self.frames.iter().take(left).map(|frame| frame.last);
        Some(outer.chain(self.frames.get(left).map(|frame| frame.next)).collect())
    }

    /// The beginning of the folder that was read last.
    fn inside_last(&self) -> Option<Vec<usize>> {
        let at = self.frames.iter().map(|frame| frame.last).chain([0]).collect::<Vec<_>>();
        (at.len() > 1).then_some(at)
    }
}
