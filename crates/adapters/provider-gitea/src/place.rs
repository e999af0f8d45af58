//! Where a repository is by now: Gitea's routes want its owner and name, and
//! both may change while its number stays.

use std::{sync::Arc, time::Duration};

use lodge_forge::RepositoryId;
use lodge_kernel::ConnectionId;
use lodge_provider::RepositoryRef;
use moka::sync::Cache;

/// How many places are remembered.
const MOST: u64 = 20_000;
/// For how long: a name that was given up may be another's after that.
const KEPT_FOR: Duration = Duration::from_secs(30);

/// A repository's owner and name, as one account saw them lately.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) owner: String,
    pub(crate) name: String,
    /// `None` when there are no commits.
    pub(crate) default_branch: Option<String>,
}

impl Place {
    /// The path of everything about it.
    pub(crate) fn path(&self) -> [&str; 3] {
        ["repos", &self.owner, &self.name]
    }

    pub(crate) fn is_named_as(&self, other: &Self) -> bool {
        self.path() == other.path()
    }
}

/// The places that were looked up lately, each through one connection.
pub(crate) struct Places(Cache<(ConnectionId, RepositoryId), Arc<Place>>);

impl Default for Places {
    fn default() -> Self {
        Self(Cache::builder().max_capacity(MOST).time_to_live(KEPT_FOR).build())
    }
}

impl Places {
    pub(crate) fn of(&self, at: &RepositoryRef) -> Option<Arc<Place>> {
        self.0.get(&(at.account.connection, at.id.clone()))
    }

    pub(crate) fn keep(&self, at: &RepositoryRef, place: Arc<Place>) {
        self.0.insert((at.account.connection, at.id.clone()), place);
    }
}
