//! Deployments.

use lodge_kernel::Timestamp;

/// Where a deployment stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeploymentState {
    /// Asked for.
    Pending,
    /// In line.
    Queued,
    /// Under way.
    Running,
    /// Done.
    Success,
    /// Gone wrong.
    Failure,
    /// Stopped.
    Cancelled,
    /// Replaced by a later one.
    Inactive,
    /// Waiting for somebody.
    Blocked,
}

/// One deployment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deployment {
    /// The id at the host.
    pub id: String,
    /// Where it was deployed to.
    pub environment: String,
    /// The address of that place.
    pub environment_url: Option<String>,
    /// Where it stands.
    pub state: DeploymentState,
    /// The branch or tag.
    pub reference: Option<String>,
    /// The commit.
    pub sha: Option<String>,
    /// Who asked for it.
    pub creator: Option<String>,
    /// When it was asked for.
    pub created_at: Option<Timestamp>,
    /// When it last changed.
    pub updated_at: Option<Timestamp>,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
    /// What the frozen fields cannot say.
    pub traits: Vec<String>,
    /// Its page.
    pub url: Option<String>,
}
