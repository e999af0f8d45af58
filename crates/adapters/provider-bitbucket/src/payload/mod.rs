//! Shapes of Bitbucket's answers, one file a resource. Fields that we do not
//! use are left out, and nearly every other may be missing.
//!
//! Source: <https://developer.atlassian.com/cloud/bitbucket/rest/>, API 2.0.

pub(crate) mod branch;
pub(crate) mod check;
pub(crate) mod comment;
pub(crate) mod commit;
pub(crate) mod deployment;
pub(crate) mod error;
pub(crate) mod event;
pub(crate) mod hook;
pub(crate) mod issue;
pub(crate) mod link;
pub(crate) mod page;
pub(crate) mod profile;
pub(crate) mod pull_request;
pub(crate) mod repository;
pub(crate) mod tag;
pub(crate) mod tree;
