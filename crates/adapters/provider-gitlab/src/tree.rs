//! The names of files, pinned to the commit of the first page.

use lodge_forge::{Resource, TreeEntry};
use lodge_pagination::{Page, PageRequest, Position};
use lodge_provider::{ProviderError, RepositoryRef, TreeFilter};
use lodge_provider_kit::{Answer, Marks, Read};

use crate::{
    api::Api,
    commits,
    paging::{Offset, with_skip},
    payload::tree::EntryPayload,
};

const TREE: &str = "tree";
const MISSING: &str = "path";

/// Where a tree goes on.
enum Place {
    /// After the entry that GitLab's token names.
    Token(String),
    /// After so many entries: the beginning, and what a GitLab before 17.1
    /// goes on by.
    Skip(Offset),
}

pub(crate) async fn list(
    api: &Api,
    repository: &RepositoryRef,
    filter: &TreeFilter,
    request: &PageRequest,
) -> Result<Page<TreeEntry>, ProviderError> {
    let read = Read::of(TREE, request.from.as_ref())?;
    let commit = match read {
        Some(read) => Some(read.text("commit")?.to_owned()),
        None => commits::resolve(api, repository, filter.reference.as_deref()).await?,
    };
    let Some(commit) = commit else { return Ok(Page::empty()) };
    let place = Place::of(read, request)?;
    let call = api.get(repository, ["repository", "tree"])?.missing(MISSING);
    let call = call
        .query("ref", &commit)
        .query_if("path", filter.path.as_ref())
        .query("recursive", filter.recursive.to_string())
        .query("pagination", "keyset");
    let call = match &place {
        Place::Token(token) => {
            call.query("page_token", token).query("per_page", request.limit.get().to_string())
        }
        Place::Skip(offset) => offset.ask(call),
    };
    let answer = api.ask(repository, call).await?;
    let entries: Vec<EntryPayload<'_>> = answer.page(Resource::FileTree)?;
    if entries.is_empty() && read.is_none() && filter.path.is_some() {
        // Git has no empty folders; GitLab before 15.0 says it like this.
        return Err(ProviderError::NotFound { what: MISSING });
    }
    Ok(Page {
        items: entries.into_iter().filter_map(EntryPayload::into_entry).collect(),
        next: place.next(&commit, &answer)?,
    })
}

impl Place {
    fn of(read: Option<Read<'_>>, request: &PageRequest) -> Result<Self, ProviderError> {
        let Some(read) = read else { return Ok(Self::Skip(Offset::new(0, request.limit))) };
        if let Ok(skip) = read.number("skip") {
            return Ok(Self::Skip(Offset::new(skip, request.limit)));
        }
        let token = String::from_utf8(read.bytes("token")?);
        token.map(Self::Token).map_err(|_not_text| ProviderError::Position)
    }

    /// The token of the next-link, where GitLab gives one; else the number of
    /// entries so far, where there is a next page.
    fn next(&self, commit: &str, answer: &Answer) -> Result<Option<Position>, ProviderError> {
        let marks = Marks::of(TREE)?.with("commit", commit)?;
        let query = answer.next_query().unwrap_or_default();
        if let Some((_, token)) = query.iter().find(|(name, _)| name == "page_token") {
            return Ok(Some(marks.with_bytes("token", token.as_bytes())?.done()));
        }
        match self {
            Self::Skip(offset) => match offset.next(answer) {
                Some(skip) => Ok(Some(with_skip(marks, skip)?.done())),
                None => Ok(None),
            },
            Self::Token(_) => Ok(None),
        }
    }
}
