//! A sandbox for developers: an ordinary app that asks this gateway, and shows
//! what came.
//!
//! It has no right of its own. It goes to the gateway's own listener over HTTP
//! as any app does, with the credentials that a developer typed in and the
//! token that a customer's approval gave; so every probe is limited, reviewed
//! and journalled as any read. Secrets stand sealed in the browser's cookie,
//! and nowhere else. It is served only where the operator switched it on.
//!
//! Reading order: [`routes`] (the table), `session` (what the cookie holds),
//! `gateway` (how it asks), `connect`, then `live` (the probes).

mod answer;
mod connect;
mod gateway;
mod live;
pub mod routes;
mod session;
mod show;
mod state;

pub use routes::{ROUTES, configure};
pub use state::TestAppSettings;
