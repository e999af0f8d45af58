//! Who wrote a commit on whatever branch, by address. In a folder, the address
//! of a commit is the one proof of who somebody is.

use std::{collections::BTreeMap, ops::Bound};

use gix::objs::CommitRef;
use lodge_activity::{Actor, people::is_bot};
use lodge_pagination::{Page, PageRequest};
use lodge_provider::{ProviderError, RemoteMember};
use lodge_provider_kit::{Marks, Read};

use super::commits;
use crate::{job::Job, objects, reach::Reaches, shelf::Opened};

const KIND: &str = "members";

pub(super) fn list(
    opened: &Opened,
    reaches: &Reaches,
    request: &PageRequest,
    job: &Job,
) -> Result<Page<RemoteMember>, ProviderError> {
    let read = Read::of(KIND, request.from.as_ref())?;
    let after = read.map(|read| read.bytes("after")).transpose()?;
    let people = fold(opened, reaches, job)?;
    let begin = after.as_deref().map_or(Bound::Unbounded, Bound::Excluded);
    let mut rest = people.range::<[u8], _>((begin, Bound::Unbounded));
    let shown: Vec<_> = rest.by_ref().take(request.limit.get()).collect();
    let next = match (shown.last(), rest.next()) {
        (Some((key, _)), Some(_)) => Some(Marks::of(KIND)?.with_bytes("after", key)?.done()),
        _ => None,
    };
    Ok(Page { items: shown.into_iter().map(|(_, actor)| member(actor.clone())).collect(), next })
}

/// Everybody, by address in small letters, or by name where there is none.
fn fold(
    opened: &Opened,
    reaches: &Reaches,
    job: &Job,
) -> Result<BTreeMap<Vec<u8>, Actor>, ProviderError> {
    let repository = opened.repository();
    let names = commits::names(&repository, job)?;
    let mut people = BTreeMap::new();
    for (count, (_, id)) in reaches.of(&repository, job)?.iter().enumerate() {
        if count.is_multiple_of(64) {
            job.check()?;
        }
        let object = objects::need(&repository, *id, job)?;
        let Ok(commit) = CommitRef::from_bytes(&object.data, id.kind()) else { continue };
        let actor = commits::author(commit.author, &names);
        let Some(key) = actor.email.as_ref().or(actor.name.as_ref()) else { continue };
        // The newest commit comes first: it has the name that is shown.
        people.entry(key.to_lowercase().into_bytes()).or_insert(actor);
    }
    Ok(people)
}

fn member(actor: Actor) -> RemoteMember {
    let bot = is_bot(&actor);
    RemoteMember { actor, maintains: false, bot }
}
