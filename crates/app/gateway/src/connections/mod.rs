//! Accounts at Git hosts: how they are connected, and what they are read with.
//!
//! In the order of a connection's life: [`start_login`] and [`finish_login`]
//! (or [`connect_with_token`]), [`tokens`] with `refresh` (what adapters ask
//! for at every read), [`manage`], and [`rewrap`] (after a rotation of master
//! keys).

mod causes;
pub mod connect_with_token;
pub mod finish_login;
mod keep;
pub mod manage;
pub mod quota;
mod refresh;
pub mod rewrap;
pub mod start_login;
pub mod tokens;

pub use connect_with_token::{ConnectError, NewOwner, TokenDraft};
pub use finish_login::{FinishLoginError, FinishedLogin, HostAnswer, LoginRefused};
pub use keep::KeepError;
pub use manage::{ConnectionDetails, ManageError};
pub use rewrap::{RewrapError, closed_data_keys, rewrap_data_keys};
pub use start_login::{StartLogin, StartLoginError, StartedLogin};
pub use tokens::{AccountTokens, Bound};
