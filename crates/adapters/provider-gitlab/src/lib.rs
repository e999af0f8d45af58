//! GitLab, on gitlab.com or anywhere else, as a Git host: REST API v4, for
//! GitLab 15.7 and later.
//!
//! Reading order: `host` (what the port asks), `api` and `paging` (how GitLab
//! is asked), `dialect` (what its answers mean), then one file a resource, each
//! with its body in `payload`; `login` and `webhooks`; `courses` (what courses
//! ask) and `facts` (what webhooks tell them).

mod api;
mod branches;
mod capabilities;
mod checks;
mod commit_diff;
mod commits;
mod contributors;
mod courses;
mod deployments;
mod dialect;
mod diff;
mod facts;
mod hash;
mod host;
mod login;
mod paging;
mod payload;
mod profile;
mod pull_request_diff;
mod pull_requests;
mod releases;
mod repositories;
mod scheme;
mod tags;
mod tree;
mod webhooks;

use lodge_provider::WebhookScheme;

pub use host::open;

/// How GitLab proves and names what it delivers.
pub const SCHEME: &dyn WebhookScheme = &scheme::GitLabScheme;
