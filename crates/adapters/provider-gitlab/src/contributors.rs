//! Contributors, the most active first.

use std::collections::{HashMap, hash_map::Entry};

use lodge_forge::{Contributor, Resource};
use lodge_pagination::{Limit, Page, PageRequest};
use lodge_provider::{ProviderError, RepositoryRef};
use lodge_provider_kit::{Marks, Read};

use crate::{
    api::Api,
    paging::{Offset, with_skip},
    payload::{contributor::ContributorPayload, filled},
};

const CONTRIBUTORS: &str = "contributors";
/// GitLab counts the newest 2,000 commits, so there are no more people.
const MOST: u64 = 2_000;

/// One page of what [`count`] gives.
pub(crate) async fn list(
    api: &Api,
    repository: &RepositoryRef,
    request: &PageRequest,
) -> Result<Page<Contributor>, ProviderError> {
    let read = Read::of(CONTRIBUTORS, request.from.as_ref())?;
    let skip = read.map(|read| read.number::<usize>("skip")).transpose()?.unwrap_or(0);
    let people = match count(api, repository).await {
        Ok(people) => people,
        Err(error) => return api.absolve(repository, error, Page::empty()).await,
    };
    let end = skip.saturating_add(request.limit.get()).min(people.len());
    let next = match u64::try_from(end) {
        Ok(skip) if end < people.len() => Some(with_skip(Marks::of(CONTRIBUTORS)?, skip)?.done()),
        _ => None,
    };
    let items = people.get(skip..end).ok_or(ProviderError::Position)?.to_vec();
    Ok(Page { items, next })
}

/// Everybody. GitLab takes an address in other letters for another person, so
/// its list must be read whole before it can be told who is one.
async fn count(api: &Api, repository: &RepositoryRef) -> Result<Vec<Contributor>, ProviderError> {
    let call = api.get(repository, ["repository", "contributors"])?.missing("commit");
    let call = call.query("order_by", "commits").query("sort", "desc");
    let mut people = HashMap::new();
    let mut skip = Some(0);
    while let Some(from) = skip.filter(|from| *from < MOST) {
        let offset = Offset::new(from, Limit::MAX);
        let answer = api.ask(repository, offset.ask(call.clone())).await?;
        let some: Vec<ContributorPayload<'_>> = answer.page(Resource::Contributors)?;
        for it in some {
            note(&mut people, it);
        }
        skip = offset.next(&answer);
    }
    let mut people: Vec<Contributor> = people.into_values().collect();
    people.sort_by(|one, other| {
        other.commits.cmp(&one.commits).then_with(|| one.key.cmp(&other.key))
    });
    Ok(people)
}

fn note(people: &mut HashMap<String, Contributor>, payload: ContributorPayload<'_>) {
    let commits = payload.commits.unwrap_or_default();
    let (name, email) = (filled(payload.name), filled(payload.email));
    let Some(key) = email.as_ref().or(name.as_ref()).map(|it| it.to_lowercase()) else { return };
    match people.entry(key) {
        Entry::Occupied(mut known) => {
            let known = known.get_mut();
            known.commits = known.commits.saturating_add(commits);
        }
        Entry::Vacant(new) => {
            let key = new.key().clone();
            new.insert(Contributor {
                key,
                name,
                email,
                login: None,
                avatar_url: None,
                commits,
                additions: None,
                deletions: None,
                derived: false,
            });
        }
    }
}
