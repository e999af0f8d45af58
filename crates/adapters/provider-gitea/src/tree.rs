//! The names of files: a page of one tree, pinned to that tree.

use lodge_forge::{Resource, TreeEntry};
use lodge_pagination::{Page, PageRequest};
use lodge_provider::{ProviderError, RepositoryRef, TreeFilter};
use lodge_provider_kit::{Answer, Call, Marks, Read};

use crate::{
    instance::Instance,
    paging::Spot,
    payload::tree::{EntryPayload, TreePayload},
    reference,
};

const KIND: &str = "tree";
/// A page of names may be as large as ours.
const MOST: usize = 100;
/// How many entries are asked for at once on the way to a folder.
const ON_THE_WAY: &str = "1000";
/// How many pages of one folder are read on the way to another one.
const MOST_PAGES: u32 = 100;

pub(crate) async fn list(
    instance: &Instance,
    at: &RepositoryRef,
    filter: &TreeFilter,
    request: &PageRequest,
) -> Result<Page<TreeEntry>, ProviderError> {
    let (tree, spot) = match Read::of(KIND, request.from.as_ref())? {
        Some(read) => (read.text("tree")?.to_owned(), Spot::read(read)?),
        None => match find(instance, at, filter).await? {
            Some(tree) => (tree, Spot::first(request.limit, MOST)),
            None => return Ok(Page::empty()),
        },
    };
    let answer = ask(instance, at, &tree, |call| {
        let call = call.query("recursive", if filter.recursive { "true" } else { "false" });
        spot.ask(call, "per_page")
    });
    let answer = answer.await?;
    let payload: TreePayload<'_> = answer.json(Resource::FileTree)?;
    let entries = payload.tree.unwrap_or_default();
    let below = filter.path.as_deref();
    let items = entries.into_iter().map(|it| it.into_entry(below)).collect();
    let (items, next) = spot.turn(items, request.limit, payload.truncated == Some(true));
    let next = match next {
        Some(next) => Some(next.mark(Marks::of(KIND)?.with("tree", tree)?)?.done()),
        None => None,
    };
    Ok(Page { items, next })
}

/// The tree that `filter` means: of the commit, then folder by folder. `None`
/// when there are no commits.
async fn find(
    instance: &Instance,
    at: &RepositoryRef,
    filter: &TreeFilter,
) -> Result<Option<String>, ProviderError> {
    let Some(commit) = reference::resolve(instance, at, filter.reference.as_deref()).await? else {
        return Ok(None);
    };
    // A commit's hash does for its tree's.
    let mut tree = commit;
    let names = filter.path.as_deref().unwrap_or_default().split('/');
    for name in names.filter(|name| !name.is_empty()) {
        tree = folder(instance, at, &tree, name).await?;
    }
    Ok(Some(tree))
}

/// The folder called `name` in a tree.
async fn folder(
    instance: &Instance,
    at: &RepositoryRef,
    tree: &str,
    name: &str,
) -> Result<String, ProviderError> {
    for page in 1..=MOST_PAGES {
        let answer = ask(instance, at, tree, |call| {
            call.query("page", page.to_string()).query("per_page", ON_THE_WAY)
        });
        let answer = answer.await?;
        let payload: TreePayload<'_> = answer.json(Resource::FileTree)?;
        let entries = payload.tree.unwrap_or_default();
        if let Some(found) = entries.into_iter().find(|it| &*it.path == name) {
            let folder = Some(found).filter(EntryPayload::is_folder).and_then(|it| it.sha);
            return folder.map(String::from).ok_or(ProviderError::NotFound { what: "path" });
        }
        if payload.truncated != Some(true) {
            break;
        }
    }
    Err(ProviderError::NotFound { what: "path" })
}

async fn ask(
    instance: &Instance,
    at: &RepositoryRef,
    tree: &str,
    more: impl Fn(Call) -> Call + Send + Sync,
) -> Result<Answer, ProviderError> {
    let call = |it: Call| more(it.then(["git", "trees", tree])).missing("ref");
    instance.ask(at, call).await
}
