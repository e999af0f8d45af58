//! What the product asks of a Git host.
//!
//! No vendor's term, URL or header crosses this port. What a host cannot do is
//! data ([`Capabilities`](lodge_forge::Capabilities)), so that the capability
//! matrix and `UNSUPPORTED_ENDPOINT` come from one place.
//!
//! Reading order: [`ask`], then [`host`] and [`error`].

pub mod ask;
pub mod error;
pub mod host;
pub mod registry;

pub use ask::{
    Account, CheckFilter, DeploymentFilter, PullRequestFilter, RepositoryRef, TreeFilter,
};
pub use error::{BoxError, ProviderError};
pub use host::{AccountKind, GitProvider};
pub use registry::Providers;

#[cfg(feature = "mock")]
pub use host::MockGitProvider;
