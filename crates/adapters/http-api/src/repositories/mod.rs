//! What an app reads with a token: one file an endpoint.

pub(crate) mod commit_diff;
pub(crate) mod diff_format;
pub(crate) mod find_repository;
pub(crate) mod list_branches;
pub(crate) mod list_checks;
pub(crate) mod list_commits;
pub(crate) mod list_contributors;
pub(crate) mod list_deployments;
pub(crate) mod list_pull_requests;
pub(crate) mod list_releases;
pub(crate) mod list_repositories;
pub(crate) mod list_tags;
pub(crate) mod list_tree;
pub(crate) mod me;
pub(crate) mod pull_request_diff;
