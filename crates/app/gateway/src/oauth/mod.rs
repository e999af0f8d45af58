//! How an app comes by a token.
//!
//! In the order of the flow: [`push_request`] (optional), [`begin`] (the
//! browser arrives; `check` says what its request must be like), [`consent`] (what the page shows), [`answer`] (approve or
//! deny; `change` for what was approved before), [`exchange`] (code or refresh token against tokens), then
//! [`revoke`], [`introspect`] and [`take_back`]. [`client`] authenticates the app.

pub mod answer;
pub mod begin;
mod change;
pub(crate) mod check;
mod choices;
pub mod client;
pub mod consent;
mod customer;
pub mod error;
pub mod exchange;
pub mod introspect;
mod own_behalf;
pub mod push_request;
pub mod revoke;
pub mod take_back;

pub use answer::{AnswerError, Choice, Redirect};
pub use begin::{AuthorizeRequest, BeginError, Begun};
pub use client::ClientCredentials;
pub use consent::{ConsentPage, ConsentPageError};
pub use error::{OAuthError, OAuthErrorCode};
pub use exchange::{Issued, TokenRequest};
pub use introspect::Introspection;
