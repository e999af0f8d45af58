//! Through whose account, and what, a host is asked.

use lodge_forge::{DeploymentState, PullRequestState, RepositoryId};
use lodge_kernel::{ConnectionId, TenantId};

/// The account that a host is read through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Account {
    /// The organisation whose data it is.
    pub tenant: TenantId,
    /// The connection.
    pub connection: ConnectionId,
}

impl Account {
    /// The operator's own account at a host, which is no customer's connection:
    /// that of a plain folder, or of a token in the settings.
    pub const fn installation(tenant: TenantId) -> Self {
        Self { tenant, connection: ConnectionId::nil() }
    }

    /// It is the operator's own.
    pub fn is_installation(self) -> bool {
        self.connection == ConnectionId::nil()
    }
}

/// One repository, seen through one account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RepositoryRef {
    /// Through whom.
    pub account: Account,
    /// Which one.
    pub id: RepositoryId,
}

/// Which pull requests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PullRequestFilter {
    /// In this state; in any when `None`.
    pub state: Option<PullRequestState>,
}

/// Which results of CI.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CheckFilter {
    /// Of this commit, tag or branch; of the default branch when `None`.
    pub reference: Option<String>,
}

/// Which deployments.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeploymentFilter {
    /// To this environment.
    pub environment: Option<String>,
    /// In this state.
    pub state: Option<DeploymentState>,
}

/// Which part of a tree.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TreeFilter {
    /// Of this commit, tag or branch; of the default branch when `None`.
    pub reference: Option<String>,
    /// Below this folder; from the root when `None`. Checked: relative, and
    /// without `..`.
    pub path: Option<String>,
    /// With everything below, rather than one level.
    pub recursive: bool,
}
