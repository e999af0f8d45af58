//! Gitea and Forgejo, anywhere, as a Git host: API v1.
//!
//! The two answer alike at this level; where they differ, the place says so.
//! <https://docs.gitea.com/api>, <https://forgejo.org/docs/latest/user/api-usage/>.
//!
//! Reading order: `open`, `host`, then `instance` with `place` (where a
//! repository is by now) and `paging`, `dialect`, and one file a resource with
//! its `payload`; `login` and `webhooks` at last.

mod branches;
mod capabilities;
mod checks;
mod commit_diff;
mod commits;
mod contributors;
mod dialect;
mod facts;
mod host;
mod instance;
mod login;
mod paging;
mod payload;
mod place;
mod profile;
mod pull_request_diff;
mod pull_requests;
mod reference;
mod releases;
mod repositories;
mod scheme;
mod tags;
mod tree;
mod webhooks;

use std::sync::Arc;

use lodge_provider::{Host, HostLogin, WebhookScheme};
use lodge_provider_kit::{Base, BaseError, HostConfig, Kit};

use crate::{host::GiteaHost, instance::Instance, login::GiteaLogin, webhooks::GiteaWebhooks};

/// How Gitea or Forgejo proves and names what it delivers.
pub const SCHEME: &dyn WebhookScheme = &scheme::GiteaScheme;

/// The vendor's own host.
const GITEA_COM: &str = "https://gitea.com";

/// The host that `config` describes; gitea.com where it names no address.
///
/// # Errors
///
/// [`BaseError`] when no API can be at that address.
pub fn open(config: HostConfig, kit: &Kit) -> Result<Host, BaseError> {
    let address = match config.address {
        Some(address) => address,
        None => Base::parse(GITEA_COM)?,
    };
    let instance = Arc::new(Instance::open(config.name, &address, kit)?);
    let login: Option<Arc<dyn HostLogin>> = match &config.registration {
        Some(registration) => {
            let login = GiteaLogin::open(Arc::clone(&instance), &address, registration, kit)?;
            Some(Arc::new(login))
        }
        None => None,
    };
    Ok(Host {
        provider: Arc::new(GiteaHost::new(config.label, Arc::clone(&instance))),
        login,
        webhooks: Some(Arc::new(GiteaWebhooks::new(instance))),
        courses: None,
    })
}
