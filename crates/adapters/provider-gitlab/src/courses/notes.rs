//! What people remarked, thread by thread: GitLab's plain list of notes does
//! not say which thread one belongs to.
//!
//! Pages of GitLab's are of threads, and a thread may have any number of notes,
//! so a position says which page of threads, and how many notes of it are told.

use lodge_activity::{Actor, Note, Subject};
use lodge_forge::Resource;
use lodge_pagination::{Limit, Page, PageRequest};
use lodge_provider::{ProviderError, RepositoryRef};
use lodge_provider_kit::{Call, Marks, Read};

use super::unless_off;
use crate::{
    api::Api,
    paging::{Offset, with_skip},
    payload::course::note::DiscussionPayload,
};

const NOTES: &str = "notes";
/// How many threads are asked for at once: the same for every page, so that
/// positions agree.
const THREADS: &str = "20";

pub(super) async fn list(
    api: &Api,
    repository: &RepositoryRef,
    on: &Subject,
    request: &PageRequest,
) -> Result<Page<Note<Actor>>, ProviderError> {
    let read = Read::of(NOTES, request.from.as_ref())?;
    let (threads, told): (u64, usize) = match read {
        Some(read) => (read.number("skip")?, read.number("told")?),
        None => (0, 0),
    };
    let size = Limit::parse(Some(THREADS)).unwrap_or_default();
    let offset = Offset::new(threads, size);
    let call = discussions(api, repository, on)?;
    let answer = unless_off(api.ask(repository, offset.ask(call)).await)?;
    let Some(answer) = answer else { return Ok(Page::empty()) };
    let page: Vec<DiscussionPayload<'_>> = answer.page(Resource::PullRequests)?;
    let all = page.into_iter().flat_map(|it| it.into_notes(on));
    let mut rest = all.skip(told);
    let items: Vec<_> = rest.by_ref().take(request.limit.get()).collect();
    let place = if rest.next().is_some() {
        Some((threads, told.saturating_add(items.len())))
    } else {
        offset.next(&answer).map(|threads| (threads, 0))
    };
    let position = |(threads, told): (u64, usize)| {
        let marks = Marks::of(NOTES)?.with("told", told.to_string())?;
        Ok::<_, ProviderError>(with_skip(marks, threads)?.done())
    };
    Ok(Page { items, next: place.map(position).transpose()? })
}

fn discussions(api: &Api, repository: &RepositoryRef, on: &Subject) -> Result<Call, ProviderError> {
    let (path, what) = match on {
        Subject::MergeRequest(number) => {
            (["merge_requests".to_owned(), number.to_string()], "merge request")
        }
        Subject::Issue(number) => (["issues".to_owned(), number.to_string()], "issue"),
        Subject::Commit(sha) => (["commits".to_owned(), sha.clone()], "commit"),
    };
    let root = if matches!(on, Subject::Commit(_)) { Some("repository") } else { None };
    let path = root.into_iter().chain(path.iter().map(String::as_str)).chain(["discussions"]);
    Ok(api.get(repository, path)?.missing(what))
}
