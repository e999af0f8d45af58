//! Releases.

use lodge_forge::{Release, Resource};
use lodge_pagination::{Page, PageRequest};
use lodge_provider::{ProviderError, RepositoryRef};

use crate::{
    instance::{Instance, listed},
    paging::Spot,
    payload::release::ReleasePayload,
    pull_requests::unless_switched_off,
};

const KIND: &str = "releases";
/// What a 404 of the listing says is not there.
const SWITCHED_OFF: &str = "list of releases";

pub(crate) async fn list(
    instance: &Instance,
    at: &RepositoryRef,
    request: &PageRequest,
) -> Result<Page<Release>, ProviderError> {
    let spot = Spot::of(KIND, request)?;
    let answer =
        instance.ask(at, |it| spot.ask(it.then(["releases"]), "limit").missing(SWITCHED_OFF));
    let Some(answer) = unless_switched_off(answer.await, SWITCHED_OFF)? else {
        return Ok(Page::empty());
    };
    let items = answer.understood(|answer| {
        let items = listed::<ReleasePayload<'_>>(answer, Resource::Releases)?;
        Ok(items.into_iter().map(ReleasePayload::into_release).collect())
    })?;
    instance.page(KIND, at.account, (spot, request), &answer, items).await
}
