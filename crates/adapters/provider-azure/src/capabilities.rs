//! Azure DevOps' column of the capability matrix.

use lodge_forge::{Capabilities, Resource, Support};

/// Releases are left out: those of Azure DevOps are deployments of a project,
/// not releases of a repository.
pub(crate) const CAPABILITIES: Capabilities = Capabilities::new(&[
    (Resource::Profile, Support::Native),
    (Resource::Repositories, Support::Native),
    (Resource::Branches, Support::Native),
    (Resource::Commits, Support::Native),
    (Resource::CommitDiff, Support::Derived),
    (Resource::PullRequests, Support::Native),
    (Resource::PullRequestDiff, Support::Derived),
    (Resource::Contributors, Support::Derived),
    (Resource::Tags, Support::Native),
    (Resource::Checks, Support::Native),
    (Resource::Deployments, Support::Derived),
    (Resource::FileTree, Support::Native),
    (Resource::Subscriptions, Support::Native),
]);
