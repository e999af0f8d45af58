//! Repositories.

use lodge_forge::{Repository, Resource};
use lodge_pagination::{Page, PageRequest};
use lodge_provider::{Account, ProviderError, RepositoryRef};
use lodge_provider_kit::Call;

use crate::{
    instance::{Instance, listed},
    paging::Spot,
    payload::repository::RepositoryPayload,
};

const KIND: &str = "repositories";

pub(crate) async fn list(
    instance: &Instance,
    account: Account,
    request: &PageRequest,
) -> Result<Page<Repository>, ProviderError> {
    let spot = Spot::of(KIND, request)?;
    let call = spot.ask(Call::get(&instance.api, ["user", "repos"]), "limit");
    let answer = instance.client.send(account, call).await?;
    let items = answer.understood(|answer| {
        let items = listed::<RepositoryPayload<'_>>(answer, Resource::Repositories)?;
        items.into_iter().map(|it| it.into_repository(&instance.name)).collect()
    })?;
    instance.page(KIND, account, (spot, request), &answer, items).await
}

pub(crate) async fn find(
    instance: &Instance,
    at: &RepositoryRef,
) -> Result<Repository, ProviderError> {
    let answer = instance.describe(at).await?;
    answer.json::<RepositoryPayload<'_>>(Resource::Repositories)?.into_repository(&instance.name)
}
