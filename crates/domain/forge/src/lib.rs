//! The unified schema: what every Git host has, in one set of words, and what
//! each host can do.
//!
//! What a host does not tell is `None`, never a guess. A host's own nuance goes
//! into an open list of traits beside a frozen enumeration, so that a new host
//! never breaks an old client.
//!
//! Reading order: [`names`], [`capability`], then one file a resource.

pub mod capability;
pub mod check;
pub mod commit;
pub mod deployment;
pub mod diff;
pub mod event;
pub mod names;
pub mod pull_request;
pub mod release;
pub mod repository;
pub mod subscription;
pub mod tree;

pub use capability::{Capabilities, Resource, Support};
pub use check::{Check, CheckConclusion, CheckKind, CheckStatus};
pub use commit::{Branch, Commit, CommitStats, Contributor, Signature, Tag};
pub use deployment::{Deployment, DeploymentState};
pub use diff::{Diff, DiffFile, DiffTotals, FileStatus, PatchState};
pub use event::{Event, EventKind, Push, PushedCommit, Subject, TagMove};
pub use names::{NameError, ProviderName, RepositoryId};
pub use pull_request::{PullRequest, PullRequestSide, PullRequestState};
pub use release::{Release, ReleaseAsset};
pub use repository::{AccountType, Profile, Repository, RepositoryPermissions, Visibility};
pub use subscription::Subscription;
pub use tree::{EntryKind, TreeEntry};
