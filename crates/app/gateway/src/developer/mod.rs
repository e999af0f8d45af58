//! How an app comes to be, changes, and invites customers.

pub mod apps;
pub mod connect_session;
pub mod delete_app;
pub mod rotate_secret;

pub use apps::{AppChange, AppDraft, AppProblem, CreatedApp};
pub use connect_session::{
    ConnectSessionDraft, ConnectSessionError, CreatedConnectSession, Inviter,
};
