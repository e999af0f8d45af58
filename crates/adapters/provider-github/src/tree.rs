//! One page of a tree, pinned to the commit of the first page.
//!
//! GitHub tells a whole tree at once, up to 100,000 entries or 7 MB, and then
//! says that it is truncated. Such a tree is listed level by level: the
//! position keeps how many levels of the path it stands at are.

use lodge_forge::{EntryKind, Resource, TreeEntry};
use lodge_pagination::{Page, PageRequest};
use lodge_provider::{ProviderError, RepositoryRef, TreeFilter};
use lodge_provider_kit::{Marks, Read};

use crate::{
    api::{Api, is_hash, malformed},
    payload::tree::TreePayload,
};

const TREE: Resource = Resource::FileTree;
/// Trees that are opened for one page, at most. A page may be short.
const MOST_OPENED: usize = 20;

pub(crate) async fn list(
    api: &Api,
    repository: &RepositoryRef,
    filter: &TreeFilter,
    page: &PageRequest,
) -> Result<Page<TreeEntry>, ProviderError> {
    let (commit, mark) = match Read::of(TREE.name(), page.from.as_ref())? {
        Some(read) => {
            let commit = Some(read.text("commit")?).filter(|it| is_hash(it));
            let after = String::from_utf8(read.bytes("after")?).ok();
            let (commit, after) = commit.zip(after).ok_or(ProviderError::Position)?;
            (commit.to_owned(), Some((after, read.number("levels")?)))
        }
        None => match api.resolve(repository, filter.reference.as_deref()).await? {
            Some(commit) => (commit, None),
            None => return Ok(Page::empty()),
        },
    };
    let path = filter.path.as_deref().unwrap_or_default().trim_end_matches('/');
    let folder = Folders { api, repository, recursive: filter.recursive };
    let top = folder.find(&commit, path).await?;
    let mut walk = match &mark {
        Some((after, levels)) => folder.resume(top, after, *levels).await?,
        None => Walk { open: vec![folder.open(&top).await?], entered: None },
    };
    let mut items: Vec<TreeEntry> = Vec::with_capacity(page.limit.get());
    let mut opened = 0;
    while items.len() < page.limit.get() {
        if let Some(entered) = walk.entered.take() {
            if opened == MOST_OPENED {
                walk.entered = Some(entered);
                break;
            }
            opened += 1;
            walk.open.push(folder.open(&entered).await?);
        } else if let Some(entry) = walk.next(filter.recursive)? {
            items.push(entry);
        } else {
            break;
        }
    }
    let last = items.last().filter(|_| walk.goes_on());
    let next = last.map(|last| {
        let marks = Marks::of(TREE.name())?.with("commit", commit)?;
        let marks = marks.with("levels", walk.levels().to_string())?;
        Ok::<_, ProviderError>(marks.with_bytes("after", last.path.as_bytes())?.done())
    });
    Ok(Page { next: next.transpose()?, items })
}

/// A tree and where it is.
struct Folder {
    sha: String,
    /// Empty, or with a slash at its end.
    prefix: String,
}

/// A tree's entries, and how far they were given.
struct Open {
    entries: std::vec::IntoIter<TreeEntry>,
    /// With everything below, rather than one level.
    whole: bool,
}

/// The trees that are open, one in the other.
struct Walk {
    open: Vec<Open>,
    /// The last entry that was given, when it is a folder that is not open
    /// yet.
    entered: Option<Folder>,
}

impl Walk {
    fn next(&mut self, recursive: bool) -> Result<Option<TreeEntry>, ProviderError> {
        while let Some(open) = self.open.last_mut() {
            let Some(entry) = open.entries.next() else {
                self.open.pop();
                continue;
            };
            if recursive && !open.whole && entry.kind == EntryKind::Tree {
                self.entered = Some(below(&entry)?);
            }
            return Ok(Some(entry));
        }
        Ok(None)
    }

    fn goes_on(&self) -> bool {
        self.entered.is_some() || self.open.iter().any(|it| !it.entries.as_slice().is_empty())
    }

    fn levels(&self) -> usize {
        self.open.iter().filter(|it| !it.whole).count()
    }
}

fn below(entry: &TreeEntry) -> Result<Folder, ProviderError> {
    let sha = entry.sha.clone().ok_or_else(|| malformed(TREE, "a folder has no hash"))?;
    Ok(Folder { sha, prefix: format!("{}/", entry.path) })
}

/// The trees of one repository.
struct Folders<'a> {
    api: &'a Api,
    repository: &'a RepositoryRef,
    recursive: bool,
}

impl Folders<'_> {
    /// The tree at `path`, which is empty for the commit's own.
    async fn find(&self, commit: &str, path: &str) -> Result<Folder, ProviderError> {
        let mut folder = Folder { sha: commit.to_owned(), prefix: String::new() };
        for name in path.split('/').filter(|_| !path.is_empty()) {
            let mut level = self.level(&folder).await?.entries;
            let found = level.find(|it| it.name == name && it.kind == EntryKind::Tree);
            folder = below(&found.ok_or(ProviderError::NotFound { what: "path" })?)?;
        }
        Ok(folder)
    }

    /// The walk as it was when the entry at `after` was given, with `levels`
    /// trees open by one level.
    async fn resume(&self, top: Folder, after: &str, levels: usize) -> Result<Walk, ProviderError> {
        let mut walk = Walk { open: Vec::new(), entered: None };
        let mut folder = top;
        loop {
            let mut open = if walk.open.len() < levels {
                self.level(&folder).await?
            } else {
                self.open(&folder).await?
            };
            let rest = after.strip_prefix(&folder.prefix).ok_or(ProviderError::Position)?;
            let name = if open.whole { rest } else { rest.split('/').next().unwrap_or(rest) };
            let path = format!("{}{name}", folder.prefix);
            let found = open.entries.find(|it| it.path == path).ok_or(ProviderError::Position)?;
            let enters = !open.whole && self.recursive && found.kind == EntryKind::Tree;
            walk.open.push(open);
            if path == after {
                walk.entered = if enters { Some(below(&found)?) } else { None };
                return Ok(walk);
            }
            if !enters {
                return Err(ProviderError::Position);
            }
            folder = below(&found)?;
        }
    }

    /// A tree with everything below where that is asked for, and fits one
    /// answer.
    async fn open(&self, folder: &Folder) -> Result<Open, ProviderError> {
        if self.recursive
            && let Some(entries) = self.read(folder, true).await?
        {
            return Ok(Open { entries: entries.into_iter(), whole: true });
        }
        self.level(folder).await
    }

    async fn level(&self, folder: &Folder) -> Result<Open, ProviderError> {
        let entries = self.read(folder, false).await?;
        let entries =
            entries.ok_or_else(|| malformed(TREE, "one folder has more than is told of it"))?;
        Ok(Open { entries: entries.into_iter(), whole: false })
    }

    /// `None` when the answer would be truncated.
    async fn read(
        &self,
        folder: &Folder,
        whole: bool,
    ) -> Result<Option<Vec<TreeEntry>>, ProviderError> {
        let call = self.api.of(self.repository, &["git", "trees", &folder.sha])?.missing("commit");
        // Any value of it means yes.
        let call = call.query_if("recursive", whole.then_some("1"));
        let answer = self.api.send_part(self.repository, call).await?;
        let payload: TreePayload<'_> = answer.json(TREE)?;
        if payload.truncated == Some(true) {
            return Ok(None);
        }
        let entries = payload.tree.into_iter().map(|it| it.into_entry(&folder.prefix));
        Ok(Some(entries.collect()))
    }
}
