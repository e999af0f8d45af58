//! What the unified objects look like in JSON. Views are moved out of the
//! domain's types, which never serialise themselves.

mod change;
mod ci;
mod commit;
mod envelope;
mod repository;
mod time;

pub use change::{DiffFileView, DiffView, PullRequestView, WithheldFileView};
pub use ci::{CheckView, DeploymentView};
pub(crate) use commit::SignatureView;
pub use commit::{BranchView, CommitView, ContributorView, ReleaseView, TagView, TreeEntryView};
pub use envelope::{Collection, FirewallView, PageInfo, Single};
pub use repository::{ProfileView, RepositoryView};
pub use time::Time;
