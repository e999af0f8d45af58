//! Bitbucket Cloud as a Git host.
//!
//! The API is version 2.0: <https://developer.atlassian.com/cloud/bitbucket/rest/intro/>.
//! A repository is known by its UUID, which stays when it is renamed or moved.
//! Bitbucket writes it in braces and takes it below an empty workspace,
//! `/repositories/{}/{uuid}`; our ids leave the braces out, which shells and
//! URL templates would take for their own.
//!
//! Reading order: `host` and `dialect`, `ask` (what all resources share),
//! `step` (paging), then one file a resource with its shapes in `payload`;
//! `login` and `webhooks` stand beside.

mod ask;
mod branches;
mod checks;
mod commit_diff;
mod commits;
mod contributors;
mod deployments;
mod dialect;
mod facts;
mod host;
mod login;
mod payload;
mod profile;
mod pull_request_diff;
mod pull_requests;
#[cfg(test)]
mod recordings;
mod repositories;
mod scheme;
mod step;
mod tags;
mod tree;
mod webhooks;

use lodge_provider::WebhookScheme;

pub use host::open;

/// How Bitbucket Cloud proves and names what it delivers.
pub const SCHEME: &dyn WebhookScheme = &scheme::BitbucketScheme;
