//! Azure DevOps, Services and Server, as a Git host. API version 7.1.
//!
//! What is peculiar to it: there is no unified diff, so patches are worked out
//! from the blobs of both sides; lists of commits leave out parents and cut
//! messages; an expired token is answered with a redirect or a page; webhooks
//! are not signed; a repository's id is only unique in its organisation, so
//! ours is `organisation~id`.
//!
//! Reading order: [`open`], `sites` and `place` (where things are), `dialect`
//! (what answers mean), `azure` (asking), then one file a resource with its
//! `payload`; `changes` and `contents` are behind both diffs.

mod azure;
mod branches;
mod capabilities;
mod changes;
mod checks;
mod commit_diff;
mod commits;
mod contents;
mod contributors;
mod deployments;
mod dialect;
mod events;
mod facts;
mod host;
mod login;
mod payload;
mod place;
mod profile;
mod pull_request_diff;
mod pull_requests;
#[cfg(test)]
mod recordings;
mod references;
mod repositories;
mod scheme;
mod sites;
mod tags;
mod tree;
mod webhooks;

use std::sync::Arc;

use lodge_provider::{Host, HostLogin, WebhookScheme};
use lodge_provider_kit::{BaseError, ClientAuthentication, HostConfig, Kit, People};

use crate::{
    azure::Azure, dialect::AzureDialect, host::AzureHost, login::AzureLogin, sites::Sites,
    webhooks::AzureWebhooks,
};

/// How Azure DevOps proves and names what it delivers.
pub const SCHEME: &dyn WebhookScheme = &scheme::AzureScheme;

/// Opens Azure DevOps as `config` says: the vendor's own service, or the
/// server at its address.
///
/// # Errors
///
/// [`BaseError`] when an address cannot be made of the configuration.
pub fn open(config: HostConfig, kit: &Kit) -> Result<Host, BaseError> {
    let sites = Sites::of(config.address.as_ref())?;
    let oauth = config.registration.as_ref().map(|registration| {
        let tenant = config.entra_tenant.as_deref().unwrap_or("organizations");
        kit.oauth(sites.entra(tenant), registration, ClientAuthentication::Body)
    });
    let azure = Arc::new(Azure {
        name: config.name,
        label: config.label,
        client: kit.client(AzureDialect),
        sites,
        organizations: config.organizations,
        people: People::default(),
    });
    Ok(Host {
        provider: Arc::new(AzureHost(Arc::clone(&azure))),
        login: oauth.map(|oauth| -> Arc<dyn HostLogin> {
            Arc::new(AzureLogin { azure: Arc::clone(&azure), oauth })
        }),
        webhooks: Some(Arc::new(AzureWebhooks(azure))),
        courses: None,
    })
}
