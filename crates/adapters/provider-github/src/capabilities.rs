//! GitHub's column of the capability matrix.

use lodge_forge::{Capabilities, Resource, Support};

pub(crate) const CAPABILITIES: Capabilities = Capabilities::new(&[
    (Resource::Profile, Support::Native),
    (Resource::Repositories, Support::Native),
    (Resource::Branches, Support::Native),
    (Resource::Commits, Support::Native),
    (Resource::CommitDiff, Support::Native),
    (Resource::PullRequests, Support::Native),
    (Resource::PullRequestDiff, Support::Native),
    (Resource::Contributors, Support::Native),
    (Resource::Tags, Support::Native),
    (Resource::Releases, Support::Native),
    (Resource::Checks, Support::Native),
    (Resource::Deployments, Support::Native),
    (Resource::FileTree, Support::Native),
    (Resource::Subscriptions, Support::Native),
]);
