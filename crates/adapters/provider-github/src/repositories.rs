//! Repositories: those of the account, or those that a GitHub App was
//! installed for.
//!
//! <https://docs.github.com/en/rest/apps/installations#list-app-installations-accessible-to-the-user-access-token>

use lodge_forge::{Repository, Resource};
use lodge_pagination::{Limit, Page, PageRequest};
use lodge_provider::{Account, ProviderError, RepositoryRef};
use lodge_provider_kit::{Call, Marks, Read};

use crate::{
    api::{Api, malformed},
    dialect::INSTALLATION,
    paging::Place,
    payload::{
        branch::BranchPayload,
        repository::{InstallationsPayload, InstalledPayload, RepositoryPayload},
    },
};

const REPOSITORIES: Resource = Resource::Repositories;
/// The listing through the installations of a GitHub App.
const INSTALLED: &str = "installed_repositories";
/// The most pages of installations that are read: a thousand installations.
const MOST_PAGES: usize = 10;

/// What an OAuth app sees through an account.
pub(crate) async fn list(
    api: &Api,
    account: Account,
    page: &PageRequest,
) -> Result<Page<Repository>, ProviderError> {
    let call = Call::get(&api.base, ["user", "repos"])
        .query("affiliation", "owner,collaborator,organization_member")
        .query("sort", "full_name");
    api.list(account, REPOSITORIES, call, page, |answer| {
        let payload: Vec<RepositoryPayload<'_>> = answer.page(REPOSITORIES)?;
        payload.into_iter().map(|it| repository(api, it)).collect()
    })
    .await
}

/// What a GitHub App sees through an account: one installation after the
/// other, the current one with the place in it in the position.
pub(crate) async fn list_installed(
    api: &Api,
    account: Account,
    page: &PageRequest,
) -> Result<Page<Repository>, ProviderError> {
    let read = Read::of(INSTALLED, page.from.as_ref())?;
    let installations = installations(api, account).await?;
    let id = match read {
        Some(read) => read.number("installation")?,
        None => *installations.first().ok_or(ProviderError::InstallationNotFound)?,
    };
    let place = Place::of(read, page.limit)?;
    // One that was there when the listing began and is gone now.
    let at = installations.iter().position(|it| *it == id);
    let at = at.ok_or(ProviderError::InstallationNotFound)?;
    let call = Call::get(&api.base, ["user", "installations", &id.to_string(), "repositories"])
        .missing(INSTALLATION);
    let answer = api.client.send(account, place.ask(call)).await?;
    let payload: InstalledPayload<'_> = answer.json(REPOSITORIES)?;
    let items: Result<Vec<_>, _> =
        payload.repositories.into_iter().map(|it| repository(api, it)).collect();
    let (items, next) = place.turn(items?, &answer, page.limit, REPOSITORIES)?;
    let next = match next {
        Some(place) => Some((id, place)),
        None => installations.get(at + 1).map(|next| (*next, Place::first(page.limit))),
    };
    let position = |(id, place): (u64, Place)| {
        let marks = Marks::of(INSTALLED)?.with("installation", id.to_string())?;
        Ok::<_, ProviderError>(place.write(marks)?.done())
    };
    Ok(Page { items, next: next.map(position).transpose()? })
}

/// The installations that the account can use, suspended ones left out.
async fn installations(api: &Api, account: Account) -> Result<Vec<u64>, ProviderError> {
    let mut ids = Vec::new();
    let mut place = Place::first(Limit::MAX);
    for _ in 0..MOST_PAGES {
        let call = place.ask(Call::get(&api.base, ["user", "installations"]));
        let answer = api.client.send(account, call).await?;
        let payload: InstallationsPayload<'_> = answer.json(REPOSITORIES)?;
        let usable = payload.installations.into_iter().filter(|it| it.suspended_at.is_none());
        let usable: Vec<u64> = usable.map(|it| it.id).collect();
        let (here, next) = place.turn(usable, &answer, Limit::MAX, REPOSITORIES)?;
        ids.extend(here);
        match next {
            Some(next) => place = next,
            None => break,
        }
    }
    Ok(ids)
}

pub(crate) async fn find(
    api: &Api,
    repository_ref: &RepositoryRef,
) -> Result<Repository, ProviderError> {
    let answer = api.client.send(repository_ref.account, api.of(repository_ref, &[])?).await?;
    let mut found = repository(api, answer.json(REPOSITORIES)?)?;
    // GitHub names a default branch before there is one. Lists keep that name:
    // it would cost a question for each of a hundred.
    if found.size_bytes == Some(0) && has_no_branches(api, repository_ref).await? {
        found.default_branch = None;
    }
    Ok(found)
}

async fn has_no_branches(api: &Api, repository: &RepositoryRef) -> Result<bool, ProviderError> {
    let call = api.of(repository, &["branches"])?.query("per_page", "1");
    let answer = api.client.send(repository.account, call).await?;
    Ok(answer.page::<BranchPayload<'_>>(Resource::Branches)?.is_empty())
}

fn repository(api: &Api, payload: RepositoryPayload<'_>) -> Result<Repository, ProviderError> {
    payload
        .into_repository(api.name.clone())
        .map_err(|_no_id| malformed(REPOSITORIES, "a repository's number is no id"))
}
