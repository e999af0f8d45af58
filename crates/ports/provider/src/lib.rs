//! What the product asks of a Git host.
//!
//! No vendor's term, URL or header crosses this port. What a host cannot do is
//! data ([`Capabilities`](lodge_forge::Capabilities)), so that the capability
//! matrix and `UNSUPPORTED_ENDPOINT` come from one place.
//!
//! Reading order: [`ask`], then [`host`] and [`error`]; [`login`] and [`token`]
//! say how an account is connected and asked through, [`courses`] what a course
//! is brought in and kept up with, [`webhooks`] and
//! [`scheme`] how a host tells us things, [`registry`] which hosts there are, [`upstream`] how often
//! they were asked.

pub mod ask;
pub mod budget;
pub mod courses;
pub mod error;
pub mod host;
pub mod login;
mod parcel;
pub mod registry;
pub mod scheme;
pub mod token;
pub mod upstream;
pub mod watch;
pub mod webhooks;

pub use ask::{
    Account, CheckFilter, DeploymentFilter, PullRequestFilter, RepositoryRef, TreeFilter,
};
pub use budget::Budget;
pub use courses::{
    Community, CourseHost, Depth, Located, RemoteGroup, RemoteMember, RemoteProject,
};
pub use error::{BoxError, ProviderError};
pub use host::{AccountKind, GitProvider};
pub use login::{CodeExchange, HostAccount, HostCredentials, HostLogin, LoginError, LoginRequest};
pub use registry::{Host, Providers};
pub use scheme::{About, WebhookScheme};
pub use token::{HostToken, HostTokenKind, HostTokens};
pub use upstream::Counter;
pub use watch::{Exchange, HostWatch};
pub use webhooks::{Delivery, Hook, HookRefused, NewHook, Webhooks};

#[cfg(feature = "mock")]
pub use {
    host::MockGitProvider, login::MockHostLogin, token::MockHostTokens, webhooks::MockWebhooks,
};
