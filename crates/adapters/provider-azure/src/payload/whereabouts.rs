//! Where what a delivery tells happened: a repository's GUID stands in each kind
//! of resource at another place, and is unique in an organisation only, which
//! stands in the addresses.
//!
//! Source: <https://learn.microsoft.com/azure/devops/service-hooks/events>.

use lodge_forge::RepositoryId;
use serde::Deserialize;

use super::{
    Text,
    comment::OwnLinkPayload,
    event::{EnvelopePayload, ResourcePayload},
};
use crate::{place, sites::Sites};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct WherePayload<'a> {
    #[serde(borrow)]
    repository: Option<PlacePayload<'a>>,
    /// That a remark is on.
    #[serde(borrow)]
    pull_request: Option<WithinPayload<'a>>,
    #[serde(borrow)]
    url: Option<Text<'a>>,
    #[serde(borrow, rename = "_links")]
    links: Option<OwnLinkPayload<'a>>,
}

#[derive(Debug, Deserialize)]
struct WithinPayload<'a> {
    #[serde(borrow)]
    repository: Option<PlacePayload<'a>>,
}

#[derive(Debug, Deserialize)]
struct PlacePayload<'a> {
    #[serde(borrow)]
    id: Option<Text<'a>>,
    #[serde(borrow)]
    url: Option<Text<'a>>,
}

/// Where something happened.
#[derive(Debug)]
pub(crate) struct Whereabouts {
    /// The sites that tell it.
    pub(crate) sites: Sites,
    /// The repository. `None` for what is of none.
    pub(crate) repository: Option<RepositoryId>,
}

impl Whereabouts {
    /// As far as `body` tells it. `None` when it does not.
    pub(crate) fn of(body: &[u8]) -> Option<Self> {
        let envelope = EnvelopePayload::read(body).ok()?;
        let told: WherePayload<'_> = ResourcePayload::read(body).ok()?;
        let within = told.pull_request.as_ref().and_then(|it| it.repository.as_ref());
        let place = told.repository.as_ref().or(within);
        let own = told.links.as_ref().and_then(OwnLinkPayload::own);
        let below = [place.and_then(|it| it.url.as_deref()), own, told.url.as_deref()];
        let below: Vec<&str> = below.into_iter().flatten().collect();
        let base = envelope.base_url();
        let sites = Sites::told_by(base, &below)?;
        let organization =
            below.iter().copied().chain(base).find_map(|it| sites.organization_of(it));
        let guid = place.and_then(|it| it.id.as_deref()).or_else(|| own.and_then(guid));
        let repository = guid.zip(organization).and_then(|(guid, it)| place::id(&it, guid));
        Some(Self { sites, repository })
    }
}

/// The GUID in `…/_apis/git/repositories/{guid}/…`.
fn guid(address: &str) -> Option<&str> {
    let (_, below) = address.split_once("/_apis/git/repositories/")?;
    below.split('/').next()
}
