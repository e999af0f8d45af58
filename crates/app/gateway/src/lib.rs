//! The gateway's use cases: one file each, a request, a function, an error.
//!
//! Reading order: [`gateway`], then [`read`] (what apps do with a token),
//! [`oauth`] (how they come by one), [`connections`] (how accounts at hosts
//! come to be read), [`customer`] (how customers come back), [`events`] (how apps
//! hear what happens), [`developer`] (how an app comes to be), [`people`] (who
//! makes apps), [`admin`] (how the first of them comes in), [`usage`] (what a
//! developer sees of what was read), [`audit`] (what is remembered of it all),
//! and [`sweep`] (what is forgotten).

pub mod admin;
pub mod administration;
pub mod audit;
pub mod connections;
pub mod customer;
pub mod developer;
pub mod events;
pub mod gateway;
pub mod grants;
pub mod lately;
pub mod oauth;
pub mod people;
pub mod read;
pub mod sealing;
pub mod sweep;
pub mod usage;

pub use connections::AccountTokens;
pub use gateway::{Gateway, Policies};
pub use grants::{AuthenticateError, GrantCache};
pub use people::{Person, Visitor};
