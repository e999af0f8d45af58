//! What an app reads with a token.
//!
//! Each use case refuses what it can before a host hears of it, in this order:
//! permission, host, repository, limit, cursor. [`listing`] holds what the
//! listings share.

pub mod account;
pub mod commit_diff;
pub mod error;
pub mod find_repository;
pub mod list_branches;
pub mod list_checks;
pub mod list_commits;
pub mod list_contributors;
pub mod list_deployments;
pub mod list_pull_requests;
pub mod list_releases;
pub mod list_repositories;
pub mod list_tags;
pub mod list_tree;
pub mod listing;
pub mod pull_request_diff;
mod rehearsal;
pub mod try_firewall;

pub use error::ReadError;
pub use listing::{Answer, Ask, Paging};
