//! What the end-to-end tests share: a running gateway, a client of it, and
//! repositories to read.
//!
//! Reading order: [`server`], [`client`], [`form`], then [`walk`], which uses
//! them all the way an integrator does.

pub mod binary;
pub mod callback;
pub mod client;
pub mod form;
pub mod history;
pub mod listener;
pub mod raw;
pub mod server;
pub mod walk;

pub use callback::Callback;
pub use client::{Answer, Client};
pub use history::History;
pub use server::{Server, Setup};
pub use walk::{Access, App, Customer};
