//! The adapter against a simulated Azure DevOps.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on says so by panicking"
)]

mod agrees;
mod contract;
mod facts;
mod faults;
mod login;
mod refusals;
mod scene;
mod strange;
mod webhooks;
