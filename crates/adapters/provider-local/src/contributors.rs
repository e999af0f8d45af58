//! One page of contributors, folded from the history of the default branch.

use std::{collections::HashMap, path::PathBuf, sync::Arc};

use gix::{ObjectId, Repository, objs::CommitRefIter};
use lodge_forge::Contributor;
use lodge_pagination::{Page, PageRequest};
use lodge_provider::ProviderError;
use lodge_provider_kit::{Marks, Read};
use moka::sync::Cache;

use crate::{history::Histories, job::Job, mailmap::Mailmap, objects, refs, shelf::Opened};

const KIND: &str = "contributors";
/// How many of the newest commits are counted.
const MOST_COMMITS: usize = 50_000;
/// How many people all kept lists may hold.
const MOST_KEPT: u64 = 200_000;

/// The lists that were asked for lately, by the commit they count from.
#[derive(Debug)]
pub(crate) struct Counts(Cache<(PathBuf, ObjectId), Arc<Vec<Contributor>>>);

impl Counts {
    pub(crate) fn new() -> Self {
        let weigh = |_: &(PathBuf, ObjectId), people: &Arc<Vec<Contributor>>| {
            u32::try_from(people.len()).unwrap_or(u32::MAX).saturating_add(1)
        };
        Self(Cache::builder().max_capacity(MOST_KEPT).weigher(weigh).build())
    }
}

pub(crate) fn list(
    opened: &Opened,
    histories: &Histories,
    counts: &Counts,
    request: &PageRequest,
    job: &Job,
) -> Result<Page<Contributor>, ProviderError> {
    let repository = opened.repository();
    let (head, skip) = match Read::of(KIND, request.from.as_ref())? {
        Some(read) => (objects::marked(read, "head")?, read.number("skip")?),
        None => match refs::head(&repository, job)? {
            Some(head) => (head.id, 0),
            None => return Ok(Page::empty()),
        },
    };
    let key = (repository.git_dir().to_owned(), head);
    let people = if let Some(people) = counts.0.get(&key) {
        people
    } else {
        let people = Arc::new(fold(&repository, histories, head, job)?);
        counts.0.insert(key, Arc::clone(&people));
        people
    };
    let end = request.limit.get().saturating_add(skip).min(people.len());
    let items = people.get(skip..end).ok_or(ProviderError::Position)?.to_vec();
    let next = if end < people.len() {
        let marks = Marks::of(KIND)?.with("head", head.to_string())?;
        Some(marks.with("skip", end.to_string())?.done())
    } else {
        None
    };
    Ok(Page { items, next })
}

/// Everybody, the most active first.
fn fold(
    repository: &Repository,
    histories: &Histories,
    head: ObjectId,
    job: &Job,
) -> Result<Vec<Contributor>, ProviderError> {
    let stretch = histories.stretch(repository, head, 0, MOST_COMMITS, job)?;
    if let Some(hole) = stretch.next.filter(|next| *next < MOST_COMMITS) {
        // A count that leaves people out would look like a true one.
        histories.stretch(repository, head, hole, 1, job)?;
    }
    let mailmap = Mailmap::of(repository, head, job)?;
    let mut people = HashMap::<String, Contributor>::new();
    for (count, id) in stretch.ids.into_iter().enumerate() {
        if count % 64 == 0 {
            job.check()?;
        }
        let object = objects::need(repository, id, job)?;
        let author = CommitRefIter::from_bytes(&object.data, id.kind()).author();
        let Ok(author) = author else { continue };
        let author = author.trim();
        let (name, email) =
            mailmap.resolve(&objects::text(author.name), &objects::text(author.email));
        let key = if email.is_empty() { name.to_lowercase() } else { email.to_lowercase() };
        // The newest commit comes first: it has the name that is shown.
        let person = people.entry(key).or_insert_with_key(|key| Contributor {
            key: key.clone(),
            name: Some(name).filter(|name| !name.is_empty()),
            email: Some(email).filter(|email| !email.is_empty()),
            login: None,
            avatar_url: None,
            commits: 0,
            additions: None,
            deletions: None,
            derived: true,
        });
        person.commits += 1;
    }
    let mut people = people.into_values().collect::<Vec<_>>();
    people.sort_by(|one, other| {
        other.commits.cmp(&one.commits).then_with(|| one.key.cmp(&other.key))
    });
    Ok(people)
}
