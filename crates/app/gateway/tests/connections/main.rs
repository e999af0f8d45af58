//! Accounts at hosts, from the login to the refresh and the rotation of keys.
#![expect(clippy::unwrap_used, reason = "what cannot be prepared ends the test")]

mod host;
mod house;
mod login;
mod manage;
mod refresh;
mod rewrap;
