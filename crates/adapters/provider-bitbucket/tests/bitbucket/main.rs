//! The adapter against a simulated Bitbucket.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on says so by panicking"
)]

mod agrees;
mod bench;
mod contract;
mod faults;
mod login;
mod refusals;
mod strange;
mod webhooks;
