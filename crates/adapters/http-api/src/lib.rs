//! The JSON surface of the gateway and of the courses.
//!
//! [`routes`] is the one table of what is served and to whom, with the rows of
//! [`teaching`] beside it; a handler that is not in it does not exist. A handler parses, calls a use case of
//! `lodge-gateway`, and presents. [`problem`] is the one table of errors.
//!
//! Reading order: [`routes`], `repositories/list_branches.rs`, `caller`,
//! `respond`, [`problem`], [`middleware`], [`server`].

mod account;
mod administration;
mod body;
mod caller;
mod connections;
mod developer;
mod discovery;
mod doors;
mod events;
mod limiter;
pub mod metrics;
pub mod middleware;
mod network;
mod oauth;
pub mod openapi;
mod people;
mod platform;
pub mod problem;
mod query;
mod readiness;
mod receipts;
mod repositories;
mod respond;
pub mod routes;
pub mod server;
mod session;
pub mod surface;
pub mod teaching;
pub mod views;

pub use administration::AdminAccess;
pub use doors::Doors;
pub use events::writer::JsonEvents;
pub use limiter::Limiter;
pub use metrics::Metrics;
pub use network::{Network, ParseNetworkError};
pub use readiness::Readiness;
pub use receipts::JwsReceipts;
pub use routes::{ADMIN_ROUTES, ROUTES, Route, configure, configure_admin};
pub use surface::Surface;
pub use teaching::jobs::streams::JobStreams;
pub use teaching::routes::TEACHING_ROUTES;
