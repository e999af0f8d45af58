//! The names of files. A branch whose name has a slash cannot stand in the
//! path, so every reference is resolved to a commit first, and the listing
//! stays with it.

use lodge_forge::{Resource, TreeEntry};
use lodge_pagination::{Page, PageRequest};
use lodge_provider::{ProviderError, RepositoryRef, TreeFilter};
use lodge_provider_kit::{Marks, Read};

use crate::{
    ask::parts,
    host::Bitbucket,
    payload::{page::PagePayload, tree::EntryPayload},
    step::Step,
};

const KIND: &str = "tree";
/// The most items of a page here.
const MOST: usize = 100;
/// How many folders deep a listing goes. Nobody builds deeper; what is deeper
/// is not left out in silence.
const DEEPEST: usize = 100;

impl Bitbucket {
    pub(crate) async fn tree(
        &self,
        repository: &RepositoryRef,
        filter: &TreeFilter,
        page: &PageRequest,
    ) -> Result<Page<TreeEntry>, ProviderError> {
        let (head, step) = if let Some(read) = Read::of(KIND, page.from.as_ref())? {
            (read.text("head")?.to_owned(), Step::read(read)?)
        } else {
            let head = match filter.reference.as_deref() {
                Some(reference) => Some(self.resolve(repository, reference).await?),
                None => self.default_head(repository).await?,
            };
            let Some(head) = head else { return Ok(Page::empty()) };
            (head, Step::first(page.limit, MOST))
        };
        let root = filter.path.as_deref().unwrap_or_default().trim_matches('/');
        let mut call = self.below(repository, ["src", &head])?;
        if !root.is_empty() {
            call = call.then(parts(root, "path")?);
        }
        let depth = if filter.recursive { DEEPEST } else { 1 };
        // The slash at the end asks for a folder.
        let call = call.then([""]).query("max_depth", depth.to_string()).missing("path");
        let answer = self.part(repository, step.dress(call)).await?;
        // A file's own bytes come back where the path is one.
        if !answer.header("content-type").is_some_and(|it| it.contains("json")) {
            return Err(ProviderError::NotFound { what: "path" });
        }
        let payload: PagePayload<'_, EntryPayload<'_>> = answer.json(Resource::FileTree)?;
        let too_deep = |it: &EntryPayload<'_>| it.is_folder() && it.depth_below(root) >= DEEPEST;
        if payload.values.iter().any(too_deep) {
            return Err(ProviderError::Malformed {
                resource: Resource::FileTree,
                source: format!("the tree is more than {DEEPEST} folders deep").into(),
            });
        }
        let marks = Marks::of(KIND)?.with("head", head)?;
        step.page(page.limit, payload, marks, EntryPayload::into_entry)
    }
}
