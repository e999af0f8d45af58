//! The pages that people see, rendered on the server: the consent page, the
//! landing page, the documentation and the API reference, with their assets.
//!
//! Reading order: [`routes`], [`settings`], `session` (who is signed in), then
//! `account` (how people come in), `dashboard` (what developers see), `authorize`
//! (the consent flow), `company` (where customers come back), `docs` (the
//! documentation), `reference` (the rendered `OpenAPI` document) and `answer`
//! (what every page has in its head).

pub mod routes;
pub mod settings;

mod account;
mod answer;
mod assets;
mod authorize;
mod company;
mod dashboard;
mod docs;
mod home;
mod problem;
mod reference;
mod session;
mod site;

pub use routes::{PageDetails, PageRoute, ROUTES, configure};
pub use settings::{Doorkeeper, WebSettings};
