//! A folder of Git repositories as a Git host, read in this process.
//!
//! No network, no account, and no other program: what is in the folder is
//! hostile input, so nothing of a repository is executed and nothing outside
//! the folder is read. `docs/local-host.md` is the operator's page.
//!
//! Reading order: [`LocalConfig`], `host`, then how a repository is found
//! (`ids`, `locate`, `guard`, `shelf`), then one file a resource, and `courses`
//! (what courses ask).

mod branches;
mod catalogue;
mod commits;
mod config;
mod contributors;
mod courses;
mod describe;
mod diff;
mod guard;
mod history;
mod host;
mod ids;
mod job;
mod locate;
mod mailmap;
mod objects;
mod reach;
mod refs;
mod shelf;
mod tags;
mod tree;

pub use config::{LocalConfig, LocalError};
pub use host::LocalHost;
