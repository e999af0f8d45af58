//! The gateway's use cases: one file each, a request, a function, an error.
//!
//! Reading order: [`gateway`], then [`read`] (what apps do with a token),
//! [`oauth`] (how they come by one), [`developer`] (how an app comes to be),
//! [`events`] (how they hear what happens),
//! [`admin`] (how the first developer does), and [`sweep`] (what is forgotten).

pub mod admin;
pub mod developer;
pub mod events;
pub mod gateway;
pub mod grants;
pub mod oauth;
pub mod read;
pub mod sweep;

pub use gateway::{Gateway, Policies};
pub use grants::{AuthenticateError, GrantCache};
