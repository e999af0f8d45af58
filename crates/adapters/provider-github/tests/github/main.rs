//! The adapter, proved against a simulated GitHub over the contract's known
//! folder.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so by panicking")]

mod agrees;
mod bodies;
mod common;
mod contract;
mod facts;
mod faults;
mod login;
mod webhooks;
