//! The names of files, from a tree object: unlike a listing of items it tells
//! modes and sizes, and it never changes.

use lodge_forge::{Resource, TreeEntry};
use lodge_pagination::{Page, PageRequest};
use lodge_provider::{ProviderError, RepositoryRef, TreeFilter};
use lodge_provider_kit::{Marks, Read};

use crate::{
    azure::Azure,
    payload::{
        List, Text,
        commit::CommitPayload,
        tree::{PathPayload, TreePayload},
    },
    place::Place,
};

const KIND: &str = "tree";

impl Azure {
    /// The host's answer has no pages; a page of ours is a slice of it.
    pub(crate) async fn list_tree(
        &self,
        repository: &RepositoryRef,
        filter: &TreeFilter,
        page: &PageRequest,
    ) -> Result<Page<TreeEntry>, ProviderError> {
        let place = Place::of(repository)?;
        let path = filter.path.as_deref().map(|it| it.trim_matches('/')).unwrap_or_default();
        let (tree, skip) = match Read::of(KIND, page.from.as_ref())? {
            Some(read) => (read.text("tree")?.to_owned(), read.number("skip")?),
            None => match self.root(&place, filter.reference.as_deref(), path).await? {
                Some(tree) => (tree, 0),
                None => return Ok(Page::empty()),
            },
        };
        let recursive = if filter.recursive { "true" } else { "false" };
        let call = self.git(&place, ["trees", &tree]).query("recursive", recursive);
        let answer = self.part(&place, call, "path").await?;
        let told: TreePayload<'_> = answer.json(Resource::FileTree)?;
        let end = (skip + page.limit.get()).min(told.tree_entries.len());
        let above = if path.is_empty() { String::new() } else { format!("{path}/") };
        let next = if end < told.tree_entries.len() {
            Some(Marks::of(KIND)?.with("tree", tree)?.with("skip", end.to_string())?.done())
        } else {
            None
        };
        let entries = told.tree_entries.into_iter().skip(skip).take(page.limit.get());
        Ok(Page { items: entries.map(|it| it.into_entry(&above)).collect(), next })
    }

    /// The tree object at `path` of the commit that `reference`, else the
    /// default branch, leads to. `None` for a repository without commits.
    async fn root(
        &self,
        place: &Place,
        reference: Option<&str>,
        path: &str,
    ) -> Result<Option<String>, ProviderError> {
        let commit = match reference {
            None => match self.head(place, None).await? {
                Some(head) => head,
                None => return Ok(None),
            },
            Some(reference) => {
                let found = self.resolve(place, reference).await?;
                found.ok_or(ProviderError::NotFound { what: "ref" })?.sha
            }
        };
        let tree = if path.is_empty() {
            let answer = self.part(place, self.git(place, ["commits", &commit]), "ref").await?;
            answer.json::<CommitPayload<'_>>(Resource::FileTree)?.tree_id.map(Text::into_owned)
        } else {
            self.folder(place, &commit, path).await?
        };
        tree.map(Some).ok_or(ProviderError::NotFound { what: "path" })
    }

    /// The tree object of the folder at `path`. `None` for a file.
    async fn folder(
        &self,
        place: &Place,
        commit: &str,
        path: &str,
    ) -> Result<Option<String>, ProviderError> {
        let path = format!("/{path}");
        let call = self
            .git(place, ["items"])
            .query("scopePath", &path)
            .query("recursionLevel", "None")
            .query("versionDescriptor.version", commit)
            .query("versionDescriptor.versionType", "commit");
        let answer = self.part(place, call, "path").await?;
        let told: List<PathPayload<'_>, 100_000> = answer.json(Resource::FileTree)?;
        let mut items = told.value.into_iter();
        let found = items.find(|it| it.path.as_deref() == Some(&path));
        let found = found.filter(|it| it.git_object_type.as_deref() == Some("tree"));
        Ok(found.and_then(|it| it.object_id).map(Text::into_owned))
    }
}
