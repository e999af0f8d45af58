//! The pages, seen through their public door.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a wrong answer must end the test that asked"
)]

mod account;
mod assets;
mod browser;
mod connect;
mod consent;
mod dashboard;
mod docs;
mod gateway;
mod home;
mod hostile;
mod parameters;
mod reference;
mod signed;
