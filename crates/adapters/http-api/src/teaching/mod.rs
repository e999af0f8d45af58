//! The course platform, below `/api/v1`: its own table of routes, its own
//! shape of errors, and lists and conditional requests as everywhere.
//!
//! Reading order: [`routes`], `caller`, `me`, `respond`, `once`, `problem`.

pub(crate) mod caller;
pub(crate) mod intake;
pub(crate) mod me;
pub(crate) mod once;
pub(crate) mod page;
pub(crate) mod problem;
pub(crate) mod respond;
pub mod routes;

pub use intake::metrics::IntakeMetrics;
pub use problem::{RefusalBody, RefusalCode};
