//! The adapter against a simulated Bitbucket.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so by panicking")]

mod agrees;
mod bench;
mod contract;
mod facts;
mod faults;
mod login;
mod refusals;
mod strange;
mod webhooks;
