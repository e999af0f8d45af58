//! The course platform, below `/api/v1`: its own table of routes, its own
//! shape of errors, and lists and conditional requests as everywhere.
//!
//! Reading order: [`routes`], `caller`, `courses/list.rs`, `respond`, `page`,
//! `once`, `problem`.

pub(crate) mod activity;
pub(crate) mod caller;
pub(crate) mod courses;
mod given;
pub(crate) mod intake;
pub mod jobs;
pub(crate) mod once;
pub(crate) mod page;
pub(crate) mod people;
pub(crate) mod problem;
pub(crate) mod projects;
pub(crate) mod reports;
pub(crate) mod respond;
pub(crate) mod results;
pub mod routes;
pub(crate) mod students;
pub(crate) mod teams;
pub mod zone;

pub use intake::metrics::IntakeMetrics;
pub use problem::{RefusalBody, RefusalCode};
pub use results::metrics::{MeteredReports, ResultMetrics};
