//! GitHub, and GitHub Enterprise Server, as a Git host: its REST API in
//! version 2022-11-28, of which only what 2026-03-10 also has is read.
//!
//! Reading order: `host` (the port), `api` and `paging` (how it is asked),
//! `dialect` (what its answers mean), one file a resource with its payload
//! below `payload`, then `login` and `webhooks`, and `facts` (what deliveries
//! tell courses).

mod api;
mod branches;
mod capabilities;
mod checks;
mod commit_diff;
mod commits;
mod contributors;
mod deployments;
mod dialect;
mod facts;
mod host;
mod login;
mod paging;
mod payload;
mod profile;
mod pull_request_diff;
mod pull_requests;
#[cfg(test)]
mod recordings;
mod releases;
mod repositories;
mod scheme;
mod tags;
mod tree;
mod webhooks;

use lodge_provider::WebhookScheme;

pub use host::open;

/// How GitHub proves and names what it delivers.
pub const SCHEME: &dyn WebhookScheme = &scheme::GithubScheme;
